"""Orders and what they cost, put into words for whoever is to confirm them."""

from collections.abc import Sequence

from bot.addresses import Venue
from bot.amounts import money
from bot.control.refusals import Both, both
from strategy.model import Order, Side


def listed(orders: Sequence[Order]) -> Both:
    """List a plan's orders: side, type, limit (USD) and shares."""
    return both(
        ", ".join(map(_korean, orders)) or "주문 없음",
        ", ".join(map(_english, orders)) or "no orders",
    )


def real_money(venue: str) -> Both | None:
    """Warn where the orders cost real money; None elsewhere."""
    if venue != Venue.REAL.value:
        return None
    return both("⚠️ 실전입니다: 진짜 돈으로 주문합니다.", "⚠️ This is real money.")


def _korean(order: Order) -> str:
    side = "매수" if order.side is Side.BUY else "매도"
    return f"{side} {order.type.value} {_price(order)}{order.quantity}주"


def _english(order: Order) -> str:
    side = "buy" if order.side is Side.BUY else "sell"
    return f"{side} {order.quantity} {order.type.value} {_price(order)}".strip()


def _price(order: Order) -> str:
    return f"{money(order.price)} " if order.price is not None else ""
