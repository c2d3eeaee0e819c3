"""Place, list, cancel: what was sent is listed as it was sent, and gone when it was cancelled."""

import pytest

from kis.errors import OrderRefused
from kis.models import NEW_YORK, NoticeKind, OrderKind, Side
from tests.kis.contract.venues import Venue


async def test_an_order_is_listed_as_it_was_sent_until_it_is_cancelled(venue: Venue) -> None:
    await venue.at("taken")
    price = await venue.far()
    async with venue.resting() as receipt:
        listing = await venue.kis.orders.open()
        assert listing.complete
        [row] = [one for one in listing.rows if one.order_number == receipt.order_number]
        assert (row.symbol, row.side, row.quantity, row.price) == (venue.symbol, Side.BUY, 1, price)
        assert (row.filled, row.open_quantity) == (0, 1)
    assert receipt.order_number not in await venue.open()


async def test_a_cancelled_order_stays_in_the_days_listing_with_nothing_open(venue: Venue) -> None:
    await venue.at("taken")
    async with venue.resting() as receipt:
        pass
    today = venue.kis_today()
    row = await venue.row(receipt.order_number)
    assert (row.filled, row.open_quantity, row.filled_price) == (0, 0, None)
    assert row.order_date == today
    assert row.ordered_at is None or row.ordered_at.astimezone(NEW_YORK).date() == today


async def test_a_loc_order_rests_on_a_real_account_and_is_never_sent_to_the_practice_one(
    venue: Venue,
) -> None:
    await venue.at("taken")
    if venue.mock:
        with pytest.raises(ValueError, match="limit orders only"):
            await venue.kis.orders.place(venue.order(Side.BUY, 1, await venue.far(), OrderKind.LOC))
        return
    async with venue.resting(OrderKind.LOC) as receipt:
        assert receipt.order_number in await venue.open()


async def test_an_order_that_is_gone_or_never_was_cannot_be_cancelled(venue: Venue) -> None:
    await venue.at("taken")
    async with venue.resting() as receipt:
        pass
    for number in (receipt.order_number, "99999999"):
        with pytest.raises(OrderRefused) as refused:
            await venue.cancel(number, 1)
        assert refused.value.code
        assert refused.value.message


async def test_the_acceptance_of_an_order_and_its_end_are_pushed(venue: Venue) -> None:
    await venue.at("taken")
    async with venue.kis.stream(notices=True) as stream:
        await venue.connected(stream)
        async with venue.resting() as receipt:
            accepted = await venue.notice(stream, receipt.order_number)
            assert (accepted.kind, accepted.side) == (NoticeKind.ACCEPTED, Side.BUY)
            assert (accepted.symbol, accepted.order_quantity) == (venue.symbol, 1)
        ended = await venue.notice(stream, receipt.order_number)
        assert ended.kind in {NoticeKind.CANCELLED, NoticeKind.ACCEPTED}
