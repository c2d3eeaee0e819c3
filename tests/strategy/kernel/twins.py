"""One run by the reference and by the kernel, compared on every day of it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from strategy import backtest
from strategy.backtest import Result, Session
from strategy.cycle import start
from strategy.errors import StrategyError
from strategy.kernel import Run, Unsupported, prices_of, run_days, run_many
from strategy.kernel import fields as f
from strategy.kernel.many import Ends
from strategy.model import Bar, Phase, Rules

_PHASES = {Phase.NORMAL: f.NORMAL, Phase.REVERSE: f.REVERSE, Phase.QUARTER: f.QUARTER}


def sessions_compared(rules: Rules, bars: Sequence[Bar], run: Run) -> int:
    """Compare a run day by day and in its figures; count the days, 0 where the kernel refused.

    What the reference refuses the kernel has to refuse too.
    """
    try:
        prices = prices_of(bars)
        days = run_days(rules, prices, run)
    except Unsupported:
        return 0
    try:
        told = backtest.run(
            start(rules, run.principal), bars[run.first : run.stop], history=bars[: run.first]
        )
    except StrategyError:
        assert days.trouble, rules
        return 0
    if days.trouble:
        return 0
    for session, row in zip(told.sessions, days.table, strict=True):
        assert tuple(int(value) for value in row) == told_day(session), (session.day, rules)
    hold(run_many([rules], prices, [replace(run, agreement=0)]), 0, told)
    return len(told.sessions)


def hold(ends: Ends, place: int, told: Result) -> None:
    """Hold what a run of the kernel's came to, to the reference's."""
    assert ends.trouble(place) == ""
    assert ends.final_equity(place) == told.final_equity
    assert ends.max_drawdown_percent(place) == told.max_drawdown_percent
    assert ends.exhausted_sessions[place] == told.exhausted_sessions
    assert ends.cycles[place] == len(told.finished)


def told_day(session: Session) -> tuple[int, ...]:
    """Write the reference's session as the kernel's row of it."""
    return (
        _PHASES[session.plan.cycle.phase],
        _whole(session.turn, f.ONE),
        session.quantity,
        _whole(session.average, f.ONE),
        _whole(session.cash, 100),
        _whole(session.equity, 100),
        session.cycle,
        session.bought,
        session.sold,
        int(session.plan.used_up),
    )


def _whole(value: Decimal, units: int) -> int:
    scaled = value * units
    assert scaled == int(scaled), value
    return int(scaled)
