"""Fills, the balance and the notices of them: one story told three ways."""

from decimal import Decimal

from kis.models import NoticeKind, OrderKind, Side
from tests.kis.contract.venues import CENT, Venue


async def test_a_purchase_shows_in_fills_shares_and_money(venue: Venue) -> None:
    venue.simulator("nothing that fills is sent there")
    await venue.at("open")
    held = await venue.held()
    before = await venue.power()
    limit = (await venue.last() * Decimal("1.05")).quantize(CENT)
    receipt = await venue.kis.orders.place(venue.order(Side.BUY, 3, limit))
    row = await venue.row(receipt.order_number)
    assert (row.filled, row.open_quantity) == (3, 0)
    assert row.filled_price is not None
    assert 0 < row.filled_price <= limit
    assert row.filled_amount == row.filled_price * 3
    assert await venue.held() == held + 3
    # 모의투자 keeps a percent back, so a dollar paid may show as ninety-nine cents.
    paid = before - await venue.power()
    assert row.filled_amount * Decimal("0.98") <= paid <= row.filled_amount * Decimal("1.02")


async def test_a_fill_is_pushed_with_its_price_and_the_sale_frees_the_shares(
    venue: Venue,
) -> None:
    venue.simulator("nothing that fills is sent there")
    await venue.at("open")
    last = await venue.last()
    limit = (last * Decimal("1.05")).quantize(CENT)
    await venue.kis.orders.place(venue.order(Side.BUY, 2, limit))
    held = await venue.held()
    async with venue.kis.stream(notices=True) as stream:
        await venue.connected(stream)
        low = (last * Decimal("0.95")).quantize(CENT)
        receipt = await venue.kis.orders.place(venue.order(Side.SELL, 2, low))
        notice = await venue.notice(stream, receipt.order_number)
        while notice.kind is NoticeKind.ACCEPTED:
            notice = await venue.notice(stream, receipt.order_number)
        assert (notice.kind, notice.side, notice.quantity) == (NoticeKind.FILLED, Side.SELL, 2)
        row = await venue.row(receipt.order_number)
        assert (row.filled, row.filled_price) == (2, notice.price)
    assert await venue.held() == held - 2


async def test_a_loc_order_is_filled_at_the_close_or_not_at_all(venue: Venue) -> None:
    venue.simulator("nothing that fills is sent there")
    venue.only_real()
    await venue.at("open")
    last = await venue.last()
    above = (last * Decimal("1.20")).quantize(CENT)
    below = (last * Decimal("0.80")).quantize(CENT)
    sure = await venue.kis.orders.place(venue.order(Side.BUY, 2, above, OrderKind.LOC))
    never = await venue.kis.orders.place(venue.order(Side.BUY, 2, below, OrderKind.LOC))
    remote = venue.simulator("")
    await venue.at("close")
    await remote.sleep(600)  # the listings tell of the auction some minutes after it
    filled, expired = await venue.row(sure.order_number), await venue.row(never.order_number)
    assert (filled.filled, filled.open_quantity) == (2, 0)
    assert filled.filled_price == await _official_close(venue)
    assert (expired.filled, expired.open_quantity, expired.filled_price) == (0, 0, None)
    assert expired.refusal


async def test_a_moc_sale_takes_the_close(venue: Venue) -> None:
    venue.simulator("nothing that fills is sent there")
    venue.only_real()
    await venue.at("open")
    limit = (await venue.last() * Decimal("1.05")).quantize(CENT)
    await venue.kis.orders.place(venue.order(Side.BUY, 2, limit))
    receipt = await venue.kis.orders.place(venue.order(Side.SELL, 1, None, OrderKind.MOC))
    remote = venue.simulator("")
    await venue.at("close")
    await remote.sleep(600)
    row = await venue.row(receipt.order_number)
    assert (row.filled, row.filled_price) == (1, await _official_close(venue))


async def _official_close(venue: Venue) -> Decimal:
    """Give the close of the day, which KIS corrects until noon in Seoul."""
    remote, today = venue.simulator(""), venue.kis_today()
    await remote.sleep(9 * 3600)
    listing = await venue.kis.prices.history(venue.symbol, venue.exchange, today, today)
    return listing.rows[-1].close


async def test_the_balance_says_what_may_be_sold_and_is_whole(venue: Venue) -> None:
    listing = await venue.kis.account.holdings()
    assert listing.complete, listing.reason
    for holding in listing.rows:
        assert 0 <= holding.orderable <= holding.quantity
        assert holding.average > 0


async def test_the_money_that_may_be_used_is_said_for_a_price(venue: Venue) -> None:
    price = await venue.far()
    power = await venue.kis.account.buying_power(venue.symbol, venue.exchange, price)
    assert power.orderable >= 0
    assert power.max_quantity * price <= max(power.orderable, power.orderable_integrated)
