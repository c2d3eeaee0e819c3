"""What KIS took for a session's trades, held against the agreed rate and booked in its place.

Settlement books the agreed rate; KIS shows its own figure from the morning after. It is asked for
once an evening, before the next round is planned, and only while a settled round lacks it. A sent
round is never planned again: the ledger moves by the difference (settled.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import structlog

from bot.events import FeesCharged, FeesDiffer
from bot.storage.standing import cycle_of, unsettled_session
from bot.storage.views import RoundView
from bot.trading.desk import Desk
from bot.trading.fills import fills
from bot.trading.ports import BrokerSilent
from bot.trading.ports_money import Charge, Teller
from strategy.cycle import charge_more, settle
from strategy.fees import apportioned as shares_of
from strategy.model import ZERO, Cycle, Side

log = structlog.get_logger(__name__)

LOOKED_BACK = timedelta(days=10)
"""How long KIS's figure is waited for; the agreed one stands where it never comes."""
TOLD_FROM = Decimal("0.05")
"""A difference (USD) below this is rounding, and no other rate."""
POINTS = Decimal("0.005")
MOST = Decimal("0.05")
"""The share of what was traded beyond which a fee is a figure of something else: not believed."""
A_DOLLAR = Decimal(1)

Key = tuple[date, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What KIS took from one round: fees by side (USD)."""

    round_: RoundView
    bought: Decimal
    sold: Decimal

    @property
    def extra(self) -> Decimal:
        """What is to be booked beside what the settlement had."""
        booked = self.round_.settlement.fees if self.round_.settlement else ZERO
        return self.bought + self.sold - booked

    @property
    def believable(self) -> bool:
        """Tell whether the fees can be fees: none comes back, and none eats the trade up."""
        return all(
            ZERO <= fee <= max(traded_of(self.round_, side)[1] * MOST, A_DOLLAR)
            for side, fee in ((Side.BUY, self.bought), (Side.SELL, self.sold))
        )


class Fees:
    """Look once an evening; what cannot be told apart from hand trades is left as agreed."""

    def __init__(self, desk: Desk, teller: Teller) -> None:
        self._desk = desk
        self._teller = teller
        self._looked: date | None = None
        self._offered = True

    async def look(self) -> datetime | None:
        """Book KIS's figures of the rounds that lack them."""
        desk = self._desk
        now = desk.clock.now()
        table = desk.table(desk.calendar.current_or_next(now).day)
        session = table.session.day
        if not self._offered or self._looked == session or now < table.propose_at:
            return None
        self._looked = session
        names = await desk.views.money.uncharged(since=session - LOOKED_BACK)
        known = [await desk.views.round(name) for name in names]
        waiting = [round_ for round_ in known if round_ is not None]
        if waiting:
            await self._ask(waiting)
        return None

    async def _ask(self, waiting: Sequence[RoundView]) -> None:
        days = [round_.session for round_ in waiting]
        try:
            charges = await self._teller.charges(min(days), max(days))
        except BrokerSilent as silence:
            log.info("the fees could not be asked for", reason=str(silence))
            return
        if charges is None:
            self._offered = False
            return
        if not charges.complete:
            return
        for key, rounds in _grouped(waiting).items():
            rows = [row for row in charges.rows if (row.session, row.symbol) == key]
            for taken in apportioned(rounds, rows):
                await self._book(taken)

    async def _book(self, taken: Taken) -> None:
        round_ = taken.round_
        settled = round_.settlement
        if settled is None or round_.plan is None:
            return
        if not taken.believable:
            log.warning("fees not believed", round=round_.round_id, fees=str(taken.extra))
            return
        async with self._desk.recording() as recording:
            ledger = await cycle_of(recording.transaction, round_.cycle_id)
            out = await unsettled_session(recording.transaction, round_.cycle_id) is not None
            if ledger is None or out:
                return  # planned from the ledger as it was: it is booked another evening
            await recording.record(_charged(taken, ledger))
            differ = _differ(taken)
            if differ is not None and not await self._told(differ):
                await recording.record(differ)

    async def _told(self, differ: FeesDiffer) -> bool:
        last = await self._desk.views.money.differed(differ.cycle_id)
        return last is not None and abs(last.percent - differ.percent) <= POINTS


def apportioned(rounds: Sequence[RoundView], rows: Sequence[Charge]) -> list[Taken]:
    """Share KIS's fees of a symbol and a session among its rounds, by what each traded.

    Nothing comes out where KIS's shares are not ours: hand trades are in them, or some are missing.
    """
    fees: dict[Side, list[Decimal]] = {}
    for side in Side:
        own = [row for row in rows if row.side is side]
        traded = [traded_of(round_, side) for round_ in rounds]
        if sum(row.quantity for row in own) != sum(quantity for quantity, _ in traded):
            return []
        total = sum((row.fee for row in own), ZERO)
        fees[side] = shares_of(total, [amount for _, amount in traded])
    return [
        Taken(round_=round_, bought=bought, sold=sold)
        for round_, bought, sold in zip(rounds, fees[Side.BUY], fees[Side.SELL], strict=True)
    ]


def traded_of(round_: RoundView, side: Side) -> tuple[int, Decimal]:
    """Add up the shares and USD that a round traded on a side."""
    filled = [
        (order.filled, order.filled * order.fill_price)
        for order in round_.orders
        if order.slot.side is side and order.fill_price is not None
    ]
    return sum(quantity for quantity, _ in filled), sum((amount for _, amount in filled), ZERO)


def _charged(taken: Taken, ledger: Cycle) -> FeesCharged:
    round_ = taken.round_
    settled, plan = round_.settlement, round_.plan
    if settled is None or plan is None:
        raise ValueError(f"round {round_.round_id} is not settled")
    known = FeesCharged(
        round_id=round_.round_id,
        cycle_id=round_.cycle_id,
        session=round_.session,
        booked=settled.fees,
        bought=taken.bought,
        sold=taken.sold,
        before=ledger,
        after=ledger,
    )
    if not taken.extra:
        return known
    if ledger != settled.after:
        return replace(known, after=charge_more(ledger, taken.extra))
    made = fills(plan, round_.orders)
    again = settle(replace(plan, cycle=settled.before), made, round_.session, extra=taken.extra)
    return replace(known, after=again.cycle, result=again.cycle, finished=again.finished)


def _differ(taken: Taken) -> FeesDiffer | None:
    """Tell of a rate that is another one than agreed; rounding is none."""
    round_ = taken.round_
    amount = sum((traded_of(round_, side)[1] for side in Side), ZERO)
    if round_.settlement is None or round_.plan is None or abs(taken.extra) < TOLD_FROM:
        return None
    if not amount or abs(taken.extra) * 100 / amount <= POINTS:
        return None
    return FeesDiffer(
        cycle_id=round_.cycle_id,
        symbol=round_.plan.cycle.rules.symbol,
        session=round_.session,
        amount=amount,
        fees=taken.bought + taken.sold,
        booked=round_.settlement.fees,
    )


def _grouped(rounds: Sequence[RoundView]) -> Mapping[Key, list[RoundView]]:
    groups: dict[Key, list[RoundView]] = {}
    for round_ in rounds:
        if round_.plan is not None:
            key = round_.session, round_.plan.cycle.rules.symbol
            groups.setdefault(key, []).append(round_)
    return groups
