"""The judge forgives an end that KIS's lists told wrongly, once the program has put it right."""

from datetime import timedelta

from bot.events import FillBooked, OrderClosed
from bot.trading.model import OrderState
from strategy.model import Side
from tests.simulation.facts import EndShownShort
from tests.simulation.test_judge_orders import found
from tests.simulation.testimony import CLOSE, DAY, SLOTS, TABLE, Testimony

BUY = next(slot for slot in SLOTS if slot.side is Side.BUY)
MINUTE = timedelta(minutes=1)


def closed(*, listed: bool, booked: bool, minutes: int = 10) -> Testimony:
    """Tell of a buy that filled at the close and is called expired so many minutes after it."""
    told = Testimony()
    told.begin()
    told.approve()
    told.send(BUY)
    told.at(TABLE.session.close)
    told.fill(BUY, BUY.quantity, CLOSE)
    told.end(BUY, "filled")
    if listed:
        number, until = told.number_of[BUY.key], told.now + 20 * MINUTE
        told.note(EndShownShort(at=told.now, session=DAY, number=number, until=until))
    told.at(TABLE.session.close + minutes * MINUTE)
    told.write(OrderClosed(slot=BUY.key, state=OrderState.EXPIRED, reason=""))
    if booked:
        told.write(FillBooked(slot=BUY.key, quantity=BUY.quantity, price=CLOSE))
        told.write(OrderClosed(slot=BUY.key, state=OrderState.FILLED, reason=""))
    told.at(TABLE.session.close + timedelta(hours=20))
    return told


def test_an_end_that_the_lists_told_is_no_lie_once_the_fill_is_booked() -> None:
    assert "it is filled" not in str(found(closed(listed=True, booked=True)))


def test_it_is_one_when_nobody_listed_it_so() -> None:
    assert "it is filled" in str(found(closed(listed=False, booked=True)))


def test_it_is_one_when_the_lists_knew_better_long_ago() -> None:
    assert "it is filled" in str(found(closed(listed=True, booked=True, minutes=25)))


def test_it_is_one_when_the_fill_is_never_booked() -> None:
    assert "it is filled" in str(found(closed(listed=True, booked=False)))
