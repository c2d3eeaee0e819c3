"""The account's trades as the tax sees them, read from what the bot journalled.

This account only, and of it what the bot knows: its own rounds, hand trades that were taken into a
ledger, positions that were taken over (at their average: when they were bought nobody told).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bot.clock import NEW_YORK
from bot.runway import banks_open, settled_in_seoul
from bot.sessions import Calendar
from bot.storage.money_views import HandTraded, RoundTraded, TakenOver
from bot.storage.views import Views
from bot.tax import Books, CostMethod, Split, Trade, walk
from strategy.fees import charges
from strategy.model import ZERO, Side


class NoRate(LookupError):
    """No rate of any day is known yet: nothing can be turned into won."""


@dataclass(frozen=True, slots=True)
class RateBook:
    """Rates (KRW a dollar) by Seoul's date; a day without one takes the last known before it."""

    known: Mapping[date, Decimal]

    def on(self, day: date, today: date) -> tuple[Decimal, bool]:
        """Give the rate of a day, and whether it is only assumed.

        A day on which banks rest has the rate of the day before; that is no assumption. Raises
        NoRate.
        """
        days = sorted(self.known)
        if not days:
            raise NoRate
        if day in self.known:
            return self.known[day], False
        before = bisect_left(days, day)
        last = days[before - 1] if before else days[0]
        rested = before > 0 and day <= today and not _banks_opened(last, day)
        return self.known[last], not rested


async def tax_books(
    views: Views,
    calendar: Calendar,
    today: date,
    *,
    method: CostMethod = CostMethod.FIFO,
    current: Decimal | None = None,
) -> Books:
    """Match every sale with its cost; `current` is used where no rate of any day was kept.

    `today` is Seoul's date. Raises NoRate when there is none either.
    """
    money = views.money
    rates = dict(await money.rates()) or ({today: current} if current else {})
    maker = _Maker(RateBook(rates), calendar, today)
    trades = [
        *maker.taken_over(await money.taken_over()),
        *maker.rounds(await money.traded()),
        *maker.by_hand(await money.by_hand()),
    ]
    splits = [
        Split(symbol=symbol, first_session=first, new=new, old=old)
        for symbol, first, new, old in await money.splits()
    ]
    return walk(trades, splits, method)


class _Sum(NamedTuple):
    """What fills come to: shares, USD before fees, fees."""

    quantity: int
    amount: Decimal
    fee: Decimal


class _Maker:
    """Make trades of what was journalled."""

    def __init__(self, rates: RateBook, calendar: Calendar, today: date) -> None:
        self._rates = rates
        self._calendar = calendar
        self._today = today

    def rounds(self, rounds: Iterable[RoundTraded]) -> Iterator[Trade]:
        for round_ in rounds:
            symbol = round_.plan.cycle.rules.symbol
            for side in Side:
                filled = [
                    (order.filled, order.filled * order.fill_price)
                    for order in round_.orders
                    if order.slot.side is side and order.fill_price is not None
                ]
                if not filled:
                    continue
                amounts = [amount for _, amount in filled]
                traded = _Sum(
                    sum(quantity for quantity, _ in filled),
                    sum(amounts, ZERO),
                    _fee(round_, side, amounts),
                )
                yield self._trade(round_.session, symbol, side, traded)

    def by_hand(self, trades: Iterable[HandTraded]) -> Iterator[Trade]:
        for hand in trades:
            trade, rules = hand.trade, hand.cycle.rules
            amount = trade.price * trade.quantity
            traded = _Sum(trade.quantity, amount, charges(rules, trade.side, amount))
            yield self._trade(trade.day, rules.symbol, trade.side, traded)

    def taken_over(self, positions: Iterable[TakenOver]) -> Iterator[Trade]:
        for position in positions:
            cycle, day = position.cycle, position.at.astimezone(NEW_YORK).date()
            held = _Sum(cycle.quantity, cycle.average * cycle.quantity, ZERO)
            session = self._calendar.previous(day).day
            yield self._trade(session, cycle.rules.symbol, Side.BUY, held, assumed=True)

    def _trade(
        self,
        session: date,
        symbol: str,
        side: Side,
        traded: _Sum,
        *,
        assumed: bool = False,
    ) -> Trade:
        settled = settled_in_seoul(session, self._calendar)
        rate, guessed = self._rates.on(settled, self._today)
        return Trade(
            session=session,
            settled=settled,
            symbol=symbol,
            side=side,
            quantity=traded.quantity,
            amount=traded.amount,
            fee=traded.fee,
            rate=rate,
            assumed=assumed or guessed,
        )


def _fee(round_: RoundTraded, side: Side, amounts: Iterable[Decimal]) -> Decimal:
    """Give KIS's own figure of a side's fees, or the agreed rate's while it is not known."""
    if round_.charged is not None:
        return round_.charged[0 if side is Side.BUY else 1]
    rules = round_.plan.cycle.rules
    return sum((charges(rules, side, amount) for amount in amounts), ZERO)


def _banks_opened(after: date, until: date) -> bool:
    """Tell whether banks opened on a day after one and up to another: then it had its own rate."""
    days = range(after.toordinal() + 1, until.toordinal() + 1)
    return any(banks_open(date.fromordinal(number)) for number in days)
