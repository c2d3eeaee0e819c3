"""Each option of the agreement: its default, its other answers, its range, its words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from strategy import options, versions
from strategy.cycle import settle
from strategy.errors import StrategyError
from strategy.model import (
    Compounding,
    Leg,
    Phase,
    QuarterBudget,
    QuarterRounding,
    Rules,
)
from strategy.options import OPTIONS, STARRED, Option
from tests.strategy.looks import FIVE, FORTY, fees, quarter_of
from tests.strategy.option_cases import CASES
from tests.strategy.states import (
    OWN_SPLITS,
    TUESDAY,
    D,
    fresh,
    full,
    holding,
    in_reverse,
    leg,
    market,
    of,
    owning,
)


def test_every_option_has_a_case() -> None:
    assert sorted(CASES) == sorted(option.name for option in OPTIONS)


@pytest.mark.parametrize("name", CASES)
def test_an_option_has_its_default_and_its_other_answers(name: str) -> None:
    case = CASES[name]
    assert case.look(case.method, {}) == case.default
    for answer, seen in case.others.items():
        assert case.look(case.method, {name: answer}) == seen


def test_a_partly_sold_target_falls_by_the_quantity_only_without_a_buy() -> None:
    base = fresh(target_by_ratio=True)
    plan = versions.plan(holding(102, "40", "10", "15000", base), FORTY)
    target, star = leg(plan, Leg.TARGET), leg(plan, Leg.STAR)
    assert target.quantity == 77
    alone = settle(plan, [full(target)], TUESDAY).cycle
    assert alone.turn == D("2.450980392157")
    with_buy = settle(plan, [full(target), full(star, "41")], TUESDAY).cycle
    assert with_buy.turn == D("3.0")


@pytest.mark.parametrize(
    ("answer", "held"),
    [
        (QuarterRounding.FLOOR, {1: 0, 2: 0, 3: 0, 6: 1, 7: 1}),
        (QuarterRounding.HALF_UP, {1: 0, 2: 1, 3: 1, 6: 2, 7: 2}),
        (QuarterRounding.AT_LEAST_ONE, {1: 1, 2: 1, 3: 1, 6: 1, 7: 1}),
    ],
)
def test_a_quarter_of_few_shares_follows_its_rounding(
    answer: QuarterRounding, held: Mapping[int, int]
) -> None:
    for quantity, part in held.items():
        seen = quarter_of(quantity)("4.0", {"quarter_rounding": answer})
        assert seen == ([part] if part else [])


def test_sales_may_cost_another_rate_than_buys_and_the_sec_takes_its_own() -> None:
    given = {
        "fee_percent": D("0.25"),
        "sell_fee_percent": D("0.1"),
        "sec_fee_percent": D("0.00278"),
    }
    assert fees("4.0", given) == ("0.50", str(D("3.45") + D("0.10")))
    assert fees("4.0", {**given, "sell_fee_percent": D(0)}) == ("0.50", "0.10")


@pytest.mark.parametrize("method", versions.METHODS)
def test_the_defaults_are_those_of_the_version(method: str) -> None:
    rules = versions.rules(method, "TQQQ", OWN_SPLITS[method])
    own = {
        "1.0": (D(10), D(12), 0, Compounding.NONE, QuarterBudget.SHARED),
        "2.1": (D(10), D(12), 0, Compounding.NONE, QuarterBudget.SHARED),
        "2.2": (D(10), D(10), 8, Compounding.NONE, QuarterBudget.SHARED),
        "3.0": (D(15), D(12), 8, Compounding.HALF, QuarterBudget.SAME),
        "4.0": (D(15), D(12), 8, Compounding.FULL, QuarterBudget.SHARED),
    }
    assert own[method] == (
        rules.target_percent,
        rules.first_buy_percent,
        rules.ladder,
        rules.compounding,
        rules.quarter_budget,
    )
    assert (rules.band_percent, rules.cap_percent, rules.turn_decimals) == (D(20), D(10), 2)


RANGES = {
    "target_percent": ("0.1", "100"),
    "near_target_percent": ("0.1", "100"),
    "reverse_exit_percent": ("0.1", "99"),
    "first_buy_percent": ("0", "100"),
    "ladder": ("0", "15"),
    "ladder_floor_percent": ("0.1", "99"),
    "band_percent": ("0", "1000"),
    "cap_percent": ("0", "1000"),
    "turn_decimals": ("1", "2"),
    "reverse_factor": ("0.5", "1"),
    "sell_out_percent": ("0", "99"),
    "fee_percent": ("0", "10"),
    "sell_fee_percent": ("0", "10"),
    "sec_fee_percent": ("0", "10"),
}


def test_the_ranges_are_those_that_were_settled() -> None:
    bounded = [each for each in OPTIONS if each.least is not None]
    assert {each.name: (str(each.least), str(each.most)) for each in bounded} == RANGES


def _bounds() -> list[Any]:
    return [pytest.param(each, id=each.name) for each in OPTIONS if each.least is not None]


def _version_of(option: Option) -> str:
    return "4.0" if "4.0" in option.versions else option.versions[-1]


def _with(option: Option, value: Decimal) -> Rules:
    method = _version_of(option)
    number: Any = value
    if option.unit in ("RUNGS", "DECIMALS") and value.is_finite():
        number = int(value)
    # A target far away keeps the near target's whole range open.
    over = {"target_percent": D(100)} if option.name == "near_target_percent" else {}
    return versions.rules(method, "TQQQ", OWN_SPLITS[method], **{**over, option.name: number})


@pytest.mark.parametrize("option", _bounds())
def test_a_number_has_a_range_and_a_sentence_that_says_it(option: Option) -> None:
    assert option.least is not None
    assert option.most is not None
    for edge in (option.least, option.most):
        assert getattr(_with(option, edge), option.name) == edge
    name = option.name.replace("_", " ")
    sentence = f"the {name} must lie between {option.least} and {option.most}, not at"
    step = Decimal(1) if option.unit in ("RUNGS", "DECIMALS") else D("0.01")
    for beyond in (option.least - step, option.most + step, D("NaN"), D("Infinity")):
        with pytest.raises(StrategyError, match=sentence):
            _with(option, beyond)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_an_option_says_what_it_decides_by_default_and_from_where(option: Option) -> None:
    assert option.summary.endswith(".")
    assert option.default
    assert option.source
    assert set(option.versions) <= set(versions.METHODS)
    assert (option.least is None) == (option.unit == "")
    assert hasattr(versions.rules("4.0", "TQQQ", 40), option.name)


@pytest.mark.parametrize(
    "option", [each for each in OPTIONS if each.default.isdigit()], ids=lambda option: option.name
)
def test_a_default_that_is_one_number_is_the_versions_number(option: Option) -> None:
    for method in option.versions:
        rules = versions.rules(method, "TQQQ", OWN_SPLITS[method])
        assert getattr(rules, option.name) == Decimal(option.default)


def test_the_starred_versions_are_those_with_a_star_that_moves() -> None:
    assert STARRED == ("2.2", "3.0", "4.0")
    assert tuple(versions.METHODS) == options.ALL


def test_a_near_target_above_the_target_is_refused() -> None:
    with pytest.raises(StrategyError, match=r"2\.1's near target percent, 11, must not be above"):
        versions.rules("2.1", "TQQQ", 40, near_target_percent=D(11))
    assert versions.rules("2.1", "TQQQ", 40, near_target_percent=D(10)).near_target_percent == 10
    assert versions.rules("4.0", "TQQQ", 40, target_percent=D(3)).near_target_percent == 5


def test_the_last_unit_option_reaches_every_version_that_has_it() -> None:
    for method, phase in (("2.2", Phase.QUARTER), ("2.1", Phase.NORMAL)):
        base = of(method, exhausted_at_last_unit=True)
        plan = versions.plan(owning(base, 390, "50"), market("48"))
        assert plan.cycle.turn == 39
        assert plan.cycle.phase is phase
        assert not [order for order in plan.orders if order.side.value == "buy"]


def test_without_a_moc_a_reverse_day_without_a_buy_sells_at_the_star() -> None:
    state = in_reverse(200, "98", "30", "100", fresh(moc_without_share=False))
    plan = versions.plan(state, FIVE)
    assert [(o.leg, str(o.price), o.quantity) for o in plan.orders] == [
        (Leg.REVERSE_SELL, "30.00", 10)
    ]
    assert [skip.why.code.value for skip in plan.skips] == ["reverse_unit_under_one_share"]


def test_nothing_sold_in_reverse_is_said() -> None:
    for day, leg_ in ((1, Leg.REVERSE_MOC), (2, Leg.REVERSE_SELL)):
        state = in_reverse(19, "98", "30", "7000", fresh(sell_one_in_reverse=False), day=day)
        plan = versions.plan(state, FIVE)
        assert (leg_, "reverse_quantity_under_one_share") in [
            (skip.leg, skip.why.code.value) for skip in plan.skips
        ]
