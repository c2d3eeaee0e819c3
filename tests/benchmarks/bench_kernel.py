"""How fast the compiled twin plays one run, beside the reference playing the same.

Asserts that their figures are the same, and no times. Nothing is compiled while it is timed.
"""

import time
from decimal import Decimal

from strategy import sweep, versions
from strategy.kernel import Run, prices_of, run_many
from strategy.kernel.many import Ends
from strategy.model import Rules
from strategy.sweep import Job, Outcome
from tests.benchmarks.conftest import Tell
from tests.benchmarks.seeded import BARS, SEED, market
from tests.benchmarks.table import compared

ROUNDS = 5
PRINCIPAL = Decimal(20_000)


def test_one_backtest_beside_the_reference(tell: Tell) -> None:
    bars = market(SEED, BARS)
    rules = versions.rules("4.0", "TQQQ", 40)
    prices, run = prices_of(bars), Run(0, 1, len(bars), PRINCIPAL)
    ends = run_many([rules], prices, [run])  # loads what is compiled, or compiles it
    ours, theirs = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ends = run_many([rules], prices, [run])
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        (outcome,) = sweep.reference(bars, [_job(rules, run)])
        theirs.append(time.perf_counter() - began)
        assert _outcome(ends, 0) == outcome
    name = f"one backtest by the kernel, {BARS - 1:,} sessions"
    tell(compared(name, "s", ours, "the reference", theirs))


def _job(rules: Rules, run: Run) -> Job:
    return Job(rules, run.principal, run.first, run.stop)


def _outcome(ends: Ends, place: int) -> Outcome:
    assert ends.trouble(place) == ""
    return Outcome(
        final_equity=ends.final_equity(place),
        max_drawdown_percent=ends.max_drawdown_percent(place),
        exhausted_sessions=int(ends.exhausted_sessions[place]),
        cycles=int(ends.cycles[place]),
    )
