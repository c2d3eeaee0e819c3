"""What the chat holds orders back for: at once, over a restart, told once, and let go by itself."""

from pathlib import Path

import pytest

from bot.commands import FreeOrders, HoldOrders, NoteWebhook, Stop
from bot.events import OrdersFreed, OrdersHeld, WebhookFound
from bot.trading.chat_guard import ChatGuard
from bot.trading.holds import Hold
from bot.trading.model import OrderState
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import ALICE, DAY, Floor, on_floor, table_of

TABLE = table_of(DAY)


@pytest.mark.fault(69, 76)
@pytest.mark.parametrize("why", [Hold.CHAT, Hold.TOKEN])
async def test_no_order_goes_out_while_the_chat_holds_them_and_all_do_afterwards(
    floor: Floor, why: Hold
) -> None:
    guard = ChatGuard(floor.trading.desk)
    await floor.begin()
    await guard.hold(HoldOrders(why=why))
    await floor.live(TABLE.verify_at)
    assert floor.counter.placed == []
    assert set(await floor.states()) == {OrderState.PLANNED}
    await guard.free(FreeOrders(why=why))
    await floor.look()
    assert set(await floor.states()) == {OrderState.OPEN}


@pytest.mark.fault(69, 76)
async def test_a_hold_is_told_once_and_its_end_once(floor: Floor) -> None:
    guard = ChatGuard(floor.trading.desk)
    for _ in range(3):
        await guard.hold(HoldOrders(why=Hold.TOKEN))
    for _ in range(3):
        await guard.free(FreeOrders(why=Hold.TOKEN))
    assert len(await floor.all(OrdersHeld)) == 1
    assert len(await floor.all(OrdersFreed)) == 1
    assert not floor.trading.desk.holds


async def test_one_end_leaves_the_other_hold(floor: Floor) -> None:
    guard = ChatGuard(floor.trading.desk)
    await guard.hold(HoldOrders(why=Hold.TOKEN))
    await guard.hold(HoldOrders(why=Hold.CHAT))
    await guard.free(FreeOrders(why=Hold.CHAT))
    assert floor.trading.desk.holds.reasons == ("token",)


@pytest.mark.fault(69, 76)
async def test_a_restart_does_not_free_what_the_chat_held(tmp_path: Path, counter: Counter) -> None:
    file = tmp_path / "muhan.sqlite3"
    async with on_floor(file, counter) as floor:
        await floor.begin()
        await ChatGuard(floor.trading.desk).hold(HoldOrders(why=Hold.CHAT))
    async with on_floor(file, counter) as floor:
        await ChatGuard(floor.trading.desk).restore()
        await floor.live(TABLE.verify_at)
        assert counter.placed == []


async def test_a_stop_cancels_while_the_chat_holds_orders_back(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    standing = len(await floor.orders())
    await ChatGuard(floor.trading.desk).hold(HoldOrders(why=Hold.CHAT))
    answer = await floor.owner.stop(Stop(cancel=True, by=ALICE))
    assert answer.confirmed == standing > 0


async def test_a_webhook_is_journalled_with_its_host_alone(floor: Floor) -> None:
    await ChatGuard(floor.trading.desk).note_webhook(NoteWebhook(host="thief.example"))
    (found,) = await floor.all(WebhookFound)
    assert found.host == "thief.example"
