from typing import Any

import pytest

from strategy import versions
from strategy.errors import StrategyError
from strategy.model import Compounding, Counting, Rules, Sizing
from tests.strategy.states import OWN_SPLITS, D


def test_the_official_symbols_bring_their_percents() -> None:
    tqqq, soxl = versions.rules("4.0", "TQQQ", 40), versions.rules("4.0", "SOXL", 20)
    assert (tqqq.target_percent, tqqq.reverse_exit_percent) == (D(15), D(15))
    assert (soxl.target_percent, soxl.reverse_exit_percent) == (D(20), D(20))
    assert (tqqq.first_buy_percent, tqqq.ladder, tqqq.compounding) == (D(12), 8, Compounding.FULL)


@pytest.mark.parametrize(
    ("method", "tqqq", "soxl"),
    [
        ("1.0", (10, 10, 12), (10, 10, 12)),
        ("2.1", (10, 10, 12), (10, 10, 12)),
        ("2.2", (10, 10, 10), (12, 12, 12)),
        ("3.0", (15, 15, 12), (20, 20, 12)),
        ("4.0", (15, 15, 12), (20, 20, 12)),
    ],
)
def test_each_version_has_its_own_percents_for_its_two_symbols(
    method: str, tqqq: tuple[int, ...], soxl: tuple[int, ...]
) -> None:
    for symbol, percents in (("TQQQ", tqqq), ("SOXL", soxl)):
        rules = versions.rules(method, symbol, OWN_SPLITS[method])
        own = (rules.target_percent, rules.reverse_exit_percent, rules.first_buy_percent)
        assert own == tuple(map(D, percents))


@pytest.mark.parametrize(
    ("method", "counting", "sizing"),
    [
        ("1.0", Counting.EVENTS, Sizing.FIXED),
        ("2.1", Counting.COST, Sizing.FIXED),
        ("2.2", Counting.COST, Sizing.FIXED),
        ("3.0", Counting.COST, Sizing.GROWING),
        ("4.0", Counting.EVENTS, Sizing.DAILY),
    ],
)
def test_each_version_counts_and_sizes_in_its_own_way(
    method: str, counting: Counting, sizing: Sizing
) -> None:
    rules = versions.rules(method, "TQQQ", OWN_SPLITS[method])
    assert (rules.method, rules.counting, rules.sizing) == (method, counting, sizing)


def test_another_symbol_needs_the_flag_and_a_target_of_the_owners_own() -> None:
    sentence = "names TQQQ and SOXL only: UPRO needs --unofficial and a --target-percent"
    halves: tuple[dict[str, Any], ...] = ({}, {"unofficial": True}, {"target_percent": D(12)})
    for given in halves:
        with pytest.raises(StrategyError, match=sentence):
            versions.rules("4.0", "UPRO", 40, **given)
    upro = versions.rules("4.0", "UPRO", 40, unofficial=True, target_percent=D(12))
    assert (upro.target_percent, upro.reverse_exit_percent) == (D(12), D(12))
    assert upro.first_buy_percent == 12
    assert not versions.is_official(upro)


def test_the_exit_of_another_symbol_may_be_chosen_on_its_own() -> None:
    upro = versions.rules(
        "2.2", "UPRO", 40, unofficial=True, target_percent=D(12), reverse_exit_percent=D(8)
    )
    assert (upro.target_percent, upro.reverse_exit_percent) == (D(12), D(8))


def test_a_symbol_without_a_name_is_told_so() -> None:
    with pytest.raises(StrategyError, match="this symbol needs --unofficial"):
        versions.rules("4.0", "", 40)


@pytest.mark.parametrize("method", versions.METHODS)
def test_thirty_splits_are_allowed_on_demand_and_not_official(method: str) -> None:
    sentence = "no table for 30 splits: this choice needs --unofficial and a --target-percent"
    halves: tuple[dict[str, Any], ...] = ({}, {"unofficial": True}, {"target_percent": D(12)})
    for given in halves:
        with pytest.raises(StrategyError, match=sentence):
            versions.rules(method, "TQQQ", 30, **given)
    thirty = versions.rules(method, "TQQQ", 30, unofficial=True, target_percent=D(12))
    assert (thirty.splits, thirty.target_percent) == (30, D(12))
    assert not versions.is_official(thirty)


@pytest.mark.parametrize(
    ("method", "splits", "official"),
    [
        ("1.0", 40, True),
        ("1.0", 20, False),
        ("2.1", 40, True),
        ("2.2", 40, True),
        ("2.2", 35, False),
        ("3.0", 20, True),
        ("3.0", 40, False),
        ("4.0", 20, True),
        ("4.0", 40, True),
    ],
)
def test_the_authors_own_splits_are_official(method: str, splits: int, official: bool) -> None:
    assert versions.is_official(versions.rules(method, "SOXL", splits)) is official


@pytest.mark.parametrize(
    ("method", "splits", "span"),
    [
        ("2.2", 9, "10 to 100"),
        ("2.2", 101, "10 to 100"),
        ("2.2", 0, "10 to 100"),
        ("4.0", 35, "20, 30 or 40"),
        ("4.0", -20, "20, 30 or 40"),
        ("3.0", 10, "20, 30 or 40"),
        ("1.0", 1, "20, 30 or 40"),
    ],
)
def test_splits_beyond_a_versions_formulas_are_refused(method: str, splits: int, span: str) -> None:
    with pytest.raises(StrategyError, match=f"version {method} takes {span} splits, not {splits}"):
        versions.rules(method, "TQQQ", splits)


@pytest.mark.parametrize("splits", [10, 35, 100])
def test_2_2_takes_any_splits_between_ten_and_a_hundred(splits: int) -> None:
    assert versions.rules("2.2", "TQQQ", splits).splits == splits


def test_an_override_of_none_leaves_the_versions_own() -> None:
    assert versions.rules("4.0", "TQQQ", 40, ladder=None).ladder == 8
    assert versions.rules("4.0", "TQQQ", 40, ladder=0).ladder == 0
    assert versions.rules("1.0", "TQQQ", 40, ladder=3).ladder == 3


@pytest.mark.parametrize("name", versions.METHODS)
def test_every_version_is_found_by_its_name(name: str) -> None:
    assert versions.version(name).name == name
    rules = versions.rules(name, "TQQQ", OWN_SPLITS[name])
    assert versions.method(rules) is versions.method(name)


@pytest.mark.parametrize("name", ["5.0", "", "2.0", "4"])
def test_a_version_that_never_was_is_refused_with_those_that_are(name: str) -> None:
    sentence = rf"no version {name} .*1\.0, 2\.1, 2\.2, 3\.0, 4\.0 exist"
    with pytest.raises(StrategyError, match=sentence):
        versions.method(name)
    with pytest.raises(StrategyError, match=sentence):
        versions.rules(name, "TQQQ", 40)


@pytest.mark.parametrize(
    "wrong",
    [
        {"splits": 35},
        {"target_percent": D(0)},
        {"target_percent": D(-5)},
        {"ladder": 16},
        {"ladder": -1},
        {"fee_percent": D(11)},
        {"first_buy_percent": D("NaN")},
        {"band_percent": D(-1)},
        {"reverse_exit_percent": D(100)},
        {"colour": "green"},
        {"sizing": Sizing.FIXED},
    ],
)
def test_an_option_out_of_range_or_unknown_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(StrategyError):
        versions.rules("4.0", "TQQQ", **{"splits": 40, **wrong})


def test_a_version_counts_and_sizes_as_it_does_and_is_not_told_otherwise() -> None:
    with pytest.raises(StrategyError, match="the method has no option counting, sizing"):
        versions.rules("4.0", "TQQQ", 40, sizing=Sizing.FIXED, counting=Counting.COST)


def test_another_compounding_keeps_the_agreement_and_only_3_0_grows_under_its_own() -> None:
    three = versions.rules("3.0", "TQQQ", 20)
    full = versions.compounding_otherwise(three, Compounding.FULL)
    assert (full.compounding, full.sizing) == (Compounding.FULL, Sizing.FIXED)
    assert versions.compounding_otherwise(full, Compounding.HALF) == three
    half = versions.compounding_otherwise(versions.rules("2.2", "TQQQ", 40), Compounding.HALF)
    assert half.sizing is Sizing.FIXED


def test_the_rules_of_a_bare_record_are_those_of_4_0() -> None:
    rules = versions.rules("4.0", "TQQQ", 40)
    bare = Rules(
        method="4.0",
        symbol="TQQQ",
        splits=40,
        target_percent=D(15),
        reverse_exit_percent=D(15),
    )
    assert bare == rules
