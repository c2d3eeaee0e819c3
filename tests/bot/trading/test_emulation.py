"""The rules by which a limit order stands for a LOC or a MOC where neither is taken."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.trading.emulation import Emulation, imitated, imitation, room
from bot.trading.model import Emulated, Slot, as_sent
from bot.trading.ports import Touch
from strategy.model import Leg, OrderType, Side

D = Decimal
CENTS = st.decimals(min_value="1.00", max_value="900.00", places=2)
FOUR_MINUTES, ONE_MINUTE = timedelta(minutes=4), timedelta(minutes=1)


def slot(kind: OrderType, side: Side, price: str | Decimal | None) -> Slot:
    return Slot(
        key="2026-10-07.1.0.1",
        round_id="2026-10-07.1",
        index=0,
        attempt=1,
        symbol="TQQQ",
        side=side,
        type=kind,
        price=None if price is None else D(price),
        quantity=3,
        leg=Leg.STAR,
    )


def at(bid: str, ask: str) -> Touch:
    return Touch(bid=D(bid), ask=D(ask), traded=False)


@pytest.mark.parametrize(
    ("side", "limit", "bid", "ask", "sent"),
    [
        (Side.BUY, "51.00", "49.99", "50.01", "50.26"),  # 50.26005, down to the cent
        (Side.BUY, "50.10", "49.99", "50.01", "50.10"),  # never above its own limit
        (Side.BUY, "50.01", "49.99", "50.01", "50.01"),  # the limit itself is crossed
        (Side.BUY, "50.00", "49.99", "50.01", None),
        (Side.SELL, "49.00", "50.01", "50.03", "49.76"),  # 49.75995, up to the cent
        (Side.SELL, "49.90", "50.01", "50.03", "49.90"),  # never below its own limit
        (Side.SELL, "50.01", "50.01", "50.03", "50.01"),
        (Side.SELL, "50.02", "50.01", "50.03", None),
    ],
)
def test_a_loc_goes_half_a_percent_through_the_market_and_ends_at_its_own_limit(
    side: Side, limit: str, bid: str, ask: str, sent: str | None
) -> None:
    how = imitation(slot(OrderType.LOC, side, limit), at(bid, ask))
    if sent is None:
        assert how == f"not_crossed {ask if side is Side.BUY else bid}"
    else:
        assert how == Emulated(price=D(sent), bid=D(bid), ask=D(ask), traded=False)


def test_a_moc_sale_goes_one_percent_below_the_bid() -> None:
    how = imitation(slot(OrderType.MOC, Side.SELL, None), at("50.01", "50.03"))
    assert isinstance(how, Emulated)
    assert how.price == D("49.51")  # 49.5099, up to the cent


@pytest.mark.parametrize(
    "strange",
    [
        slot(OrderType.MOC, Side.BUY, None),
        slot(OrderType.LIMIT, Side.SELL, "50"),
        slot(OrderType.LOC, Side.BUY, None),
    ],
)
def test_what_is_neither_a_loc_nor_a_moc_sale_is_not_imitated(strange: Slot) -> None:
    assert imitation(strange, at("50", "50")) == "no_imitation"


def test_only_loc_and_moc_are_imitated() -> None:
    assert imitated(slot(OrderType.LOC, Side.BUY, "1"))
    assert imitated(slot(OrderType.MOC, Side.SELL, None))
    assert not imitated(slot(OrderType.LIMIT, Side.SELL, "1"))


@given(side=st.sampled_from(Side), limit=CENTS, bid=CENTS, spread=CENTS)
def test_an_imitated_loc_keeps_within_its_limit_on_whole_cents_and_within_half_a_percent(
    side: Side, limit: Decimal, bid: Decimal, spread: Decimal
) -> None:
    touch = Touch(bid=bid, ask=bid + spread, traded=False)
    order = slot(OrderType.LOC, side, limit)
    how = imitation(order, touch)
    buys = side is Side.BUY
    crossed = touch.ask <= limit if buys else touch.bid >= limit
    assert isinstance(how, Emulated) == crossed
    if isinstance(how, Emulated):
        sent = as_sent(order, how)
        assert sent.type is OrderType.LIMIT
        assert sent.price is not None
        assert sent.price == sent.price.quantize(D("0.01"))
        assert sent.price <= limit if buys else sent.price >= limit
        near = touch.ask * D("1.005") if buys else touch.bid * D("0.995")
        assert sent.price <= near if buys else sent.price >= near
        assert sent.price >= touch.ask if buys else sent.price <= touch.bid, "it can trade"


def venue(calls: str = "1", page: int = 15) -> Emulation:
    async def silent(symbol: str) -> Touch:
        raise AssertionError(symbol)

    return Emulation(touch=silent, calls_per_second=D(calls), rows_on_a_page=page)


def test_a_whole_window_has_room_for_twenty_legs_at_one_call_a_second() -> None:
    assert room(FOUR_MINUTES, ONE_MINUTE, 1, venue()) >= 20


def test_room_is_what_can_be_sent_and_cancelled_in_time() -> None:
    # Two calls an order while one page lists them all.
    assert room(timedelta(seconds=20), ONE_MINUTE, 0, venue()) == 10
    assert room(timedelta(seconds=21), ONE_MINUTE, 0, venue()) == 10
    # From the sixteenth row on a listing takes two calls.
    assert room(timedelta(seconds=20), ONE_MINUTE, 15, venue()) == 7
    # Twelve cancels, and a page before and behind them that they share with twelve orders.
    assert room(FOUR_MINUTES, timedelta(seconds=16), 0, venue()) == 12
    assert room(timedelta(seconds=1), ONE_MINUTE, 0, venue()) == 0
    assert room(timedelta(seconds=-5), ONE_MINUTE, 0, venue()) == 0
    assert room(timedelta(seconds=20), ONE_MINUTE, 0, venue(calls="0.5")) == 5


@given(
    seconds=st.integers(0, 300),
    rows=st.integers(0, 60),
    calls=st.sampled_from(["0.5", "1", "2"]),
)
def test_the_calls_of_a_room_fit_into_its_time(seconds: int, rows: int, calls: str) -> None:
    places = room(timedelta(seconds=seconds), ONE_MINUTE, rows, venue(calls))

    def pages(listed: int) -> int:
        return max(1, (listed + 14) // 15)

    sending = sum(pages(rows + sent) + 1 for sent in range(places))
    cancelling = places + 2 * pages(rows + 2 * places) if places else 0
    assert sending <= seconds * D(calls)
    assert cancelling <= 60 * D(calls)
