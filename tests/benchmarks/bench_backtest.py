"""How fast one backtest of 4,100 bars is, beside backtesting.py placing the very same orders.

Prints ratios against the named baseline of the same run; asserts no times. The peer lives in an
environment of its own, `.venv-peers`, made from tests/benchmarks/peers/requirements.lock. It is
handed our orders ready made, so it plans nothing; its seconds are those of `Backtest.run()` alone.
"""

import json
import platform
import random
import statistics
import subprocess
import sys
import time
import venv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from strategy import versions
from strategy.backtest import Result, run
from strategy.cycle import start
from strategy.model import Bar, Cycle

ROOT = Path(__file__).parents[2]
PEERS = Path(__file__).parent / "peers"
BARS = 4_101
ROUNDS = 5
CENT = Decimal("0.01")


def market(seed: int, count: int) -> list[Bar]:
    """Make a seeded market on weekdays: long rises, some crashes, prices in cents."""
    rng = random.Random(seed)
    day, close, bars = date(2010, 1, 4), Decimal(60), list[Bar]()
    while len(bars) < count:
        if day.weekday() < 5:
            step = Decimal(round(rng.gauss(0.6, 28))) / 1000
            opened = close * (1 + step * Decimal(rng.randint(0, 6)) / 10)
            close = max(close * (1 + step), Decimal(20))
            if close > 200:
                close /= 2
                opened = close
            high = max(opened, close) * (1 + Decimal(rng.randint(0, 15)) / 1000)
            low = min(opened, close) * (1 - Decimal(rng.randint(0, 15)) / 1000)
            at = [price.quantize(CENT) for price in (opened, high, low, close)]
            bars.append(Bar(day=day, open=at[0], high=at[1], low=at[2], close=at[3]))
        day += timedelta(days=1)
    return bars


def test_one_backtest_beside_backtesting_py(tmp_path: Path) -> None:
    bars = market(7, BARS)
    begun = start(versions.rules("4.0", "TQQQ", 40), Decimal(20_000))
    recorded = tmp_path / "orders.json"
    result = run(begun, bars)
    _record(result, bars, recorded)
    python = _peers_python()
    ours: list[float] = []
    theirs: list[float] = []
    placed = 0
    for _ in range(ROUNDS):  # in turn, so that a drift of the machine's speed meets both
        ours.append(_seconds(begun, bars))
        seconds, placed = _peer(python, recorded)
        theirs.append(seconds)
    orders = sum(len(session.plan.orders) for session in result.sessions)
    assert placed == orders
    ratios = sorted(peer / own for own, peer in zip(ours, theirs, strict=True))
    print()
    print(f"{platform.machine()}, CPython {platform.python_version()}, {ROUNDS} pairs of runs")
    print(f"bars {len(bars)}, orders {orders}, ladder {begun.rules.ladder}")
    print(f"reference engine (Decimal)        {statistics.median(ours):7.3f} s")
    print(f"backtesting.py 0.6.6 (baseline)   {statistics.median(theirs):7.3f} s")
    print(
        f"times as fast as the baseline     {statistics.median(ratios):7.2f}"
        f"   ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    )


def _seconds(begun: Cycle, bars: list[Bar]) -> float:
    began = time.perf_counter()
    run(begun, bars)
    return time.perf_counter() - began


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


def _peers_python() -> Path:
    """Make the peers' environment once; it holds nothing of ours."""
    home = ROOT / ".venv-peers"
    python = home / "bin" / "python"
    if not python.exists():
        print(f"\nmaking {home.name} from {PEERS.name}/requirements.lock", file=sys.stderr)
        venv.create(home, with_pip=True)
        lock = PEERS / "requirements.lock"
        options = ["install", "--quiet", "--require-hashes", "-r", str(lock)]
        subprocess.run([str(python), "-m", "pip", *options], check=True)
    return python
