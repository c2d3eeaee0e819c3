"""How the quarter phase of 2.2 and 3.0 ends, or begins its rounds once more."""

from decimal import Decimal

import pytest

from strategy import quarter, versions
from strategy.cycle import settle
from strategy.model import Cycle, Fill, Leg, Phase, Plan
from tests.strategy.states import (
    TUESDAY,
    D,
    full,
    in_quarter,
    leg,
    legs_of,
    lines,
    market,
    of,
)

# 2.2, TQQQ, unit 500: shares at 49 have their line at 49 x 0.9 = 44.10.
LAST, MOC, DONE = 10, 11, 12


def _round(step: int = 1, unit: str = "0", cash: str = "3900") -> Cycle:
    return in_quarter(of("2.2"), 300, "49", cash, step=step, unit=unit)


def _after(plan: Plan, *fills: Fill) -> Cycle:
    return settle(plan, fills, TUESDAY).cycle


@pytest.mark.parametrize("leg_", [Leg.QUARTER, Leg.TARGET])
def test_a_sale_at_the_line_or_the_target_ends_the_phase(leg_: Leg) -> None:
    plan = versions.plan(_round(3, "390"), market("44"))
    after = _after(plan, full(leg(plan, leg_)))
    assert (after.phase, after.quarter_round, after.quarter_unit) == (Phase.NORMAL, 0, D(0))
    held = {Leg.QUARTER: 225, Leg.TARGET: 75}[leg_]
    assert after.quantity == held
    assert after.turn == {225: D("22.05"), 75: D("7.35")}[held]
    assert versions.plan(after, market("44")).cycle.phase is Phase.NORMAL


def test_even_a_part_of_a_sale_ends_the_phase() -> None:
    plan = versions.plan(_round(3, "390"), market("44"))
    part = Fill(order=leg(plan, Leg.QUARTER), quantity=1, price=D("44.10"))
    assert _after(plan, part).phase is Phase.NORMAL


@pytest.mark.parametrize("step", [0, MOC])
def test_a_target_ends_the_phase_on_a_day_at_the_close_too(step: int) -> None:
    state = in_quarter(of("2.2"), 300, "49", "3900", step=step)
    plan = versions.plan(state, market("50"))
    after = _after(plan, full(leg(plan, Leg.TARGET)), full(leg(plan, Leg.QUARTER_MOC), "50"))
    assert after.phase is Phase.NORMAL
    after = _after(plan, full(leg(plan, Leg.QUARTER_MOC), "50"))
    assert after.phase is Phase.QUARTER


def test_leaving_with_the_units_used_up_begins_the_phase_anew() -> None:
    state = in_quarter(of("2.2"), 600, "49", "3900", step=3, unit="390")
    plan = versions.plan(state, market("44"))
    after = _after(plan, full(leg(plan, Leg.QUARTER)))
    assert (after.phase, after.turn) == (Phase.NORMAL, D("44.1"))
    again = versions.plan(after, market("44"))
    assert (again.cycle.phase, again.cycle.quarter_round) == (Phase.QUARTER, 0)


def test_after_the_last_round_a_day_at_the_close_follows() -> None:
    plan = versions.plan(_round(LAST, "390"), market("40"))
    after = _after(plan, full(leg(plan, Leg.QUARTER_BUY), "42"))
    assert after.quarter_round == MOC
    moc = versions.plan(after, market("40"))
    assert lines(moc) == [("quarter_moc", "None", 77), ("target", "53.70", 231)]
    assert (moc.unit, moc.cycle.quarter_round) == (D(500), MOC)
    assert _after(moc, full(leg(moc, Leg.QUARTER_MOC), "40")).quarter_round == DONE


def test_the_rounds_once_more_have_a_fresh_unit_whatever_the_last_was() -> None:
    state = _round(DONE, unit="77", cash="4200")
    plan = versions.plan(state, market("40"))
    assert (plan.cycle.quarter_round, plan.unit) == (1, D(420))


def test_the_day_at_the_close_is_done_even_where_nothing_was_sold() -> None:
    moc = versions.plan(in_quarter(of("2.2"), 3, "49", "3900", step=MOC), market("40"))
    assert legs_of(moc) == ["target"]
    assert _after(moc).quarter_round == DONE


@pytest.mark.parametrize(
    ("close", "phase", "step"),
    [("44.10", Phase.NORMAL, 0), ("44.09", Phase.QUARTER, 1), ("50", Phase.NORMAL, 0)],
)
def test_its_close_at_the_line_or_above_ends_the_phase_and_below_it_begins_round_one(
    close: str, phase: Phase, step: int
) -> None:
    plan = versions.plan(_round(DONE, cash="6000"), market("40", close))
    assert (plan.cycle.phase, plan.cycle.quarter_round) == (phase, step)
    if phase is Phase.QUARTER:
        assert plan.unit == min(Decimal(500), D(6000) / 10)
        assert leg(plan, Leg.QUARTER_BUY).quantity == 11
    else:
        assert plan.cycle.quarter_unit == 0
        assert leg(plan, Leg.STAR).credit == 1


def test_the_line_that_the_close_is_compared_with_is_rounded_to_the_cent() -> None:
    state = in_quarter(of("3.0"), 300, "49.01", "3900", step=7)
    assert quarter.line(state).price == D("41.66")
    assert versions.plan(state, market("41.66")).cycle.phase is Phase.NORMAL
    assert versions.plan(state, market("41.65")).cycle.phase is Phase.QUARTER


def test_a_close_that_ends_the_phase_with_the_units_used_up_begins_it_anew() -> None:
    state = in_quarter(of("2.2"), 600, "49", "3900", step=DONE)
    plan = versions.plan(state, market("46"))
    assert (plan.cycle.phase, plan.cycle.quarter_round) == (Phase.QUARTER, 0)
    assert legs_of(plan) == ["quarter_moc", "target"]


def test_selling_the_last_share_ends_the_cycle_in_the_normal_phase() -> None:
    plan = versions.plan(_round(3, "390"), market("50"))
    done = settle(plan, [full(leg(plan, Leg.TARGET)), full(leg(plan, Leg.QUARTER))], TUESDAY)
    assert done.finished is not None
    assert done.finished.exhausted
    assert (done.cycle.phase, done.cycle.quarter_round) == (Phase.NORMAL, 0)


def test_a_sale_of_the_last_shares_before_a_buy_goes_on_in_the_normal_phase() -> None:
    plan = versions.plan(_round(3, "390"), market("50"))
    fills = [
        full(leg(plan, Leg.TARGET)),
        full(leg(plan, Leg.QUARTER)),
        full(leg(plan, Leg.QUARTER_BUY), "44"),
    ]
    done = settle(plan, fills, TUESDAY)
    assert done.finished is None
    assert (done.cycle.quantity, done.cycle.phase) == (8, Phase.NORMAL)
    assert done.cycle.turn == D("0.71")
