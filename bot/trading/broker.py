"""The counter over KIS: the only place where trading's words become `kis`'s and back."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from bot.trading.broker_rows import announced_of, bar_of, order_of, reserved_of, resting_of
from bot.trading.model import Slot
from bot.trading.ports import (
    Accepted,
    Announced,
    BrokerSilent,
    GatewayRefused,
    Held,
    Meaning,
    NotListed,
    NotSent,
    OrderList,
    PlaceAnswer,
    Refused,
    RestingList,
    Touch,
    Unknown,
)
from kis import codes
from kis.client import Kis
from kis.codes import Kind
from kis.errors import (
    KisNotOffered,
    KisUnknownSymbol,
    OrderError,
    OrderGatewayRefused,
    OrderNotSent,
    OrderRefused,
    OrderUnknown,
    ReadError,
)
from kis.models import (
    BuyingPower,
    Exchange,
    ExecutionNotice,
    OrderKind,
    OrderReceipt,
    OrderRequest,
    StreamGap,
    StreamState,
    Trade,
)
from kis.models import Side as KisSide
from strategy.model import Bar, OrderType

T = TypeVar("T")

_LISTED = {"TQQQ": Exchange.NASDAQ, "SOXL": Exchange.AMEX}
_KINDS = {
    OrderType.LIMIT: OrderKind.LIMIT,
    OrderType.LOC: OrderKind.LOC,
    OrderType.MOC: OrderKind.MOC,
}
_LACKS = {Kind.CASH: "usd", Kind.QUANTITY: "shares"}
# A reservation lives for one session; over a run of holidays that may be a week away.
RESERVED_BEFORE = timedelta(days=10)
ONE_DAY = timedelta(days=1)


def meaning(reason: str) -> Meaning | None:
    """Say what a reason of KIS's means and what to do about it; None when nobody knows.

    A `ports.Explain`: it finds the code, or words that KIS is known for, anywhere in the reason.
    """
    found = codes.explain(reason)
    if found is None or found.kind in {Kind.OK, Kind.NOTHING_FOUND}:
        return None
    return Meaning(cause=found.cause, remedy=found.remedy)


class KisBroker:
    """A `ports.Broker` over one KIS account.

    `sockets` is the folder by which this machine's processes share one websocket a key.
    """

    def __init__(self, kis: Kis, *, sockets: Path | None = None) -> None:
        self._kis = kis
        self._sockets = sockets
        self._exchanges: dict[str, Exchange] = dict(_LISTED)
        self._rate: Decimal | None = None

    @property
    def token_expires_at(self) -> datetime | None:
        """When the log-in at KIS ends (aware); None before the first question."""
        return self._kis.token_expires_at

    async def ready(self, valid_for: timedelta) -> None:
        await _read(self._kis.ensure_token(valid_for))

    async def bars(self, symbol: str, *, before: date, count: int) -> Sequence[Bar]:
        exchange = await self.exchange(symbol)
        rows = list(
            await _read(self._kis.prices.daily(symbol, exchange, until=before, adjusted=False))
        )
        return [bar_of(row) for row in rows if row.day < before][-count:]

    async def last_price(self, symbol: str) -> Decimal:
        quote = await _read(self._kis.prices.quote(symbol, await self.exchange(symbol)))
        return quote.last

    async def orderable_usd(self, symbol: str) -> Decimal:
        power = await self._power(symbol)
        # With 통합증거금 won stand for dollars: KIS's own figure for it is the larger one then.
        return max(power.orderable, power.orderable_integrated)

    async def _power(self, symbol: str) -> BuyingPower:
        exchange = await self.exchange(symbol)
        power = await _read(self._kis.account.buying_power(symbol, exchange, Decimal(0)))
        self._rate = power.exchange_rate
        return power

    def rate_heard(self) -> Decimal | None:
        """Give the rate (KRW a dollar) that came with the last answer about money, once."""
        rate, self._rate = self._rate, None
        return rate

    async def touch(self, symbol: str) -> Touch:
        """Read the best bid and ask; where KIS shows none the last trade stands for both.

        Raises BrokerSilent.
        """
        exchange = await self.exchange(symbol)
        try:
            book = await self._kis.prices.book(symbol, exchange)
        except KisNotOffered:
            book = None
        except ReadError as error:
            raise BrokerSilent(f"{type(error).__name__}: {error}") from error
        if book is not None and book.bids and book.asks:
            return Touch(bid=book.bids[0].price, ask=book.asks[0].price, traded=False)
        last = await self.last_price(symbol)
        return Touch(bid=last, ask=last, traded=True)

    async def quantity(self, symbol: str) -> int:
        return (await self.holding(symbol)).quantity

    async def holding(self, symbol: str) -> Held:
        listing = await _read(self._kis.account.holdings())
        if not listing.complete:
            raise BrokerSilent(f"the list of holdings is incomplete: {listing.reason}")
        for row in listing.rows:  # one row a symbol
            if row.symbol == symbol:
                return Held(quantity=row.quantity, average=row.average)
        return Held(quantity=0, average=Decimal(0))

    async def resting(self, symbol: str, *, today: date) -> RestingList:
        working = await _read(self._kis.orders.open())
        orders = [resting_of(row) for row in working.rows if row.symbol == symbol]
        try:
            reserved = await self._kis.orders.reservations(today - RESERVED_BEFORE, today + ONE_DAY)
        except KisNotOffered:
            return RestingList(orders=tuple(orders), complete=working.complete, reservations=False)
        except ReadError as error:
            raise BrokerSilent(f"{type(error).__name__}: {error}") from error
        orders += [
            reserved_of(row) for row in reserved.rows if row.symbol == symbol and row.waiting
        ]
        complete = working.complete and reserved.complete
        return RestingList(orders=tuple(orders), complete=complete, reservations=True)

    async def orders(self, session: date) -> OrderList:
        listing = await _read(self._kis.orders.executions(session, session))
        return OrderList(
            orders=tuple(order_of(row) for row in listing.rows if row.order_date == session),
            complete=listing.complete,
            reason=listing.reason,
        )

    async def money(self, symbol: str) -> Decimal | None:
        power = await self._power(symbol)
        # More with won than without: 통합증거금, where KIS exchanges money by itself overnight.
        return None if power.orderable_integrated > power.orderable else power.orderable

    async def announced(self, symbol: str, start: date, end: date) -> Sequence[Announced]:
        try:
            listing = await self._kis.announcements.rights(start, end, symbol)
        except KisNotOffered:
            return ()
        except ReadError as error:
            raise BrokerSilent(f"{type(error).__name__}: {error}") from error
        return [found for row in listing.rows if (found := announced_of(row)) is not None]

    async def place(self, slot: Slot) -> PlaceAnswer:
        # Down as sent already, it waits for no question: its price was asked for before.
        exchange = self._exchanges.get(slot.symbol)
        if exchange is None:
            return NotSent(reason=f"the exchange of {slot.symbol} is not known yet")
        answer = await _ordered(self._post(slot, exchange))
        if isinstance(answer, Refused) and answer.code and slot.type is not OrderType.LIMIT:
            # Refused before the open as a LOC, it waits for the open (settled.md, "The day").
            known = codes.lookup(answer.code, answer.message)
            if known is not None and known.kind is Kind.ORDER_TYPE:
                return replace(answer, outside_hours=True)
        return answer

    async def _post(self, slot: Slot, exchange: Exchange) -> OrderReceipt:
        order = OrderRequest(
            symbol=slot.symbol,
            exchange=exchange,
            side=KisSide(slot.side.value),
            kind=_KINDS[slot.type],
            quantity=slot.quantity,
            price=slot.price,
        )
        return await self._kis.orders.place(order)

    async def cancel(self, slot: Slot, order_number: str, open_quantity: int) -> PlaceAnswer:
        try:
            exchange = await self.exchange(slot.symbol)
        except BrokerSilent as silence:
            return NotSent(reason=str(silence))
        return await _ordered(
            self._kis.orders.cancel(order_number, slot.symbol, exchange, open_quantity)
        )

    async def watch(
        self,
        symbols: Iterable[str],
        *,
        noticed: Callable[[], None],
        traded: Callable[[str, Decimal, datetime], None],
        changed: Callable[[str, str], None],
    ) -> None:
        """Follow the websocket until KIS refuses it: notices and trades are hints, no figures."""
        keys = [(symbol, await self.exchange(symbol)) for symbol in symbols]
        async with self._kis.stream(symbols=keys, notices=True, shared=self._sockets) as stream:
            async for item in stream:
                match item:
                    case ExecutionNotice():
                        noticed()
                    case Trade():
                        traded(item.symbol, item.price, item.at)
                    case StreamState():
                        changed(item.kind.value, item.reason)
                    case StreamGap():
                        changed("gap", f"{', '.join(item.symbols) or item.feed}: {item.reason}")

    async def exchange(self, symbol: str) -> Exchange:
        """Find where a symbol is listed by asking KIS; never guess."""
        if symbol not in self._exchanges:
            try:
                self._exchanges[symbol] = await self._kis.symbols.exchange(symbol)
            except KisUnknownSymbol as unknown:
                raise NotListed(f"KIS shows no {symbol} on any US exchange") from unknown
            except ReadError as error:
                raise BrokerSilent(f"{type(error).__name__}: {error}") from error
        return self._exchanges[symbol]


async def _read(question: Awaitable[T]) -> T:
    try:
        return await question
    except ReadError as error:
        raise BrokerSilent(f"{type(error).__name__}: {error}") from error


async def _ordered(posting: Awaitable[OrderReceipt]) -> PlaceAnswer:
    try:
        receipt = await posting
    except OrderGatewayRefused as error:
        return GatewayRefused(code=error.code, message=error.message)
    except OrderRefused as error:
        kind = error.meaning.kind if error.meaning is not None else None
        return Refused(
            code=error.code,
            message=error.message,
            outside_hours=kind is Kind.HOURS,
            lacks=_LACKS.get(kind, "") if kind is not None else "",
        )
    except OrderNotSent as error:
        return NotSent(reason=str(error))
    except OrderUnknown as error:
        return Unknown(reason=error.reason)
    except OrderError as error:
        return Unknown(reason=str(error))
    except ValueError as error:
        # Raised before anything is written: a kind of order this venue does not take.
        return Refused(code="", message=str(error))
    return Accepted(order_number=receipt.order_number)
