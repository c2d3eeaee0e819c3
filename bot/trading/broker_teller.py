"""The window for questions over KIS: money, prices, fees; no order passes here."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from bot.trading.broker import KisBroker
from bot.trading.ports import BrokerSilent
from bot.trading.ports_money import Charge, Charges, MinuteSeen, Purse, Quoted
from kis.client import Kis
from kis.errors import KisNotOffered, ReadError
from kis.models import MinuteBar, PresentBalance, Transaction
from strategy.model import Side

T = TypeVar("T")

USD = "USD"


class KisTeller:
    """A `ports_money.Teller` over one KIS account; where symbols are listed the broker knows."""

    def __init__(self, kis: Kis, broker: KisBroker) -> None:
        self._kis = kis
        self._broker = broker

    async def purse(self, symbol: str) -> Purse:
        exchange = await self._broker.exchange(symbol)
        power = await _read(self._kis.account.buying_power(symbol, exchange, Decimal(0)))
        try:
            present = await _read(self._kis.account.present())
        except BrokerSilent:
            present = None
        cash = _dollars(present)
        totals = present.totals_krw if present is not None else None
        return Purse(
            orderable=power.orderable,
            integrated=power.orderable_integrated,
            cash=power.cash if cash is None else cash[0],
            rate=power.exchange_rate,
            withdrawable=None if cash is None else cash[1],
            won=totals.deposits if totals else None,
            assets=totals.assets if totals else None,
            unsettled_buys=totals.unsettled_buys if totals else None,
            unsettled_sells=totals.unsettled_sells if totals else None,
        )

    async def quoted(self, symbol: str) -> Quoted:
        exchange = await self._broker.exchange(symbol)
        try:
            detail = await self._kis.prices.detail(symbol, exchange)
        except KisNotOffered:
            quote = await _read(self._kis.prices.quote(symbol, exchange))
            return Quoted(
                symbol=symbol,
                last=quote.last,
                previous_close=quote.previous_close,
                volume=quote.volume,
            )
        except ReadError as error:
            raise _silence(error) from error
        return Quoted(
            symbol=symbol,
            last=detail.last,
            previous_close=detail.previous_close,
            volume=detail.volume,
            open=detail.open,
            high=detail.high,
            low=detail.low,
            year_high=detail.year_high,
            year_low=detail.year_low,
            rate=detail.exchange_rate,
        )

    async def minutes(
        self, symbol: str, *, minutes: int, since: datetime
    ) -> Sequence[MinuteSeen] | None:
        exchange = await self._broker.exchange(symbol)
        listing = await _offered(
            lambda: self._kis.prices.minutes(symbol, exchange, minutes=minutes, since=since)
        )
        return None if listing is None else [_minute(bar) for bar in listing.rows]

    async def charges(self, start: date, end: date) -> Charges | None:
        # KIS lists by the date it entered a trade: in Seoul that is the day after the session.
        listing = await _offered(
            lambda: self._kis.account.transactions(start, end + timedelta(days=1))
        )
        if listing is None:
            return None
        return Charges(
            rows=tuple(_charge(row) for row in listing.rows if row.currency == USD),
            complete=listing.complete,
        )

    def rate_heard(self) -> Decimal | None:
        return self._broker.rate_heard()


def _dollars(present: PresentBalance | None) -> tuple[Decimal, Decimal] | None:
    """Give the USD in cash, and those that may be withdrawn."""
    if present is None or present.cash is None:
        return None
    for row in present.cash.rows:
        if row.currency == USD:
            return row.cash, row.withdrawable
    return None


def _minute(bar: MinuteBar) -> MinuteSeen:
    return MinuteSeen(
        at=bar.start,
        open=bar.open,
        high=bar.high,
        low=bar.low,
        close=bar.close,
        volume=bar.volume,
    )


def _charge(row: Transaction) -> Charge:
    return Charge(
        session=row.traded,
        settled=row.settled,
        symbol=row.symbol,
        side=Side(row.side.value),
        quantity=row.quantity,
        amount=row.amount,
        fee=row.fee,
        rate=row.exchange_rate,
    )


async def _offered(question: Callable[[], Awaitable[T]]) -> T | None:
    """Ask what a venue may not offer: then None. Raises BrokerSilent."""
    try:
        return await question()
    except KisNotOffered:
        return None
    except ReadError as error:
        raise _silence(error) from error


async def _read(question: Awaitable[T]) -> T:
    try:
        return await question
    except ReadError as error:
        raise _silence(error) from error


def _silence(error: ReadError) -> BrokerSilent:
    return BrokerSilent(f"{type(error).__name__}: {error}")
