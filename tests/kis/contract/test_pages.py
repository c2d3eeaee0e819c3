"""Listings of many pages come whole: every order once, however they are cut."""

from datetime import timedelta
from decimal import Decimal

from kis.models import Side
from tests.kis.contract.venues import Venue

ORDERS = 43  # more than two pages of orders and fills, more than one of open orders


async def test_every_order_of_a_long_day_is_listed_once(venue: Venue) -> None:
    venue.simulator("so many orders are a nuisance")
    await venue.at("taken")
    price = await venue.far()
    placed = [
        await venue.kis.orders.place(venue.order(Side.BUY, 1, price - Decimal("0.01") * number))
        for number in range(ORDERS)
    ]
    numbers = {receipt.order_number for receipt in placed}
    assert len(numbers) == ORDERS
    assert set(await venue.open()) == numbers
    today = venue.kis_today()
    listing = await venue.kis.orders.executions(today, today)
    assert listing.complete, listing.reason
    mine = [row for row in listing.rows if row.order_number in numbers]
    assert {row.price for row in mine} == {price - Decimal("0.01") * n for n in range(ORDERS)}
    assert len(mine) == ORDERS
    for number in numbers:
        await venue.cancel(number, 1)
    assert await venue.open() == []


async def test_a_day_without_orders_is_empty_and_whole(venue: Venue) -> None:
    future = venue.kis_today() + timedelta(days=20)
    listing = await venue.kis.orders.executions(future, future)
    assert (listing.rows, listing.complete, listing.empty) == ((), True, True)
