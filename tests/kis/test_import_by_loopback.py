"""The client asks the simulator what an owner has who comes in mid-cycle: shares and orders."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kis.client import Kis
from kis.environment import at
from kis.errors import KisNotOffered
from kis.models import Credentials, Exchange, Side
from tests.kis.counter import Clock
from tests.kis.simulator.desk import Desk, running

# In Seoul and in New York alike: it is the evening before the open.
DAY = date(2026, 10, 7)


@asynccontextmanager
async def mid_cycle(token_file: Path, *, mock: bool = False) -> AsyncIterator[tuple[Kis, Desk]]:
    """The owner holds 100 TQQQ at 50.25, has a sell resting and another one reserved."""
    async with running(with_token=False) as desk:
        config = desk.config
        credentials = Credentials(
            app_key=config.app_key,
            app_secret=config.app_secret,
            account=config.account,
            hts_id=config.hts_id,
        )
        clock = Clock()
        clock.time = datetime.fromisoformat("2026-10-07T05:00-04:00")
        await desk.control("PUT", "holdings/TQQQ", {"quantity": 100, "average": "50.25"})
        sale = {"symbol": "TQQQ", "side": "sell", "quantity": 25, "price": "88.50"}
        await desk.control("POST", "orders", sale)
        await desk.control("POST", "reservations", sale | {"quantity": 75, "price": "60.00"})
        environment = at(desk.url, "ws://-", calls_per_second=10_000, mock=mock)
        async with Kis(
            environment, credentials, now=clock.now, sleep=clock.sleep, token_file=token_file
        ) as kis:
            yield kis, desk


async def test_holdings_carry_the_average_that_kis_shows(token_file: Path) -> None:
    async with mid_cycle(token_file) as (kis, _):
        listing = await kis.account.holdings()
        (held,) = listing.rows
        assert listing.complete
        assert (held.symbol, held.quantity, held.orderable) == ("TQQQ", 100, 75)
        assert held.average == Decimal("50.25")


@pytest.mark.parametrize("mock", [False, True])
async def test_the_resting_order_by_hand_is_among_the_open_ones(
    mock: bool, token_file: Path
) -> None:
    async with mid_cycle(token_file, mock=mock) as (kis, _):
        listing = await kis.orders.open()
        (order,) = listing.rows
        assert listing.complete
        assert (order.symbol, order.side, order.open_quantity) == ("TQQQ", Side.SELL, 25)
        assert order.price == Decimal("88.50")
        executions = await kis.orders.executions(DAY, DAY)
        assert [row.media for row in executions.rows] == ["모바일"]


async def test_the_reservation_waits_until_it_is_sent_at_the_open(token_file: Path) -> None:
    async with mid_cycle(token_file) as (kis, desk):
        listing = await kis.orders.reservations(DAY, DAY)
        (kept,) = listing.rows
        assert listing.complete
        assert (kept.symbol, kept.exchange, kept.side) == ("TQQQ", Exchange.NASDAQ, Side.SELL)
        assert (kept.quantity, kept.price, kept.waiting) == (75, Decimal(60), True)
        await desk.go("open")
        (sent,) = (await kis.orders.reservations(DAY, DAY)).rows
        assert (sent.waiting, sent.order_number, sent.order_date) == (False, "2", DAY)
        assert {order.order_number for order in (await kis.orders.open()).rows} == {"1", "2"}


async def test_a_cancelled_reservation_waits_no_more(token_file: Path) -> None:
    async with mid_cycle(token_file) as (kis, desk):
        await desk.control("DELETE", "reservations/2026-10-07/1")
        (kept,) = (await kis.orders.reservations(DAY, DAY)).rows
        assert (kept.cancelled, kept.waiting, kept.order_number) == (True, False, None)


async def test_reservations_are_listed_over_several_pages(token_file: Path) -> None:
    async with mid_cycle(token_file) as (kis, desk):
        more = {"symbol": "SOXL", "side": "buy", "quantity": 1, "price": "20.00"}
        for _ in range(44):
            await desk.control("POST", "reservations", more)
        listing = await kis.orders.reservations(DAY, DAY)
        assert listing.complete
        numbers = [int(row.reservation_number) for row in listing.rows]
        assert numbers == list(range(1, 46))


async def test_mock_says_that_it_lists_no_reservations(token_file: Path) -> None:
    async with mid_cycle(token_file, mock=True) as (kis, _):
        with pytest.raises(KisNotOffered):
            await kis.orders.reservations(DAY, DAY)
