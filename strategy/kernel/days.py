"""A session of each version and phase: its plan, what fills of it, and the booking of both."""

from strategy.kernel import fields as f
from strategy.kernel.booking import (
    ENDING_QUARTER,
    ENDING_TARGET,
    OTHER_SALE,
    REVERSE_SALE,
    buy_all,
    sell,
)
from strategy.kernel.buys import (
    REVERSE_CREDIT,
    day_budget,
    fill,
    half_of,
    one_line,
    reverse_budget,
    two_lines,
    unit_budget,
)
from strategy.kernel.compiling import compiled
from strategy.kernel.exact import SURELY_MORE, Budget, cents_half_up, fine_to_cents, whole_shares
from strategy.kernel.phases import follow_quarter, is_exhausted, is_second_half, line, star
from strategy.kernel.rows import Row, Table

NOTHING = 0
CLOSES_OF_THE_STAR = 5


@compiled
def quarter_of(terms: Row, quantity: int) -> int:
    """Count a quarter of the shares."""
    if terms[f.QUARTER_ROUNDING] == f.HALF_UP:
        return (quantity + 2) // 4
    part = quantity // 4
    return max(part, 1) if terms[f.QUARTER_ROUNDING] == f.AT_LEAST_ONE else part


@compiled
def first_day(state: Row, terms: Row, prices: Table, place: int) -> None:
    """Spend the first unit at any close up to the one before + 12 %."""
    before, close = prices[place - 1, f.CLOSE], prices[place, f.CLOSE]
    limit = cents_half_up(before, terms[f.FIRST_BUY], terms[f.FIRST_BUY + 1])
    if close <= limit:
        budget = day_budget(state, terms)
        one_line(state, limit, whole_shares(state, budget, limit), 2)
        fill(state, terms, budget, before, close)
        buy_all(state, terms, close)


@compiled
def _reached(state: Row, terms: Row, prices: Table, place: int, percent: int) -> int:
    """Give what a limit sale at average x a fraction fetches (cents), 0 where it stays open."""
    high = prices[place, f.HIGH]
    about = float(state[f.AVERAGE]) * float(terms[percent])
    if float(high + 1) * 1e10 * float(terms[percent + 1]) * SURELY_MORE < about:
        return NOTHING
    limit = line(state, terms, percent)
    return max(limit, int(prices[place, f.OPEN])) if high >= limit else NOTHING


@compiled
def normal_day(state: Row, terms: Row, prices: Table, place: int) -> None:
    """Trade around the star."""
    before, close = prices[place - 1, f.CLOSE], prices[place, f.CLOSE]
    at = star(state, terms)
    if close < at:
        budget = day_budget(state, terms)
        _star_lines(state, terms, budget, at)
        fill(state, terms, budget, before, close)
    _sell_around(state, terms, prices, place, at)
    buy_all(state, terms, close)


@compiled
def _star_lines(state: Row, terms: Row, budget: Budget, at: int) -> None:
    if is_second_half(state, terms):
        one_line(state, at - 1, whole_shares(state, budget, at - 1), 2)
        return
    two_lines(state, terms, budget, at - 1, _average_price(state, terms, at - 1))


@compiled
def _average_price(state: Row, terms: Row, under: int) -> int:
    price = fine_to_cents(state, state[f.AVERAGE], 1, 1)
    return min(price - int(terms[f.AVERAGE_LESS_CENT]), under)


@compiled
def _sell_around(state: Row, terms: Row, prices: Table, place: int, at: int) -> bool:
    """Sell a quarter at a close at the star and the rest at the target; tell whether one did."""
    close = prices[place, f.CLOSE]
    held = state[f.QUANTITY]
    part = quarter_of(terms, held) if at >= 1 else 0
    price = _reached(state, terms, prices, place, f.TARGET) if held > part else NOTHING
    if price != NOTHING:
        sell(state, terms, price, held - part, ENDING_TARGET)
    quarter = part > 0 and close >= at
    if quarter:
        sell(state, terms, close, part, ENDING_QUARTER)
    return bool(quarter or price != NOTHING)


@compiled
def _mean_of_closes(prices: Table, place: int) -> int:
    total = 0
    for back in range(1, CLOSES_OF_THE_STAR + 1):
        total += prices[place - back, f.CLOSE]
    return (2 * total + CLOSES_OF_THE_STAR) // (2 * CLOSES_OF_THE_STAR)


@compiled
def reverse_day(state: Row, terms: Row, prices: Table, place: int) -> None:
    """Sell a part, at the close on day 1, from day 2 on around the mean of five closes."""
    before, close = prices[place - 1, f.CLOSE], prices[place, f.CLOSE]
    held = state[f.QUANTITY]
    part = max(terms[f.SELL_ONE], held // (terms[f.SPLITS] // 2))
    at = NOTHING  # any close reaches it: sold at the close
    if state[f.REVERSE_DAY] > 1:
        if place < CLOSES_OF_THE_STAR:
            state[f.TROUBLE] = f.FIVE_CLOSES
            return
        at = _mean_of_closes(prices, place)
        budget = reverse_budget(state, terms)
        shares = whole_shares(state, budget, at - 1)
        one_line(state, at - 1, shares, REVERSE_CREDIT)
        if shares == 0 and terms[f.MOC_WITHOUT_SHARE]:
            at = NOTHING
        if close < at:
            fill(state, terms, budget, before, close)
    if part > 0 and close >= at:
        sell(state, terms, close, part, REVERSE_SALE)
    buy_all(state, terms, close)
    if (part > 0 or state[f.LINES] > 0) and state[f.QUANTITY] > 0:
        state[f.REVERSE_DAY] += 1


@compiled
def quarter_day(state: Row, terms: Row, prices: Table, place: int) -> None:
    """Play a step of the quarter phase: a day at the close, or a round under the line."""
    before, close = prices[place - 1, f.CLOSE], prices[place, f.CLOSE]
    step = state[f.QUARTER_ROUND]
    if step == 0 or step == terms[f.SPLITS] // 4 + 1:
        _moc_day(state, terms, prices, place)
        return
    at = line(state, terms, f.EXIT)
    budget = unit_budget(state, terms, state[f.QUARTER_UNIT])
    one_line(state, at - 1, whole_shares(state, budget, at - 1), 2)
    fill(state, terms, budget, before, close)
    counted = state[f.FIRST_FILLED] > 0
    ordered = state[f.LINES] > 0
    ended = _sell_around(state, terms, prices, place, at)
    buy_all(state, terms, close)
    follow_quarter(state, terms, ended, ordered, counted)


@compiled
def _moc_day(state: Row, terms: Row, prices: Table, place: int) -> None:
    close = prices[place, f.CLOSE]
    held = state[f.QUANTITY]
    part = quarter_of(terms, held)
    aims = held > part and (terms[f.TARGET_ON_MOC_DAY] == 1 or part == 0)
    price = _reached(state, terms, prices, place, f.TARGET) if aims else NOTHING
    if price != NOTHING:
        sell(state, terms, price, held - part, ENDING_TARGET)
    if part > 0:
        sell(state, terms, close, part, OTHER_SALE)
    follow_quarter(state, terms, price != NOTHING, False, False)


@compiled
def day_of_1_0(state: Row, terms: Row, prices: Table, place: int) -> None:
    """Trade a day of 1.0: half at the average, half for sure, all sold at the target."""
    before, close = prices[place - 1, f.CLOSE], prices[place, f.CLOSE]
    last = (terms[f.SPLITS] - 1) * f.ONE
    used_up = state[f.TURN] > last + f.ONE // 2
    if not used_up:
        big = cents_half_up(before, terms[f.FIRST_BUY], terms[f.FIRST_BUY + 1])
        big = min(big, line(state, terms, f.TARGET) - 1)
        average = fine_to_cents(state, state[f.AVERAGE], 1, 1)
        budget = unit_budget(state, terms, state[f.UNIT])
        if state[f.TURN] > last:
            one_line(state, big, whole_shares(state, half_of(budget), big), 1)
        else:
            two_lines(state, terms, budget, max(big, average), min(big, average))
        fill(state, terms, budget, before, close)
    held = state[f.QUANTITY]
    if used_up and terms[f.HAS_SELL_OUT]:
        if close >= line(state, terms, f.SELL_OUT):
            sell(state, terms, close, held, OTHER_SALE)
    else:
        price = _reached(state, terms, prices, place, f.TARGET)
        if price != NOTHING:
            sell(state, terms, price, held, ENDING_TARGET)
    buy_all(state, terms, close)


@compiled
def day_of_2_1(state: Row, terms: Row, prices: Table, place: int) -> None:
    """Trade a day of 2.1: around 5 % over the average, in the second half around the average."""
    before, close = prices[place - 1, f.CLOSE], prices[place, f.CLOSE]
    second = is_second_half(state, terms)
    at = fine_to_cents(state, state[f.AVERAGE], 1, 1) if second else line(state, terms, f.NEAR)
    if close < at and not is_exhausted(state, terms):
        budget = unit_budget(state, terms, state[f.UNIT])
        _star_lines(state, terms, budget, at)
        fill(state, terms, budget, before, close)
    if second:
        _sell_in_three(state, terms, prices, place, at)
    else:
        _sell_around(state, terms, prices, place, at)
    buy_all(state, terms, close)


@compiled
def _sell_in_three(state: Row, terms: Row, prices: Table, place: int, at: int) -> None:
    close = prices[place, f.CLOSE]
    held = state[f.QUANTITY]
    part = quarter_of(terms, held)
    near, far = NOTHING, NOTHING
    left = held - part
    stepped = part > 0 and held >= 2 * part
    if stepped and line(state, terms, f.NEAR) != line(state, terms, f.TARGET):
        near = _reached(state, terms, prices, place, f.NEAR)
        left -= part
    if left > 0:
        far = _reached(state, terms, prices, place, f.TARGET)
    if near != NOTHING:
        sell(state, terms, near, part, OTHER_SALE)
    if far != NOTHING:
        sell(state, terms, far, left, ENDING_TARGET)
    if part > 0 and close >= at:
        sell(state, terms, close, part, OTHER_SALE)
