"""What follows a session: T from cost, and the cycle after one that sold its last share."""

from strategy.kernel import fields as f
from strategy.kernel.booking import LARGEST_SUM
from strategy.kernel.compiling import compiled
from strategy.kernel.exact import divided_even, turns
from strategy.kernel.rows import Row

_MOST_TURNS = 1e6


@compiled
def count_cost(state: Row, terms: Row) -> None:
    """Work T out from the cost of what is held."""
    quantity, average, unit = state[f.QUANTITY], state[f.AVERAGE], state[f.UNIT]
    if quantity == 0:
        state[f.TURN] = 0
        return
    if float(quantity) * float(average) > _MOST_TURNS * float(unit):
        state[f.TROUBLE] = f.TOO_LARGE
        return
    steps = terms[f.TURN_STEPS]
    found = turns(quantity, average, unit, steps, terms[f.TURN_HALF_UP])
    state[f.TURN] = found * (f.ONE // steps)


@compiled
def fixed_unit(state: Row, terms: Row, principal: int) -> int:
    """Give principal / a (fine), 0 where the unit is sized anew every day."""
    if terms[f.SIZING] == f.DAILY:
        return 0
    fine = f.FINE_CENT // terms[f.MONEY_UNITS]
    about = float(principal) * float(fine)
    if about > LARGEST_SUM * terms[f.SPLITS]:
        state[f.TROUBLE] = f.TOO_LARGE
        return 0
    return divided_even(principal * fine, about, terms[f.SPLITS], 0)


@compiled
def next_cycle(state: Row, terms: Row, year: int, next_year: int) -> None:
    """Begin the next cycle; `next_year` is that of the weekday after the session."""
    if terms[f.SIZING] == f.GROWING:
        if terms[f.GROW_AT_CYCLE_END] and state[f.REALIZED] > 0:
            unit = state[f.UNIT]
            profit = state[f.REALIZED]
            grown = divided_even(profit, float(profit), 2 * terms[f.SPLITS], unit)
            state[f.UNIT] = unit + grown
    else:
        _divide(state, terms, year, next_year)
    state[f.NUMBER] += 1
    state[f.AVERAGE_BEFORE] = 0
    state[f.TURN] = 0
    state[f.PHASE] = f.NORMAL
    state[f.REVERSE_DAY] = 0
    state[f.QUARTER_ROUND] = 0
    state[f.QUARTER_UNIT] = 0
    state[f.REALIZED] = 0
    state[f.STARTED] = 0


@compiled
def _divide(state: Row, terms: Row, year: int, next_year: int) -> None:
    units = terms[f.MONEY_UNITS]
    if abs(float(state[f.CASH]) * float(units)) > LARGEST_SUM:
        state[f.TROUBLE] = f.TOO_LARGE
        return
    cash = state[f.CASH] * units
    old = state[f.PRINCIPAL]
    free = cash - state[f.RESERVE]
    way = terms[f.COMPOUNDING]
    if way == f.FULL:
        principal = cash
    elif way == f.NONE:
        principal = min(old, cash)
    elif way == f.HALF:
        profit = free - old
        principal = old + divided_even(profit, float(profit), 2, 0) if profit > 0 else free
    else:
        begun = state[f.STARTED] if state[f.STARTED] > 0 else year
        principal = free if begun == next_year else min(state[f.SEED], cash)
    if principal <= 0:
        principal = min(old, max(cash, 0))
    state[f.PRINCIPAL] = principal
    state[f.RESERVE] = max(cash - principal, 0)
    state[f.UNIT] = fixed_unit(state, terms, principal)
