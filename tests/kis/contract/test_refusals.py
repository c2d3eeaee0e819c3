"""What is refused is refused definitely, with a code and words; what is broken is named."""

from decimal import Decimal

import pytest

from kis import codes
from kis.errors import (
    KisAuthError,
    KisBadAnswer,
    KisUnavailable,
    OrderGatewayRefused,
    OrderRefused,
    OrderUnknown,
)
from kis.models import Exchange, OrderRequest, Side
from tests.kis.contract.venues import SIMULATOR, Venue, client


async def _refused(venue: Venue, order: OrderRequest) -> OrderRefused:
    with pytest.raises(OrderRefused) as refused:
        await venue.kis.orders.place(order)
    assert codes.lookup(refused.value.code, refused.value.message) is not None
    return refused.value


async def test_an_unknown_symbol_is_refused(venue: Venue) -> None:
    await venue.at("taken")
    venue.orders_are_allowed()
    order = OrderRequest(
        symbol="NOSUCHX",
        exchange=Exchange.NASDAQ,
        side=Side.BUY,
        kind=venue.order(Side.BUY, 1, Decimal(1)).kind,
        quantity=1,
        price=Decimal("1.00"),
    )
    await _refused(venue, order)


async def test_an_unknown_symbol_has_no_price(venue: Venue) -> None:
    with pytest.raises((KisBadAnswer, KisUnavailable)):
        await venue.kis.prices.quote("NOSUCHX", Exchange.NASDAQ)


async def test_more_shares_than_are_held_cannot_be_sold(venue: Venue) -> None:
    await venue.at("taken")
    venue.simulator("a sale could fill")
    held = await venue.held()
    await _refused(venue, venue.order(Side.SELL, held + 1, await venue.last()))


async def test_more_than_the_money_is_worth_cannot_be_bought(venue: Venue) -> None:
    await venue.at("taken")
    venue.orders_are_allowed()
    price = await venue.far()
    power = await venue.kis.account.buying_power(venue.symbol, venue.exchange, price)
    most = max(power.orderable, power.orderable_integrated)
    await _refused(venue, venue.order(Side.BUY, int(most * 100 / price) + 100, price))


async def test_after_hours_an_order_is_refused(venue: Venue) -> None:
    remote = venue.simulator("the hour is what it is")
    await venue.at("close")
    await remote.sleep(5 * 3600)
    order = venue.order(Side.BUY, 1, await venue.far())
    meaning = codes.lookup(*(await _refused_pair(venue, order)))
    assert meaning is not None
    assert meaning.kind is codes.Kind.HOURS


async def _refused_pair(venue: Venue, order: OrderRequest) -> tuple[str, str]:
    refused = await _refused(venue, order)
    return refused.code, refused.message


async def test_a_token_that_kis_forgot_is_replaced_by_itself(venue: Venue) -> None:
    venue.simulator("every new token is told to its owner")
    await venue.last()
    await venue.fault("token_expired")
    assert await venue.last() > 0


async def test_keys_that_are_wrong_are_named_as_such(venue: Venue) -> None:
    remote = venue.simulator("wrong keys may get an address blocked")
    wrong = type(SIMULATOR)(
        app_key="W" * 36, app_secret="W" * 180, account="81000000-01", hts_id="SIMUSER1"
    )
    file = venue.token_file.with_name("wrong.json")
    async with client(venue.kis.environment, wrong, remote, file) as kis:
        with pytest.raises(KisAuthError):
            await kis.prices.quote(venue.symbol, venue.exchange)


async def test_too_many_calls_are_asked_again_when_they_read_and_told_when_they_order(
    venue: Venue,
) -> None:
    venue.simulator("the limit of an account of yours is left alone")
    await venue.at("taken")
    price = await venue.far()
    await venue.fault("rate_limited")
    assert await venue.last() > 0
    await venue.fault("rate_limited")
    with pytest.raises(OrderGatewayRefused):
        await venue.kis.orders.place(venue.order(Side.BUY, 1, price))
    assert await venue.open() == []


async def test_an_order_whose_answer_is_lost_is_unknown_and_is_found_in_the_listing(
    venue: Venue,
) -> None:
    venue.simulator("answers are lost on purpose at the simulator only")
    await venue.at("taken")
    price = await venue.far()
    await venue.fault("error_500_after_accept")
    with pytest.raises(OrderUnknown):
        await venue.kis.orders.place(venue.order(Side.BUY, 1, price))
    [number] = await venue.open()
    await venue.cancel(number, 1)
    await venue.until_gone(number)
