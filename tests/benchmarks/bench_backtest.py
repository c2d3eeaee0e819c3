"""How fast one backtest of 4,100 bars is, beside backtesting.py placing the very same orders.

Asserts that the peer placed them all, and no times. The peer lives in an
environment of its own, `.venv-peers`, made from tests/benchmarks/peers/requirements.lock. It is
handed our orders ready made, so it plans nothing; its seconds are those of `Backtest.run()` alone.
"""

import json
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from strategy import versions
from strategy.backtest import Result, run
from strategy.cycle import start
from strategy.model import Bar
from tests.benchmarks.conftest import Tell
from tests.benchmarks.seeded import BARS, SEED, market
from tests.benchmarks.table import compared
from tests.peers import peers_python

ROOT = Path(__file__).parents[2]
PEERS = Path(__file__).parent / "peers"
ROUNDS = 5


def test_one_backtest_beside_backtesting_py(tmp_path: Path, tell: Tell) -> None:
    bars = market(SEED, BARS)
    begun = start(versions.rules("4.0", "TQQQ", 40), Decimal(20_000))
    recorded = tmp_path / "orders.json"
    result = run(begun, bars)
    _record(result, bars, recorded)
    python = peers_python()
    ours: list[float] = []
    theirs: list[float] = []
    placed = 0
    for _ in range(ROUNDS):  # in turn, so that a drift of the machine's speed meets both
        ours.append(_reference())
        seconds, placed = _peer(python, recorded)
        theirs.append(seconds)
    orders = sum(len(session.plan.orders) for session in result.sessions)
    assert placed == orders
    tell(
        compared(
            f"one backtest, {BARS - 1:,} sessions, {orders:,} orders",
            "s",
            ours,
            "backtesting.py 0.6.6, same orders",
            theirs,
        )
    )


def _reference() -> float:
    """Answer the seconds of one run of ours, in a process of its own like the peer's."""
    command = [sys.executable, "-m", "tests.benchmarks.reference_run"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return float(done.stdout)


def _record(result: Result, bars: list[Bar], path: Path) -> None:
    """Write bars and orders as the peer reads them, an order on the bar before its session."""
    orders = [
        [
            [order.side.value, order.type.value, float(order.price or 0), order.quantity]
            for order in session.plan.orders
        ]
        for session in result.sessions
    ]
    # The peer's strategy first runs on its second bar: a copy of the first stands before it.
    rows = [bars[0], *bars]
    document = {
        "bars": [
            [
                (bar.day - timedelta(days=1) if number == 0 else bar.day).isoformat(),
                *(float(price) for price in (bar.open, bar.high, bar.low, bar.close)),
            ]
            for number, bar in enumerate(rows)
        ],
        "orders": orders,
    }
    path.write_text(json.dumps(document), encoding="utf-8")


def _peer(python: Path, recorded: Path) -> tuple[float, int]:
    """Answer the seconds of one run and the number of orders that it placed."""
    done = subprocess.run(
        [python, PEERS / "backtesting_orders.py", recorded],
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout.splitlines()[-1])
    return float(answer["seconds"]), int(answer["placed"])
