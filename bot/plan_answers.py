"""What `muhan plan` answers: a JSON document, and tables for people."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from bot.figures import Document, cents, exact
from strategy import explain, versions
from strategy.model import Order, Phase, Plan, Skip
from strategy.what_if import Outcome

LANGUAGES = ("ko", "en")


def plan_document(plan: Plan) -> Document:
    """Describe a plan as `command-line.md` lays it down; skips are the legs there are not.

    A reason stands as its code, its English sentence and its Korean one.
    """
    cycle = plan.cycle
    return {
        "method": cycle.rules.method,
        "symbol": cycle.rules.symbol,
        "splits": cycle.rules.splits,
        "official": versions.is_official(cycle.rules),
        "phase": cycle.phase.value,
        "reverse_day": cycle.reverse_day,
        "quarter_round": cycle.quarter_round,
        "half": None if plan.half is None else plan.half.value,
        "unit": cents(plan.unit),
        "turn": exact(cycle.turn),
        "star_percent": None if plan.star_percent is None else exact(plan.star_percent),
        "star_price": cents(plan.star_price),
        "orders": [_order(order) for order in plan.orders],
        "skips": [_skip(skip) for skip in plan.skips],
    }


def explained(plan: Plan) -> Document:
    """Give where the plan's own figures come from, in both languages."""
    return {
        language: [reason.sentence(language) for reason in explain.basis(plan)]
        for language in LANGUAGES
    }


def outcomes_document(outcomes: Sequence[Outcome]) -> list[Document]:
    """Describe supposed closes: what they fill and book, and the plan of the session after."""
    return [
        {
            "percent": exact(each.percent),
            "close": cents(each.close),
            "bought": each.settlement.bought,
            "sold": each.settlement.sold,
            "realized": exact(each.settlement.realized),
            "quantity": each.settlement.cycle.quantity,
            "average": exact(each.settlement.cycle.average),
            "cash": exact(each.settlement.cycle.cash),
            "cycle_ends": each.settlement.finished is not None,
            "plan": plan_document(each.tomorrow),
        }
        for each in outcomes
    ]


def print_plan(plan: Plan, console: Console) -> None:
    """Show a plan as a table."""
    document = plan_document(plan)
    half = f", {document['half']} half" if document["half"] else ""
    star = document["star_price"] or "none"
    label = "" if document["official"] else " (unofficial)"
    console.print(
        f"{document['symbol']} V{document['method']}{label}, {document['phase']} phase{half}: "
        f"T {document['turn']}, unit {document['unit']}, star {star}",
        highlight=False,
    )
    table = Table("side", "type", "price", "shares", "leg", "why")
    for order in document["orders"]:
        price = order["price"] or "close"
        cells = (order["side"], order["type"], price, str(order["quantity"]), order["leg"])
        table.add_row(*cells, order["reason"])
    console.print(table)
    for skip in plan.skips:
        console.print(f"no {skip.leg}: {skip.why.sentence('en')}", highlight=False)


def print_explained(plan: Plan, console: Console) -> None:
    """Say how every figure of a plan came about, in Korean and in English."""
    for reason in explain.basis(plan):
        _print_sentences(console, "", reason.sentence("ko"), reason.sentence("en"))
    for order in plan.orders:
        head = f"{order.side} {order.type} {cents(order.price) or 'close'} x {order.quantity}"
        ko, en = order.why.sentence("ko"), order.why.sentence("en")
        _print_sentences(console, f"{head}  [{order.leg}, {order.why.code}]", ko, en)
    for skip in plan.skips:
        ko, en = skip.why.sentence("ko"), skip.why.sentence("en")
        _print_sentences(console, f"no {skip.leg}  [{skip.why.code}]", ko, en)


def print_outcomes(outcomes: Sequence[Outcome], console: Console) -> None:
    """Show what closes would do as one table, a row each; unit and star are the next session's."""
    names = ("close", "%", "bought", "sold", "profit", "held", "average", "T", "unit", "star", "")
    table = Table(*names, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for each in outcomes:
        cycle, plan = each.settlement.cycle, each.tomorrow
        table.add_row(
            f"{each.close:,.2f}",
            f"{each.percent:+.1f}",
            str(each.settlement.bought or ""),
            str(each.settlement.sold or ""),
            f"{each.settlement.realized:+,.2f}" if each.settlement.sold else "",
            str(cycle.quantity),
            f"{cycle.average:,.2f}",
            f"{cycle.turn:.2f}",
            f"{plan.unit:,.2f}",
            cents(plan.star_price) or "",
            "cycle ends" if each.settlement.finished else _phase(plan),
        )
    console.print(table)
    console.print(
        "Supposed: the session runs straight from the last close to this one, and the closing "
        "auction takes any size. Unit and star are the next session's.",
        highlight=False,
    )


def _phase(plan: Plan) -> str:
    return "" if plan.cycle.phase is Phase.NORMAL else plan.cycle.phase.value


def _print_sentences(console: Console, head: str, korean: str, english: str) -> None:
    if head:
        console.print(head, highlight=False, markup=False, soft_wrap=True)
    indent = "  " if head else ""
    console.print(f"{indent}{korean}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"{indent}{english}", highlight=False, markup=False, soft_wrap=True)


def _order(order: Order) -> Document:
    return {
        "side": order.side.value,
        "type": order.type.value,
        "price": cents(order.price),
        "quantity": order.quantity,
        "leg": order.leg.value,
        "reason_code": order.why.code.value,
        "reason": order.why.sentence("en"),
        "reason_ko": order.why.sentence("ko"),
    }


def _skip(skip: Skip) -> Document:
    return {
        "leg": skip.leg.value,
        "code": skip.why.code.value,
        "reason": skip.why.sentence("en"),
        "reason_ko": skip.why.sentence("ko"),
    }
