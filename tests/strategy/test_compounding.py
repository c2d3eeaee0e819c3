"""What follows a cycle that sold its last share: principal, reserve and unit by compounding."""

from dataclasses import replace
from datetime import date

import pytest

from strategy import versions
from strategy.compounding import fixed_unit, next_cycle
from strategy.model import Compounding, Cycle
from strategy.price import round12
from tests.strategy.states import (
    TUESDAY,
    D,
    fresh,
    market,
    of,
)

WEDNESDAY = date(2026, 10, 7)


def _ended(compounding: Compounding, cash: str, reserve: str = "0", **over: object) -> Cycle:
    base = fresh(compounding=compounding)
    made = replace(base, cash=D(cash), reserve=D(reserve), started=TUESDAY)
    return replace(made, **over)  # type: ignore[arg-type]  # fields by name in a test


@pytest.mark.parametrize(
    ("compounding", "cash", "reserve", "principal", "set_aside"),
    [
        (Compounding.FULL, "21000", "0", "21000", "0"),
        (Compounding.FULL, "19000", "0", "19000", "0"),
        (Compounding.NONE, "21000", "0", "20000", "1000"),
        (Compounding.NONE, "20500", "1000", "20000", "500"),
        (Compounding.NONE, "19000", "0", "19000", "0"),
        (Compounding.HALF, "21000", "0", "20500", "500"),
        (Compounding.HALF, "20000.50", "0", "20000.25", "0.25"),
        (Compounding.HALF, "22000", "1000", "20500", "1500"),
        (Compounding.HALF, "20000", "1000", "19000", "1000"),
        (Compounding.YEARLY, "21000", "0", "21000", "0"),
        (Compounding.YEARLY, "22000", "1000", "21000", "1000"),
    ],
)
def test_the_next_principal_follows_the_compounding(
    compounding: Compounding, cash: str, reserve: str, principal: str, set_aside: str
) -> None:
    after = next_cycle(_ended(compounding, cash, reserve), WEDNESDAY)
    assert (after.principal, after.reserve) == (D(principal), D(set_aside))
    assert after.cash == D(cash)
    assert versions.plan(after, market("40")).unit == D(principal) / 40


@pytest.mark.parametrize(
    ("day", "principal"),
    [
        (date(2026, 12, 30), "25000"),
        (date(2026, 12, 31), "20000"),
        (date(2027, 1, 4), "20000"),
        (date(2023, 12, 29), "20000"),
    ],
)
def test_yearly_compounding_goes_back_to_the_seed_with_the_first_cycle_of_a_year(
    day: date, principal: str
) -> None:
    ended = _ended(Compounding.YEARLY, "25000", principal=D(24000), started=date(day.year, 1, 1))
    if day.month == 1:
        ended = replace(ended, started=date(day.year - 1, 6, 1))
    after = next_cycle(ended, day)
    assert (after.principal, after.reserve) == (D(principal), 25000 - D(principal))


@pytest.mark.parametrize("compounding", [Compounding.HALF, Compounding.YEARLY])
@pytest.mark.parametrize(
    ("cash", "principal"), [("3000", "3000"), ("5000", "5000"), ("0", "0"), ("-1", "0")]
)
def test_a_loss_beyond_the_principal_goes_on_with_what_was_set_aside(
    compounding: Compounding, cash: str, principal: str
) -> None:
    ended = _ended(compounding, cash, "5000", principal=D(24000), started=TUESDAY)
    after = next_cycle(ended, WEDNESDAY)
    assert (after.principal, after.reserve) == (D(principal), D(0))


def test_yearly_compounding_without_the_seed_takes_what_cash_there_is() -> None:
    ended = _ended(Compounding.YEARLY, "18000", principal=D(24000))
    after = next_cycle(ended, date(2027, 2, 1))
    assert (after.principal, after.reserve) == (D(18000), D(0))


@pytest.mark.parametrize("method", ["1.0", "2.1", "2.2", "3.0"])
def test_a_fixed_unit_is_the_principal_over_the_splits(method: str) -> None:
    begun = of(method, "20000")
    assert begun.unit == {"3.0": D(1000)}.get(method, D(500))
    assert fixed_unit(begun.rules, D(10000)) == begun.unit / 2
    assert of(method, "1000.01").unit == round12(D("1000.01") / begun.rules.splits)


def test_a_unit_sized_by_cash_is_not_kept() -> None:
    assert fresh().unit == 0
    assert fixed_unit(fresh().rules, D(10000)) == 0


@pytest.mark.parametrize(
    ("compounding", "principal", "set_aside"),
    [
        (Compounding.FULL, "21000", "0"),
        (Compounding.NONE, "20000", "1000"),
        (Compounding.HALF, "20500", "500"),
        (Compounding.YEARLY, "21000", "0"),
    ],
)
def test_a_fixed_unit_follows_the_new_principal(
    compounding: Compounding, principal: str, set_aside: str
) -> None:
    base = of("2.2", compounding=compounding)
    after = next_cycle(replace(base, cash=D(21000), started=TUESDAY), WEDNESDAY)
    assert (after.principal, after.reserve) == (D(principal), D(set_aside))
    assert after.unit == D(principal) / 40
    assert (after.number, after.seed) == (2, D(20000))


def test_a_run_that_lost_everything_has_no_principal_below_nothing() -> None:
    after = next_cycle(replace(fresh(), cash=D("-0.50"), started=TUESDAY), WEDNESDAY)
    assert (after.principal, after.reserve) == (D(0), D(0))
    assert versions.plan(after, market("40")).orders == ()


def test_growth_at_the_cycles_end_leaves_the_unit_at_a_loss() -> None:
    base = of("3.0", grow_at_cycle_end=True)
    won = replace(base, cash=D(20400), realized=D(400), started=TUESDAY)
    assert next_cycle(won, WEDNESDAY).unit == 1010
    lost = replace(base, cash=D(19600), realized=D(-400), started=TUESDAY)
    assert next_cycle(lost, WEDNESDAY).unit == 1000


def test_units_keep_twelve_decimals_and_grow_by_the_smallest_profit() -> None:
    thirty = fresh("TQQQ", 30, "1000", method="3.0", unofficial=True, target_percent=D(15))
    assert thirty.unit == D("33.333333333333")
    base = of("3.0", grow_at_cycle_end=True)
    for realized, unit in (("0.40", "1000.01"), ("0.000000000060", "1000.000000000002")):
        ended = replace(base, cash=D(20400), realized=D(realized), started=TUESDAY)
        assert next_cycle(ended, WEDNESDAY).unit == D(unit)


def test_a_last_half_dollar_is_a_principal_still() -> None:
    ended = replace(fresh(), cash=D("0.50"), started=TUESDAY)
    assert next_cycle(ended, WEDNESDAY).principal == D("0.50")
    aside = replace(fresh(compounding=Compounding.HALF), reserve=D(900), started=TUESDAY)
    assert next_cycle(replace(aside, cash=D("900.50")), WEDNESDAY).principal == D("0.50")
