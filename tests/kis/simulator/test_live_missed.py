"""Trades that live mode drops: an order that one might have filled ends told, not silent."""

from datetime import timedelta
from pathlib import Path

import pytest

from kis.simulator.model import End, OrderType, Side

from .desk import new_york
from .live import evening

OVER = new_york("2026-10-07T16:02")


@pytest.mark.parametrize(
    ("off", "why"), [(-61, "stale"), (61, "ahead of the clock"), (-1, "out of order")]
)
@pytest.mark.parametrize(("price", "told"), [("49.00", True), ("51.00", False)])
def test_a_dropped_trade_is_told_only_where_it_might_have_filled(
    off: int, why: str, price: str, *, told: bool
) -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "50.00")
    day.step_to(new_york("2026-10-07T10:41"))
    day.tick(day.wall, "52.00")
    day.tick(day.wall + timedelta(seconds=off), price)
    assert day.exchange.dropped == {why: 1}
    day.step_to(OVER)
    assert day.now(order).end is End.EXPIRED
    assert ("feed gap 23:" in day.now(order).reason) is told


def test_a_clock_that_went_back_leaves_no_order_silently_unfilled() -> None:
    """The machine ran an hour fast until it was set right: KIS's trades look old till then."""
    day = evening()
    day.step_to(new_york("2026-10-07T11:00"))
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "50.00")
    day.wall -= timedelta(hours=1)
    for _ in range(100):
        day.trade("49.00")
    assert day.exchange.dropped == {"stale": 100}
    day.step_to(OVER)
    assert (day.now(order).filled, day.now(order).end) == (0, End.EXPIRED)
    assert "feed gap" in day.now(order).reason


def test_many_dropped_trades_are_one_gap() -> None:
    day = evening()
    day.order(Side.BUY, OrderType.LIMIT, 5, "50.00")
    day.step_to(new_york("2026-10-07T10:41"))
    for _ in range(100):
        day.step_to(day.wall + timedelta(seconds=1))
        day.tick(day.wall - timedelta(seconds=70), "49.00")
    noted = [gap for gap in day.store.kept("gap") if gap["reason"] == "stale"]
    assert len(noted) == 1


def test_an_old_trade_from_before_the_order_is_no_gap() -> None:
    day = evening()
    day.step_to(new_york("2026-10-07T10:41"))
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "50.00")
    day.tick(day.wall - timedelta(minutes=5), "49.00")
    day.step_to(OVER)
    assert not day.now(order).reason


def test_gaps_that_no_order_can_ask_about_any_more_are_forgotten(tmp_path: Path) -> None:
    """Weeks of restarts leave no growing file behind."""
    day = evening(tmp_path / "paper.sqlite3")
    day.exchange.feed_gap(["TQQQ"], day.wall - timedelta(days=12), day.wall, "moved")
    start = day.wall - timedelta(days=30)
    day.exchange.feed_gap(["SOXL"], start, start + timedelta(minutes=1), "long ago")
    day.again()
    kept = {gap["reason"] for gap in day.store.kept("gap")}
    assert "moved" in kept
    assert "long ago" not in kept
