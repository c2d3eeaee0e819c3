"""A position taken over in mid-cycle: what it starts from, and what is refused."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.changes import ChangeRefused
from strategy.model import Counting, Cycle, Phase, Rules, Sizing
from strategy.takeover import import_position

D = Decimal


def agreed(counting: Counting = Counting.EVENTS, sizing: Sizing = Sizing.DAILY) -> Rules:
    return Rules(
        method="4.0" if sizing is Sizing.DAILY else "2.2",
        symbol="TQQQ",
        splits=40,
        target_percent=D(10),
        reverse_exit_percent=D(10),
        counting=counting,
        sizing=sizing,
    )


COUNTED = agreed()
COSTED = agreed(Counting.COST, Sizing.FIXED)


def taken(rules: Rules = COUNTED, **over: Any) -> Cycle:
    position: dict[str, Any] = {"quantity": 100, "average": D("51.5"), "cash": D(14850)}
    return import_position(rules, **(position | over))


def test_t_is_proposed_from_the_cost_and_the_owners_own_holds() -> None:
    assert taken().turn == D("10.3")  # 5,150 of 20,000 in 40 parts
    assert taken(turn=D("9.875")).turn == D("9.875")


def test_a_turn_from_the_cost_is_not_the_owners_to_say() -> None:
    assert taken(COSTED).turn == D("10.3")
    with pytest.raises(ChangeRefused, match="counts T from the cost"):
        taken(COSTED, turn=D(9))


def test_the_run_began_with_cash_and_cost_unless_the_owner_says_otherwise() -> None:
    assert (taken().principal, taken().realized) == (D(20000), D(0))
    earlier = taken(principal=D(19000))
    assert (earlier.principal, earlier.seed, earlier.realized) == (D(19000), D(19000), D(1000))


def test_the_unit_is_the_principals_part_or_the_one_that_grew() -> None:
    assert taken().unit == 0
    assert taken(COSTED).unit == D(500)
    grown = taken(agreed(Counting.COST, Sizing.GROWING), unit=D(515))
    assert (grown.unit, grown.turn) == (D(515), D(10))


@given(
    quantity=st.integers(1, 5000),
    average=st.decimals(D("0.5"), D(500), places=12),
    cash=st.decimals(D("0.01"), D(10**6), places=2),
    principal=st.one_of(st.none(), st.decimals(D(10**5), D(10**7), places=2)),
)
def test_the_books_balance_from_the_first_line(
    quantity: int, average: Decimal, cash: Decimal, principal: Decimal | None
) -> None:
    cycle = taken(quantity=quantity, average=average, cash=cash, principal=principal, turn=D(3))
    cost = cycle.quantity * cycle.average
    assert abs(cycle.cash + cost - cycle.principal - cycle.realized) <= D("1E-11")


def test_a_run_in_its_reverse_phase_goes_on_at_its_day() -> None:
    cycle = taken(turn=D("37.5"), phase=Phase.REVERSE, step=4)
    assert (cycle.phase, cycle.reverse_day, cycle.exhausted) == (Phase.REVERSE, 4, True)
    assert taken(turn=D("37.5"), phase=Phase.REVERSE).reverse_day == 1
    rounds = taken(COSTED, phase=Phase.QUARTER, step=3)
    assert (rounds.phase, rounds.quarter_round) == (Phase.QUARTER, 3)


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"quantity": 0}, "one share at least, not 0: with none, start a cycle"),
        ({"average": D(0)}, "say the average of the 100 shares"),
        ({"average": D("NaN")}, "say the average of the 100 shares"),
        ({"cash": D(0)}, "how much cash is left"),
        ({"cash": D(-1)}, "how much cash is left"),
        ({"principal": D(0)}, "the principal is a sum above 0"),
        ({"turn": D(41)}, "T lies above 0 and at 40 at most"),
        ({"turn": D(0)}, "T lies above 0"),
        ({"unit": D(500)}, "sizes it by cash"),
        ({"principal": D(4000)}, r"T from the cost is 51\.5 of 40 splits"),
    ],
)
def test_what_no_ledger_can_be_is_refused(over: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ChangeRefused, match=sentence) as caught:
        taken(**over)
    assert caught.value.sentence("ko") != caught.value.sentence("en")
