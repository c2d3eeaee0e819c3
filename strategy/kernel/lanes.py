"""Runs in step: the plain day of V4.0 for 64 runs at once, without a branch; exact or left alone.

Every run of a group is a lane of one table of columns. A day is worked out for all lanes by the
same steps, which the compiler lays into vectors, and with it whether it is surely the plain one:
a normal day, nothing folded, no target reached, every guess clear of where its whole part changes.
A lane that is not sure is played by the scalar day from the state that it had (`_day_alone`).
"""

from collections.abc import Callable

from numba import prange

from strategy.kernel import fields as f
from strategy.kernel.compiling import compiled, fingerprint, kept, local_row
from strategy.kernel.exact import SURELY_MORE, is_clear
from strategy.kernel.groups import LANES
from strategy.kernel.phases import advance
from strategy.kernel.rows import Row, Table
from strategy.kernel.runs import (
    BUILD,
    MOST_SHARES,
    begin,
    check_size,
    is_deeper,
    is_used_up,
    new_state,
    new_terms,
    trade,
)
from strategy.kernel.terms import MOST_CASH

_FIELDS = 33
(
    _CASH, _QUANTITY, _AVERAGE, _TURN, _RESERVE, _PHASE, _FIRST, _STOP,
    _PEAK, _DEEP_PEAK, _DEEP, _USED_UP, _EQUITY,
    _SPLITS, _LADDER, _LESS, _PART_MORE, _PART_LEAST,
    _STAR, _STAR_OF, _TARGET, _TARGET_OF, _BAND, _BAND_OF,
    # The day as it is worked out: taken over where it is sure.
    _NEW_CASH, _NEW_QUANTITY, _NEW_AVERAGE, _NEW_TURN, _RUNGS, _HELD, _SURE, _PLAYS, _,
) = range(0, _FIELDS * LANES, LANES)  # fmt: skip

_MOST_GUESS = 1e15
_HAIR_OF_SHARES = 1e-8
"""Wide enough that a rung's price, where rungs are a cent apart, is clear of what it is held to."""
_HALF = f.ONE // 2

_new_lanes = local_row(_FIELDS * LANES)


@compiled
def _guess(x: float, hair: float) -> tuple[int, bool]:
    """Cut a quotient; tell whether the cut is sure."""
    x = min(x, _MOST_GUESS)
    cut = int(x)
    return cut, is_clear(x, cut, hair + x * 4e-15)


@compiled
def _blended(average: int, held: int, shares: int, paid: int) -> tuple[int, bool]:
    """Give the average after a buy, half-even; tell whether the remainder proves it."""
    dearer = paid - average
    after = max(held + shares, 1)
    quotient = int(float(dearer) * float(shares) / float(after))
    rest = dearer * shares - quotient * after
    short, over = int(rest < 0), int(rest >= after)
    quotient += over - short
    rest += (short - over) * after
    odd = (average + quotient) & 1
    up = int(2 * rest + odd > after)
    return average + quotient + up, (rest >= 0) & (rest < after)


@compiled
def _three_quarters(turn: int) -> int:
    """Give 3/4 of T, half-even."""
    whole, rest = (3 * turn) >> 2, (3 * turn) & 3
    return whole + int(2 * rest + (whole & 1) > 4)


@compiled
def _buys(w: Row, i: int, at: int, before: int, close: int) -> tuple[int, int, int, bool]:
    """Give what fills at a close under the star: a line, another, rungs; and whether it is sure."""
    average, turn, splits = w[_AVERAGE + i], w[_TURN + i], w[_SPLITS + i]
    second = 2 * turn >= splits
    money = float(max(w[_CASH + i] - w[_RESERVE + i], 0)) * 1e12
    left = float(max(splits - turn, 1))
    price, near = _guess(float(average) / 1e10 + 0.5, 1e-10)
    dear = at - 1
    cheap = min(price - w[_LESS + i], dear)
    lowest = max(dear if second else cheap, 1)
    total, all_of = _guess(money / (left * float(lowest)), _HAIR_OF_SHARES)
    half, half_of = _guess(money / (2 * left * float(max(dear, 1))), _HAIR_OF_SHARES)
    # So many shares does the budget buy at the close; with rungs a cent apart each is one of them.
    reaching, reached = _guess(money / (left * float(close)), _HAIR_OF_SHARES)
    rungs = max(min(reaching - total, w[_LADDER + i]), 0)
    shares = float(total + rungs)
    sure = (rungs == 0) | (money > left * shares * (shares + 1) * SURELY_MORE)
    # No share for a unit in the second half begins the reverse phase: that day is not plain.
    sure &= all_of & reached & (total > 0)
    sure &= second | (near & half_of & (half > 0) & (cheap > 0) & (cheap < dear))
    sure &= dear * w[_BAND_OF + i] <= before * w[_BAND + i]  # else the lines are folded
    other = total - half if (not second) & (close <= cheap) else 0
    return (total if second else half), other, rungs, sure


@compiled
def _star(w: Row, i: int) -> tuple[int, bool]:
    """Give the star; tell whether it is sure, and the day a normal one that sells no target."""
    average, turn, splits = w[_AVERAGE + i], w[_TURN + i], w[_SPLITS + i]
    whole = w[_STAR_OF + i] * f.ONE
    factor = whole + w[_STAR + i] * (splits - 2 * turn)
    at, sure = _guess(float(average) * float(factor) / (float(whole) * 1e10) + 0.5, 1e-10)
    sure &= (w[_PHASE + i] == f.NORMAL) & (turn < splits - f.ONE) & (at > 1)
    return at, sure


@compiled
def _plan(w: Row, place: int, before: int, close: int, high: int) -> int:
    """Work the plain day out for every lane; give the most rungs that fill in one."""
    most = 0
    paid = close * f.FINE_CENT
    under = float(high + 1) * 1e10 * SURELY_MORE
    for i in range(LANES):
        held, average, turn = w[_QUANTITY + i], w[_AVERAGE + i], w[_TURN + i]
        plays = (w[_FIRST + i] <= place) & (place < w[_STOP + i])
        at, sure = _star(w, i)
        sure &= under * float(w[_TARGET_OF + i]) < float(average) * float(w[_TARGET + i])
        first, other, rungs, clear = _buys(w, i, at, before, close)
        buys = close < at
        sure &= clear
        part = max((held + w[_PART_MORE + i]) >> 2, w[_PART_LEAST + i])
        sure &= part < held
        sold = 0 if buys else part
        credit = (f.ONE if (2 * turn >= w[_SPLITS + i]) | (other > 0) else _HALF) if buys else 0
        first, other = (first if buys else 0), (other if buys else 0)
        rungs = rungs if buys & sure & plays else 0
        mean, known = _blended(average, held, first, paid)
        mean, known_too = _blended(mean, held + first, other, paid)
        cash = w[_CASH + i] + (sold - first - other - rungs) * close
        sure &= known & known_too & (abs(cash) <= MOST_CASH)
        held += first + other - sold
        sure &= held + rungs <= MOST_SHARES
        w[_NEW_CASH + i], w[_NEW_AVERAGE + i] = cash, mean
        w[_HELD + i], w[_NEW_QUANTITY + i] = held, held + rungs
        w[_NEW_TURN + i] = (_three_quarters(turn) if sold > 0 else turn) + credit
        w[_RUNGS + i], w[_SURE + i], w[_PLAYS + i] = rungs, int(sure), int(plays)
        most = max(most, rungs)
    return most


@compiled
def _book_rungs(w: Row, most: int, close: int) -> None:
    """Book the rungs, a share each: the average is rounded after every one."""
    paid = close * f.FINE_CENT
    for rung in range(most):
        for i in range(LANES):
            share = int(rung < w[_RUNGS + i])
            held = w[_HELD + i]
            mean, known = _blended(w[_NEW_AVERAGE + i], held, share, paid)
            w[_NEW_AVERAGE + i] = mean
            w[_HELD + i] = held + share
            w[_SURE + i] &= int(known)


@compiled
def _day_alone(end: Row, agreement: Row, prices: Table, place: int) -> bool:
    """Play a day by the scalar kernel; tell whether it was one of less than a unit."""
    state, terms = new_state(), new_terms()
    for field in range(f.STATE_SIZE):
        state[field] = end[field]
    for field in range(f.TERMS_SIZE):
        terms[field] = agreement[field]
    # What every lane's agreement says is told to the compiler, which leaves the rest out.
    terms[f.METHOD], terms[f.SIZING], terms[f.MONEY_UNITS] = f.V4_0, f.DAILY, 1
    terms[f.BY_COST], terms[f.HAS_FEES], terms[f.TWO_FLOORS] = 0, 0, 0
    terms[f.HAS_LADDER_FLOOR], terms[f.SIZED], terms[f.SIZED + 1] = 0, 1, 1
    advance(state, terms, prices[place - 1, f.CLOSE])
    used_up = is_used_up(state, terms)
    trade(state, terms, prices, place)
    check_size(state, terms)
    for field in range(f.STATE_SIZE):
        end[field] = state[field]
    return used_up


@compiled
def _to_row(w: Row, i: int, end: Row) -> None:
    """Write to a run's row what its lane knows better."""
    end[f.CASH], end[f.QUANTITY] = w[_CASH + i], w[_QUANTITY + i]
    end[f.AVERAGE], end[f.TURN] = w[_AVERAGE + i], w[_TURN + i]


@compiled
def _from_row(w: Row, i: int, end: Row, used_up: bool) -> None:
    """Take a day that a run played alone into its lane."""
    w[_NEW_CASH + i], w[_NEW_QUANTITY + i] = end[f.CASH], end[f.QUANTITY]
    w[_NEW_AVERAGE + i], w[_NEW_TURN + i] = end[f.AVERAGE], end[f.TURN]
    w[_RESERVE + i], w[_PHASE + i] = end[f.RESERVE], end[f.PHASE]
    w[_USED_UP + i] += int(used_up)
    if end[f.TROUBLE] != f.NO_TROUBLE:
        w[_STOP + i] = 0


@compiled
def _take_over(w: Row, close: int) -> None:
    """Take the day over in the lanes that played it, with what it did to the deepest fall."""
    for i in range(LANES):
        plays = w[_PLAYS + i] != 0
        cash, held = w[_NEW_CASH + i], w[_NEW_QUANTITY + i]
        w[_CASH + i] = cash if plays else w[_CASH + i]
        w[_QUANTITY + i] = held if plays else w[_QUANTITY + i]
        w[_AVERAGE + i] = w[_NEW_AVERAGE + i] if plays else w[_AVERAGE + i]
        w[_TURN + i] = w[_NEW_TURN + i] if plays else w[_TURN + i]
        equity = cash + held * close if plays else w[_EQUITY + i]
        peak, deep, deep_peak = w[_PEAK + i], w[_DEEP + i], w[_DEEP_PEAK + i]
        deeper = is_deeper(equity, peak, deep, deep_peak) & plays & (equity < peak)
        w[_DEEP + i] = equity if deeper else deep
        w[_DEEP_PEAK + i] = peak if deeper else deep_peak
        w[_PEAK + i] = max(equity, peak)
        w[_EQUITY + i] = equity


@compiled
def _enter(w: Row, i: int, end: Row, run: Row, terms: Row) -> None:
    """Begin a run in a lane."""
    principal = run[f.RUN_PRINCIPAL]
    begin(end, terms, principal)
    w[_CASH + i] = principal
    w[_PEAK + i] = w[_DEEP_PEAK + i] = w[_DEEP + i] = w[_EQUITY + i] = principal
    w[_FIRST + i], w[_STOP + i] = run[f.RUN_FIRST], run[f.RUN_STOP]
    w[_SPLITS + i] = terms[f.SPLITS] * f.ONE
    w[_LADDER + i], w[_LESS + i] = terms[f.LADDER], terms[f.AVERAGE_LESS_CENT]
    w[_PART_MORE + i] = 2 * int(terms[f.QUARTER_ROUNDING] == f.HALF_UP)
    w[_PART_LEAST + i] = int(terms[f.QUARTER_ROUNDING] == f.AT_LEAST_ONE)
    w[_STAR + i], w[_STAR_OF + i] = terms[f.STAR], terms[f.STAR + 1]
    w[_TARGET + i], w[_TARGET_OF + i] = terms[f.TARGET], terms[f.TARGET + 1]
    w[_BAND + i], w[_BAND_OF + i] = terms[f.BAND], terms[f.BAND + 1]


@compiled
def play_group(states: Table, runs: Table, terms: Table, prices: Table) -> None:
    """Play up to LANES runs in step."""
    w = _new_lanes()
    for place in range(_FIELDS * LANES):
        w[place] = 0
    start, stop = len(prices), 0
    for i in range(len(runs)):
        _enter(w, i, states[i], runs[i], terms[runs[i, f.RUN_TERMS]])
        start, stop = min(start, runs[i, f.RUN_FIRST]), max(stop, runs[i, f.RUN_STOP])
    for place in range(start, stop):
        close = prices[place, f.CLOSE]
        most = _plan(w, place, prices[place - 1, f.CLOSE], close, prices[place, f.HIGH])
        _book_rungs(w, most, close)
        for i in range(len(runs)):
            if w[_PLAYS + i] > w[_SURE + i]:
                _to_row(w, i, states[i])
                used_up = _day_alone(states[i], terms[runs[i, f.RUN_TERMS]], prices, place)
                _from_row(w, i, states[i], used_up)
        _take_over(w, close)
    for i in range(len(runs)):
        states[i, f.END_EQUITY], states[i, f.END_USED_UP] = w[_EQUITY + i], w[_USED_UP + i]
        states[i, f.END_PEAK], states[i, f.END_TROUGH] = w[_DEEP_PEAK + i], w[_DEEP + i]


PlayGroups = Callable[[Table, Table, Table, Table], None]


def _side_by_side(build: str) -> PlayGroups:
    def play_groups(
        states: Table, runs: Table, terms: Table, prices: Table
    ) -> None:  # pragma: no cover
        build  # noqa: B018 - numba's cache tells builds apart by what a closure holds
        for number in prange((len(runs) + LANES - 1) // LANES):
            first = number * LANES
            last = min(first + LANES, len(runs))
            play_group(states[first:last], runs[first:last], terms, prices)

    return kept(play_groups)


play_groups = _side_by_side(BUILD + fingerprint(globals()))
"""Play runs in groups of neighbours, which had best begin near to one another."""
