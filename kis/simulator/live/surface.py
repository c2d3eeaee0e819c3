"""The control surface of live mode: what a feed brings in, and what can be seen of it, as JSON."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from aiohttp import web

from kis.simulator.live.exchange import LiveExchange
from kis.simulator.live.rules import Provisional, Tick
from kis.simulator.live.symbols import LiveSymbols
from kis.simulator.model import Bar, Phase, Split
from kis.simulator.parties import iso
from kis.simulator.surface.requests import BadRequestError, json_of
from kis.simulator.surface.state import order_json

ROUTES = {
    "GET /simulator/market": "Shows prices, gaps, dropped trades and provisional results.",
    "POST /simulator/market/trades": "Brings in trades: symbol, at, price, volume, hours.",
    "POST /simulator/market/prices": "Shows a price that was asked for: symbol, price.",
    "POST /simulator/market/bars": "Brings in daily bars of a symbol; asked_at, or now.",
    "POST /simulator/market/feed": "Says that the feed of symbols is up or down.",
    "POST /simulator/market/gaps": "Says that trades were missed: symbols, start, end, reason.",
    "POST /simulator/market/splits": "Announces a split: symbol, day, new, old.",
    "POST /simulator/market/symbols": "Asks for one more symbol: symbol, exchange or none.",
}


class LiveSurface:
    """Answers the market's part of the control surface."""

    def __init__(self, exchange: LiveExchange, symbols: LiveSymbols) -> None:
        self._exchange = exchange
        self._symbols = symbols

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/simulator/market", self._show),
            web.post("/simulator/market/trades", self._trades),
            web.post("/simulator/market/prices", self._price),
            web.post("/simulator/market/bars", self._bars),
            web.post("/simulator/market/feed", self._feed),
            web.post("/simulator/market/gaps", self._gap),
            web.post("/simulator/market/splits", self._split),
            web.post("/simulator/market/symbols", self._symbol),
        ]

    async def _show(self, _: web.Request) -> web.Response:
        return web.json_response(self._shown())

    def _shown(self) -> dict[str, object]:
        exchange = self._exchange
        return {
            "now": iso(exchange.now),
            "symbols": {symbol: self._seen(symbol) for symbol in self._symbols},
            "dropped": dict(exchange.dropped),
            "provisional": [_provisional_json(one) for one in exchange.provisional()],
        }

    def _seen(self, symbol: str) -> dict[str, object]:
        exchange = self._exchange
        last = exchange.last_trade(symbol)
        covered = exchange.coverage.covered(symbol)
        days = exchange.market.days_until(symbol, exchange.today)
        official = [day for day in days if exchange.market.official(symbol, day)]
        return {
            "exchange": self._symbols[symbol],
            "last": None if last is None else str(last[1]),
            "covered": covered,
            "why_not": "" if covered else exchange.coverage.since(symbol)[1],
            "newest_official_close": str(official[-1]) if official else None,
        }

    async def _trades(self, request: web.Request) -> web.Response:
        rows = (await json_of(request)).get("trades")
        if not isinstance(rows, list):
            raise BadRequestError("'trades' is a list.")
        self._exchange.trades([_tick(row) for row in rows])
        return web.json_response({"dropped": dict(self._exchange.dropped)}, status=201)

    async def _price(self, request: web.Request) -> web.Response:
        body = await json_of(request)
        self._exchange.price(self._named(body), _number(body, "price"))
        return web.json_response(self._shown(), status=201)

    async def _bars(self, request: web.Request) -> web.Response:
        body = await json_of(request)
        rows = body.get("bars")
        if not isinstance(rows, list):
            raise BadRequestError("'bars' is a list.")
        self._exchange.catch_up()
        asked_at = _instant(body, "asked_at") if "asked_at" in body else self._exchange.now
        self._exchange.bars(self._named(body), [_bar(row) for row in rows], asked_at=asked_at)
        return web.json_response(self._shown(), status=201)

    async def _feed(self, request: web.Request) -> web.Response:
        body = await json_of(request)
        symbols = self._list(body)
        if body.get("state") == "up":
            self._exchange.feed_up(symbols)
        elif body.get("state") == "down":
            since = _instant(body, "since") if "since" in body else None
            self._exchange.feed_down(symbols, str(body.get("reason", "")), since=since)
        else:
            raise BadRequestError("'state' is up or down.")
        return web.json_response(self._shown(), status=201)

    async def _gap(self, request: web.Request) -> web.Response:
        body = await json_of(request)
        start, end = _instant(body, "start"), _instant(body, "end")
        self._exchange.feed_gap(self._list(body), start, end, str(body.get("reason", "")))
        return web.json_response(self._shown(), status=201)

    async def _split(self, request: web.Request) -> web.Response:
        body = await json_of(request)
        new, old = body.get("new"), body.get("old")
        if not isinstance(new, int) or not isinstance(old, int):
            raise BadRequestError("'new' and 'old' are counts of shares.")
        try:
            split = Split(self._named(body), _day(body), new, old)
        except ValueError as error:
            raise BadRequestError(str(error)) from None
        self._exchange.announce(split)
        return web.json_response(self._shown(), status=201)

    async def _symbol(self, request: web.Request) -> web.Response:
        body = await json_of(request)
        symbol, exchange = body.get("symbol"), body.get("exchange")
        if not isinstance(symbol, str) or not isinstance(exchange, str | None):
            raise BadRequestError("'symbol' is a ticker, 'exchange' NASD, NYSE, AMEX or left out.")
        try:
            if exchange is None:
                self._symbols.want(symbol)
            else:
                self._symbols.add(symbol, exchange)
        except ValueError as error:
            raise BadRequestError(str(error)) from None
        return web.json_response(self._shown(), status=201)

    def _named(self, body: Mapping[str, Any]) -> str:
        symbol = body.get("symbol")
        if not isinstance(symbol, str) or symbol not in self._symbols:
            raise BadRequestError(f"'symbol' is one of {', '.join(self._symbols)}.")
        return symbol

    def _list(self, body: Mapping[str, Any]) -> list[str]:
        symbols = body.get("symbols", list(self._symbols))
        if not isinstance(symbols, list) or any(one not in self._symbols for one in symbols):
            raise BadRequestError(f"'symbols' are of {', '.join(self._symbols)}.")
        return symbols


def _provisional_json(seen: Provisional) -> dict[str, object]:
    return order_json(seen.order) | {
        "provisional_close": None if seen.close is None else str(seen.close),
        "provisional_quantity": seen.quantity,
    }


def _tick(row: object) -> Tick:
    if not isinstance(row, dict):
        raise BadRequestError("A trade is an object.")
    hours, volume = row.get("hours"), row.get("volume")
    if isinstance(volume, bool) or not isinstance(volume, int):
        raise BadRequestError("'volume' is whole shares.")
    try:
        said = None if hours is None else Phase(str(hours))
    except ValueError:
        raise BadRequestError("'hours' is pre, regular or after.") from None
    return Tick(
        symbol=str(row.get("symbol")),
        at=_instant(row, "at"),
        price=_number(row, "price"),
        volume=volume,
        hours=said,
    )


def _bar(row: object) -> Bar:
    if not isinstance(row, dict):
        raise BadRequestError("A bar is an object.")
    volume = row.get("volume")
    if isinstance(volume, bool) or not isinstance(volume, int) or volume < 0:
        raise BadRequestError("'volume' is whole shares.")
    prices = [_number(row, name) for name in ("open", "high", "low", "close")]
    return Bar(_day(row), prices[0], prices[1], prices[2], prices[3], volume)


def _number(body: Mapping[str, Any], name: str) -> Decimal:
    try:
        number = Decimal(str(body.get(name)))
    except InvalidOperation:
        raise BadRequestError(f"'{name}' is USD, as '50.25'.") from None
    if not number.is_finite() or number <= 0:
        raise BadRequestError(f"'{name}' is USD above 0, as '50.25'.")
    return number


def _instant(body: Mapping[str, Any], name: str) -> datetime:
    try:
        instant = datetime.fromisoformat(str(body.get(name)))
    except ValueError:
        raise BadRequestError(f"'{name}' is an ISO time.") from None
    if instant.tzinfo is None:
        raise BadRequestError(f"'{name}' needs an offset, as 2026-10-07T09:30-04:00.")
    return instant


def _day(body: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(str(body.get("day")))
    except ValueError:
        raise BadRequestError("'day' is written 2026-10-07.") from None
