"""A cycle from its first buy to its last sale: start, the booking of a day, and what follows.

Cash, quantity and average move the same way in every version; T and the quarter phase's steps have
their own rooms (`turn`, `quarter`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from strategy import quarter, turn
from strategy.compounding import fixed_unit, next_cycle
from strategy.errors import StrategyError
from strategy.fees import charges
from strategy.model import (
    ZERO,
    Counting,
    Cycle,
    Fill,
    Leg,
    Order,
    OrderType,
    Phase,
    Plan,
    Rules,
    Side,
    Sizing,
)
from strategy.price import round12

PARTIAL_WITHOUT_CREDIT = "partial_without_credit"


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
        unit=fixed_unit(rules, principal),
    )


def settle(plan: Plan, fills: Sequence[Fill], day: date, *, extra: Decimal = ZERO) -> Settlement:
    """Book a session's fills on the state that its plan was made from.

    `fills` holds one entry for each order with filled shares. Sales come first (targets, then the
    quarter or MOC), then buys from the highest limit down; T and the average are rounded half-even
    to 12 decimals after each. Sales lower a counted T in proportion to what was filled; a buy leg
    counts when at least half of it filled, else it gives no credit and a note (settled.md). Under
    3.0's 반복리 every profitable sale raises the unit at once. When a sale left no share,
    `Settlement.cycle` is the next cycle, waiting for its first buy. A plan without orders (previous
    close unknown) leaves the phase's day where it was. `extra` is what the broker took beyond the
    agreed fees (USD, negative for less): it moves cash and profit, and no unit. Raises
    StrategyError for a fill that the plan cannot have had.
    """
    _check_fills(plan, fills)
    sales = [fill for fill in fills if fill.quantity and fill.order.side is Side.SELL]
    buys = [fill for fill in fills if fill.quantity and fill.order.side is Side.BUY]
    filled = [*sales, *buys]
    sales.sort(key=_limits_first)
    buys.sort(key=_falling_limit)
    books = _Books(plan.cycle, buys=bool(buys))
    for fill in sales:
        books.sell(fill)
    for fill in buys:
        books.buy(fill)
    cycle = charge_more(quarter.follow(books.closed(day, plan), plan, filled), extra)
    over = bool(sales) and cycle.quantity == 0
    return Settlement(
        cycle=next_cycle(cycle, day) if over else cycle,
        bought=sum(fill.quantity for fill in buys),
        sold=sum(fill.quantity for fill in sales),
        realized=cycle.realized - plan.cycle.realized,
        fees=cycle.fees - plan.cycle.fees,
        finished=_finished(cycle, day) if over else None,
        notes=tuple(_note(fill) for fill in buys if _is_owed(plan, fill)),
    )


def charge_more(cycle: Cycle, fees: Decimal) -> Cycle:
    """Take fees (USD; back when negative) from a cycle's cash and profit."""
    if not fees:
        return cycle
    return replace(
        cycle,
        cash=cycle.cash - fees,
        realized=cycle.realized - fees,
        fees=cycle.fees + fees,
    )


class _Books:
    """A cycle's figures while a day's fills are booked on them, one order after the other."""

    def __init__(self, cycle: Cycle, *, buys: bool) -> None:
        self._before = cycle
        self._rules = cycle.rules
        self._buys = buys
        self._cash = cycle.cash
        self._quantity = cycle.quantity
        self._average = cycle.average
        self._turn = cycle.turn
        self._unit = cycle.unit
        self._realized = cycle.realized
        self._fees = cycle.fees

    def sell(self, fill: Fill) -> None:
        rules, held = self._rules, self._quantity
        amount = round12(fill.price * fill.quantity)
        charge = charges(rules, Side.SELL, amount)
        profit = round12(amount - self._average * fill.quantity) - charge
        self._cash += amount - charge
        self._realized += profit
        self._fees += charge
        self._quantity = held - fill.quantity
        if rules.counting is Counting.EVENTS:
            self._turn = turn.after_sale(rules, self._turn, fill, held=held, buys=self._buys)
        if rules.sizing is Sizing.GROWING and not rules.grow_at_cycle_end and profit > 0:
            self._unit = round12(self._unit + profit / (2 * rules.splits))
        if self._quantity == 0:
            self._average = self._turn = ZERO

    def buy(self, fill: Fill) -> None:
        rules = self._rules
        amount = round12(fill.price * fill.quantity)
        charge = charges(rules, Side.BUY, amount)
        quantity = self._quantity + fill.quantity
        self._average = round12((self._quantity * self._average + amount) / quantity)
        self._quantity = quantity
        self._cash -= amount + charge
        self._realized -= charge
        self._fees += charge
        if rules.counting is Counting.EVENTS:
            self._turn = turn.after_buy(rules, self._turn, fill)

    def closed(self, day: date, plan: Plan) -> Cycle:
        before = self._before
        if self._rules.counting is Counting.COST:
            self._turn = turn.from_cost(self._rules, self._unit, self._quantity, self._average)
        in_reverse = plan.orders and before.phase is Phase.REVERSE and self._quantity
        return replace(
            before,
            cash=self._cash,
            quantity=self._quantity,
            average=self._average,
            average_before=before.average,
            turn=self._turn,
            unit=self._unit,
            realized=self._realized,
            fees=self._fees,
            max_turn=max(before.max_turn, self._turn),
            reverse_day=before.reverse_day + (1 if in_reverse else 0),
            started=before.started or day,
            sessions=before.sessions + 1,
        )


def _is_owed(plan: Plan, fill: Fill) -> bool:
    """Tell whether a main leg filled too little to count."""
    rules = plan.cycle.rules
    credited = fill.order.reverse_credit or fill.order.credit > 0
    return credited and not turn.counts(fill) and not rules.prorata_credit


def _limits_first(fill: Fill) -> bool:
    return fill.order.type is not OrderType.LIMIT


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
    seen: set[int] = set()
    sold = 0
    for fill in fills:
        order = fill.order
        place = _place(plan.orders, order)
        if place is None or place in seen:
            raise StrategyError(
                f"a fill of {order.leg} belongs to no order of the plan, or comes twice"
            )
        seen.add(place)
        if not 0 <= fill.quantity <= order.quantity:
            raise StrategyError(
                f"{fill.quantity} shares of {order.leg} filled, {order.quantity} ordered"
            )
        if fill.quantity and (not fill.price.is_finite() or fill.price <= 0):
            raise StrategyError(f"a fill's price must be above 0, not {fill.price}")
        if order.side is Side.SELL:
            sold += fill.quantity
    if sold > plan.cycle.quantity:
        raise StrategyError(f"{sold} shares sold, but only {plan.cycle.quantity} were held")


def _place(orders: Sequence[Order], wanted: Order) -> int | None:
    for place, order in enumerate(orders):
        if order is wanted:
            return place
    return orders.index(wanted) if wanted in orders else None
