"""The evening's buys and which of them fill at the close (strategy/legs.py)."""

from strategy.kernel import fields as f
from strategy.kernel.compiling import compiled
from strategy.kernel.exact import SURELY_MORE, Budget, cents_half_up, rung_price, whole_shares
from strategy.kernel.rows import Row

REVERSE_CREDIT = -1
_ALL_CASH = 900_000_000
"""Cents of cash above which every unit is smaller."""
_NO_CAP = 1 << 60


@compiled
def _budget(numerator: int, factor: int, denominator: int) -> Budget:
    about = float(numerator) * float(factor)
    return numerator, factor, denominator, about, float(denominator)


@compiled
def free_cash(state: Row, terms: Row) -> int:
    """Give cash less the reserve, not below 0, in the terms' units of money."""
    return max(int(state[f.CASH] * terms[f.MONEY_UNITS] - state[f.RESERVE]), 0)


@compiled
def unit_budget(state: Row, terms: Row, unit: int) -> Budget:
    """Give what a fixed unit (fine) lets a day's buys cost: the unit, as far as the cash goes."""
    cash = max(state[f.CASH], 0)
    if cash < _ALL_CASH and cash * f.FINE_CENT < unit:
        return _budget(cash, terms[f.SIZED], terms[f.SIZED + 1])
    return _budget(unit, terms[f.SIZED], f.FINE_CENT * terms[f.SIZED + 1])


@compiled
def day_budget(state: Row, terms: Row) -> Budget:
    """Give what a normal day's buys may cost: cash / (a - T), or the fixed unit."""
    if terms[f.SIZING] != f.DAILY:
        return unit_budget(state, terms, state[f.UNIT])
    left = terms[f.SPLITS] * f.ONE - state[f.TURN]
    factor = f.ONE if terms[f.MONEY_UNITS] == 1 else 100
    return _budget(free_cash(state, terms), factor * terms[f.SIZED], left * terms[f.SIZED + 1])


@compiled
def reverse_budget(state: Row, terms: Row) -> Budget:
    """Give what a reverse day's buy may cost: a quarter of the cash that is not set aside."""
    whole = 4 * terms[f.MONEY_UNITS] * terms[f.SIZED + 1]
    return _budget(free_cash(state, terms), terms[f.SIZED], whole)


@compiled
def half_of(budget: Budget) -> Budget:
    """Give half of a budget."""
    return budget[0], budget[1], 2 * budget[2], budget[3], 2 * budget[4]


@compiled
def no_lines(state: Row) -> None:
    """Forget the evening's buys."""
    state[f.LINES] = 0
    state[f.FIRST_FILLED] = 0
    state[f.SECOND_FILLED] = 0
    state[f.RUNGS_FILLED] = 0


@compiled
def one_line(state: Row, price: int, shares: int, halves: int) -> None:
    """Buy at one limit (cents), if it is a share at least."""
    if shares > 0:
        state[f.LINES] = 1
        state[f.DEAR_PRICE] = price
        state[f.DEAR_SHARES] = shares
        state[f.DEAR_CREDIT] = halves


@compiled
def two_lines(state: Row, terms: Row, budget: Budget, dear: int, cheap: int) -> None:
    """Buy half of a budget at each of two limits (cents), the dearer first."""
    total = whole_shares(state, budget, cheap)
    if total == 0 or cheap == dear:
        one_line(state, cheap, total, 2)
        return
    half = half_of(budget)
    first = whole_shares(state, half, dear)
    if first == 0:
        one_line(state, cheap, total, 2)
        return
    one_line(state, dear, first, 1)
    state[f.LINES] = 2
    state[f.CHEAP_PRICE] = cheap
    state[f.CHEAP_SHARES] = total - first
    if terms[f.TWO_FLOORS]:
        state[f.CHEAP_SHARES] = whole_shares(state, half, cheap)
    state[f.CHEAP_CREDIT] = 1


@compiled
def fill(state: Row, terms: Row, budget: Budget, before: int, close: int) -> None:
    """Find which of the lines and of the rungs under them fill at the close.

    `before` is the close before it, which the fold goes by. A close above every line fills none.
    """
    if state[f.LINES] == 0:
        return
    cap = _cap(state, terms, before)
    state[f.FOLDED_AT] = cap
    if cap != _NO_CAP:
        if close > cap:
            return
        if state[f.LINES] == 2 and state[f.CHEAP_PRICE] >= cap:
            state[f.DEAR_SHARES] += state[f.CHEAP_SHARES]
            state[f.DEAR_CREDIT] += state[f.CHEAP_CREDIT]
    if cap != _NO_CAP or close <= state[f.DEAR_PRICE]:
        state[f.FIRST_FILLED] = state[f.DEAR_SHARES]
        state[f.FIRST_CREDIT] = state[f.DEAR_CREDIT]
    if state[f.LINES] == 2 and close <= state[f.CHEAP_PRICE] < cap:
        state[f.SECOND_FILLED] = state[f.CHEAP_SHARES]
        state[f.SECOND_CREDIT] = state[f.CHEAP_CREDIT]
    if close < _lowest(state) and terms[f.LADDER] > 0:
        _fill_rungs(state, terms, budget, before, close)


@compiled
def _lowest(state: Row) -> int:
    return int(state[f.DEAR_PRICE] if state[f.LINES] == 1 else state[f.CHEAP_PRICE])


@compiled
def _cap(state: Row, terms: Row, before: int) -> int:
    highest = state[f.DEAR_PRICE]
    if highest * terms[f.BAND + 1] <= before * terms[f.BAND]:
        return _NO_CAP
    cap = cents_half_up(before, terms[f.CAP], terms[f.CAP + 1])
    return _NO_CAP if highest < cap or cap < 1 else cap


@compiled
def _fill_rungs(state: Row, terms: Row, budget: Budget, before: int, close: int) -> None:
    # The close is under every main line, so all of their shares fill.
    shares = state[f.FIRST_FILLED] + state[f.SECOND_FILLED]
    last = _lowest(state)
    least = max(close, 1)
    if terms[f.HAS_LADDER_FLOOR]:
        least = max(least, before * terms[f.LADDER_FLOOR] // terms[f.LADDER_FLOOR + 1])
    if budget[3] * SURELY_MORE < budget[4] * least * (shares + 1):
        return  # not even the first rung reaches down to the close
    found = 0
    while found < terms[f.LADDER]:
        shares += 1
        price = rung_price(state, budget, shares)
        if price >= last:
            shares = max(shares, whole_shares(state, budget, last))
            continue
        if price < least:
            return
        found += 1
        last = price
        if price >= state[f.FOLDED_AT]:
            state[f.FIRST_FILLED] += 1
        else:
            state[f.RUNGS_FILLED] += 1
