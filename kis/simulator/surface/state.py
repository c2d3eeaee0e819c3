"""The true state as JSON, for the control surface: KIS's own listings may lag behind it."""

from kis.simulator.account import Position
from kis.simulator.desks.protocol import Json, medium, number_text
from kis.simulator.model import Fill, Order, Reservation
from kis.simulator.parties import iso


def order_json(order: Order) -> Json:
    return {
        "day": order.day.isoformat(),
        "number": number_text(order.number),
        "symbol": order.symbol,
        "side": order.side.value,
        "type": order.type.value,
        "kind": order.kind.name.lower(),
        "original": None if order.original is None else number_text(order.original),
        "quantity": order.quantity,
        "price": str(order.price) if order.type.has_limit else None,
        "at": iso(order.at),
        "filled": order.filled,
        "amount": str(order.amount),
        "fee": str(order.fee),
        "open": order.remaining,
        "end": None if order.end is None else order.end.value,
        "medium": medium(by_hand=order.by_hand),
    }


def fill_json(fill: Fill) -> Json:
    return {
        "day": fill.day.isoformat(),
        "number": number_text(fill.number),
        "symbol": fill.symbol,
        "side": fill.side.value,
        "quantity": fill.quantity,
        "price": str(fill.price),
        "amount": str(fill.amount),
        "fee": str(fill.fee),
        "at": iso(fill.at),
        "reported": fill.reported,
    }


def holding_json(symbol: str, position: Position) -> Json:
    return {
        "symbol": symbol,
        "quantity": position.quantity,
        "average": f"{position.average:.4f}",
        "cost": str(position.cost),
    }


def reservation_json(reservation: Reservation) -> Json:
    """Describe a reservation; `day` is Seoul's, `order` what it became at the open."""
    key = reservation.order_key
    return {
        "day": reservation.day.isoformat(),
        "number": number_text(reservation.number),
        "symbol": reservation.symbol,
        "side": reservation.side.value,
        "type": reservation.type.value,
        "quantity": reservation.quantity,
        "price": str(reservation.price) if reservation.type.has_limit else None,
        "at": iso(reservation.at),
        "waiting": reservation.waiting,
        "cancelled": reservation.cancelled,
        "order": None if key is None else {"day": str(key[0]), "number": number_text(key[1])},
        "refusal": reservation.refusal,
        "medium": medium(by_hand=reservation.by_hand),
    }
