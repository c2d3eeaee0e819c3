"""A trade over plain text is held against the price that KIS was asked for over TLS: 20 percent."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.paper.feed import Feed
from kis.environment import at
from kis.models import Exchange, Trade
from kis.quotations import Quotations
from kis.simulator.model import End, OrderType, Side
from tests.bot.paper.test_feed import HandClock
from tests.kis.simulator.desk import new_york
from tests.kis.simulator.live import LiveDay, evening

OVER = new_york("2026-10-07T16:02")


def feed_of(day: LiveDay, folder: Path) -> Feed:
    """A feed that asks nobody: its trades are handed to it by the test."""
    clock = HandClock(day)
    quotations = Quotations(
        at("http://127.0.0.1:9", "ws://127.0.0.1:9"),
        app_key="k",
        app_secret="s",
        now=clock.now,
        sleep=clock.sleep,
        token_file=folder / "token.json",
    )
    return Feed(
        quotations,
        day.exchange,
        day.symbols,
        clock=clock,
        beat=timedelta(seconds=30),
        tell=lambda *_: None,
    )


def trade(day: LiveDay, price: str) -> Trade:
    return Trade(
        symbol="TQQQ",
        exchange=Exchange.NASDAQ,
        at=day.wall,
        price=Decimal(price),
        quantity=100,
        day_volume=1000,
        hours=None,
    )


@pytest.mark.parametrize(
    ("price", "filled"), [("49.99", 5), ("40.00", 5), ("39.99", 0), ("4.99", 0), ("0.01", 0)]
)
async def test_a_trade_far_below_what_was_asked_for_fills_no_order(
    tmp_path: Path, price: str, filled: int
) -> None:
    day = evening()  # the bar before closed at 50
    feed = feed_of(day, tmp_path)
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "50.00")
    day.step_to(new_york("2026-10-07T10:41"))
    feed._take(trade(day, price))
    assert day.now(order).filled == filled


@pytest.mark.parametrize(("price", "filled"), [("60.00", 5), ("60.01", 0), ("69.99", 0)])
async def test_a_trade_far_above_is_none_either(tmp_path: Path, price: str, filled: int) -> None:
    day = evening()
    feed = feed_of(day, tmp_path)
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "70.00")
    day.step_to(new_york("2026-10-07T10:41"))
    feed._take(trade(day, price))
    assert day.now(order).filled == filled


async def test_what_was_asked_for_anew_moves_the_band_and_a_trade_never_does(
    tmp_path: Path,
) -> None:
    day = evening()
    feed = feed_of(day, tmp_path)
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "35.00")
    day.step_to(new_york("2026-10-07T10:41"))
    for price in ("41.00", "35.00"):  # step by step out of the band is out of the band
        feed._take(trade(day, price))
    assert day.now(order).filled == 0
    assert "TQQQ" not in feed._ticked  # so that the next beat asks
    day.exchange.price("TQQQ", Decimal("36.00"))
    feed._take(trade(day, "35.00"))
    assert day.now(order).filled == 5


async def test_an_order_that_such_a_trade_would_have_filled_ends_told(tmp_path: Path) -> None:
    day = evening()
    feed = feed_of(day, tmp_path)
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "30.00")
    day.step_to(new_york("2026-10-07T10:41"))
    feed._take(trade(day, "29.00"))
    day.step_to(OVER)
    assert (day.now(order).filled, day.now(order).end) == (0, End.EXPIRED)
    assert "feed gap" in day.now(order).reason
