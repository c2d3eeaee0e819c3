"""What the cycles are worth, session by session, and how that grew without what was put in.

Worth is USD: cash and shares at the session's close, over all cycles. Growth is time-weighted:
money put in or taken out between two sessions is no gain and no loss, whenever it came.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.events import RoundSettled
from bot.reports.beside import Beside
from strategy.model import ZERO, Cycle
from strategy.performance import max_drawdown_percent, percent

ONE = Decimal(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Worth:
    """All cycles after a session: what they are worth, what came in before it, and the index.

    `index` is 1 before the first session and grows as the money does.
    """

    day: date
    value: Decimal
    put_in: Decimal
    index: Decimal


def worths(
    settlements: Iterable[RoundSettled],
    booked_beside: Sequence[Beside],
    ended: Mapping[int, date] | None = None,
) -> tuple[Worth, ...]:
    """Follow the worth over the settled sessions, oldest first.

    A cycle comes in with its cash and its shares at what they cost; a session without a close
    counts them at their average. What is put in before a cycle's first settlement is in
    the cash that it comes in with. `ended` are the runs that are over, by cycle, with the day:
    their money is taken out, or it would be counted again in the run that it begins next.
    """
    over = dict(ended or {})
    found: list[Worth] = []
    standing: dict[int, Decimal] = {}
    index = ONE
    seen: dict[int, date] = {}
    for day, booked in _by_session(settlements):
        put_in = -sum(
            (standing.pop(each, ZERO) for each, since in over.items() if since <= day), ZERO
        )
        for settled in booked:
            put_in += _came_in(settled, booked_beside, seen.get(settled.cycle_id))
            standing[settled.cycle_id] = _value(settled.after, settled.close)
            seen[settled.cycle_id] = day
        value = sum(standing.values(), ZERO)
        base = (found[-1].value if found else ZERO) + put_in
        if base > 0:
            index *= value / base
        found.append(Worth(day=day, value=value, put_in=put_in, index=index))
    return tuple(found)


def gained_percent(curve: Sequence[Worth], first: date, last: date) -> Decimal | None:
    """Give the growth over the sessions of a span of days; None where it has none."""
    inside = [worth for worth in curve if first <= worth.day <= last]
    if not inside:
        return None
    before = [worth.index for worth in curve if worth.day < first]
    return percent((inside[-1].index / (before[-1] if before else ONE) - 1) * 100)


def drawdown_percent(curve: Sequence[Worth]) -> Decimal:
    """Give the deepest fall of the growth from a high before it, in percent."""
    return max_drawdown_percent([ONE, *(worth.index for worth in curve)])


def fall_percent(curve: Sequence[Worth]) -> Decimal:
    """Give how far the growth now stands below its highest, in percent."""
    indices = [ONE, *(worth.index for worth in curve)]
    return percent((1 - indices[-1] / max(indices)) * 100)


def _by_session(
    settlements: Iterable[RoundSettled],
) -> list[tuple[date, list[RoundSettled]]]:
    days: dict[date, list[RoundSettled]] = {}
    for settled in settlements:
        days.setdefault(settled.session, []).append(settled)
    return sorted(days.items())


def _came_in(
    settled: RoundSettled, booked_beside: Sequence[Beside], before: date | None
) -> Decimal:
    if before is None:
        return settled.before.cash + settled.before.quantity * settled.before.average
    return sum(
        (
            each.put_in
            for each in booked_beside
            if each.cycle_id == settled.cycle_id and before < each.session <= settled.session
        ),
        ZERO,
    )


def _value(cycle: Cycle, close: Decimal | None) -> Decimal:
    return cycle.cash + cycle.quantity * (cycle.average if close is None else close)
