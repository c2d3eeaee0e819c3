"""From any state onto prices that lie on a rule's very line, a cent over it or a cent under."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Step
from hypothesis import strategies as st

from tests.checker.both import METHODS, agree_from, agreements
from tests.checker.evening import at, line, star
from tests.checker.figures import CENT, ONE, nearest, turn_from_cost
from tests.checker.markets import weekday
from tests.checker.terms import BY_EVENTS, Bar, Run, begin

HISTORY = 5
SESSIONS = 8


@st.composite
def turns(draw: st.DrawFn, splits: int) -> Fraction:
    """Draw T at or near the middle, the last unit and the end, or anywhere."""
    near = draw(st.sampled_from((Fraction(splits, 2), Fraction(splits - 1), Fraction(splits))))
    step = Fraction(draw(st.integers(-4, 4)), 4)
    anywhere = Fraction(draw(st.integers(1, 4 * splits)), 4)
    return min(Fraction(splits), draw(st.sampled_from((near + step, near, anywhere))))


@st.composite
def states(draw: st.DrawFn, method: str) -> Run:
    agreed = draw(agreements(method))
    quantity = draw(st.integers(1, 12) | st.integers(1, 600))
    average = draw(st.integers(10, 800)) * 20 * CENT
    average += draw(st.sampled_from((0, 0, CENT // 2, 333_333_333, -1)))
    turn = draw(turns(agreed.splits))
    cost = quantity * average
    principal = nearest(cost * agreed.splits / turn / CENT) * CENT
    run = begin(replace(agreed, principal=principal))
    run.quantity, run.average = quantity, average
    run.turn = nearest(turn * ONE)
    if method not in BY_EVENTS:
        run.turn = turn_from_cost(quantity, average, run.unit)
    share = average * draw(st.integers(0, 12)) // 4 // CENT * CENT
    plenty = (principal - cost) // CENT * CENT
    run.cash = draw(st.sampled_from((max(0, plenty), share, share * agreed.rounds)))
    enter(draw, run)
    return run


def enter(draw: st.DrawFn, run: Run) -> None:
    """Put the run into one of its version's phases."""
    if run.terms.method == "4.0":
        step = draw(st.integers(0, 3))
        run.phase, run.step = ("reverse" if step else "normal"), step
        run.turn = min(run.turn, run.terms.splits * ONE - ONE // 8)
    elif run.terms.method in {"2.2", "3.0"} and draw(st.booleans()):
        run.phase = "quarter"
        run.step = draw(st.integers(0, run.terms.rounds + 2))
        run.rounds_unit = draw(st.sampled_from((run.unit, run.average, run.unit // 3)))


@st.composite
def bars_near(draw: st.DrawFn, run: Run) -> list[Bar]:
    """Draw bars whose closes, opens and highs lie on the lines of the state."""
    lines = (star(run), at(run, 0), at(run, 5), line(run), at(run, run.terms.target))
    exit_line = run.average * (100 - run.terms.exit) / 100 / CENT
    on_line = st.sampled_from((*lines, nearest(exit_line)))
    close = st.builds(
        lambda base, cent: max(1, base + cent),
        on_line | st.integers(lines[3] // 2, lines[4] * 5 // 4),
        st.sampled_from((0, 0, -1, 1)),
    )
    bars: list[Bar] = []
    for number in range(HISTORY + SESSIONS):
        opened, last = draw(close), draw(close)
        top = max(opened, last, draw(close) if draw(st.booleans()) else 0)
        bars.append(Bar(weekday(number), opened, top, min(opened, last), last))
    return bars


@pytest.mark.parametrize("method", METHODS)
@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Step.explicit, Step.reuse, Step.generate),
)
@given(data=st.data())
def test_from_any_state_both_go_on_alike(method: str, data: st.DataObject) -> None:
    run = data.draw(states(method))
    bars = data.draw(bars_near(run))
    agree_from(run, bars[:HISTORY], bars[HISTORY:])
