"""What `muhan plan` answers: a JSON document, and a table for people."""

from rich.console import Console
from rich.table import Table

from bot.figures import Document, cents, exact
from strategy.model import Order, Plan


def plan_document(plan: Plan) -> Document:
    """Describe a plan as `command-line.md` lays it down; skips are the legs there are not."""
    rules = plan.cycle.rules
    return {
        "method": rules.method,
        "symbol": rules.symbol,
        "splits": rules.splits,
        "phase": plan.cycle.phase.value,
        "reverse_day": plan.cycle.reverse_day,
        "half": None if plan.half is None else plan.half.value,
        "unit": cents(plan.unit),
        "turn": exact(plan.cycle.turn),
        "star_percent": None if plan.star_percent is None else exact(plan.star_percent),
        "star_price": cents(plan.star_price),
        "orders": [_order(order) for order in plan.orders],
        "skips": [
            {"leg": skip.leg.value, "code": skip.code, "reason": skip.reason} for skip in plan.skips
        ],
    }


def print_plan(plan: Plan, console: Console) -> None:
    """Show a plan as a table."""
    document = plan_document(plan)
    half = f", {document['half']} half" if document["half"] else ""
    star = document["star_price"] or "none"
    console.print(
        f"{document['symbol']} V{document['method']}, {document['phase']} phase{half}: "
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
        console.print(f"no {skip.leg}: {skip.reason}", highlight=False)


def _order(order: Order) -> Document:
    return {
        "side": order.side.value,
        "type": order.type.value,
        "price": cents(order.price),
        "quantity": order.quantity,
        "leg": order.leg.value,
        "reason": order.reason,
    }
