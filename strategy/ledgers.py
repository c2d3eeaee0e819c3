"""Several cycles on one symbol, each with its own ledger and an equal part of the principal.

The second starts some sessions after the first, the third as many after that, and so on; a seed
that waits for its start counts as cash. One cycle is the case of a single ledger.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from strategy import backtest, performance
from strategy.backtest import Result, Session
from strategy.corporate_actions import CorporateAction, Tape
from strategy.cycle import start
from strategy.errors import StrategyError
from strategy.model import ZERO, Bar, Cycle, Rules
from strategy.price import floor_cent


class Course(NamedTuple):
    """What a principal (USD) was worth after each session, and how many began without a unit."""

    principal: Decimal
    equities: Sequence[Decimal]
    exhausted_sessions: int

    @property
    def return_percent(self) -> Decimal:
        return performance.return_percent(self.principal, self.equities[-1])

    @property
    def max_drawdown_percent(self) -> Decimal:
        return performance.max_drawdown_percent([self.principal, *self.equities])


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledgers:
    """The runs of all ledgers in their order, over the prices of the first.

    `equities` is what they are worth together after each session (USD), `principal` what they
    began with together, `stagger` the sessions between two starts.
    """

    results: tuple[Result, ...]
    principal: Decimal
    stagger: int
    equities: tuple[Decimal, ...]

    @property
    def first(self) -> Result:
        return self.results[0]

    @property
    def tape(self) -> Tape:
        return self.results[0].tape

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(bar.day for bar in self.tape.bars)

    @property
    def final_equity(self) -> Decimal:
        return self.equities[-1]

    @property
    def return_percent(self) -> Decimal:
        return self.course.return_percent

    @property
    def cagr_percent(self) -> Decimal:
        elapsed = (self.days[-1] - self.tape.reference.day).days
        return performance.cagr_percent(self.principal, self.final_equity, elapsed)

    @property
    def max_drawdown_percent(self) -> Decimal:
        return self.course.max_drawdown_percent

    @property
    def exhausted_sessions(self) -> int:
        return sum(result.exhausted_sessions for result in self.results)

    @property
    def course(self) -> Course:
        return Course(self.principal, self.equities, self.exhausted_sessions)

    @property
    def realized(self) -> Decimal:
        return sum((result.realized for result in self.results), ZERO)

    @property
    def fees(self) -> Decimal:
        return sum((result.fees for result in self.results), ZERO)

    @property
    def sec_fees(self) -> Decimal:
        return sum((result.sec_fees for result in self.results), ZERO)


def begin(rules: Rules, principal: Decimal, count: int) -> tuple[Cycle, ...]:
    """Divide a principal (USD) among so many cycles, to the cent; the last takes what is left over.

    Raises StrategyError for a principal that is not a sum of money, or too small to divide.
    """
    if count == 1:
        return (start(rules, principal),)
    share = floor_cent(principal / count) if principal.is_finite() else principal
    last = principal - share * (count - 1)
    return tuple(start(rules, part) for part in (*[share] * (count - 1), last))


def run(
    begun: Sequence[Cycle],
    bars: Sequence[Bar],
    *,
    stagger: int = 0,
    history: Sequence[Bar] = (),
    actions: Sequence[CorporateAction] = (),
    on_session: Callable[[Session], None] | None = None,
) -> Ledgers:
    """Trade cycles over the same bars, each starting `stagger` sessions after the one before.

    The rest is as in `backtest.run`. Raises StrategyError when the last one would never start.
    """
    before = history or bars[:1]
    traded = bars if history else bars[1:]
    if traded:
        check_stagger(len(begun), len(traded), stagger)
    results = tuple(
        backtest.run(
            cycle,
            traded[place * stagger :],
            history=[*before, *traded[: place * stagger]],
            actions=actions,
            on_session=on_session,
        )
        for place, cycle in enumerate(begun)
    )
    added = together([course_of(result) for result in results])
    return Ledgers(
        results=results,
        principal=added.principal,
        stagger=stagger,
        equities=tuple(added.equities),
    )


def check_stagger(count: int, sessions: int, stagger: int) -> None:
    """Refuse a last cycle that would never start; raises StrategyError with one sentence."""
    waits = stagger * (count - 1)
    if waits >= sessions:
        raise StrategyError(
            f"the last of {count} cycles would start after {waits} sessions, and there are "
            f"{sessions}: choose fewer cycles or a smaller stagger"
        )


def sessions_traded(count: int, sessions: int, stagger: int) -> int:
    """Count the sessions that so many staggered ledgers trade together over a run's sessions."""
    return sum(max(sessions - place * stagger, 0) for place in range(count))


def together(courses: Sequence[Course]) -> Course:
    """Add courses that end on one day; a principal that waits for its start is cash."""
    length = max(len(course.equities) for course in courses)
    total = [ZERO] * length
    for course in courses:
        waiting = length - len(course.equities)
        own = [*[course.principal] * waiting, *course.equities]
        total = [sum_ + equity for sum_, equity in zip(total, own, strict=True)]
    return Course(
        sum((course.principal for course in courses), ZERO),
        tuple(total),
        sum(course.exhausted_sessions for course in courses),
    )


def course_of(result: Result) -> Course:
    """Take a run's course."""
    equities = tuple(session.equity for session in result.sessions)
    return Course(result.opening_equity, equities, result.exhausted_sessions)
