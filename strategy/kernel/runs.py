"""Whole runs: session by session, and many of them side by side over the cores."""

from collections.abc import Callable

from numba import prange

from strategy.kernel import booking, buys, cycles, days, exact, fields, phases
from strategy.kernel import fields as f
from strategy.kernel.buys import no_lines
from strategy.kernel.compiling import compiled, fingerprint, kept, local_row
from strategy.kernel.cycles import count_cost, fixed_unit, next_cycle
from strategy.kernel.days import (
    day_of_1_0,
    day_of_2_1,
    first_day,
    normal_day,
    quarter_day,
    reverse_day,
)
from strategy.kernel.phases import advance
from strategy.kernel.rows import Days, Row, Table

MOST_SHARES = 10**8

new_state, new_terms = local_row(f.STATE_SIZE), local_row(f.TERMS_SIZE)


@compiled
def begin(state: Row, terms: Row, principal: int) -> None:
    """Begin a run with its principal (cents) in cash."""
    for place in range(f.STATE_SIZE):
        state[place] = 0
    state[f.CASH] = principal
    state[f.NUMBER] = 1
    state[f.PRINCIPAL] = principal * terms[f.MONEY_UNITS]
    state[f.SEED] = state[f.PRINCIPAL]
    state[f.UNIT] = fixed_unit(state, terms, state[f.PRINCIPAL])


@compiled
def is_used_up(state: Row, terms: Row) -> bool:
    """Tell whether less than one unit is left for the session."""
    last = (terms[f.SPLITS] - 1) * f.ONE
    return bool(state[f.PHASE] != f.NORMAL or state[f.TURN] > last)


@compiled
def trade(state: Row, terms: Row, prices: Table, place: int) -> None:
    """Trade the session at a place of the prices; its phase is decided already."""
    average = state[f.AVERAGE]
    state[f.BOUGHT] = 0
    state[f.SOLD] = 0
    no_lines(state)
    if state[f.QUANTITY] == 0:
        first_day(state, terms, prices, place)
    elif state[f.PHASE] == f.REVERSE:
        reverse_day(state, terms, prices, place)
    elif state[f.PHASE] == f.QUARTER:
        quarter_day(state, terms, prices, place)
    elif terms[f.METHOD] == f.V1_0:
        day_of_1_0(state, terms, prices, place)
    elif terms[f.METHOD] == f.V2_1:
        day_of_2_1(state, terms, prices, place)
    else:
        normal_day(state, terms, prices, place)
    state[f.AVERAGE_BEFORE] = average
    year = prices[place, f.YEAR]
    if state[f.STARTED] == 0:
        state[f.STARTED] = year
    if terms[f.BY_COST] and state[f.BOUGHT] + state[f.SOLD] > 0:
        count_cost(state, terms)
    if state[f.SOLD] > 0 and state[f.QUANTITY] == 0:
        next_cycle(state, terms, year, prices[place, f.NEXT_YEAR])


@compiled
def check_size(state: Row, terms: Row) -> None:
    """Mark a run whose sums outgrow what the rounding takes."""
    if abs(state[f.CASH]) > terms[f.MOST_CASH] or state[f.QUANTITY] > MOST_SHARES:
        state[f.TROUBLE] = f.TOO_LARGE


@compiled
def write_evening(row: Row, state: Row, used_up: bool) -> None:
    """Keep what stands before the session."""
    row[f.DAY_PHASE] = state[f.PHASE]
    row[f.DAY_NUMBER] = state[f.NUMBER]
    row[f.DAY_USED_UP] = used_up


@compiled
def write_close(row: Row, state: Row, equity: int) -> None:
    """Keep what the session came to."""
    row[f.DAY_TURN] = state[f.TURN]
    row[f.DAY_QUANTITY] = state[f.QUANTITY]
    row[f.DAY_AVERAGE] = state[f.AVERAGE]
    row[f.DAY_CASH] = state[f.CASH]
    row[f.DAY_EQUITY] = equity
    row[f.DAY_BOUGHT] = state[f.BOUGHT]
    row[f.DAY_SOLD] = state[f.SOLD]


@compiled
def is_deeper(equity: int, peak: int, lowest: int, highest: int) -> bool:
    """Tell whether equity / peak is under lowest / highest, exactly."""
    apart = float(equity) * float(highest) - float(lowest) * float(peak)
    if abs(apart) > 4e18:
        return apart < 0
    return equity * highest - lowest * peak < 0


@compiled
def play(end: Row, run: Row, agreement: Row, prices: Table, by_day: Table) -> None:
    """Play a run to its end; a table of days that is not empty is filled."""
    state, terms = new_state(), new_terms()
    for place in range(f.TERMS_SIZE):
        terms[place] = agreement[place]
    begin(state, terms, run[f.RUN_PRINCIPAL])
    first, stop = run[f.RUN_FIRST], run[f.RUN_STOP]
    peak = run[f.RUN_PRINCIPAL]
    deep_peak, deep = peak, peak
    used, equity = 0, peak
    for place in range(first, stop):
        advance(state, terms, prices[place - 1, f.CLOSE])
        used_up = is_used_up(state, terms)
        if len(by_day):
            write_evening(by_day[place - first], state, used_up)
        trade(state, terms, prices, place)
        check_size(state, terms)
        if state[f.TROUBLE] != f.NO_TROUBLE:
            break
        used += used_up
        equity = state[f.CASH] + state[f.QUANTITY] * prices[place, f.CLOSE]
        if equity >= peak:
            peak = equity
        elif is_deeper(equity, peak, deep, deep_peak):
            deep_peak, deep = peak, equity
        if len(by_day):
            write_close(by_day[place - first], state, equity)
    state[f.END_EQUITY] = equity
    state[f.END_PEAK] = deep_peak
    state[f.END_TROUGH] = deep
    state[f.END_USED_UP] = used
    for place in range(f.STATE_SIZE):
        end[place] = state[place]


BUILD = fingerprint(*(vars(room) for room in (exact, booking, buys, days, cycles, phases, fields)))
Play = Callable[[Table, Table, Table, Table, Days], None]


def _side_by_side(build: str) -> Play:
    def play_all(
        states: Table, runs: Table, terms: Table, prices: Table, by_day: Days
    ) -> None:  # pragma: no cover
        build  # noqa: B018 - numba's cache tells builds apart by what a closure holds
        for number in prange(len(runs)):
            run = runs[number]
            own = by_day[number] if len(by_day) else by_day[0:0].reshape(0, 0)
            play(states[number], run, terms[run[f.RUN_TERMS]], prices, own)

    return kept(play_all)


play_all = _side_by_side(BUILD)
"""Play runs over prices, side by side; days are kept where there is a table for them."""
