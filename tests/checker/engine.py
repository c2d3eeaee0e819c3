"""The checker's sessions: what fills on a bar, what it does to the run, and the row of the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.checker.buying import Order
from tests.checker.evening import Evening, open_rounds, prepare
from tests.checker.figures import CENT, ONE, half_up, nearest, turn_from_cost
from tests.checker.terms import BY_EVENTS, Bar, Row, Run, Terms, begin


@dataclass(kw_only=True)
class Day:
    bought: int = 0
    sold: int = 0
    realized: int = 0


def backtest(terms: Terms, bars: Sequence[Bar]) -> list[Row]:
    """Run the method over daily bars; the first is only the previous close."""
    run = begin(terms)
    run.closes.append(bars[0].close)
    return resume(run, bars[1:])


def resume(run: Run, bars: Sequence[Bar]) -> list[Row]:
    """Trade on from a state that knows its closes; the state is changed."""
    evening = prepare(run)
    rows: list[Row] = []
    for bar, following in zip(bars, [*(b.day for b in bars[1:]), None], strict=True):
        number = run.number
        day = trade(run, evening, bar)
        if day.sold and not run.quantity:
            renew(run, following or weekday_after(bar.day))
        run.closes.append(bar.close)
        evening = prepare(run)
        rows.append(
            Row(
                day=bar.day,
                close=bar.close,
                phase=run.phase,
                turn=run.turn,
                quantity=run.quantity,
                average=run.average,
                cash=run.cash,
                unit=nearest(evening.unit),
                bought=day.bought,
                sold=day.sold,
                realized=day.realized,
                cycle=number,
            )
        )
    return rows


def weekday_after(day: date) -> date:
    return day + timedelta(days=max(1, 7 - day.weekday()) if day.weekday() >= 4 else 1)


def filled_at(order: Order, bar: Bar) -> int:
    """Find the price (cents) at which an order fills on a bar; 0 when it does not."""
    if order.kind == "MOC":
        return bar.close
    if order.kind == "LIMIT":
        return max(order.price, bar.open) if bar.high >= order.price else 0
    met = bar.close <= order.price if order.buys else bar.close >= order.price
    return bar.close if met else 0


def rank(order: Order) -> tuple[int, int]:
    """Order a day's fills: the target, the other sales, then buys from the highest limit down."""
    if order.buys:
        return 2, -order.price
    return (0, -order.price) if order.kind == "LIMIT" else (1, 0)


def trade(run: Run, evening: Evening, bar: Bar) -> Day:
    day, names = Day(), set[str]()
    run.year = run.year or bar.day.year
    for order in sorted(evening.orders, key=rank):
        price = filled_at(order, bar)
        if not price:
            continue
        names.add(order.name)
        (buy if order.buys else sell)(run, order, price, day)
    if run.terms.method not in BY_EVENTS:
        run.turn = turn_from_cost(run.quantity, run.average, run.unit)
    advance(run, evening, names)
    return day


def buy(run: Run, order: Order, price: int, day: Day) -> None:
    fee = half_up(price * order.quantity * run.terms.fee / 100) * CENT
    cost = price * CENT * order.quantity
    held = run.quantity + order.quantity
    run.average = nearest(Fraction(run.quantity * run.average + cost, held))
    run.quantity = held
    run.cash -= cost + fee
    day.bought += order.quantity
    day.realized -= fee
    if order.name == "deep":
        run.turn = nearest(run.turn + Fraction(run.left, 4))
    else:
        run.turn += order.halves * ONE // 2


def sell(run: Run, order: Order, price: int, day: Day) -> None:
    amount = price * order.quantity
    rate = run.terms.fee if run.terms.sell_fee is None else run.terms.sell_fee
    fee = half_up(amount * rate / 100) + half_up(amount * run.terms.sec_fee / 100)
    profit = (price * CENT - run.average) * order.quantity - fee * CENT
    run.cash += (amount - fee) * CENT
    run.quantity -= order.quantity
    day.sold += order.quantity
    day.realized += profit
    run.turn = nearest(run.turn * order.keep)
    if run.terms.grows and profit > 0:
        run.unit = nearest(run.unit + Fraction(profit, 2 * run.terms.splits))
    if run.quantity == 0:
        run.average = run.turn = 0


def advance(run: Run, evening: Evening, names: set[str]) -> None:
    """Move the phase's day on by what filled."""
    if run.phase == "reverse":
        run.step += 1
    elif run.phase == "quarter":
        rounds = run.terms.rounds
        if names & {"target", "quarter"}:
            run.phase, run.step = "normal", 0
        elif run.step == 0:
            open_rounds(run)
        elif run.step > rounds or "deep" in names:
            run.step += 1
        elif not any(order.buys for order in evening.orders):
            run.step = rounds + 1


def renew(run: Run, following: date) -> None:
    """Begin the next cycle, on the `following` session, with the principal that is agreed on.

    Yearly: whole profits compound until a cycle begins in a later year than the one before it did;
    that one has the first principal again.
    """
    terms = run.terms
    run.number += 1
    run.phase, run.step = "normal", 0
    if terms.grows:
        run.principal = run.unit * terms.splits
        return
    # A fixed unit is spent from all cash, and so a lost cycle can reach into what was set aside.
    own, before = max(0, run.cash - run.reserve), run.principal
    if terms.compounding == "full":
        run.principal = run.cash
    elif terms.compounding == "none":
        run.principal = min(run.principal, run.cash)
    elif terms.compounding == "half":
        gain = own - run.principal
        run.principal += gain // 2 if gain > 0 else gain
    elif run.year == following.year:
        run.principal = own
    else:
        run.principal = min(terms.principal, run.cash)
    if run.principal <= 0:
        run.principal = min(before, max(run.cash, 0))
    run.year = 0
    run.reserve = run.cash - run.principal
    run.unit = nearest(Fraction(run.principal, terms.splits))
