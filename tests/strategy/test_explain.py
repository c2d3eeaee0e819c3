"""A plan's own figures are explained by their formulas, in both languages."""

from dataclasses import replace

import pytest

from strategy import versions
from strategy.explain import basis
from strategy.model import Cycle, Market, Plan
from strategy.reasons import ReasonCode
from tests.strategy.states import (
    D,
    fresh,
    holding,
    in_quarter,
    in_reverse,
    market,
    of,
    owning,
)

FIVE = market("31", "30.2", "29.8", "30.5", "30.11")


def _english(plan: Plan) -> list[str]:
    return [reason.sentence("en") for reason in basis(plan)]


def test_a_first_half_of_4_0_is_explained_by_t_cash_and_star() -> None:
    soxl = holding(12, "39.83", "1", "19522", fresh("SOXL"))
    plan = versions.plan(soxl, market("40"))
    assert _english(plan) == [
        "first half: T 1 < 40 / 2 = 20",
        "unit 500.56 = cash 19522.00 / (40 - 1)",
        "star price 47.40 = average 39.83 x 1.19",
    ]
    assert [reason.sentence("ko") for reason in basis(plan)] == [
        "전반전: T 1 < 40 / 2 = 20",
        "1회매수금 500.56 = 잔금 19522.00 / (40 - 1)",
        "별지점 47.40 = 평단 39.83 x 1.19",
    ]


def test_the_cash_of_the_explanation_is_what_is_not_set_aside() -> None:
    state = replace(holding(12, "40", "1", "20000"), reserve=D(500))
    assert "cash 19500.00 / (40 - 1)" in _english(versions.plan(state, market("40")))[1]


def test_odd_splits_have_a_half_in_the_middle() -> None:
    state = owning(fresh("TQQQ", 35, "35000", method="2.2"), 500, "40")
    assert _english(versions.plan(state, market("39")))[0] == ("second half: T 20 >= 35 / 2 = 17.5")


@pytest.mark.parametrize(
    ("state", "known", "codes"),
    [
        (
            fresh(),
            market("40"),
            [ReasonCode.FIRST_HALF, ReasonCode.UNIT_OF_CASH],
        ),
        (
            in_reverse(190, "98", "37.525", "700"),
            FIVE,
            [ReasonCode.REVERSE_DAY, ReasonCode.UNIT_IN_REVERSE],
        ),
        (
            holding(100, "40", "10", "15000", of("1.0")),
            market("38"),
            [ReasonCode.NORMAL_DAY, ReasonCode.UNIT_FIXED],
        ),
        (
            owning(of("2.1"), 100, "40"),
            market("38"),
            [ReasonCode.FIRST_HALF, ReasonCode.UNIT_FIXED, ReasonCode.STAR],
        ),
        (
            owning(of("2.2"), 300, "40"),
            market("38"),
            [ReasonCode.SECOND_HALF, ReasonCode.UNIT_FIXED, ReasonCode.STAR],
        ),
        (
            owning(of("2.2"), 400, "49"),
            market("38"),
            [ReasonCode.QUARTER_MOC_STEP, ReasonCode.UNIT_FIXED],
        ),
        (
            in_quarter(of("2.2"), 300, "49", "3900", step=1),
            market("40"),
            [ReasonCode.QUARTER_ROUND, ReasonCode.UNIT_SHARED, ReasonCode.LINE],
        ),
        (
            in_quarter(of("2.2"), 300, "49", "300", step=7, unit="390"),
            market("40"),
            [
                ReasonCode.QUARTER_ROUND,
                ReasonCode.UNIT_SHARED,
                ReasonCode.CASH_BELOW_UNIT,
                ReasonCode.LINE,
            ],
        ),
        (
            in_quarter(of("3.0"), 300, "49", "9000", step=2),
            market("40"),
            [ReasonCode.QUARTER_ROUND, ReasonCode.UNIT_FIXED, ReasonCode.LINE],
        ),
        (
            replace(in_quarter(of("3.0"), 300, "49", "9000", step=2), unit=D("1010")),
            market("40"),
            [ReasonCode.QUARTER_ROUND, ReasonCode.UNIT_GROWN, ReasonCode.LINE],
        ),
        (
            in_quarter(of("2.2"), 300, "49", "3900", step=11),
            market("40"),
            [ReasonCode.QUARTER_MOC_STEP, ReasonCode.UNIT_FIXED],
        ),
        (
            holding(100, "40", "10", "15000"),
            Market(),
            [ReasonCode.NORMAL_DAY, ReasonCode.UNIT_OF_CASH],
        ),
    ],
)
def test_each_phase_is_explained_by_its_own_formulas(
    state: Cycle, known: Market, codes: list[ReasonCode]
) -> None:
    assert [reason.code for reason in basis(versions.plan(state, known))] == codes


def test_the_figures_of_the_quarter_phase_are_its_own() -> None:
    plan = versions.plan(in_quarter(of("2.2"), 300, "49", "300", step=7, unit="390"), market("40"))
    assert _english(plan) == [
        "quarter phase, round 7 of 10: T 29.4",
        "unit of a round 390.00 = the cash when they began / 10, the cycle's unit at most",
        "cash 300.00 < unit 390.00: buys go as far as the cash",
        "line 44.10 = average 49 x 0.9",
    ]


def test_the_figures_of_the_reverse_phase_are_its_own() -> None:
    state = replace(in_reverse(190, "98", "37.525", "800"), reserve=D(100))
    assert _english(versions.plan(state, FIVE)) == [
        "reverse phase, day 2: T 37.525 of 40 splits",
        "unit 175.00 = cash 700.00 / 4",
    ]


def test_cash_of_exactly_a_unit_is_not_below_it() -> None:
    state = owning(of("2.2"), 100, "40", "500")
    assert ReasonCode.CASH_BELOW_UNIT not in [
        reason.code for reason in basis(versions.plan(state, market("40")))
    ]


def test_a_unit_that_is_not_the_principal_over_the_splits_does_not_claim_to_be() -> None:
    for method, code in (("2.2", ReasonCode.UNIT_GIVEN), ("3.0", ReasonCode.UNIT_GROWN)):
        state = replace(owning(of(method), 100, "40"), unit=D(1010))
        plan = versions.plan(state, market("40"))
        assert [reason.code for reason in basis(plan)][1] is code
    given = versions.plan(replace(owning(of("2.2"), 100, "40"), unit=D(510)), market("40"))
    assert _english(given)[1] == "unit 510.00 (as it was set for this cycle)"
