"""The account's owner at KIS's own app: orders, reservations and holdings by hand, as JSON.

The app's words go over the same counter as a program's, so the same hours and limits hold.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from aiohttp import web

from kis.simulator.desks.counter import Counter
from kis.simulator.desks.protocol import ORDER_DIVISIONS, Call
from kis.simulator.desks.reservation_desk import ReservationDesk
from kis.simulator.exchange import Exchange
from kis.simulator.model import OrderType, Side
from kis.simulator.reservations import Reservations
from kis.simulator.surface.requests import BadRequestError, ConflictError, json_of
from kis.simulator.surface.state import holding_json, order_json, reservation_json

ROUTES = {
    "POST /simulator/orders": "Places an order by hand: symbol, side, type, quantity, price.",
    "DELETE /simulator/orders/NUMBER": "Cancels by hand what is left of an order of today.",
    "POST /simulator/reservations": "Places a reservation by hand: symbol, side, type (LIMIT or "
    "MOO), quantity, price.",
    "DELETE /simulator/reservations/DAY/NUMBER": "Cancels a reservation of a Seoul date by hand.",
    "PUT /simulator/holdings/SYMBOL": "Sets the shares held: quantity, average in USD; cash stays.",
}
DIVISIONS = {kind: code for code, kind in ORDER_DIVISIONS.items()}
ORDER_IDS = {Side.BUY: "TTTT1002U", Side.SELL: "TTTT1006U"}
RESERVATION_IDS = {Side.BUY: "TTTT3014U", Side.SELL: "TTTT3016U"}
PRICE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,8})?")
MOST_SHARES = 10**9


class Owner:
    """Answers the owner's part of the control surface."""

    def __init__(
        self, exchange: Exchange, reservations: Reservations, symbols: Mapping[str, str]
    ) -> None:
        self._exchange = exchange
        self._reservations = reservations
        self._symbols = symbols
        self._counter = Counter(exchange, symbols)
        self._desk = ReservationDesk(exchange, reservations, symbols)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/simulator/orders", self._order),
            web.delete("/simulator/orders/{number}", self._cancel),
            web.post("/simulator/reservations", self._reserve),
            web.delete("/simulator/reservations/{day}/{number}", self._withdraw),
            web.put("/simulator/holdings/{symbol}", self._hold),
        ]

    async def _order(self, request: web.Request) -> web.Response:
        body = await json_of(request)
        side = _side(body)
        fields = self._named(body) | {
            "ORD_QTY": str(_shares(body, least=1)),
            "OVRS_ORD_UNPR": _price(body, "price"),
            "ORD_DVSN": DIVISIONS[_type(body)],
        }
        order = self._counter.order(_call(ORDER_IDS[side], fields)).order
        if order is None:
            raise ConflictError("The counter took no order.")
        now = self._exchange.book.orders[order.key]
        return web.json_response(order_json(now), status=201)

    async def _cancel(self, request: web.Request) -> web.Response:
        number = _number(request.match_info["number"])
        original = self._exchange.book.orders.get((self._exchange.today, number))
        if original is None:
            raise ConflictError(f"There is no order {number} today.")
        fields = {
            "PDNO": original.symbol,
            "ORGN_ODNO": str(number),
            "RVSE_CNCL_DVSN_CD": "02",
            "ORD_QTY": "0",
        }
        self._counter.change(_call("TTTT1004U", fields))
        return web.json_response(order_json(self._exchange.book.orders[original.key]))

    async def _reserve(self, request: web.Request) -> web.Response:
        body = await json_of(request)
        side = _side(body)
        fields = self._named(body) | {
            "FT_ORD_QTY": str(_shares(body, least=1)),
            "FT_ORD_UNPR3": _price(body, "price"),
            "ORD_DVSN": DIVISIONS[_type(body)],
        }
        self._desk.order(_call(RESERVATION_IDS[side], fields))
        newest = list(self._reservations.kept.values())[-1]
        return web.json_response(reservation_json(newest), status=201)

    async def _withdraw(self, request: web.Request) -> web.Response:
        number = _number(request.match_info["number"])
        try:
            day = date.fromisoformat(request.match_info["day"])
        except ValueError:
            raise BadRequestError("The day of a reservation is written 2026-10-07.") from None
        fields = {"RSVN_ORD_RCIT_DT": f"{day:%Y%m%d}", "OVRS_RSVN_ODNO": str(number)}
        self._desk.cancel(_call("TTTT3017U", fields))
        return web.json_response(reservation_json(self._reservations.kept[day, number]))

    async def _hold(self, request: web.Request) -> web.Response:
        body = await json_of(request)
        symbol = request.match_info["symbol"]
        if symbol not in self._symbols:
            raise BadRequestError(f"{symbol} is not traded here.")
        quantity = _shares(body, least=0)
        average = Decimal(_price(body, "average"))
        if quantity and average == 0:
            raise BadRequestError("Shares held have an average above 0, as '50.25'.")
        promised = self._exchange.book.reserved_quantity(symbol)
        if quantity < promised:
            raise ConflictError(f"Open sells hold {promised} {symbol}; cancel them first.")
        self._exchange.ledger.transfer(symbol, quantity, average)
        return web.json_response(holding_json(symbol, self._exchange.account.held(symbol)))

    def _named(self, body: Mapping[str, Any]) -> dict[str, str]:
        symbol = body.get("symbol")
        if not isinstance(symbol, str) or symbol not in self._symbols:
            raise BadRequestError(f"'symbol' is one of {', '.join(self._symbols)}.")
        return {"PDNO": symbol, "OVRS_EXCG_CD": self._symbols[symbol]}


def _call(tr_id: str, fields: Mapping[str, str]) -> Call:
    return Call(tr_id=tr_id, mock=False, tr_cont="", fields=fields, by_hand=True)


def _side(body: Mapping[str, Any]) -> Side:
    try:
        return Side(str(body.get("side")))
    except ValueError:
        raise BadRequestError("'side' is buy or sell.") from None


def _type(body: Mapping[str, Any]) -> OrderType:
    try:
        return OrderType(str(body.get("type", "LIMIT")))
    except ValueError:
        raise BadRequestError(f"'type' is one of {', '.join(OrderType)}.") from None


def _shares(body: Mapping[str, Any], *, least: int) -> int:
    value = body.get("quantity")
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST_SHARES:
        raise BadRequestError(f"'quantity' is whole shares from {least}.")
    return value


def _price(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name, "0")
    if isinstance(value, bool) or not PRICE.fullmatch(str(value)):
        raise BadRequestError(f"'{name}' is USD, as '50.25'.")
    return str(value)


def _number(word: str) -> int:
    if not (word.isascii() and word.isdigit()):
        raise BadRequestError("A number is written in digits, as 0000000001.")
    return int(word)
