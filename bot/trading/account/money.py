"""USD that move without a trade: deposits, withdrawals, dividends; told, and adopted by a tap.

The ledger never follows cash. Counted is what could be spent before an evening's orders go out,
when nothing is reserved: KIS has executions in that figure at once. Fees, and a figure that follows
the settlement a day late, are within the tolerance and raise no alarm.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.events import MoneyCounted, MoneyMoved
from bot.storage.standing import next_change_id
from bot.trading.desk import Desk
from bot.trading.model import GOING_OUT
from bot.trading.ports import BrokerOrder, BrokerSilent, OrderList
from bot.trading.shares import in_the_ledger
from strategy.model import ZERO, Side

LEAST = Decimal(1)
FEES = Decimal("0.006")
"""The part of what was traded that fees, and corrections to them, may come to."""
AFTER_TAX = Decimal("0.80")
DIVIDENDS_BACK = timedelta(days=45)


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """What trades brought (USD): sales less buys, and both added up; fees outside."""

    net: Decimal = ZERO
    gross: Decimal = ZERO


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """USD that moved without a trade (0 for none), and whether KIS shows trades a day late."""

    moved: Decimal
    late: bool


class MoneyWatch:
    """Count the USD each evening and hold them against what the listed trades explain."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._doubt: tuple[Decimal, datetime] | None = None

    async def count(self, session: date, lists: Mapping[date, OrderList]) -> datetime | None:
        """Count once; answer when to look again where one look is not enough.

        Raises BrokerSilent. While an order is out nothing can be concluded, and nothing is.
        """
        if await self._desk.views.rounds_in(*GOING_OUT) or _reserves(lists):
            return None
        views = await self._desk.views.cycles()
        money = await self._desk.broker.money(views[0].symbol)
        last = await self._desk.views.account.counted()
        flows = {day: flow_of(listed) for day, listed in lists.items()}
        counted = counted_now(session, money, flows, last)
        if last is None or last.money is None or money is None or last.session not in lists:
            await self._record(counted)
            return None
        rest = unexplained(last, counted)
        if not rest.moved:
            self._doubt = None
            await self._record(replace(counted, late=rest.late))
            return None
        again = self._doubted(rest.moved)
        if again is None:
            moved = MoneyMoved(
                move_id=0,
                session=session,
                amount=rest.moved,
                before=last.money,
                after=money,
                dividend=await self._dividend(rest.moved),
            )
            await self._record(replace(counted, late=rest.late), moved)
        return again

    def _doubted(self, moved: Decimal) -> datetime | None:
        """Answer when to look again; None when a second look, a minute later, shows the same."""
        now, retry = self._desk.clock.now(), self._desk.patience.retry
        if self._doubt is None or self._doubt[0] != moved:
            self._doubt = (moved, now)
        at = self._doubt[1] + retry
        if now < at:
            return at
        self._doubt = None
        return None

    async def _record(self, counted: MoneyCounted, moved: MoneyMoved | None = None) -> None:
        async with self._desk.recording() as recording:
            if moved is not None:
                number = await next_change_id(recording.transaction)
                await recording.record(replace(moved, move_id=number))
            await recording.record(counted)

    async def _dividend(self, amount: Decimal) -> str:
        """Name the symbol whose announced dividend the sum may be; "" for none."""
        if amount <= 0:
            return ""
        today = self._desk.clock.now().date()
        for symbol in {view.symbol: None for view in await self._desk.views.cycles()}:
            shares = await in_the_ledger(self._desk, symbol)
            shares += await self._desk.views.set_aside(symbol)
            try:
                rights = await self._desk.broker.announced(symbol, today - DIVIDENDS_BACK, today)
            except BrokerSilent:
                continue
            whole = [right.cash * shares for right in rights if right.cash]
            if any(each * AFTER_TAX <= amount <= each + LEAST for each in whole):
                return symbol
        return ""


def flow_of(listed: OrderList) -> Flow:
    """Add up what a session's orders traded, on every symbol of the account."""
    amounts = [_amount(row) for row in listed.orders if not row.is_cancel]
    return Flow(net=sum(amounts, ZERO), gross=sum(map(abs, amounts), ZERO))


def unexplained(last: MoneyCounted, now: MoneyCounted) -> Rest:
    """Hold a count against the one before: by the trades since, or by those before them.

    KIS may show a trade at once, or when it settles; which of the two explained a count is carried
    on. Within the tolerance nothing moved.
    """
    change = (now.money or ZERO) - (last.money or ZERO)
    tolerance = max(LEAST, FEES * (now.turnover + last.turnover))
    at_once, late = change - now.before, change - last.before
    if abs(at_once) <= tolerance:
        return Rest(moved=ZERO, late=last.late and abs(late) <= tolerance)
    if abs(late) <= tolerance:
        return Rest(moved=ZERO, late=True)
    return Rest(moved=late if last.late else at_once, late=last.late)


def counted_now(
    session: date,
    money: Decimal | None,
    flows: Mapping[date, Flow],
    last: MoneyCounted | None,
) -> MoneyCounted:
    """Put a count together with the trades since the last one, where that is known."""
    now = flows.get(session, Flow())
    net = sum((flow.net for flow in flows.values()), ZERO)
    gross = sum((flow.gross for flow in flows.values()), ZERO)
    if last is not None and last.session in flows:
        older = [flow for day, flow in flows.items() if day < last.session]
        net -= sum((flow.net for flow in older), last.net)
        gross -= sum((flow.gross for flow in older), last.gross)
    return MoneyCounted(
        session=session,
        money=money,
        net=now.net,
        gross=now.gross,
        before=net,
        turnover=gross,
    )


def _reserves(lists: Mapping[date, OrderList]) -> bool:
    """Tell whether an open buy holds USD back: anybody's, on any symbol."""
    rows = [row for listed in lists.values() for row in listed.orders]
    return any(row.side is Side.BUY and row.open_quantity and not row.done for row in rows)


def _amount(row: BrokerOrder) -> Decimal:
    amount = row.filled * row.filled_price
    return amount if row.side is Side.SELL else -amount
