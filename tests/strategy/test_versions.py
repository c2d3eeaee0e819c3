from typing import Any

import pytest

from strategy import versions
from strategy.errors import StrategyError
from strategy.model import Compounding
from tests.strategy.states import D


def test_the_official_symbols_bring_their_percents() -> None:
    tqqq, soxl = versions.rules("4.0", "TQQQ", 40), versions.rules("4.0", "SOXL", 20)
    assert (tqqq.target_percent, tqqq.reverse_exit_percent) == (D(15), D(15))
    assert (soxl.target_percent, soxl.reverse_exit_percent) == (D(20), D(20))
    assert (tqqq.first_buy_percent, tqqq.ladder, tqqq.compounding) == (D(12), 8, Compounding.FULL)


def test_another_symbol_needs_a_target_of_the_owners_own() -> None:
    with pytest.raises(StrategyError, match="TQQQ and SOXL only: UPRO needs a target percent"):
        versions.rules("4.0", "UPRO", 40)
    upro = versions.rules("4.0", "UPRO", 40, target_percent=D(12))
    assert (upro.target_percent, upro.reverse_exit_percent) == (D(12), D(12))
    assert not versions.is_official(upro)


def test_thirty_splits_are_allowed_but_not_official() -> None:
    assert not versions.is_official(versions.rules("4.0", "TQQQ", 30))
    assert versions.is_official(versions.rules("4.0", "TQQQ", 20))


def test_an_override_of_none_leaves_the_versions_own() -> None:
    assert versions.rules("4.0", "TQQQ", 40, ladder=None).ladder == 8
    assert versions.rules("4.0", "TQQQ", 40, ladder=0).ladder == 0


@pytest.mark.parametrize("name", ["2.2", "3.0"])
def test_versions_to_come_are_named_as_not_yet_built(name: str) -> None:
    with pytest.raises(StrategyError, match="not built yet"):
        versions.rules(name, "TQQQ", 40)
    with pytest.raises(StrategyError, match="not built yet"):
        versions.method(name)
    assert name in versions.METHODS


def test_a_version_that_never_was_is_refused_with_those_that_are() -> None:
    with pytest.raises(StrategyError, match=r"no version 5\.0 .*2\.2, 3\.0, 4\.0"):
        versions.method("5.0")


@pytest.mark.parametrize(
    "wrong",
    [
        {"splits": 35},
        {"target_percent": D(0)},
        {"ladder": 16},
        {"ladder": -1},
        {"fee_percent": D(11)},
        {"first_buy_percent": D("NaN")},
        {"band_percent": D(-1)},
        {"reverse_exit_percent": D(100)},
        {"colour": "green"},
    ],
)
def test_an_option_out_of_range_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(StrategyError):
        versions.rules("4.0", "TQQQ", **{"splits": 40, **wrong})


def test_rules_and_name_lead_to_the_same_planner() -> None:
    assert versions.method(versions.rules("4.0", "TQQQ", 40)) is versions.method("4.0")
    assert versions.method("4.0").name == "4.0"
