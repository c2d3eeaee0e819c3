"""The comparison of imitated orders is the evening that real ones would have had."""

from decimal import Decimal
from pathlib import Path

import pytest

from bot.commands import Pause
from bot.comparison import Comparison, compare
from bot.storage.views import RoundView
from strategy.model import Cycle, Leg, Side
from tests.bot.trading.floor import ALICE, DAY, holding, on_floor, table_of, world

D = Decimal
TABLE = table_of(DAY)


async def evening(
    path: Path, *, mock: bool, last: str, close: str, paused: bool = False, part: int = 1
) -> tuple[RoundView, Cycle]:
    """Live DAY on an imitating counter or a real one; answer its round and the ledger after."""
    counter = world()
    counter.mock = mock
    counter.prices["TQQQ"] = D(last) if mock else D(50)
    counter.closes[DAY] = D(close)
    if mock:
        counter.part = lambda _slot, quantity: quantity // part
    async with on_floor(path, counter) as floor:
        await floor.begin(holding(ladder=5))
        if paused:
            await floor.owner.pause(Pause(everything=False, by=ALICE))
        await floor.live(TABLE.closes_final_at)
        return await floor.round(), await floor.cycle()


def found_in(view: RoundView) -> Comparison:
    found = compare(view)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("last", "close"),
    [("48", "48.10"), ("48", "60"), ("56", "48"), ("30", "29.50"), ("29.50", "40"), ("50", "50")],
)
async def test_the_real_side_is_what_the_same_evening_with_real_orders_comes_to(
    tmp_path: Path, last: str, close: str
) -> None:
    imitated, _ = await evening(tmp_path / "mock", mock=True, last=last, close=close)
    real, after = await evening(tmp_path / "real", mock=False, last=last, close=close)
    found = found_in(imitated)
    filled = {order.slot.leg: order.filled for order in real.orders if order.slot.leg is Leg.STAR}
    star = next(order for order in found.orders if order.leg is Leg.STAR)
    assert (star.leg, star.real) == (Leg.STAR, filled[Leg.STAR])
    assert found.after == after
    assert (found.close, found.provisional) == (D(close), False)


async def test_only_what_differs_in_shares_is_named_and_the_price_is_that_of_common_shares(
    tmp_path: Path,
) -> None:
    imitated, after = await evening(tmp_path / "mock", mock=True, last="48", close="48.10", part=2)
    found = found_in(imitated)
    assert {order.filled for order in found.differing} == {
        order.quantity // 2 for order in found.orders if order.real
    }
    common = sum(min(order.filled, order.real) for order in found.orders)
    assert common > 0
    assert found.better == common * D("0.10"), "bought at 48.00 for a close of 48.10"
    assert found.after.quantity > after.quantity


async def test_what_the_owner_held_back_is_held_back_in_both_worlds(tmp_path: Path) -> None:
    imitated, after = await evening(
        tmp_path / "mock", mock=True, last="48", close="48.10", paused=True
    )
    found = found_in(imitated)
    assert [order for order in found.orders if order.side is Side.BUY and order.real] == []
    assert found.after == after


async def test_real_orders_are_compared_with_nothing(tmp_path: Path) -> None:
    real, _ = await evening(tmp_path / "real", mock=False, last="48", close="48.10")
    assert compare(real) is None
