"""How things stand by the settlements: the last day, the running cycles, everything so far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.events import RoundSettled
from bot.reports.beside import Beside
from strategy.cycle import FinishedCycle
from strategy.model import ZERO, Cycle

HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True, slots=True)
class DayReport:
    """What one session did over all cycles; `rounds` in the order of the cycles' ids."""

    session: date
    rounds: tuple[RoundSettled, ...]
    bought: int
    sold: int
    realized: Decimal
    fees: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class CycleReport:
    """How one running cycle stands, and what it earned since its first buy.

    `exhaustion` is percent of the splits, `value_percent` the gain of what is held at the last
    close in percent of its cost (None when nothing is held or no close is known).
    """

    cycle_id: int
    symbol: str
    number: int
    sessions: int
    turn: Decimal
    splits: int
    exhaustion: Decimal
    max_turn: Decimal
    quantity: int
    average: Decimal
    cash: Decimal
    realized: Decimal
    fees: Decimal
    value_percent: Decimal | None
    last: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """Everything since the first settlement; `finished` oldest first."""

    sessions: int
    realized: Decimal
    fees: Decimal
    finished: tuple[FinishedCycle, ...]
    won: int
    longest: int
    exhausted: int


def exhaustion(cycle: Cycle) -> Decimal:
    """Compute how much of the splits is used up: T / splits, in percent."""
    return cycle.turn / cycle.rules.splits * HUNDRED


def latest_day(settlements: Sequence[RoundSettled]) -> DayReport | None:
    """Sum up the last settled session; None before the first."""
    if not settlements:
        return None
    session = max(settled.session for settled in settlements)
    rounds = sorted(
        (settled for settled in settlements if settled.session == session),
        key=lambda settled: settled.cycle_id,
    )
    return DayReport(
        session=session,
        rounds=tuple(rounds),
        bought=sum(settled.bought for settled in rounds),
        sold=sum(settled.sold for settled in rounds),
        realized=_sum(settled.realized for settled in rounds),
        fees=_sum(settled.fees for settled in rounds),
    )


def cycle_so_far(
    settlements: Sequence[RoundSettled],
    cycle_id: int,
    ledger: Cycle | None = None,
    close: Decimal | None = None,
) -> CycleReport | None:
    """Describe a cycle by its last settlement; None before its first.

    `ledger` is how it stands since then, with what was booked beside the rounds, and `close` the
    last one in the shares of that.
    """
    own = [settled for settled in settlements if settled.cycle_id == cycle_id]
    if not own:
        return None
    last = max(own, key=lambda settled: settled.session)
    cycle = ledger or last.after
    price = last.close if close is None else close
    value = None
    if cycle.quantity and cycle.average and price is not None:
        value = (price / cycle.average - 1) * HUNDRED
    return CycleReport(
        cycle_id=cycle_id,
        symbol=cycle.rules.symbol,
        number=cycle.number,
        sessions=cycle.sessions,
        turn=cycle.turn,
        splits=cycle.rules.splits,
        exhaustion=exhaustion(cycle),
        max_turn=cycle.max_turn,
        quantity=cycle.quantity,
        average=cycle.average,
        cash=cycle.cash,
        realized=cycle.realized,
        fees=cycle.fees,
        value_percent=value,
        last=last.session,
    )


def totals(settlements: Sequence[RoundSettled], booked_beside: Sequence[Beside] = ()) -> Totals:
    """Add up every settlement and what was booked beside them (dividends, hand trades).

    A profit is a finished cycle that realized more than nothing.
    """
    ordered = sorted(settlements, key=lambda settled: (settled.session, settled.cycle_id))
    finished = tuple(settled.finished for settled in ordered if settled.finished is not None)
    return Totals(
        sessions=len({settled.session for settled in ordered}),
        realized=_sum(one.realized for one in ordered)
        + _sum(one.realized for one in booked_beside),
        fees=_sum(one.fees for one in ordered) + _sum(one.fees for one in booked_beside),
        finished=finished,
        won=sum(cycle.realized > 0 for cycle in finished),
        longest=max((cycle.sessions for cycle in finished), default=0),
        exhausted=sum(cycle.exhausted for cycle in finished),
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
