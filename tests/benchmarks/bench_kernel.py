"""How fast the compiled twin plays, beside the reference playing the same runs one by one.

Asserts that their figures are the same, and no times. Nothing is compiled while it is timed.
"""

import time
from collections.abc import Sequence
from decimal import Decimal

from strategy import sweep, versions
from strategy.kernel import Run, prices_of, run_many
from strategy.kernel.many import Ends
from strategy.model import Bar, Rules
from strategy.sweep import Job, Outcome
from tests.benchmarks.conftest import Tell
from tests.benchmarks.seeded import BARS, SEED, market
from tests.benchmarks.table import compared

ROUNDS = 5
MANY = 10_000
PRINCIPAL = Decimal(20_000)
STARTS = 20
"""Start dates of the many runs: the first sessions, so that each run is nearly as long as all."""


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


def test_ten_thousand_runs_beside_the_reference(tell: Tell) -> None:
    bars = market(SEED, BARS)
    prices, agreements, runs = prices_of(bars), _agreements(), _runs()
    run_many(agreements, prices, runs[:1])
    ours, theirs = [], []
    for number in range(ROUNDS):
        began = time.perf_counter()
        ends = run_many(agreements, prices, runs)
        ours.append((time.perf_counter() - began) / MANY)
        theirs.append(_a_reference_run(bars, agreements, runs, ends, number * MANY // ROUNDS))
    name = f"a run of {MANY:,}, {BARS - 1:,} bars, all cores, 8 rungs"
    tell(compared(name, "s a run", ours, "the reference, one core", theirs))


def _agreements() -> list[Rules]:
    return [
        versions.rules("4.0", "TQQQ", splits, target_percent=Decimal(half) / 2, unofficial=True)
        for splits in (20, 30, 40)
        for half in range(10, 31)
    ]


def _runs() -> list[Run]:
    count = len(_agreements())
    return [Run(n % count, 1 + n // count % STARTS, BARS, PRINCIPAL) for n in range(MANY)]


def _a_reference_run(
    bars: Sequence[Bar],
    agreements: Sequence[Rules],
    runs: Sequence[Run],
    ends: Ends,
    place: int,
) -> float:
    """Answer the seconds that the reference takes for one of the runs; hold it to the kernel's."""
    run = runs[place]
    began = time.perf_counter()
    (outcome,) = sweep.reference(bars, [_job(agreements[run.agreement], run)])
    seconds = time.perf_counter() - began
    assert _outcome(ends, place) == outcome
    return seconds


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
