"""Prices: what is asked and what is pushed, and what a practice account does without."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from kis.errors import KisNotOffered
from kis.models import StreamState, StreamStateKind, Trade
from kis.stream import Stream
from tests.kis.contract.venues import PATIENCE, Venue


async def test_a_quote_has_a_price_and_the_close_before(venue: Venue) -> None:
    quote = await venue.kis.prices.quote(venue.symbol, venue.exchange)
    assert quote.last > 0
    assert quote.previous_close > 0
    assert quote.volume >= 0


async def test_days_come_oldest_first_each_once(venue: Venue) -> None:
    bars = await venue.kis.prices.daily(venue.symbol, venue.exchange)
    days = [bar.day for bar in bars]
    assert days == sorted(set(days))
    assert all(bar.low <= bar.close <= bar.high for bar in bars)


async def test_history_pages_back_without_a_hole(venue: Venue) -> None:
    end = venue.kis_today() - timedelta(days=3)
    start = end - timedelta(days=200)
    listing = await venue.kis.prices.history(venue.symbol, venue.exchange, start, end)
    days = [bar.day for bar in listing.rows]
    assert listing.complete, listing.reason
    assert days == sorted(set(days))
    assert all(later - day <= timedelta(days=5) for day, later in pairwise(days))


async def test_details_book_and_symbol_are_for_real_accounts(venue: Venue) -> None:
    prices, symbols = venue.kis.prices, venue.kis.symbols
    if venue.mock:
        for asked in (
            prices.detail(venue.symbol, venue.exchange),
            prices.book(venue.symbol, venue.exchange),
            symbols.info(venue.symbol),
            venue.kis.calendar.settlements(venue.kis_today()),
        ):
            with pytest.raises(KisNotOffered):
                await asked
        return
    detail = await prices.detail(venue.symbol, venue.exchange)
    assert detail.exchange_rate > 0
    assert detail.year_low <= detail.year_high
    await prices.book(venue.symbol, venue.exchange)
    info = await symbols.info(venue.symbol)
    assert (info.exchange, info.listed) == (venue.exchange, True)
    assert (await venue.kis.calendar.settlements(venue.kis_today())).rows


async def test_a_symbols_exchange_is_found_on_both_kinds_of_account(venue: Venue) -> None:
    assert await venue.kis.symbols.exchange(venue.symbol) is venue.exchange


async def test_trades_are_pushed_to_a_real_account_and_declined_to_a_practice_one(
    venue: Venue,
) -> None:
    await venue.at("open")
    watched = [(venue.symbol, venue.exchange)]
    async with venue.kis.stream(symbols=watched, notices=venue.mock) as stream:
        try:
            async with asyncio.timeout(PATIENCE):
                item = await _trade_or_refusal(venue, stream)
        except TimeoutError:
            venue.simulator("nobody traded meanwhile")
            raise
    if isinstance(item, StreamState):
        assert venue.mock, item
        assert item.kind is StreamStateKind.SUBSCRIPTION_REFUSED
        return
    assert (item.symbol, item.exchange) == (venue.symbol, venue.exchange)
    assert item.price > 0


async def _trade_or_refusal(venue: Venue, stream: Stream) -> Trade | StreamState:
    async for item in stream:
        if isinstance(item, Trade):
            return item
        if isinstance(item, StreamState):
            if item.kind is not StreamStateKind.CONNECTED:
                return item
            if venue.remote is not None:
                await venue.remote.sleep(1800)
    raise AssertionError("the stream ended without a word")
