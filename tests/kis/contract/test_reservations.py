"""Reservations: taken in, listed, and taken back."""

from datetime import timedelta

import pytest

from kis.errors import KisNotOffered, OrderRefused
from kis.models import SEOUL, ReservationRequest, Side
from tests.kis.contract.venues import Venue


async def test_a_reservation_is_listed_until_it_is_taken_back(venue: Venue) -> None:
    await venue.early()
    venue.orders_are_allowed()
    price = await venue.far()
    order = ReservationRequest(
        symbol=venue.symbol, exchange=venue.exchange, side=Side.BUY, quantity=1, price=price
    )
    try:
        receipt = await venue.kis.orders.reserve(order)
    except OrderRefused as refused:
        if venue.live:
            pytest.skip(f"not in the hours of reservations: {refused}")
        raise
    today = venue.now().astimezone(SEOUL).date()
    if venue.mock:
        with pytest.raises(KisNotOffered):
            await venue.kis.orders.reservations(today, today)
        await venue.kis.orders.cancel_reservation(today, receipt.order_number)
        return
    found = await venue.kis.orders.reservations(today - timedelta(days=1), today)
    assert found.complete, found.reason
    [row] = [one for one in found.rows if one.reservation_number == receipt.order_number]
    assert (row.symbol, row.quantity, row.price, row.waiting) == (venue.symbol, 1, price, True)
    await venue.kis.orders.cancel_reservation(row.received_date, row.reservation_number)
    found = await venue.kis.orders.reservations(today - timedelta(days=1), today)
    [row] = [one for one in found.rows if one.reservation_number == receipt.order_number]
    assert (row.cancelled, row.waiting) == (True, False)
