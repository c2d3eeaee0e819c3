"""A pause holds orders back; a resume lets them go while there is time, and none goes twice."""

from datetime import timedelta
from pathlib import Path

from bot.commands import Pause, Resume, Stop
from bot.events import OrderReleased, OrderWithheld
from bot.trading.model import OrderState, Slot
from strategy.model import Side
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import ALICE, DAY, Floor, Killed, on_floor, table_of

TABLE = table_of(DAY)
S = OrderState
MINUTE = timedelta(minutes=1)


async def paused(floor: Floor, *, everything: bool = False) -> None:
    await floor.begin()
    await floor.owner.pause(Pause(everything=everything, by=ALICE))
    await floor.live(TABLE.send_from + MINUTE)


async def resume(floor: Floor) -> None:
    await floor.owner.resume(Resume(by=ALICE))


async def test_what_a_pause_held_back_goes_out_after_the_resume_once_and_is_told(
    floor: Floor,
) -> None:
    await paused(floor)
    held = [event.slot for event in await floor.all(OrderWithheld)]
    assert held
    assert {slot.side for slot in floor.counter.placed} == {Side.SELL}
    await resume(floor)
    await floor.live(TABLE.send_from + 5 * MINUTE)
    assert [event.slot for event in await floor.all(OrderReleased)] == held
    assert set(await floor.states()) == {S.OPEN}
    keys = [slot.key for slot in floor.counter.placed]
    assert len(keys) == len(set(keys)) == len(await floor.orders())
    assert len(await floor.database.all("SELECT 1 FROM outbox o JOIN journal j USING (seq)")) > 0


async def test_a_pause_of_everything_and_its_resume(floor: Floor) -> None:
    await paused(floor, everything=True)
    assert floor.counter.placed == []
    await resume(floor)
    await floor.look()
    assert set(await floor.states()) == {S.OPEN}


async def test_a_resume_after_the_deadline_sends_nothing(floor: Floor) -> None:
    await paused(floor)
    posts = len(floor.counter.placed)
    await floor.live(TABLE.deadline)
    await resume(floor)
    await floor.live(TABLE.settle_at)
    assert len(floor.counter.placed) == posts
    assert await floor.all(OrderReleased) == []


async def test_what_a_stop_held_back_stays_back(floor: Floor) -> None:
    await floor.begin()
    await floor.owner.stop(Stop(cancel=False, by=ALICE))
    await floor.live(TABLE.send_from + MINUTE)
    await resume(floor)
    await floor.live(TABLE.send_from + 5 * MINUTE)
    assert floor.counter.placed == []
    assert set(await floor.states()) == {S.WITHHELD}


async def test_a_second_pause_holds_the_released_orders_back_again(floor: Floor) -> None:
    await paused(floor)
    posts = len(floor.counter.placed)
    await resume(floor)
    floor.trading.desk.gate_open = False
    await floor.look()
    await floor.owner.pause(Pause(everything=False, by=ALICE))
    floor.trading.desk.gate_open = True
    await floor.look()
    assert len(floor.counter.placed) == posts
    assert S.PLANNED not in await floor.states()


async def test_a_death_around_the_release_sends_nothing_twice(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "state"
    for moment in ("inside", "after", "post", "answer"):
        counter = Counter(clock=counter.clock, calendar=counter.calendar)
        counter.clock.at = TABLE.propose_at - timedelta(minutes=5)
        async with on_floor(path.with_name(moment), counter) as floor:
            await paused(floor)
            await resume(floor)

        def dies(at: str, events: object, moment: str = moment) -> None:
            released = any(isinstance(one, OrderReleased) for one in events)  # type: ignore[attr-defined]
            if at == moment and (released or at in ("post", "answer")):
                raise Killed

        counter.step = dies
        try:
            async with on_floor(path.with_name(moment), counter) as floor:
                await floor.look()
        except Killed:
            counter.step = lambda _moment, _events: None
        async with on_floor(path.with_name(moment), counter) as floor:
            await floor.live(TABLE.send_from + timedelta(minutes=30))
            slots = [each.slot for each in counter.posted]
            assert len(slots) == len(set(slots)), moment
            assert S.PLANNED not in await floor.states(), moment


async def test_a_stop_recorded_between_two_slots_lets_no_further_slot_out(
    tmp_path: Path, floor: Floor
) -> None:
    await floor.begin()
    await floor.look(TABLE.send_from - timedelta(minutes=5))

    async def stop_first(_slot: Slot) -> None:
        await floor.owner.stop(Stop(cancel=False, by=ALICE))

    original = floor.counter.place

    async def place(slot: Slot) -> object:
        answer = await original(slot)
        if len(floor.counter.placed) == 2:
            await stop_first(slot)
        return answer

    floor.counter.place = place  # type: ignore[method-assign, assignment] # the owner stops meanwhile
    await floor.look(TABLE.send_from)
    assert len(floor.counter.placed) == 2
    states = await floor.states()
    assert states[:2] == [S.OPEN, S.OPEN]
    assert set(states[2:]) == {S.WITHHELD}
    assert {event.reasons for event in await floor.all(OrderWithheld)} == {("stopped",)}
    assert (tmp_path / "muhan.sqlite3").exists()


async def test_stop_is_read_in_the_transaction_that_writes_sent(floor: Floor) -> None:
    """A stop that commits after the listing, just before the write, is seen."""
    await floor.begin()
    await floor.look(TABLE.send_from - timedelta(minutes=5))
    listing = floor.counter.orders

    async def orders(session: object) -> object:
        listed = await listing(session)  # type: ignore[arg-type] # passed through
        await floor.owner.stop(Stop(cancel=False, by=ALICE))
        return listed

    floor.counter.orders = orders  # type: ignore[method-assign, assignment] # the owner stops then
    await floor.look(TABLE.send_from)
    assert floor.counter.placed == []
    assert set(await floor.states()) == {S.WITHHELD}


async def test_a_pause_withholds_buys_and_lets_sells_go(floor: Floor) -> None:
    await floor.begin()
    await floor.owner.pause(Pause(everything=False, by=ALICE))
    await floor.live(TABLE.send_from)
    assert {slot.side for slot in floor.counter.placed} == {Side.SELL}
    assert len(floor.counter.placed) == 2
    assert {event.reasons for event in await floor.all(OrderWithheld)} == {("paused",)}


async def test_a_pause_of_everything_withholds_sells_too(floor: Floor) -> None:
    await floor.begin()
    await floor.owner.pause(Pause(everything=True, by=ALICE))
    await floor.live(TABLE.send_from)
    assert floor.counter.placed == []


async def test_after_a_stop_and_a_resume_the_next_evening_goes_out(floor: Floor) -> None:
    await floor.begin()
    await floor.owner.stop(Stop(cancel=False, by=ALICE))
    await floor.live(TABLE.send_from)
    assert floor.counter.placed == []
    await floor.owner.resume(Resume(by=ALICE))
    await floor.live(table_of(DAY + timedelta(days=1)).send_from)
    assert {slot.round_id for slot in floor.counter.placed} == {"2026-10-08.1"}
