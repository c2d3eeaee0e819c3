"""Sending orders and cancels, each once; and the listings that tell what became of them."""

import asyncio
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from kis import codes
from kis.answers import orders as answers
from kis.auth import Tokens
from kis.codes import OnOrder
from kis.errors import (
    KisNotOffered,
    OrderGatewayRefused,
    OrderNotSent,
    OrderRefused,
    OrderUnknown,
    ReadError,
)
from kis.models import (
    NEW_YORK,
    Credentials,
    Exchange,
    Listing,
    OpenOrder,
    OrderKind,
    OrderReceipt,
    OrderRequest,
    OrderRow,
    ReservationOrder,
    ReservationRequest,
    Side,
)
from kis.reads import Question, Reader, call_headers, collect
from kis.tr_ids import TrIds
from kis.transport import Broken, Line, Reply, Unreached
from kis.wire import orders as wire
from kis.wire.codes import (
    CANCEL,
    CANCEL_RESERVATION,
    EXECUTIONS,
    OPEN_ORDERS,
    ORDER,
    RESERVATIONS,
    RESERVE,
)

_CODE = re.compile(r"[A-Z0-9]{4,10}")
# The statuses with which a refusal is believed. KIS also refuses plainly with HTTP 500, but only
# the codes that were seen to do so are believed there (kis-agent issue 44).
_REFUSED_WITH = {OnOrder.REFUSED: frozenset({200}), OnOrder.REFUSED_AT_500: frozenset({200, 500})}
_TOKEN_MARGIN = timedelta(minutes=2)
_TOKEN_WITHIN = 10.0


class Orders:
    """Orders of one account, one at a time. Nothing here sends anything twice."""

    def __init__(
        self,
        line: Line,
        tokens: Tokens,
        reader: Reader,
        credentials: Credentials,
        ids: TrIds,
        *,
        now: Callable[[], datetime],
        mock: bool,
        gateway_refusals_are_definite: bool,
    ) -> None:
        self._line = line
        self._tokens = tokens
        self._reader = reader
        self._credentials = credentials
        self._ids = ids
        self._now = now
        self._mock = mock
        self._gateway_is_definite = gateway_refusals_are_definite
        self._one_at_a_time = asyncio.Lock()

    async def place(self, order: OrderRequest) -> OrderReceipt:
        """Send an order, once. A receipt means sent; a listing tells whether it lives.

        Raises OrderNotSent, OrderGatewayRefused, OrderRefused or OrderUnknown (safety.md,
        section 2), and ValueError before anything is written: a price off the tick, or another
        kind than a limit order at 모의투자. Cancelled while it waits, it is unknown as well. It
        never waits for a token: `ensure_token` comes before.
        """
        if self._mock and order.kind is not OrderKind.LIMIT:
            raise ValueError("모의투자 takes limit orders only")
        tr_id = self._ids.buy if order.side is Side.BUY else self._ids.sell
        return await self._post(ORDER, tr_id, wire.order_body(self._credentials, order))

    async def cancel(
        self, order_number: str, symbol: str, exchange: Exchange, quantity: int
    ) -> OrderReceipt:
        """Ask to cancel the `quantity` shares left of an order; the receipt is the request's.

        Raises like `place`. Only a listing tells whether the order is gone.
        """
        body = wire.cancel_body(
            self._credentials,
            order_number=order_number,
            symbol=symbol,
            exchange=exchange,
            quantity=quantity,
        )
        return await self._post(CANCEL, self._ids.cancel, body)

    async def reserve(self, order: ReservationRequest) -> OrderReceipt:
        """Hand in an order for KIS to send at the regular open, once (예약주문).

        The receipt's number is the reservation's. KIS takes them in from 10:00 to 23:20 Seoul
        time (22:20 in US summer time), less some minutes about 16:30: not checked here. Raises
        like `place`; 모의투자 takes no reservation without a price.
        """
        if self._mock and order.price is None:
            raise ValueError("모의투자 takes limit orders only")
        tr_id = self._ids.reserve_buy if order.side is Side.BUY else self._ids.reserve_sell
        return await self._post(RESERVE, tr_id, wire.reservation_body(self._credentials, order))

    async def cancel_reservation(self, received: date, reservation_number: str) -> OrderReceipt:
        """Ask to cancel a reservation that was taken in on a Seoul date; raises like `place`.

        Only the list of reservations tells whether it is cancelled.
        """
        body = wire.cancel_reservation_body(
            self._credentials, received=received, reservation_number=reservation_number
        )
        return await self._post(
            CANCEL_RESERVATION,
            self._ids.cancel_reservation,
            body,
            number=answers.RESERVATION_NUMBER,
        )

    async def open(self) -> Listing[OpenOrder]:
        """List the orders that still work, of every symbol.

        모의투자 has no such listing: there the orders of the last days tell it. Raises
        KisUnavailable, KisBadAnswer or KisAuthError when the first page fails.
        """
        if self._ids.open_orders is None:
            return await self._open_by_executions()
        query = wire.open_orders_query(self._credentials)
        question = Question(tr_id=self._ids.open_orders, path=OPEN_ORDERS, query=query)
        return collect(
            await self._reader.rows(question, "output"),
            blank=answers.blank_order,
            read=answers.open_order,
            key=lambda order: (order.order_date, order.order_number),
            later=lambda one, other: other if other.open_quantity < one.open_quantity else one,
        )

    async def reservations(self, start: date, end: date) -> Listing[ReservationOrder]:
        """List every US reservation order (예약주문) taken in from `start` to `end`, Seoul dates.

        Cancelled, sent and turned-down ones are among them: `waiting` tells those still to come.
        Raises KisNotOffered at 모의투자, which takes reservations but cannot list them;
        KisUnavailable, KisBadAnswer or KisAuthError when the first page fails.
        """
        if self._ids.reservations is None:
            raise KisNotOffered("모의투자 lists no reservation orders")
        query = wire.reservations_query(self._credentials, start, end)
        question = Question(tr_id=self._ids.reservations, path=RESERVATIONS, query=query)
        return collect(
            await self._reader.rows(question, "output"),
            blank=answers.blank_reservation,
            read=answers.reservation,
            key=lambda row: (row.received_date, row.reservation_number),
            later=_later_reservation,
        )

    async def executions(self, start: date, end: date) -> Listing[OrderRow]:
        """List every order with US date from `start` to `end`, and what filled of it.

        KIS lists newest first. Raises KisUnavailable, KisBadAnswer or KisAuthError when the
        first page fails.
        """
        query = wire.executions_query(self._credentials, start, end, mock=self._mock)
        question = Question(tr_id=self._ids.executions, path=EXECUTIONS, query=query)
        only_day = start if start == end else None
        return collect(
            await self._reader.rows(question, "output"),
            blank=answers.blank_order,
            read=lambda row: _order_row(row, only_day),
            key=lambda row: (row.order_date, row.order_number),
            later=_later_row,
        )

    async def _open_by_executions(self) -> Listing[OpenOrder]:
        today = self._now().astimezone(NEW_YORK).date()
        day = timedelta(days=1)
        found = await self.executions(today - day, today + day)
        working = tuple(
            OpenOrder(
                order_date=row.order_date,
                order_number=row.order_number,
                original_number=row.original_number,
                symbol=row.symbol,
                exchange=row.exchange,
                side=row.side,
                quantity=row.quantity,
                price=row.price,
                filled=row.filled,
                open_quantity=row.open_quantity,
                order_time=row.ordered_at.time() if row.ordered_at else None,
            )
            for row in found.rows
            if row.open_quantity > 0 and not row.cancel
        )
        return Listing(rows=working, complete=found.complete, reason=found.reason)

    async def _post(
        self, path: str, tr_id: str, body: dict[str, str], *, number: str = answers.ORDER_NUMBER
    ) -> OrderReceipt:
        async with self._one_at_a_time:
            try:
                # Written down as sent already, an order goes out now or not at all.
                async with asyncio.timeout(_TOKEN_WITHIN):
                    token = await self._tokens.get(_TOKEN_MARGIN, wait=False)
            except (ReadError, TimeoutError) as error:
                raise OrderNotSent(f"no token to order with: {error}") from error
            outcome = await self._line.exchange(
                "POST",
                path,
                headers=call_headers(self._credentials, token, tr_id),
                body=body,
                fresh=True,
            )
            match outcome:
                case Unreached(reason=reason):
                    raise OrderNotSent(reason)
                case Broken(reason=reason):
                    raise OrderUnknown(reason)
                case Reply() as reply:
                    if reply.code in codes.TOKEN:
                        self._tokens.drop(token)
                    return self._judge(reply, number)

    def _judge(self, reply: Reply, number: str) -> OrderReceipt:
        receipt = answers.receipt(reply.body or {}, number)
        if reply.ok and receipt is not None:
            return receipt
        code, message = reply.code, self._line.clean(reply.message)
        result = reply.text("rt_cd")
        if reply.body is None:
            raise OrderUnknown(f"HTTP {reply.status} without KIS's JSON")
        if result == "0" or receipt is not None or not _CODE.fullmatch(code):
            raise OrderUnknown(f"HTTP {reply.status}, a contradictory answer")
        means = codes.on_order(code, message)
        if means is OnOrder.GATEWAY and self._gateway_is_definite:
            raise OrderGatewayRefused(code, message)
        if result and reply.status in _REFUSED_WITH.get(means, frozenset()):
            raise OrderRefused(code, message)
        raise OrderUnknown(f"HTTP {reply.status} {code} {message}".strip())


@lru_cache(maxsize=1024)
def _known_row(row: tuple[tuple[str, Any], ...], only_day: date | None) -> OrderRow:
    return answers.order_row(dict(row), only_day)


def _order_row(row: dict[str, Any], only_day: date | None) -> OrderRow:
    """Read a row; the same ones are listed again and again, all evening."""
    try:
        return _known_row(tuple(row.items()), only_day)
    except TypeError:  # a field that holds a list: not KIS's, but no row is too strange
        return answers.order_row(row, only_day)


def _later_reservation(one: ReservationOrder, other: ReservationOrder) -> ReservationOrder:
    """A reservation only ever stops waiting, and its fills only grow."""
    further = (not other.waiting, other.filled) >= (not one.waiting, one.filled)
    return other if further else one


def _later_row(one: OrderRow, other: OrderRow) -> OrderRow:
    """Fills only grow and what is open only shrinks: the row that went further is the later.

    Of two that went as far the first is kept: KIS repeats rows under another exchange's name.
    """
    further = (other.filled, -other.open_quantity) > (one.filled, -one.open_quantity)
    return other if further else one
