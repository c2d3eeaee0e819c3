"""The phase of the session to be planned (strategy/reverse.py, quarter.py, `advance`)."""

from strategy.kernel import fields as f
from strategy.kernel.booking import LARGEST_SUM
from strategy.kernel.buys import day_budget
from strategy.kernel.compiling import compiled
from strategy.kernel.exact import divided_even, fine_to_cents, times_even, whole_shares
from strategy.kernel.rows import Row


@compiled
def is_exhausted(state: Row, terms: Row) -> bool:
    """Tell whether less than one unit is left."""
    last = (terms[f.SPLITS] - 1) * f.ONE
    turn = state[f.TURN]
    return bool(turn > last or (terms[f.EXHAUSTED_AT_LAST_UNIT] == 1 and turn == last))


@compiled
def is_second_half(state: Row, terms: Row) -> bool:
    """Tell whether T is at a / 2 or over it."""
    return bool(2 * state[f.TURN] >= terms[f.SPLITS] * f.ONE)


@compiled
def star(state: Row, terms: Row) -> int:
    """Give the star of a normal day: average x (1 + P x (1 - 2T/a) / 100), in cents."""
    part, whole = terms[f.STAR], terms[f.STAR + 1]
    factor = whole * f.ONE + part * (terms[f.SPLITS] * f.ONE - 2 * state[f.TURN])
    return fine_to_cents(state, state[f.AVERAGE], factor, whole * f.ONE)


@compiled
def line(state: Row, terms: Row, percent: int) -> int:
    """Give average x the fraction at a place of the terms, in cents."""
    return fine_to_cents(state, state[f.AVERAGE], terms[percent], terms[percent + 1])


@compiled
def advance(state: Row, terms: Row, before: int) -> None:
    """Decide the phase by the close before the session."""
    if terms[f.METHOD] == f.V4_0:
        _advance_reverse(state, terms, before)
    elif terms[f.METHOD] == f.V2_2:
        _advance_quarter(state, terms, before)


@compiled
def _at_rest(state: Row) -> None:
    state[f.PHASE] = f.NORMAL
    state[f.REVERSE_DAY] = 0
    state[f.QUARTER_ROUND] = 0
    state[f.QUARTER_UNIT] = 0


@compiled
def _advance_reverse(state: Row, terms: Row, before: int) -> None:
    if state[f.QUANTITY] == 0:
        _at_rest(state)
        return
    if state[f.PHASE] == f.REVERSE:
        if not _leaves(state, terms, before):
            return
        _at_rest(state)
    if is_exhausted(state, terms) or _lacks_a_share(state, terms):
        state[f.PHASE] = f.REVERSE
        state[f.REVERSE_DAY] = 1


@compiled
def _leaves(state: Row, terms: Row, close: int) -> bool:
    if state[f.REVERSE_DAY] < 2:
        return False
    average = state[f.AVERAGE]
    if terms[f.EXIT_ON_OLD_AVERAGE] and state[f.AVERAGE_BEFORE] > 0:
        average = state[f.AVERAGE_BEFORE]
    return close * f.FINE_CENT > times_even(average, terms[f.EXIT], terms[f.EXIT + 1])


@compiled
def _lacks_a_share(state: Row, terms: Row) -> bool:
    if not terms[f.EXHAUSTED_WITHOUT_SHARE] or not is_second_half(state, terms):
        return False
    budget, at = day_budget(state, terms), star(state, terms)
    if at > 1 and budget[3] > budget[4] * at:
        return False  # a price a cent lower is far enough from the whole budget
    return whole_shares(state, budget, at - 1) == 0


@compiled
def _advance_quarter(state: Row, terms: Row, before: int) -> None:
    if state[f.QUANTITY] == 0:
        _at_rest(state)
        return
    rounds = terms[f.SPLITS] // 4
    if state[f.PHASE] == f.QUARTER and state[f.QUARTER_ROUND] > rounds + 1:
        if before >= line(state, terms, f.EXIT):
            _at_rest(state)
        else:
            state[f.QUARTER_ROUND] = 1
            state[f.QUARTER_UNIT] = 0
    if state[f.PHASE] == f.QUARTER:
        in_rounds = 1 <= state[f.QUARTER_ROUND] <= rounds
        if in_rounds and state[f.QUARTER_UNIT] == 0:
            state[f.QUARTER_UNIT] = _fresh_unit(state, terms, rounds)
    elif is_exhausted(state, terms):
        state[f.PHASE] = f.QUARTER
        state[f.QUARTER_ROUND] = 0


@compiled
def _fresh_unit(state: Row, terms: Row, rounds: int) -> int:
    unit = int(state[f.UNIT])
    if terms[f.SAME_BUDGET]:
        return unit
    cash = max(int(state[f.CASH]), 0)
    about = float(cash) * 1e10
    if about / rounds > LARGEST_SUM:
        return unit
    return min(unit, divided_even(cash * f.FINE_CENT, about, rounds, 0))


@compiled
def follow_quarter(state: Row, terms: Row, ended: bool, ordered: bool, counted: bool) -> None:
    """Move the quarter phase on after a session that had orders.

    `ended`: the quarter or the target filled; `ordered`: there was a buy; `counted`: its main
    line filled.
    """
    last = terms[f.SPLITS] // 4
    step = state[f.QUARTER_ROUND]
    if ended:
        _at_rest(state)
    elif step == 0:
        state[f.QUARTER_ROUND] = 1
        state[f.QUARTER_UNIT] = 0
    elif step > last:
        state[f.QUARTER_ROUND] = last + 2
        state[f.QUARTER_UNIT] = 0
    elif not ordered:
        state[f.QUARTER_ROUND] = last + 1
    elif counted:
        state[f.QUARTER_ROUND] = step + 1
