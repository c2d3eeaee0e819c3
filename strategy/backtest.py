"""A run of the method over daily bars, with the same plan and settle as live trading."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from strategy import matching, performance, versions
from strategy.cycle import FinishedCycle, settle
from strategy.errors import StrategyError
from strategy.model import ZERO, Bar, Cycle, Fill, Market, Phase, Plan

CLOSES_KEPT = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """One session of a run: the row of `--days`, with the plan it traded and its fills.

    `turn`, `quantity`, `average`, `cash` and `equity` stand after the session; `phase` and `unit`
    are those of the next session; `cycle` is the number of the one the session belonged to.
    """

    day: date
    close: Decimal
    phase: Phase
    turn: Decimal
    quantity: int
    average: Decimal
    cash: Decimal
    unit: Decimal
    bought: int
    sold: int
    realized: Decimal
    fees: Decimal
    equity: Decimal
    cycle: int
    plan: Plan
    fills: tuple[Fill, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """A whole run: where it began, its sessions, the cycles that ended, and tomorrow's plan.

    `reference` is the bar before the first session: its close is the first previous close.
    """

    began: Cycle
    reference: Bar
    sessions: tuple[Session, ...]
    finished: tuple[FinishedCycle, ...]
    tomorrow: Plan

    @property
    def cycle(self) -> Cycle:
        """The state after the last session, its phase already decided for the next."""
        return self.tomorrow.cycle

    @property
    def opening_equity(self) -> Decimal:
        return self.began.cash + self.began.quantity * self.reference.close

    @property
    def final_equity(self) -> Decimal:
        return self.sessions[-1].equity

    @property
    def realized(self) -> Decimal:
        return sum((session.realized for session in self.sessions), ZERO)

    @property
    def fees(self) -> Decimal:
        return sum((session.fees for session in self.sessions), ZERO)

    @property
    def exhausted_sessions(self) -> int:
        """Count the sessions that were traded in the reverse phase."""
        return sum(session.plan.cycle.phase is not Phase.NORMAL for session in self.sessions)

    @property
    def cagr_percent(self) -> Decimal:
        days = (self.sessions[-1].day - self.reference.day).days
        return performance.cagr_percent(self.opening_equity, self.final_equity, days)

    @property
    def max_drawdown_percent(self) -> Decimal:
        equities = [self.opening_equity, *(session.equity for session in self.sessions)]
        return performance.max_drawdown_percent(equities)

    @property
    def hold_return_percent(self) -> Decimal:
        """Give what holding from the reference close to the last close would have returned."""
        return performance.return_percent(self.reference.close, self.sessions[-1].close)


def run(
    cycle: Cycle,
    bars: Sequence[Bar],
    *,
    history: Sequence[Bar] = (),
    on_session: Callable[[Session], None] | None = None,
) -> Result:
    """Trade a cycle, and those that follow it, over bars (oldest first).

    `history` are bars before trading: previous close and the five closes. Without it the first of
    `bars` is only the previous close and trading starts on the second. Raises StrategyError when
    no session is left to trade.
    """
    before = list(history) or list(bars[:1])
    traded = bars if history else bars[1:]
    if not traded:
        raise StrategyError("a run needs a bar for the previous close and one more to trade on")
    closes = deque((bar.close for bar in before[-CLOSES_KEPT:]), maxlen=CLOSES_KEPT)
    tonight = versions.plan(cycle, Market(closes=tuple(closes)))
    sessions: list[Session] = []
    finished: list[FinishedCycle] = []
    for bar in traded:
        filled = matching.fills(tonight, bar)
        booked = settle(tonight, filled, bar.day)
        closes.append(bar.close)
        after = booked.cycle
        tomorrow = versions.plan(after, Market(closes=tuple(closes)))
        session = Session(
            day=bar.day,
            close=bar.close,
            phase=tomorrow.cycle.phase,
            turn=after.turn,
            quantity=after.quantity,
            average=after.average,
            cash=after.cash,
            unit=tomorrow.unit,
            bought=booked.bought,
            sold=booked.sold,
            realized=booked.realized,
            fees=booked.fees,
            equity=after.cash + after.quantity * bar.close,
            cycle=tonight.cycle.number,
            plan=tonight,
            fills=filled,
        )
        sessions.append(session)
        if booked.finished is not None:
            finished.append(booked.finished)
        if on_session is not None:
            on_session(session)
        tonight = tomorrow
    return Result(
        began=cycle,
        reference=before[-1],
        sessions=tuple(sessions),
        finished=tuple(finished),
        tomorrow=tonight,
    )
