import pytest

from strategy.errors import StrategyError
from strategy.matching import fill_price, fills
from strategy.model import Bar, Leg, Order, OrderType, Side
from strategy.versions import plan
from tests.strategy.states import TUESDAY, D, bar, holding, market

DAY = Bar(day=TUESDAY, open=D("10.50"), high=D("12.00"), low=D("9.00"), close=D("11.00"))


def _order(side: Side, kind: OrderType, price: str | None) -> Order:
    limit = None if price is None else D(price)
    return Order(side=side, type=kind, price=limit, quantity=1, leg=Leg.STAR)


@pytest.mark.parametrize(
    ("side", "kind", "limit", "expected"),
    [
        (Side.BUY, OrderType.LOC, "11.00", "11.00"),
        (Side.BUY, OrderType.LOC, "11.50", "11.00"),
        (Side.BUY, OrderType.LOC, "10.99", None),
        (Side.SELL, OrderType.LOC, "11.00", "11.00"),
        (Side.SELL, OrderType.LOC, "10.00", "11.00"),
        (Side.SELL, OrderType.LOC, "11.01", None),
        (Side.SELL, OrderType.LIMIT, "12.00", "12.00"),
        (Side.SELL, OrderType.LIMIT, "12.01", None),
        (Side.SELL, OrderType.LIMIT, "10.00", "10.50"),
        (Side.BUY, OrderType.LIMIT, "9.00", "9.00"),
        (Side.BUY, OrderType.LIMIT, "8.99", None),
        (Side.BUY, OrderType.LIMIT, "11.00", "10.50"),
        (Side.SELL, OrderType.MOC, None, "11.00"),
    ],
)
def test_an_order_fills_where_the_days_prices_reach_its_limit(
    side: Side, kind: OrderType, limit: str | None, expected: str | None
) -> None:
    price = fill_price(_order(side, kind, limit), DAY)
    assert price == (None if expected is None else D(expected))


def test_an_order_with_a_limit_needs_its_price() -> None:
    with pytest.raises(StrategyError, match="needs a price"):
        fill_price(_order(Side.BUY, OrderType.LOC, None), DAY)


def test_a_plan_fills_whole_orders() -> None:
    made = plan(holding(12, "39.83", "1", "19522"), market("40"))
    filled = fills(made, bar("39.00"))
    assert {fill.order.leg for fill in filled} == {Leg.STAR, Leg.AVERAGE}
    assert all(fill.quantity == fill.order.quantity for fill in filled)
    assert {fill.price for fill in filled} == {D("39.00")}
