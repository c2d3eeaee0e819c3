"""Clock, disk, repeated starts: what holds orders back, and lets them go."""

import asyncio
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest

from bot.commands import RunDue
from bot.events import (
    BrokerTroubled,
    OrderSent,
    OrdersFreed,
    OrdersHeld,
    OrderWithheld,
    RoundDelayed,
    RoundLapsed,
    RoundMissed,
    RoundProposed,
)
from bot.storage.failing import StorageFailing
from bot.trading.holds import Hold
from bot.trading.model import Approval, OrderState
from bot.trading.ports import OrderList
from tests.bot.trading.counter import Counter, List, Say
from tests.bot.trading.floor import DAY, NEXT, on_floor, table_of
from tests.bot.watching.watched import Watched, watch

TABLE = table_of(DAY)
S = OrderState


# -- the clock --------------------------------------------------------------------------------


@pytest.mark.fault(51)
@pytest.mark.parametrize("seconds", [120, -120, 3600, -3600, 31])
async def test_with_a_wrong_clock_nothing_goes_out_until_it_is_right(
    room: Watched, seconds: int
) -> None:
    floor, ahead = room.floor, [timedelta(seconds=seconds)]
    floor.trading.desk.ahead = lambda: ahead[0]
    await floor.begin()
    await floor.live(TABLE.send_from + timedelta(hours=1))
    assert floor.counter.placed == []
    (held,) = await floor.all(OrdersHeld)
    assert (held.why, held.detail) == ("clock", str(seconds))
    ahead[0] = timedelta(seconds=3)
    await floor.live(TABLE.send_from + timedelta(hours=1, minutes=2))
    assert set(await floor.states()) == {S.OPEN}
    assert [event.why for event in await floor.all(OrdersFreed)] == ["clock"]
    assert len(await floor.all(OrdersHeld)) == 1


@pytest.mark.fault(51)
async def test_a_clock_that_hangs_at_the_bound_is_told_once(room: Watched) -> None:
    floor, ahead = room.floor, timedelta(seconds=30)
    floor.trading.desk.ahead = lambda: ahead
    await floor.begin(approval=Approval.ALERT)
    for second in range(1, 7):
        ahead = timedelta(seconds=29.6 + second % 2)
        await floor.look(TABLE.send_from + timedelta(seconds=second))
    assert len(await floor.all(OrdersHeld)) == 1
    assert await floor.all(OrdersFreed) == []
    ahead = timedelta(seconds=25)
    await floor.look(TABLE.send_from + timedelta(minutes=1))
    assert len(await floor.all(OrdersFreed)) == 1


@pytest.mark.fault(51)
async def test_half_a_minute_is_let_pass(room: Watched) -> None:
    room.floor.trading.desk.ahead = lambda: timedelta(seconds=30)
    await room.floor.begin()
    await room.floor.live(TABLE.send_from)
    assert set(await room.floor.states()) == {S.OPEN}


@pytest.mark.fault(51)
async def test_a_clock_that_steps_during_a_round_stops_it_between_two_orders(room: Watched) -> None:
    floor, ahead = room.floor, [timedelta()]
    floor.trading.desk.ahead = lambda: ahead[0]
    await floor.begin()

    def step(_: object) -> None:
        if len(floor.counter.placed) == 2:
            ahead[0] = timedelta(hours=1)

    floor.counter.before_place = step
    await floor.live(TABLE.send_from)
    assert len(floor.counter.placed) == 3
    assert (await floor.states()).count(S.PLANNED) == len(await floor.orders()) - 3


@pytest.mark.fault(51)
async def test_the_answer_just_before_an_order_shows_the_step_and_the_order_stays(
    room: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor, ahead = room.floor, [timedelta()]
    floor.trading.desk.ahead = lambda: ahead[0]
    await floor.begin()
    await floor.look(TABLE.propose_at)
    listed = floor.counter.orders

    async def orders(session: date) -> OrderList:
        answer = await listed(session)
        ahead[0] = timedelta(hours=1)
        return answer

    monkeypatch.setattr(floor.counter, "orders", orders)
    await floor.look(TABLE.send_from)
    assert floor.counter.placed == []
    assert set(await floor.states()) == {S.PLANNED}


@pytest.mark.fault(51)
async def test_a_clock_that_runs_ahead_makes_no_round_late(room: Watched) -> None:
    floor = room.floor
    await floor.begin()
    await floor.live(TABLE.send_from - timedelta(minutes=1))
    # Our clock jumps past the deadline; KIS's shows that it is early in the evening.
    floor.clock.at = TABLE.deadline + timedelta(minutes=1)
    behind = floor.clock.at - TABLE.send_from
    floor.trading.desk.ahead = lambda: -behind
    await floor.look()
    assert await floor.all(RoundLapsed) == []
    floor.clock.at = TABLE.send_from.astimezone(UTC)
    floor.trading.desk.ahead = timedelta
    await floor.live(TABLE.send_from + timedelta(minutes=2))
    assert set(await floor.states()) == {S.OPEN}


@pytest.mark.fault(51, 53)
async def test_a_clock_set_back_over_the_evening_makes_no_second_round(room: Watched) -> None:
    floor = room.floor
    await floor.begin()
    await floor.live(TABLE.send_from)
    placed = len(floor.counter.placed)
    floor.clock.at = (TABLE.propose_at - timedelta(minutes=5)).astimezone(UTC)
    await floor.live(TABLE.send_from + timedelta(minutes=5))
    for _ in range(3):
        await floor.look()
    assert len(floor.counter.placed) == placed
    assert len(await floor.all(RoundProposed)) == 1
    assert len(await floor.all(OrderSent)) == placed


# -- asleep, and the days of the year ---------------------------------------------------------


@pytest.mark.fault(52)
async def test_a_machine_that_wakes_inside_the_window_sends_once_and_after_it_says_missed(
    room: Watched,
) -> None:
    floor = room.floor
    await floor.begin()
    await floor.look(TABLE.propose_at - timedelta(minutes=5))
    floor.clock.at = (TABLE.deadline - timedelta(minutes=50)).astimezone(UTC)
    await floor.look()
    await floor.look(floor.clock.at + timedelta(minutes=1))
    assert set(await floor.states()) == {S.OPEN}
    placed = len(floor.counter.placed)
    await floor.live(TABLE.settle_at)
    floor.clock.at = (table_of(NEXT).deadline + timedelta(minutes=5)).astimezone(UTC)
    await floor.look()
    (missed,) = await floor.all(RoundMissed)
    assert (missed.session, missed.reason) == (NEXT, "not_running")
    assert len(floor.counter.placed) == placed


# -- repeated starts --------------------------------------------------------------------------


@pytest.mark.fault(57)
async def test_a_crash_loop_is_one_alarm_and_no_order_until_it_has_lived_ten_minutes(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "muhan.sqlite3"
    counter.clock.at = (TABLE.send_from - timedelta(minutes=2)).astimezone(UTC)
    again = []
    for number in range(8):
        async with on_floor(path, counter) as floor:
            room = await watch(floor)
            again.append(room.watching.restarts.again)
            if number == 0:
                await floor.begin()
            counter.clock.at += timedelta(seconds=40)
            if number >= 4:  # from the fifth start on no order goes out, though it is time
                placed = len(counter.placed)
                await floor.look()
                assert len(counter.placed) == placed
    assert again == [False] * 4 + [True] * 4
    async with on_floor(path, counter) as floor:
        await watch(floor)
        assert len(await floor.all(OrdersHeld)) == 1
        await floor.live(counter.clock.at + timedelta(minutes=11))
        assert set(await floor.states()) == {S.OPEN}
        assert [event.why for event in await floor.all(OrdersFreed)] == ["restarts"]


@pytest.mark.fault(57)
async def test_starts_that_end_well_are_no_crash_loop(tmp_path: Path, counter: Counter) -> None:
    for _ in range(8):
        async with on_floor(tmp_path / "muhan.sqlite3", counter) as floor:
            room = await watch(floor)
            assert not room.watching.restarts.again
            await room.watching.restarts.end()


# -- the disk ---------------------------------------------------------------------------------


async def fill_up(room: Watched) -> int:
    """Let the file grow no further; answer how far it might before."""
    async with room.floor.database.transaction() as tx:
        limit = await tx.one("PRAGMA max_page_count")
        pages = await tx.one("PRAGMA page_count")
        assert limit is not None
        assert pages is not None
        await tx.execute(f"PRAGMA max_page_count = {pages[0]}")
    return int(limit[0])


async def make_room(room: Watched, pages: int) -> None:
    async with room.floor.database.transaction() as tx:
        await tx.execute(f"PRAGMA max_page_count = {pages}")


@pytest.mark.fault(61, 62)
async def test_while_the_disk_is_full_nothing_is_posted_and_it_is_told_from_memory(
    room: Watched,
) -> None:
    floor = room.floor
    guard = asyncio.ensure_future(room.watching.disk.run())  # noqa: TID251 - a test's own task
    try:
        await floor.begin()
        await floor.look(TABLE.propose_at)
        before = await fill_up(room)
        for minute in range(30):  # what fits into the last page is written; then nothing is
            await floor.look(TABLE.send_from + timedelta(minutes=minute))
        placed = len(floor.counter.placed)
        assert placed < len(await floor.orders()) or placed == 0
        assert Hold.DISK in {hold for hold, _ in room.said}
        assert len(await floor.all(OrderSent)) == placed
        await make_room(room, before)
        async with asyncio.timeout(60):
            while floor.trading.desk.holds:  # noqa: ASYNC110 - the guard tries in its own time
                await asyncio.sleep(0.005)
        for minute in range(30, 45):
            await floor.look(TABLE.send_from + timedelta(minutes=minute))
        assert set(await floor.states()) == {S.OPEN}
        assert [event.why for event in await floor.all(OrdersFreed)] == ["disk"]
    finally:
        guard.cancel()


@pytest.mark.fault(61, 68)
async def test_a_chat_that_makes_us_wait_keeps_no_order_back_once_the_disk_is_well(
    room: Watched,
) -> None:
    floor, disk = room.floor, room.watching.disk
    flooded = asyncio.Event()

    async def say(_hold: Hold, _detail: str) -> None:
        flooded.set()
        await asyncio.Event().wait()

    disk._say = say
    guard = asyncio.ensure_future(disk.run())  # noqa: TID251 - a test's own task
    try:
        disk.heard("locked")
        assert floor.trading.desk.holds
        async with asyncio.timeout(60):
            await flooded.wait()
            while floor.trading.desk.holds:  # noqa: ASYNC110 - the guard tries in its own time
                await asyncio.sleep(0.005)
        assert [event.why for event in await floor.all(OrdersFreed)] == ["disk"]
    finally:
        guard.cancel()


@pytest.mark.fault(62)
async def test_a_read_only_file_is_a_sentence_to_whoever_asks(room: Watched) -> None:
    floor = room.floor
    await floor.database._writer.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageFailing) as failing:
        await floor.database.probe()
    assert failing.value.reason == "readonly"
    wake = await floor.bus.ask(RunDue())  # a look does not die of it
    assert wake.at > floor.clock.now()
    assert bool(floor.trading.desk.holds)
    await floor.database._writer.execute("PRAGMA query_only = OFF")


# -- the cut-off comes near -------------------------------------------------------------------


def delays(events: list[RoundDelayed]) -> list[tuple[int, int | None, str]]:
    return [(e.minutes, e.missing, e.reasons[0].split()[0]) for e in events]


@pytest.mark.fault(52)
async def test_a_round_that_is_not_out_is_told_an_hour_twenty_and_five_minutes_before(
    room: Watched,
) -> None:
    floor = room.floor
    await floor.begin()
    floor.counter.prices["TQQQ"] = None
    await floor.live(TABLE.deadline + timedelta(minutes=1))
    count = len(await floor.orders())
    assert delays(await floor.all(RoundDelayed)) == [
        (60, count, "broker"),
        (20, count, "broker"),
        (5, count, "broker"),
    ]


async def test_an_automatic_round_that_was_never_let_go_says_what_held_it(room: Watched) -> None:
    floor = room.floor
    floor.trading.desk.gate_open = False
    await floor.begin()
    await floor.live(TABLE.deadline + timedelta(minutes=1))
    assert delays(await floor.all(RoundDelayed)) == [
        (60, None, "gate"),
        (20, None, "gate"),
        (5, None, "gate"),
    ]
    (lapsed,) = await floor.all(RoundLapsed)
    assert lapsed.reason == "gate"


async def test_orders_that_something_holds_to_the_end_are_withheld_with_the_reason(
    room: Watched,
) -> None:
    floor = room.floor
    floor.trading.desk.holds.put(Hold.TOKEN)
    await floor.begin()
    await floor.live(TABLE.deadline + timedelta(minutes=1))
    assert [code for _, _, code in delays(await floor.all(RoundDelayed))] == ["token"] * 3
    withheld = await floor.all(OrderWithheld)
    assert {event.reasons for event in withheld} == {("outside_window", "token")}
    assert floor.counter.placed == []


async def test_an_order_without_an_answer_is_named_as_what_blocks_the_rest(room: Watched) -> None:
    floor = room.floor
    await floor.begin()
    floor.counter.script.append(Say.UNKNOWN_LOST)
    floor.clock.at = (TABLE.deadline - timedelta(minutes=59)).astimezone(UTC)
    await floor.look()
    floor.counter.always_list = List.SILENT
    await floor.live(TABLE.deadline - timedelta(minutes=4))
    told = await floor.all(RoundDelayed)
    assert "unresolved" in told[-1].reasons


async def test_a_round_that_is_out_is_not_late(room: Watched) -> None:
    await room.floor.begin()
    await room.floor.live(TABLE.deadline + timedelta(minutes=1))
    assert await room.floor.all(RoundDelayed) == []


async def test_a_round_that_waits_for_a_tap_has_its_own_reminders(room: Watched) -> None:
    await room.floor.begin(approval=Approval.CONFIRM)
    await room.floor.live(TABLE.deadline + timedelta(minutes=1))
    assert await room.floor.all(RoundDelayed) == []
    (lapsed,) = await room.floor.all(RoundLapsed)
    assert lapsed.reason == "no_tap"


async def test_an_evening_that_the_broker_was_silent_in_is_missed_for_that(room: Watched) -> None:
    floor = room.floor
    await floor.begin()
    floor.counter.bars_known = False
    await floor.live(TABLE.deadline + timedelta(minutes=1))
    (missed,) = await floor.all(RoundMissed)
    assert missed.reason.startswith("broker no official close")
    assert len(await floor.all(BrokerTroubled)) == 1
