"""Runs in step end as the same runs do one by one, figure by figure.

The scalar kernel is held to the reference (test_twin.py), the lanes to the scalar kernel.
`MUHAN_LANE_SESSIONS=1000000000` compares so many sessions instead of what the ordinary tests do.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

import numpy as np
import pytest

from strategy import kernel, sweep, versions
from strategy.kernel import fields as f
from strategy.kernel import groups, lanes, prices_of
from strategy.kernel.many import run_table
from strategy.kernel.rows import Table
from strategy.kernel.runs import is_deeper, play_all
from strategy.kernel.terms import table
from strategy.model import Bar, Compounding, Rules
from strategy.sweep import Job
from tests.strategy.kernel import wild
from tests.strategy.test_real_starts import bars_of

D = Decimal
SESSIONS = int(os.environ.get("MUHAN_LANE_SESSIONS", "1500000"))
_DEAREST = 100_000
_FIGURES = (f.END_EQUITY, f.END_PEAK, f.END_TROUGH, f.END_USED_UP, f.NUMBER)


def plain_rules(chance: Random) -> Rules:
    """Draw an agreement that may go in step, every option of its own now and then elsewhere."""
    return replace(
        wild.rules(chance, "4.0"),
        two_floors=False,
        fee_percent=D(0),
        sell_fee_percent=None,
        sec_fee_percent=D(0),
        ladder_floor_percent=None,
        compounding=chance.choice([Compounding.FULL, Compounding.NONE, Compounding.YEARLY]),
    )


def drawn(chance: Random, bars: Sequence[Bar], agreements: Sequence[Rules], count: int) -> Table:
    """Draw runs of different starts, ends and principals."""
    rows = []
    for number in range(count):
        first = chance.randint(1, 8)
        stop = len(bars) if chance.random() < 0.8 else chance.randint(first + 1, len(bars))
        rules = agreements[number % len(agreements)]
        short = chance.random() < 0.2
        money = (
            wild.short_principal(chance, tuple(bars), rules) if short else wild.principal(chance)
        )
        rows.append((number % len(agreements), first, stop, int(money * 100)))
    return np.array(rows, dtype=np.int64)


def sessions_compared(terms: Table, prices: Table, rows: Table) -> int:
    """Play runs in step and one by one, and compare what they came to; count their sessions."""
    assert groups.are_plain(terms).all()
    one_by_one = np.zeros((len(rows), f.STATE_SIZE), dtype=np.int64)
    together = one_by_one.copy()
    play_all(one_by_one, rows, terms, prices, np.zeros((0, 0, f.DAY_SIZE), dtype=np.int64))
    lanes.play_groups(together, rows, terms, prices)
    assert (one_by_one[:, f.TROUBLE] == together[:, f.TROUBLE]).all()
    played = one_by_one[:, f.TROUBLE] == f.NO_TROUBLE
    for figure in _FIGURES:
        different = np.flatnonzero((one_by_one[:, figure] != together[:, figure]) & played)
        assert len(different) == 0, (figure, rows[different[:3]].tolist())
    return int((rows[:, f.RUN_STOP] - rows[:, f.RUN_FIRST]).sum())


def test_wild_markets_and_agreements_end_in_step_as_one_by_one() -> None:
    compared, number = 0, 0
    while compared < SESSIONS:
        chance = Random(f"lanes {number}")
        number += 1
        bars = wild.market(chance)
        bars = wild.pennies(bars) if chance.random() < 0.1 else bars
        if max(bar.high for bar in bars) > _DEAREST:
            continue  # the kernel takes no such prices
        agreements = [plain_rules(chance) for _ in range(12)]
        rows = drawn(chance, bars, agreements, 4 * groups.LANES - 5)
        compared += sessions_compared(table(agreements), prices_of(bars), rows)


@pytest.mark.parametrize("symbol", ["TQQQ", "SOXL"])
def test_real_prices_end_in_step_as_one_by_one(symbol: str) -> None:
    chance = Random(symbol)
    bars = bars_of(symbol)
    whole = len(bars) - 1
    agreements = [versions.rules("4.0", symbol, splits) for splits in (20, 40)]
    agreements += [plain_rules(chance) for _ in range(30)]
    starts = range(1, whole, max(whole * whole * 32 // SESSIONS, 1))
    rows = [(place, start, len(bars), 2_000_000) for start in starts for place in range(32)]
    assert sessions_compared(table(agreements), prices_of(bars), np.array(rows)) > 0


def test_runs_in_step_are_the_references() -> None:
    chance = Random(11)
    bars = bars_of("TQQQ")[1000:1250]
    agreements = [versions.rules("4.0", "TQQQ", splits) for splits in (20, 40)]
    agreements += [plain_rules(chance) for _ in range(6)]
    asked = [
        Job(rules, D(chance.randint(5_000, 50_000)), first, len(bars))
        for rules in agreements
        for first in range(1, 17, 2)
    ]
    assert kernel.play(bars, asked) == list(sweep.reference(bars, asked))


def test_what_goes_in_step_and_what_does_not_come_back_in_their_places() -> None:
    chance = Random(12)
    bars = wild.market(chance)
    agreements = [plain_rules(chance), wild.rules(chance, "3.0"), versions.rules("4.0", "SOXL", 20)]
    terms, prices = table(agreements), prices_of(bars)
    rows = drawn(chance, bars, agreements, 300)
    places = groups.in_step(rows, terms)
    assert len(places) == 3 * groups.LANES
    assert (rows[places, f.RUN_TERMS] != 1).all()
    one_by_one = np.zeros((len(rows), f.STATE_SIZE), dtype=np.int64)
    play_all(one_by_one, rows, terms, prices, np.zeros((0, 0, f.DAY_SIZE), dtype=np.int64))
    ends = run_table(terms, prices, rows)
    played = ends.troubles == f.NO_TROUBLE
    assert (ends.troubles == one_by_one[:, f.TROUBLE]).all()
    assert (ends.final_equities == one_by_one[:, f.END_EQUITY])[played].all()


def test_runs_far_from_one_another_do_not_wait_for_each_other() -> None:
    terms = table([versions.rules("4.0", "TQQQ", 40)])
    apart = np.array([(0, 1 + 10 * n, 11 + 10 * n, 2_000_000) for n in range(groups.LANES)])
    beside = np.array([(0, 1 + n, 1001, 2_000_000) for n in range(groups.LANES)])
    assert len(groups.in_step(apart, terms)) == 0
    assert len(groups.in_step(beside, terms)) == groups.LANES
    assert len(groups.in_step(beside[1:], terms)) == 0


def test_falls_that_are_nearly_the_same_are_told_apart_exactly() -> None:
    chance = Random(13)
    for _ in range(2_000):
        highest = chance.randint(10**9, 10**13)
        lowest = highest - chance.randint(1, 1_000)
        # Steps of the same size change the ratio by less than a product of floats tells.
        step = chance.randint(-5, 5)
        peak, equity = highest + step, lowest + step + (chance.random() < 0.1)
        assert is_deeper(equity, peak, lowest, highest) == (equity * highest < lowest * peak)
