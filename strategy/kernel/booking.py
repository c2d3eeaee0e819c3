"""The booking of a fill: cash, shares, average, T and a growing unit (cycle.py, turn.py)."""

from strategy.kernel import fields as f
from strategy.kernel.compiling import compiled
from strategy.kernel.exact import cents_half_up, divided_even, times_even
from strategy.kernel.rows import Row

LARGEST_SUM = 9e18
"""Sums in fine units above this do not fit into 64 bits."""
ENDING_TARGET, ENDING_QUARTER, REVERSE_SALE, OTHER_SALE = range(4)


@compiled
def fills_buys(state: Row) -> bool:
    """Tell whether a buy fills in the session."""
    return bool(state[f.FIRST_FILLED] + state[f.SECOND_FILLED] + state[f.RUNGS_FILLED] > 0)


@compiled
def sell(state: Row, terms: Row, price: int, shares: int, leg: int) -> None:
    """Book a sale of all that was ordered at a price (cents)."""
    amount = price * shares
    charge = 0
    if terms[f.HAS_FEES]:
        charge = cents_half_up(amount, terms[f.SELL_FEE], terms[f.SELL_FEE + 1])
        charge += cents_half_up(amount, terms[f.SEC_FEE], terms[f.SEC_FEE + 1])
    if terms[f.SIZING] == f.GROWING:
        _grow(state, terms, amount - charge, shares)
    state[f.CASH] += amount - charge
    state[f.SOLD] += shares
    state[f.QUANTITY] -= shares
    if state[f.QUANTITY] == 0:
        state[f.AVERAGE] = 0
        state[f.TURN] = 0
    elif not terms[f.BY_COST]:
        state[f.TURN] = _turn_after_sale(state, terms, shares, leg)


@compiled
def _turn_after_sale(state: Row, terms: Row, shares: int, leg: int) -> int:
    turn, left = state[f.TURN], state[f.QUANTITY]
    if leg == ENDING_TARGET:
        if terms[f.METHOD] == f.V1_0:
            return 0
        if terms[f.TARGET_BY_RATIO] and not fills_buys(state):
            return times_even(turn, left, left + shares)
        return times_even(turn, 1, 4)
    if leg == ENDING_QUARTER:
        return times_even(turn, 3, 4)
    if leg == REVERSE_SALE:
        return times_even(turn, terms[f.REVERSE_FACTOR], terms[f.REVERSE_FACTOR + 1])
    return 0


@compiled
def _grow(state: Row, terms: Row, received: int, shares: int) -> None:
    average = state[f.AVERAGE]
    about = float(received) * 1e10 - float(average) * float(shares)
    if abs(about) > LARGEST_SUM:
        state[f.TROUBLE] = f.TOO_LARGE
        return
    profit = received * f.FINE_CENT - average * shares
    state[f.REALIZED] += profit
    if profit > 0 and not terms[f.GROW_AT_CYCLE_END]:
        unit = state[f.UNIT]
        grown = divided_even(profit, float(profit), 2 * terms[f.SPLITS], unit)
        state[f.UNIT] = unit + grown


@compiled
def buy(state: Row, terms: Row, price: int, shares: int) -> None:
    """Book a buy at a price (cents): cash, shares and average."""
    amount = price * shares
    charge = 0
    if terms[f.HAS_FEES]:
        charge = cents_half_up(amount, terms[f.BUY_FEE], terms[f.BUY_FEE + 1])
    held = state[f.QUANTITY]
    average = state[f.AVERAGE]
    paid = price * f.FINE_CENT
    if held == 0:
        average = paid
    else:
        dearer = paid - average
        about = float(dearer) * float(shares)
        average += divided_even(dearer * shares, about, held + shares, average)
    state[f.AVERAGE] = average
    state[f.QUANTITY] = held + shares
    state[f.CASH] -= amount + charge
    state[f.REALIZED] -= charge * f.FINE_CENT
    state[f.BOUGHT] += shares


@compiled
def credit(state: Row, terms: Row, halves: int) -> None:
    """Raise a counted T by halves of a unit; a reverse buy's, below 0, is a quarter of a - T."""
    if terms[f.BY_COST]:
        return
    turn = state[f.TURN]
    if halves < 0:
        state[f.TURN] = times_even(3 * turn + terms[f.SPLITS] * f.ONE, 1, 4)
    else:
        state[f.TURN] = turn + halves * (f.ONE // 2)


@compiled
def buy_all(state: Row, terms: Row, close: int) -> None:
    """Book the buys that fill at the close, from the highest limit down."""
    if state[f.FIRST_FILLED]:
        buy(state, terms, close, state[f.FIRST_FILLED])
        credit(state, terms, state[f.FIRST_CREDIT])
    if state[f.SECOND_FILLED]:
        buy(state, terms, close, state[f.SECOND_FILLED])
        credit(state, terms, state[f.SECOND_CREDIT])
    for _ in range(state[f.RUNGS_FILLED]):
        buy(state, terms, close, 1)
