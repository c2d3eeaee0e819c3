"""A run of the method over daily bars, with the same plan and settle as live trading."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from strategy import comparison, corporate_actions, fees, performance, versions
from strategy.corporate_actions import CLOSES_KEPT, CorporateAction, Tape
from strategy.cycle import FinishedCycle, Settlement, settle
from strategy.errors import StrategyError
from strategy.matching import fills
from strategy.model import ZERO, Bar, Cycle, Fill, Market, Phase, Plan, Side
from strategy.price import round12


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """One session of a run: the row of `--days`, with the plan it traded and its fills.

    `turn`, `quantity`, `average`, `cash` and `equity` stand after the session; `phase` and `unit`
    are those of the next session; `cycle` is the number of the one the session belonged to.
    `realized` is net of the session's fees, and holds what a dividend or a part of a share paid
    before it.
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
    """A whole run: where it began, its sessions, the cycles that ended, and tomorrow's plan."""

    began: Cycle
    tape: Tape
    sessions: tuple[Session, ...]
    finished: tuple[FinishedCycle, ...]
    tomorrow: Plan

    @property
    def reference(self) -> Bar:
        """The bar before the first session: its close is the first previous close."""
        return self.tape.reference

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
    def sec_fees(self) -> Decimal:
        """Give the part of the fees that was the SEC's (USD)."""
        rules = self.began.rules
        if not rules.sec_fee_percent:
            return ZERO
        sales = (
            fees.sec_fee(rules, round12(fill.price * fill.quantity))
            for session in self.sessions
            for fill in session.fills
            if fill.order.side is Side.SELL
        )
        return sum(sales, ZERO)

    @property
    def exhausted_sessions(self) -> int:
        """Count the sessions that began with less than one unit left."""
        return sum(session.plan.used_up for session in self.sessions)

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
        return comparison.price_return_percent(self.tape)


def run(
    cycle: Cycle,
    bars: Sequence[Bar],
    *,
    history: Sequence[Bar] = (),
    actions: Sequence[CorporateAction] = (),
    on_session: Callable[[Session], None] | None = None,
) -> Result:
    """Trade a cycle, and those that follow it, over bars (oldest first).

    `history` are bars before trading: previous close and the five closes. Without it the first of
    `bars` is only the previous close and trading starts on the second. A day without a bar is no
    session: the last close known stays the previous close. `actions` are the splits and dividends
    of a file whose prices are not adjusted. Raises StrategyError when no session is left to trade.
    """
    before = history or bars[:1]
    traded = bars if history else bars[1:]
    if not traded:
        raise StrategyError("a run needs a bar for the previous close and one more to trade on")
    tape = corporate_actions.tape(before, traded, actions)
    opened = corporate_actions.taken(cycle, tape.due.get(0, ()), tape.reference.close)
    closes = deque(tape.known, maxlen=CLOSES_KEPT)
    planned = versions.plan  # another version may begin with the next cycle
    carried = opened.realized - cycle.realized
    tonight = planned(opened, Market(closes=tuple(closes)))
    sessions: list[Session] = []
    finished: list[FinishedCycle] = []
    for place, bar in enumerate(traded, 1):
        filled = fills(tonight, bar)
        booked = settle(tonight, filled, bar.day)
        closes.append(bar.close)
        opened = booked.cycle
        if place in tape.due:
            due = tape.due[place]
            opened = corporate_actions.taken(opened, due, bar.close)
            closes = deque(corporate_actions.closes_after(closes, due), maxlen=CLOSES_KEPT)
        tomorrow = planned(opened, Market(closes=tuple(closes)))
        session = _session(bar, (tonight, tomorrow), filled, booked, carried)
        carried = opened.realized - booked.cycle.realized
        sessions.append(session)
        if booked.finished is not None:
            finished.append(booked.finished)
        if on_session is not None:
            on_session(session)
        tonight = tomorrow
    return Result(
        began=cycle,
        tape=tape,
        sessions=tuple(sessions),
        finished=tuple(finished),
        tomorrow=tonight,
    )


def _session(
    bar: Bar,
    plans: tuple[Plan, Plan],
    filled: tuple[Fill, ...],
    booked: Settlement,
    carried: Decimal,
) -> Session:
    """Write the row of a day from its plan and the next; `carried` (USD) was paid before it."""
    tonight, tomorrow = plans
    after = booked.cycle
    return Session(
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
        realized=booked.realized + carried,
        fees=booked.fees,
        equity=after.cash + after.quantity * bar.close,
        cycle=tonight.cycle.number,
        plan=tonight,
        fills=filled,
    )
