"""The book's backtests and the checker's, row by row: they are equal or one misreads the rules."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Step
from hypothesis import strategies as st

from bot.laboratory.bars import read_bars
from strategy import backtest, versions
from strategy.model import Leg, Phase
from tests.checker.both import METHODS, SYMBOLS, agree, agreements, exact
from tests.checker.markets import long_walk, wild_markets
from tests.checker.terms import TARGETS, Bar, Terms

OWN_COMPOUNDING = {"1.0": "none", "2.1": "none", "2.2": "none", "3.0": "half", "4.0": "full"}
PRICES = Path(__file__).parents[3] / "shared" / "data" / "prices"
USD = 10**12
WALK = 1500


def own_terms(method: str, symbol: str, splits: int, principal: int, ladder: int = 8) -> Terms:
    return Terms(
        method=method,
        symbol=symbol,
        splits=splits,
        principal=principal * USD,
        compounding=OWN_COMPOUNDING[method],
        ladder=ladder,
    )


@pytest.mark.parametrize("method", METHODS)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # Shrinking 120 bars takes minutes and tells no more than the plan that is shown.
    phases=(Step.explicit, Step.reuse, Step.generate),
)
@given(data=st.data())
def test_wild_markets_are_booked_as_checked(method: str, data: st.DataObject) -> None:
    agree(data.draw(agreements(method)), data.draw(wild_markets()))


def walks(method: str) -> Iterator[backtest.Result]:
    """Run the seeded walks, with each way to compound and each of the version's splits."""
    splits = (20, 30, 40, 35) if method == "2.2" else (20, 30, 40)
    for seed, compounding in enumerate(("full", "none", "half", "yearly")):
        bars = long_walk(seed, WALK)
        for number, each in enumerate(splits):
            yield agree(
                Terms(
                    method=method,
                    symbol=SYMBOLS[(seed + number) % 2],
                    splits=each,
                    principal=(20_000, 3_000, 150_000, 8_000)[number] * USD,
                    compounding=compounding,
                    ladder=(8, 5, 0, 15)[number],
                    fee=Fraction((0, 25, 7, 10)[seed], 100),
                    sec_fee=Fraction(seed, 1000),
                ),
                bars,
            )


def met(
    results: Sequence[backtest.Result],
) -> tuple[set[tuple[Phase, int]], set[tuple[Phase, Leg]]]:
    """Name the days of each phase that were traded, and the legs that filled in each phase."""
    days, legs = set[tuple[Phase, int]](), set[tuple[Phase, Leg]]()
    for session in (each for result in results for each in result.sessions):
        state = session.plan.cycle
        number = {Phase.QUARTER: state.quarter_round, Phase.REVERSE: min(state.reverse_day, 3)}
        days.add((state.phase, number.get(state.phase, 0)))
        legs |= {(state.phase, fill.order.leg) for fill in session.fills if fill.quantity}
    return days, legs


NORMAL_LEGS = {Leg.FIRST, Leg.STAR, Leg.AVERAGE, Leg.LADDER, Leg.FOLDED, Leg.QUARTER, Leg.TARGET}


def test_long_walks_through_reverse_are_booked_as_checked() -> None:
    days, legs = met(list(walks("4.0")))
    assert days >= {(Phase.NORMAL, 0), *((Phase.REVERSE, day) for day in (1, 2, 3))}
    assert legs >= {(Phase.NORMAL, leg) for leg in NORMAL_LEGS}
    reverse = (Leg.REVERSE_MOC, Leg.REVERSE_BUY, Leg.REVERSE_SELL, Leg.LADDER, Leg.FOLDED)
    assert legs >= {(Phase.REVERSE, leg) for leg in reverse}


@pytest.mark.parametrize("method", ["2.2", "3.0"])
def test_long_walks_through_the_quarter_phase_are_booked_as_checked(method: str) -> None:
    results = list(walks(method))
    days, legs = met(results)
    assert days >= {(Phase.QUARTER, number) for number in range(12)}
    assert {result.cycle.rules.splits // 4 for result in results} >= {5, 7, 10}
    assert legs >= {(Phase.NORMAL, leg) for leg in NORMAL_LEGS}
    quarter = (Leg.QUARTER_MOC, Leg.QUARTER_BUY, Leg.QUARTER, Leg.TARGET, Leg.LADDER)
    assert legs >= {(Phase.QUARTER, leg) for leg in quarter}


@pytest.mark.parametrize("method", ["1.0", "2.1"])
def test_long_walks_to_the_last_unit_are_booked_as_checked(method: str) -> None:
    turns = set[Decimal]()
    results = list(walks(method))
    for result in results:
        turns |= {result.cycle.rules.splits - session.turn for session in result.sessions}
    used_up = {turn for turn in turns if turn < 1}
    assert used_up >= {Decimal(0), Decimal("0.5")} if method == "1.0" else used_up
    assert len({session.cycle for result in results for session in result.sessions}) > 10


def real_bars(symbol: str, first: str, scale: int) -> list[Bar]:
    return [
        Bar(bar.day, *(exact(p) // 10**10 for p in (bar.open, bar.high, bar.low, bar.close)))
        for bar in read_bars(PRICES / f"{symbol}.csv", scale=Decimal(scale))
        if str(bar.day) >= first
    ]


@pytest.mark.skipif(not PRICES.is_dir(), reason="the shared prices are not beside the repository")
@pytest.mark.parametrize("symbol", SYMBOLS)
@pytest.mark.parametrize("method", METHODS)
def test_real_prices_are_booked_as_checked(method: str, symbol: str) -> None:
    for first, splits, principal in (
        ("2010-01-01", 40, 4_000_000),
        ("2018-08-01", 20, 1_000_000),
        ("2021-11-15", 20, 200_000),
        ("2024-07-10", 40, 3_000_000),
    ):
        bars = real_bars(symbol, first, 100)
        agree(own_terms(method, symbol, splits, principal), bars)


def test_the_targets_of_the_checker_are_those_of_the_book() -> None:
    for method, symbols in TARGETS.items():
        for symbol, target in symbols.items():
            assert versions.rules(method, symbol, 40).target_percent == target
