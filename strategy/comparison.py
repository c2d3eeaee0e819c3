"""What the same money would have become without the method: held from the start, or spread evenly.

Parts of a share are bought, the commission on buys is paid, nothing is ever sold; splits are
followed, dividends are kept as cash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from strategy import performance
from strategy.corporate_actions import Tape, held_after
from strategy.errors import StrategyError
from strategy.fees import fee
from strategy.model import ZERO
from strategy.price import HUNDRED, round12

_ONE = Decimal(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Another use of the principal (USD): its equity after each session, and what it paid.

    `parts` is the number of equal parts that the principal was spent in, `part` one of them.
    """

    principal: Decimal
    parts: int
    part: Decimal
    equities: tuple[Decimal, ...]
    fees: Decimal
    days: int

    @property
    def final_equity(self) -> Decimal:
        return self.equities[-1]

    @property
    def return_percent(self) -> Decimal:
        return performance.return_percent(self.principal, self.final_equity)

    @property
    def cagr_percent(self) -> Decimal:
        return performance.cagr_percent(self.principal, self.final_equity, self.days)

    @property
    def max_drawdown_percent(self) -> Decimal:
        return performance.max_drawdown_percent([self.principal, *self.equities])


def price_return_percent(tape: Tape) -> Decimal:
    """Give the change from the reference close to the last close, splits followed, in percent."""
    held = _ONE
    for due in tape.due.values():
        held, _ = held_after(held, due)
    return performance.return_percent(tape.reference.close, held * tape.bars[-1].close)


def hold(tape: Tape, principal: Decimal, fee_percent: Decimal) -> Comparison:
    """Buy with the whole principal (USD) at the reference close, and hold."""
    shares, paid = _bought(principal, tape.reference.close, fee_percent)
    equities = _followed(tape, [(shares, ZERO)], ZERO)
    return Comparison(
        principal=principal,
        parts=1,
        part=principal,
        equities=equities,
        fees=paid,
        days=_days(tape),
    )


def spread(tape: Tape, principal: Decimal, fee_percent: Decimal, parts: int) -> Comparison:
    """Buy with an equal part of the principal (USD) at the close of each of the first sessions.

    What is not spent yet waits as cash. Raises StrategyError for more parts than sessions.
    """
    if not 1 <= parts <= len(tape.bars):
        raise StrategyError(
            f"the principal can be spread over 1 to {len(tape.bars)} sessions, not over {parts}"
        )
    part = principal / parts
    buys = [(ZERO, ZERO)]
    fees = ZERO
    for bar in tape.bars[:parts]:
        shares, paid = _bought(part, bar.close, fee_percent)
        fees += paid
        buys.append((shares, part))
    return Comparison(
        principal=principal,
        parts=parts,
        part=round12(part),
        equities=_followed(tape, buys, principal),
        fees=fees,
        days=_days(tape),
    )


def _followed(
    tape: Tape, buys: Sequence[tuple[Decimal, Decimal]], cash: Decimal
) -> tuple[Decimal, ...]:
    """Give the equity after each session; `buys` are (shares, USD spent), the first before all."""
    shares = buys[0][0]
    equities: list[Decimal] = []
    for place, bar in enumerate(tape.bars):
        if place in tape.due:
            shares, paid = held_after(shares, tape.due[place])
            cash += paid
        if place + 1 < len(buys):
            more, spent = buys[place + 1]
            shares += more
            cash -= spent
        equities.append(round12(cash + shares * bar.close))
    return tuple(equities)


def _bought(amount: Decimal, close: Decimal, fee_percent: Decimal) -> tuple[Decimal, Decimal]:
    """Spend an amount (USD), commission included: shares, and the commission (half-up to the cent).

    The commission comes out of the amount, so that neither way of buying spends more than it has.
    """
    net = amount * HUNDRED / (HUNDRED + fee_percent)
    paid = fee(net, fee_percent)
    return (amount - paid) / close, paid


def _days(tape: Tape) -> int:
    return (tape.bars[-1].day - tape.reference.day).days
