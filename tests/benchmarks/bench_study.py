"""The study that people argue about, 10,000 runs of V4.0 over 4,100 bars, beside who else could.

Splits x targets x start dates, ladder included, by the kernel over all cores. Some of the runs,
from all over the study, are played by the reference too: the kernel is held to them to the cent.
Their orders are handed ready made to vectorbt and backtesting.py, which are held to the shares
that filled on every bar. The peers plan nothing, live in an environment of their own, are warm
before they are timed, and go on in the cores they use themselves: one. Asserts no times.
"""

import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from strategy import backtest, versions
from strategy.backtest import Result
from strategy.corporate_actions import CLOSES_KEPT
from strategy.cycle import start
from strategy.kernel import Run, prices_of, run_many
from strategy.model import Bar, Rules
from tests.benchmarks import page
from tests.benchmarks.conftest import Tell
from tests.benchmarks.recorded import record
from tests.benchmarks.seeded import BARS, SEED, market
from tests.benchmarks.table import compared
from tests.peers import peers_python
from tests.strategy.kernel.twins import hold

PEERS = Path(__file__).parent / "peers"
ROUNDS = 5
MANY = 10_000
PRINCIPAL = Decimal(20_000)
STARTS = 160
"""Start dates: the first sessions, so that each run is nearly as long as all bars."""
COLUMNS = 100
"""Runs that vectorbt plays at once: a tenth or ten times as many cost as much a run."""


@dataclass(frozen=True, slots=True)
class _Took:
    """Milliseconds a run, by who played it; the rounds in order."""

    kernel: list[float] = field(default_factory=list)
    reference: list[float] = field(default_factory=list)
    vectorbt: list[float] = field(default_factory=list)
    vectorbt_figures: list[float] = field(default_factory=list)
    backtesting: list[float] = field(default_factory=list)


def test_ten_thousand_runs_beside_reference_vectorbt_and_backtesting_py(
    tmp_path: Path, tell: Tell
) -> None:
    bars, file = market(SEED, BARS), tmp_path / "runs.npz"
    prices, agreements, runs = prices_of(bars), _agreements(), _runs()
    ends = run_many(agreements, prices, runs)  # loads what is compiled, or compiles it
    took, results = _Took(), list[Result]()
    for place in _sampled():
        results.append(_by_the_reference(bars, agreements, runs[place], took))
        hold(ends, place, results[-1])
    record(results, bars, file)
    with (
        _peer("vectorbt_orders.py", file, COLUMNS) as vectorbt,
        _peer("backtesting_orders.py", file) as backtesting,
    ):
        for number in range(ROUNDS):  # in turn, so that a drift of the machine's speed meets all
            began = time.perf_counter()
            run_many(agreements, prices, runs)
            took.kernel.append((time.perf_counter() - began) / MANY * 1000)
            answer = _answer(vectorbt, number)
            took.vectorbt.append(answer["seconds"] / COLUMNS * 1000)
            took.vectorbt_figures.append((answer["seconds"] + answer["figures"]) / COLUMNS * 1000)
            answer = _answer(backtesting, number)
            took.backtesting.append(answer["seconds"] * 1000)
            assert answer["placed"] == _orders(results[number])
    _tell_all(took, tell)


def _tell_all(took: _Took, tell: Tell) -> None:
    for baseline, theirs in (
        ("the reference, one core", took.reference),
        (page.VECTORBT, took.vectorbt),
        ("vectorbt 1.2.0, with final value and fall", took.vectorbt_figures),
        (page.BACKTESTING, took.backtesting),
    ):
        tell(compared(page.STUDY, "ms", took.kernel, baseline, theirs))
    name = f"one backtest by the reference, {BARS - 1:,} bars"
    tell(compared(name, "ms", took.reference, page.BACKTESTING, took.backtesting))


def _agreements() -> list[Rules]:
    return [
        versions.rules("4.0", "TQQQ", splits, target_percent=Decimal(half) / 2, unofficial=True)
        for splits in (20, 30, 40)
        for half in range(10, 31)
    ]


def _runs() -> list[Run]:
    count = len(_agreements())
    return [Run(n % count, 1 + n // count % STARTS, BARS, PRINCIPAL) for n in range(MANY)]


def _sampled() -> list[int]:
    """Choose as many runs as rounds, from all over the study."""
    return [number * MANY // ROUNDS + 11 * number for number in range(ROUNDS)]


def _by_the_reference(
    bars: Sequence[Bar], agreements: Sequence[Rules], run: Run, took: _Took
) -> Result:
    begun, first = start(agreements[run.agreement], run.principal), run.first
    history = bars[max(first - CLOSES_KEPT, 0) : first]
    began = time.perf_counter()
    result = backtest.run(begun, bars[first : run.stop], history=history)
    took.reference.append((time.perf_counter() - began) * 1000)
    return result


def _orders(result: Result) -> int:
    return sum(len(session.plan.orders) for session in result.sessions)


Peer = subprocess.Popen[str]


@contextmanager
def _peer(script: str, *arguments: object) -> Iterator[Peer]:
    """Start a peer that answers a line of its input with a line of its output."""
    command = [str(peers_python()), str(PEERS / script), *map(str, arguments)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _answer(peer: Peer, number: int) -> dict[str, Any]:
    """Have a peer play, and hold it to the shares that filled."""
    assert peer.stdin is not None
    assert peer.stdout is not None
    print(number, file=peer.stdin, flush=True)
    answer: dict[str, Any] = json.loads(peer.stdout.readline())
    assert answer["same"]
    return answer
