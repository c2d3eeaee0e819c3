"""How long an evening's plan takes, beside the decimal division that no exact plan can do without.

Per version, a cycle that holds shares is planned with the five closes it may need, ladder included.
The baseline is one Decimal division rounded to a cent, times 100: a plan's figures are some dozens
of those. Asserts that the plans have orders, and no times.
"""

import time
from collections import deque
from decimal import Decimal

import pytest

from strategy import versions
from strategy.cycle import settle, start
from strategy.matching import fills
from strategy.model import Cycle, Market
from tests.benchmarks.conftest import Tell
from tests.benchmarks.seeded import SEED, market
from tests.benchmarks.table import compared

DAYS = 40
PLANS = 100
ROUNDS = 9
CENT = Decimal("0.01")


@pytest.mark.parametrize("name", ["4.0", "3.0", "2.2"])
def test_a_plan_beside_a_hundred_decimal_divisions(name: str, tell: Tell) -> None:
    cycle, closes = _holding(name)
    assert versions.plan(cycle, closes).orders
    pairs = [(_plans(cycle, closes), _divisions()) for _ in range(ROUNDS)]
    tell(
        compared(
            f"plan: an evening of V{name} in 40 parts",
            "µs",
            [own for own, _ in pairs],
            "100 Decimal divisions to the cent",
            [peer for _, peer in pairs],
        )
    )


def _holding(name: str) -> tuple[Cycle, Market]:
    """Give a cycle on its last day with shares, in some weeks of a seeded market."""
    first, *bars = market(SEED, DAYS)
    cycle, closes = start(versions.rules(name, "TQQQ", 40), Decimal(20_000)), deque([first.close])
    held: list[tuple[Cycle, Market]] = []
    for bar in bars:
        plan = versions.plan(cycle, Market(closes=tuple(closes)[-5:]))
        cycle = settle(plan, fills(plan, bar), bar.day).cycle
        closes.append(bar.close)
        if cycle.quantity:
            held.append((cycle, Market(closes=tuple(closes)[-5:])))
    return held[-1]


def _plans(cycle: Cycle, closes: Market) -> float:
    began = time.process_time()
    for _ in range(PLANS):
        versions.plan(cycle, closes)
    return (time.process_time() - began) / PLANS * 1e6


def _divisions() -> float:
    amount, parts = Decimal("19522.37"), Decimal(39)
    began = time.process_time()
    for _ in range(PLANS * 100):
        (amount / parts).quantize(CENT)
    return (time.process_time() - began) / PLANS * 1e6
