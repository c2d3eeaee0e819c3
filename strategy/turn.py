"""T: counted by a day's events (1.0, 4.0) or worked out from the cost of what is held."""

from decimal import ROUND_CEILING, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from strategy.errors import StrategyError
from strategy.model import ZERO, Fill, Leg, Rules
from strategy.price import plain, round12

_QUARTER_OF_THE_REST = Decimal("0.25")
_NINE_DECIMALS = Decimal("1E-9")
_MOST = Decimal("1E12")
_STEPS = {1: Decimal("0.1"), 2: Decimal("0.01")}
SELLS_ALL = "1.0"
"""The version whose target is all of the shares."""


def from_cost(rules: Rules, unit: Decimal, quantity: int, average: Decimal) -> Decimal:
    """Work T out from quantity x average / unit, raised to two decimals (one, or half-up: options).

    The quotient is rounded half-even to 9 decimals first, so that the average's own rounding lifts
    nothing over a step. Raises StrategyError for shares that no such unit can have bought. Sources:
    method.md 5, settled.md.
    """
    if quantity == 0:
        return ZERO
    units = quantity * average / unit
    if units > _MOST:
        raise StrategyError(
            f"{quantity} shares at {plain(average)} are beyond any count of units of {plain(unit)}"
        )
    raw = units.quantize(_NINE_DECIMALS, ROUND_HALF_EVEN)
    rounding = ROUND_HALF_UP if rules.turn_half_up else ROUND_CEILING
    return plain(raw.quantize(_STEPS[rules.turn_decimals], rounding))


def after_sale(rules: Rules, turn: Decimal, fill: Fill, *, held: int, buys: bool) -> Decimal:
    """Lower T by a sale of the events' versions, in proportion to what was filled.

    The target takes 3/4 of T (all of it in 1.0), the quarter 1/4, a reverse sale 2/a; `held` are
    the shares before, `buys` says whether a buy filled too (settled.md; method.md 7.2, D14, D18).
    """
    order, sold = fill.order, fill.quantity
    match order.leg:
        case Leg.TARGET if rules.target_by_ratio and not buys:
            return round12(turn * (held - sold) / held)
        case Leg.TARGET:
            part, whole = (1, 1) if rules.method == SELLS_ALL else (3, 4)
        case Leg.SELL_OUT:
            part, whole = 1, 1
        case Leg.QUARTER:
            part, whole = 1, 4
        case Leg.REVERSE_SELL | Leg.REVERSE_MOC:
            if rules.reverse_factor is not None:
                taken = (1 - rules.reverse_factor) * sold / order.quantity
                return round12(turn * (1 - taken))
            part, whole = 2, rules.splits
        case _:
            raise StrategyError(f"a sale of the leg {order.leg} has no rule for T")
    return round12(turn * (whole * order.quantity - part * sold) / (whole * order.quantity))


def after_buy(rules: Rules, turn: Decimal, fill: Fill) -> Decimal:
    """Raise T by a buy of the events' versions: by its credit, in reverse by a quarter of a - T.

    A leg counts whole when at least half of it filled, else not at all (D15; pro rata: option).
    """
    order = fill.order
    credit = _QUARTER_OF_THE_REST * (rules.splits - turn) if order.reverse_credit else order.credit
    if rules.prorata_credit:
        return round12(turn + credit * fill.quantity / order.quantity)
    return round12(turn + credit) if counts(fill) else turn


def counts(fill: Fill) -> bool:
    """Tell whether enough of an order filled to count: half of it at least (settled.md)."""
    return 2 * fill.quantity >= fill.order.quantity
