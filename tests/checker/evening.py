"""The checker's evening: tonight's phase, the unit and the orders, version by version."""

from fractions import Fraction
from typing import NamedTuple

from tests.checker.buying import Order, folded, pair, whole, with_rungs
from tests.checker.figures import CENT, ONE, cents, nearest, scaled, shares
from tests.checker.terms import Run

THREE_QUARTERS = Fraction(3, 4)
QUARTER = Fraction(1, 4)


class Evening(NamedTuple):
    unit: Fraction
    orders: list[Order]


def prepare(run: Run) -> Evening:
    """Decide the phase by the closes known, then make the orders of the next session."""
    decide(run)
    unit = tonight(run)
    budget = unit if run.terms.method == "4.0" else min(unit, Fraction(run.spendable))
    buys = with_rungs(budget, main_legs(run, budget), run.terms.ladder)
    buys = folded(buys, run.closes[-1], run.terms.band, run.terms.cap)
    return Evening(unit, [*buys, *sales(run, budget)])


def decide(run: Run) -> None:
    terms, close = run.terms, run.closes[-1]
    if run.phase == "reverse" and run.step > 1:
        if close * CENT > run.average * (1 - terms.exit / 100):
            run.phase, run.step = "normal", 0
    elif run.phase == "quarter" and run.step > terms.rounds + 1:
        if close >= line(run):
            run.phase, run.step = "normal", 0
        else:
            open_rounds(run)
    if run.phase == "normal" and run.quantity and needs_rescue(run):
        run.phase = "reverse" if terms.method == "4.0" else "quarter"
        run.step = 1 if terms.method == "4.0" else 0


def needs_rescue(run: Run) -> bool:
    if run.terms.method in {"1.0", "2.1"}:
        return False
    if run.exhausted or run.terms.method != "4.0":
        return run.exhausted
    return run.second_half and shares(tonight(run), star(run) - 1) == 0


def open_rounds(run: Run) -> None:
    """Begin the rounds of the quarter phase with a fresh unit."""
    run.step = 1
    run.rounds_unit = run.unit
    if run.terms.method == "2.2":
        run.rounds_unit = min(run.unit, nearest(Fraction(run.cash, run.terms.rounds)))


def tonight(run: Run) -> Fraction:
    if run.phase == "reverse":
        return Fraction(run.spendable, 4)
    if run.terms.method == "4.0":
        return Fraction(run.spendable * ONE, run.left)
    in_rounds = run.phase == "quarter" and 1 <= run.step <= run.terms.rounds
    return Fraction(run.rounds_unit if in_rounds else run.unit)


def at(run: Run, percent: Fraction | int) -> int:
    """Find the price so many percent over the average."""
    return cents(run.average * (1 + Fraction(percent) / 100))


def star(run: Run) -> int:
    terms = run.terms
    used = Fraction(2 * run.turn, terms.splits * ONE)
    return at(run, terms.target * (1 - used))


def line(run: Run) -> int:
    return at(run, -run.terms.exit)


def five_day_star(run: Run) -> int:
    last = run.closes[-5:]
    return cents(Fraction(sum(last) * CENT, len(last)))


def main_legs(run: Run, budget: Fraction) -> list[Order]:
    if run.quantity == 0:
        return whole(budget, cents(scaled(run.closes[-1], run.terms.first_percent)))
    if run.phase == "reverse":
        return whole(budget, five_day_star(run) - 1, "deep") if run.step > 1 else []
    if run.phase == "quarter":
        in_rounds = 1 <= run.step <= run.terms.rounds
        return whole(budget, line(run) - 1, "deep") if in_rounds else []
    if run.terms.method == "1.0":
        return first_book(run, budget)
    if run.terms.method == "2.1":
        return second_book(run, budget)
    below = star(run) - 1
    if run.second_half:
        return whole(budget, below)
    return pair(budget, below, min(at(run, 0), below))


def first_book(run: Run, budget: Fraction) -> list[Order]:
    """Version 1.0: half a unit at the average, half far above the market."""
    if 2 * run.left < ONE:
        return []
    big = min(cents(scaled(run.closes[-1], run.terms.first_percent)), at(run, run.terms.target) - 1)
    if not run.exhausted:
        return pair(budget, at(run, 0), big)
    quantity = shares(budget / 2, big)
    return [Order("buy", "LOC", big, quantity, 1)] if quantity else []


def second_book(run: Run, budget: Fraction) -> list[Order]:
    """Version 2.1: half a unit under +5 %, the rest at the average; then all at the average."""
    if run.exhausted:
        return []
    if run.second_half:
        return whole(budget, at(run, 0) - 1)
    near = at(run, 5) - 1
    return pair(budget, near, min(at(run, 0), near))


def sales(run: Run, budget: Fraction) -> list[Order]:
    if run.quantity == 0:
        return []
    if run.phase == "reverse":
        return reverse_sales(run, budget)
    q = run.quantity // 4
    target = at(run, run.terms.target)
    if run.terms.method == "1.0":
        orders = [Order("target", "LIMIT", target, run.quantity, keep=QUARTER)]
    elif run.terms.method == "2.1":
        orders = second_book_sales(run, q, target)
    else:
        near = line(run) if run.phase == "quarter" else star(run)
        moc = run.phase == "quarter" and not 1 <= run.step <= run.terms.rounds
        orders = [
            Order("moc", "MOC", 0, q)
            if moc
            else Order("quarter", "LOC", near, q, 0, THREE_QUARTERS),
            Order("target", "LIMIT", target, run.quantity - q, keep=QUARTER),
        ]
    return [order for order in orders if order.quantity]


def second_book_sales(run: Run, q: int, target: int) -> list[Order]:
    if not run.second_half:
        return [
            Order("quarter", "LOC", at(run, 5), q),
            Order("target", "LIMIT", target, run.quantity - q),
        ]
    return [
        Order("quarter", "LOC", at(run, 0), q),
        Order("target", "LIMIT", at(run, 5), q),
        Order("target", "LIMIT", target, run.quantity - 2 * q),
    ]


def reverse_sales(run: Run, budget: Fraction) -> list[Order]:
    quantity = max(1, 2 * run.quantity // run.terms.splits)
    keep = 1 - Fraction(2, run.terms.splits)
    price = five_day_star(run)
    if run.step == 1 or shares(budget, price - 1) == 0:
        return [Order("moc", "MOC", 0, quantity, keep=keep)]
    return [Order("part", "LOC", price, quantity, keep=keep)]
