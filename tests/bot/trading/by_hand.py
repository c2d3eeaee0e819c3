"""The account's owner at KIS's own app, as the trading tests play him."""

from datetime import date
from decimal import Decimal

from bot.trading.model import Slot
from strategy.model import Leg, OrderType, Side
from tests.bot.trading.floor import DAY, Floor


def place(
    floor: Floor,
    side: Side,
    quantity: int,
    price: str,
    *,
    day: date = DAY,
    symbol: str = "TQQQ",
    by_api: bool = False,
) -> str:
    """Place a limit order that no slot of the bot's knows; answer its number."""
    slot = Slot(
        key="by hand",
        round_id="",
        index=0,
        attempt=1,
        symbol=symbol,
        side=side,
        type=OrderType.LIMIT,
        price=Decimal(price),
        quantity=quantity,
        leg=Leg.FIRST,
    )
    return floor.counter.post(slot, session=day, by_api=by_api)


def trade(
    floor: Floor,
    side: Side,
    quantity: int,
    price: str,
    *,
    day: date = DAY,
    symbol: str = "TQQQ",
    by_api: bool = False,
) -> str:
    """Place an order and let it fill at once; answer its number."""
    number = place(floor, side, quantity, price, day=day, symbol=symbol, by_api=by_api)
    floor.counter.fill(number, quantity, price)
    return number
