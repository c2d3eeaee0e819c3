"""A cycle from its first buy to its last sale: start, the booking of a day, and what follows.

Everything here is independent of the version: a day's fills change the ledger by their orders'
legs and credits alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from strategy.errors import StrategyError
from strategy.fees import fee
from strategy.model import ZERO, Compounding, Cycle, Fill, Leg, Order, Phase, Plan, Rules, Side
from strategy.price import round12

PARTIAL_WITHOUT_CREDIT = "partial_without_credit"
_QUARTER_OF_THE_REST = Decimal("0.25")
_SATURDAY = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class FinishedCycle:
    """A cycle that sold its last share: profit is USD net of fees, `ended` its last session."""

    number: int
    started: date
    ended: date
    sessions: int
    principal: Decimal
    realized: Decimal
    fees: Decimal
    max_turn: Decimal
    exhausted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """Something of the day's booking that the owner should hear of."""

    leg: Leg
    code: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """A booked day: `cycle` is the state for the next session, the rest is what the day did.

    `bought` and `sold` are shares, `realized` is USD net of all the session's `fees`.
    """

    cycle: Cycle
    bought: int
    sold: int
    realized: Decimal
    fees: Decimal
    finished: FinishedCycle | None = None
    notes: tuple[Note, ...] = ()


def start(
    rules: Rules, principal: Decimal, *, number: int = 1, seed: Decimal | None = None
) -> Cycle:
    """Begin a cycle with its principal (USD) in cash and nothing held.

    `seed` is the principal that yearly compounding returns to, the given principal by default.
    Raises StrategyError for a principal that is not a sum of money.
    """
    if not principal.is_finite() or principal <= 0:
        raise StrategyError(f"the principal must be a sum above 0, not {principal}")
    return Cycle(
        rules=rules,
        number=number,
        seed=principal if seed is None else seed,
        principal=principal,
        cash=principal,
    )


def settle(plan: Plan, fills: Sequence[Fill], day: date) -> Settlement:
    """Book a session's fills on the state that its plan was made from.

    `fills` holds one entry for each order with filled shares. Sales come first (target, then the
    quarter or MOC), then buys from the highest limit down; T and the average are rounded half-even
    to 12 decimals after each. Sales lower T in proportion to what was filled; a buy leg counts when
    at least half of it filled, else it gives no credit and a note (settled.md). When a sale left no
    share, `Settlement.cycle` is the next cycle, waiting for its first buy. A plan without orders
    (previous close unknown) leaves the reverse phase's day where it was. Raises StrategyError for a
    fill that the plan cannot have had.
    """
    _check_fills(plan, fills)
    cycle = replace(
        plan.cycle,
        started=plan.cycle.started or day,
        sessions=plan.cycle.sessions + 1,
    )
    filled = [fill for fill in fills if fill.quantity > 0]
    sales = [fill for fill in filled if fill.order.side is Side.SELL]
    buys = [fill for fill in filled if fill.order.side is Side.BUY]
    for fill in sorted(sales, key=lambda fill: fill.order.leg is not Leg.TARGET):
        cycle = _book_sale(cycle, fill)
    for fill in sorted(buys, key=_falling_limit):
        cycle = _book_buy(cycle, fill)
    cycle = replace(
        cycle,
        max_turn=max(cycle.max_turn, cycle.turn),
        reverse_day=cycle.reverse_day
        + (1 if plan.orders and cycle.phase is Phase.REVERSE and cycle.quantity else 0),
    )
    over = bool(sales) and cycle.quantity == 0
    return Settlement(
        cycle=next_cycle(cycle, day) if over else cycle,
        bought=sum(fill.quantity for fill in buys),
        sold=sum(fill.quantity for fill in sales),
        realized=cycle.realized - plan.cycle.realized,
        fees=cycle.fees - plan.cycle.fees,
        finished=_finished(cycle, day) if over else None,
        notes=tuple(_note(fill) for fill in buys if _is_owed(fill) and not _counts(fill)),
    )


def next_cycle(cycle: Cycle, day: date) -> Cycle:
    """Begin the cycle after one that sold its last share on `day`, its principal by compounding.

    * full: all cash; profits and losses both go on.
    * none: the same principal as long as cash covers it, the profit goes to the reserve; a loss is
      not refilled, so the principal falls to the cash there is and stays there.
    * half: half of a profit joins the principal, half the reserve; a loss is taken whole.
    * yearly: full within a calendar year; the first cycle that starts in a new year goes back to
      the seed, or to what cash there is, and the rest joins the reserve. The next cycle starts on
      the weekday after `day` (the exchange is never shut from a weekday of the old year on).

    Sources: method.md 2.8, settled.md.
    """
    principal = max(_next_principal(cycle, day), ZERO)
    return Cycle(
        rules=cycle.rules,
        number=cycle.number + 1,
        seed=cycle.seed,
        principal=principal,
        cash=cycle.cash,
        reserve=max(cycle.cash - principal, ZERO),
    )


def _next_principal(cycle: Cycle, day: date) -> Decimal:
    free = cycle.cash - cycle.reserve
    profit = free - cycle.principal
    match cycle.rules.compounding:
        case Compounding.FULL:
            return cycle.cash
        case Compounding.NONE:
            return min(cycle.principal, cycle.cash)
        case Compounding.HALF:
            return cycle.principal + round12(profit / 2) if profit > 0 else free
        case Compounding.YEARLY:
            begun = cycle.started or day
            return free if begun.year == _next_weekday(day).year else min(cycle.seed, cycle.cash)


def _next_weekday(day: date) -> date:
    following = day + timedelta(days=1)
    while following.weekday() >= _SATURDAY:
        following += timedelta(days=1)
    return following


def _book_sale(cycle: Cycle, fill: Fill) -> Cycle:
    order, amount = fill.order, round12(fill.price * fill.quantity)
    charge = fee(amount, cycle.rules.fee_percent)
    left = cycle.quantity - fill.quantity
    profit = round12(amount - cycle.average * fill.quantity)
    return replace(
        cycle,
        cash=cycle.cash + amount - charge,
        quantity=left,
        average=cycle.average if left else ZERO,
        turn=_turn_after_sale(cycle, order, fill.quantity) if left else ZERO,
        realized=cycle.realized + profit - charge,
        fees=cycle.fees + charge,
    )


def _turn_after_sale(cycle: Cycle, order: Order, sold: int) -> Decimal:
    """Lower T by the leg's part (target 3/4, quarter 1/4, reverse 2/a) x sold / ordered."""
    match order.leg:
        case Leg.TARGET:
            part, whole = 3, 4
        case Leg.QUARTER:
            part, whole = 1, 4
        case Leg.REVERSE_SELL | Leg.REVERSE_MOC:
            part, whole = 2, cycle.rules.splits
        case _:
            raise StrategyError(f"a sale of the leg {order.leg} has no rule for T")
    return round12(cycle.turn * (whole * order.quantity - part * sold) / (whole * order.quantity))


def _book_buy(cycle: Cycle, fill: Fill) -> Cycle:
    amount = round12(fill.price * fill.quantity)
    charge = fee(amount, cycle.rules.fee_percent)
    quantity = cycle.quantity + fill.quantity
    return replace(
        cycle,
        cash=cycle.cash - amount - charge,
        quantity=quantity,
        average=round12((cycle.quantity * cycle.average + amount) / quantity),
        turn=_turn_after_buy(cycle, fill),
        realized=cycle.realized - charge,
        fees=cycle.fees + charge,
    )


def _turn_after_buy(cycle: Cycle, fill: Fill) -> Decimal:
    if not _counts(fill):
        return cycle.turn
    if fill.order.reverse_credit:
        rest = cycle.rules.splits - cycle.turn
        return round12(cycle.turn + rest * _QUARTER_OF_THE_REST)
    return round12(cycle.turn + fill.order.credit)


def _counts(fill: Fill) -> bool:
    return 2 * fill.quantity >= fill.order.quantity


def _is_owed(fill: Fill) -> bool:
    return fill.order.reverse_credit or fill.order.credit > 0


def _falling_limit(fill: Fill) -> Decimal:
    return -(fill.order.price if fill.order.price is not None else fill.price)


def _note(fill: Fill) -> Note:
    reason = (
        f"{fill.quantity} of {fill.order.quantity} shares filled, under half of the leg: "
        "T stays as it is"
    )
    return Note(leg=fill.order.leg, code=PARTIAL_WITHOUT_CREDIT, reason=reason)


def _finished(cycle: Cycle, day: date) -> FinishedCycle:
    return FinishedCycle(
        number=cycle.number,
        started=cycle.started or day,
        ended=day,
        sessions=cycle.sessions,
        principal=cycle.principal,
        realized=cycle.realized,
        fees=cycle.fees,
        max_turn=cycle.max_turn,
        exhausted=cycle.exhausted,
    )


def _check_fills(plan: Plan, fills: Sequence[Fill]) -> None:
    orders = [fill.order for fill in fills]
    for fill in fills:
        if fill.order not in plan.orders or orders.count(fill.order) > 1:
            raise StrategyError(
                f"a fill of {fill.order.leg} belongs to no order of the plan, or comes twice"
            )
        if not 0 <= fill.quantity <= fill.order.quantity:
            raise StrategyError(
                f"{fill.quantity} shares of {fill.order.leg} filled, {fill.order.quantity} ordered"
            )
        if fill.quantity and (not fill.price.is_finite() or fill.price <= 0):
            raise StrategyError(f"a fill's price must be above 0, not {fill.price}")
    sold = sum(fill.quantity for fill in fills if fill.order.side is Side.SELL)
    if sold > plan.cycle.quantity:
        raise StrategyError(f"{sold} shares sold, but only {plan.cycle.quantity} were held")
