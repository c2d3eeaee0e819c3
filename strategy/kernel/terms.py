"""An agreement as the kernel's row of terms; what it cannot follow exactly is refused by name."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from strategy.errors import StrategyError
from strategy.kernel import fields as f
from strategy.kernel.rows import Row, Table
from strategy.model import Compounding, Counting, QuarterBudget, QuarterRounding, Rules, Sizing

_METHODS = {"1.0": f.V1_0, "2.1": f.V2_1, "2.2": f.V2_2, "3.0": f.V2_2, "4.0": f.V4_0}
_ROUNDINGS = {
    QuarterRounding.FLOOR: f.FLOOR,
    QuarterRounding.HALF_UP: f.HALF_UP,
    QuarterRounding.AT_LEAST_ONE: f.AT_LEAST_ONE,
}
_COMPOUNDINGS = {
    Compounding.FULL: f.FULL,
    Compounding.NONE: f.NONE,
    Compounding.HALF: f.HALF,
    Compounding.YEARLY: f.YEARLY,
}
_SIZINGS = {Sizing.DAILY: f.DAILY, Sizing.FIXED: f.FIXED, Sizing.GROWING: f.GROWING}
_MOST_DECIMALS = 8
MOST_CASH = 10**13
"""Cents: beyond it the kernel leaves a run to the reference."""
_MOST_HALVED = 9 * 10**8
"""The same where money is kept in fine units."""
_MOST_GROWING = 4 * 10**8
"""The same where a unit grows by profits, which are kept in fine units."""
_WIDEST_STAR = 4 * 10**6
_WIDEST_SIZING = 10**5
_WHOLE = Fraction(100)


class Unsupported(StrategyError):
    """The kernel cannot follow this run to the cent: play it by the reference."""


def table(agreements: Sequence[Rules]) -> Table:
    """Give the terms of agreements, a row each. Raises Unsupported as `terms` does."""
    return np.array([terms(rules) for rules in agreements], dtype=np.int64)


def terms(rules: Rules) -> Row:
    """Give the terms of an agreement.

    Raises Unsupported for a version that the kernel does not have, or a number that has too many
    decimals for 64-bit integers.
    """
    if rules.method not in _METHODS:
        raise Unsupported(f"the kernel has no version {rules.method}")
    row = np.zeros(f.TERMS_SIZE, dtype=np.int64)
    row[f.METHOD] = _METHODS[rules.method]
    row[f.SPLITS] = rules.splits
    row[f.BY_COST] = rules.counting is Counting.COST
    row[f.SIZING] = _SIZINGS[rules.sizing]
    row[f.COMPOUNDING] = _COMPOUNDINGS[rules.compounding]
    # Half of a profit may be half a cent, and half of that again.
    halves = rules.compounding is Compounding.HALF and rules.sizing is not Sizing.GROWING
    row[f.MONEY_UNITS] = f.FINE_CENT if halves else 1
    row[f.MOST_CASH] = _MOST_HALVED if halves else MOST_CASH
    if rules.sizing is Sizing.GROWING:
        row[f.MOST_CASH] = _MOST_GROWING
    row[f.LADDER] = rules.ladder
    row[f.HAS_LADDER_FLOOR] = rules.ladder_floor_percent is not None
    row[f.TURN_STEPS] = 10**rules.turn_decimals
    row[f.QUARTER_ROUNDING] = _ROUNDINGS[rules.quarter_rounding]
    row[f.SAME_BUDGET] = rules.quarter_budget is QuarterBudget.SAME
    row[f.HAS_SELL_OUT] = rules.sell_out_percent is not None
    _put_choices(row, rules)
    _put_percentages(row, rules)
    _put_fees(row, rules)
    return row


def _put_choices(row: Row, rules: Rules) -> None:
    row[f.TURN_HALF_UP] = rules.turn_half_up
    row[f.TWO_FLOORS] = rules.two_floors
    row[f.AVERAGE_LESS_CENT] = rules.average_less_cent
    row[f.EXHAUSTED_AT_LAST_UNIT] = rules.exhausted_at_last_unit
    row[f.EXHAUSTED_WITHOUT_SHARE] = rules.exhausted_without_share
    row[f.MOC_WITHOUT_SHARE] = rules.moc_without_share
    row[f.SELL_ONE] = rules.sell_one_in_reverse
    row[f.EXIT_ON_OLD_AVERAGE] = rules.exit_on_old_average
    row[f.TARGET_ON_MOC_DAY] = rules.target_on_moc_day
    row[f.GROW_AT_CYCLE_END] = rules.grow_at_cycle_end
    row[f.TARGET_BY_RATIO] = rules.target_by_ratio


def _put_percentages(row: Row, rules: Rules) -> None:
    target = _fraction("target percent", rules.target_percent)
    star = target / (_WHOLE * rules.splits)
    if star.denominator > _WIDEST_STAR:
        raise Unsupported(f"the kernel cannot follow a target percent of {rules.target_percent}")
    _put(row, f.STAR, star)
    _put(row, f.TARGET, 1 + target / _WHOLE)
    _put(row, f.EXIT, 1 - _fraction("exit percent", rules.reverse_exit_percent) / _WHOLE)
    _put(row, f.NEAR, 1 + _fraction("near target percent", rules.near_target_percent) / _WHOLE)
    _put(row, f.FIRST_BUY, 1 + _fraction("first-buy percent", rules.first_buy_percent) / _WHOLE)
    _put(row, f.BAND, 1 + _fraction("band percent", rules.band_percent) / _WHOLE)
    _put(row, f.CAP, 1 + _fraction("cap percent", rules.cap_percent) / _WHOLE)
    floor = rules.ladder_floor_percent or Decimal(0)
    _put(row, f.LADDER_FLOOR, 1 - _fraction("ladder floor percent", floor) / _WHOLE)
    out = rules.sell_out_percent or Decimal(0)
    _put(row, f.SELL_OUT, 1 - _fraction("sell-out percent", out) / _WHOLE)
    factor = rules.reverse_factor
    kept = Fraction(rules.splits - 2, rules.splits)
    if factor is not None:
        kept = _fraction("reverse factor", factor)
    _put(row, f.REVERSE_FACTOR, kept)


def _put_fees(row: Row, rules: Rules) -> None:
    buying = _fraction("fee percent", rules.fee_percent)
    selling = buying
    if rules.sell_fee_percent is not None:
        selling = _fraction("sell-fee percent", rules.sell_fee_percent)
    sec = _fraction("SEC-fee percent", rules.sec_fee_percent)
    row[f.HAS_FEES] = bool(buying or selling or sec)
    _put(row, f.BUY_FEE, buying / _WHOLE)
    _put(row, f.SELL_FEE, selling / _WHOLE)
    _put(row, f.SEC_FEE, sec / _WHOLE)
    sized = _WHOLE / (_WHOLE + buying) if rules.fee_in_sizing else Fraction(1)
    if sized.denominator > _WIDEST_SIZING:
        raise Unsupported(f"the kernel cannot size units by a fee of {rules.fee_percent} percent")
    _put(row, f.SIZED, sized)


def _put(row: Row, place: int, fraction: Fraction) -> None:
    row[place] = fraction.numerator
    row[place + 1] = fraction.denominator


def _fraction(name: str, value: Decimal) -> Fraction:
    exponent = value.normalize().as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -_MOST_DECIMALS:
        raise Unsupported(f"the kernel takes a {name} of {_MOST_DECIMALS} decimals, not {value}")
    return Fraction(value)
