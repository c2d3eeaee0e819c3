"""The way of an order to the counter: journal first, then the counter, then the journal."""

import asyncio
import sqlite3
from collections import deque
from datetime import date, timedelta
from pathlib import Path

import aiosqlite
import pytest

from bot.commands import ApproveRound, BookFills, Pause, Resume
from bot.events import (
    BrokerTroubled,
    LedgerMismatched,
    OrderAccepted,
    OrderDeferred,
    OrderRefused,
    OrderSent,
    OrderWithheld,
    RoundLapsed,
    RoundMissed,
)
from bot.storage.order_projections import WrongTurn
from bot.trading.desk import in_turn
from bot.trading.model import OrderState, RoundState, Slot
from bot.trading.ports import BrokerSilent, OrderList, PlaceAnswer
from strategy.model import Leg, OrderType, Side
from tests.bot.trading.counter import Counter, List, Say
from tests.bot.trading.floor import ALICE, DAY, Floor, holding, on_floor, table_of

TABLE = table_of(DAY)
S = OrderState


async def test_every_slot_is_durably_sent_before_the_counter_is_visited(floor: Floor) -> None:
    # The counter itself looks through a second connection (Counter.place).
    await floor.begin()
    await floor.live(TABLE.send_from)
    assert len(floor.counter.placed) == len(await floor.orders()) >= 5
    assert set(await floor.states()) == {S.OPEN}


async def test_sells_go_first_then_main_legs_then_rungs(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from)
    placed = floor.counter.placed
    assert [(slot.side, slot.type) for slot in placed[:2]] == [
        (Side.SELL, OrderType.LIMIT),
        (Side.SELL, OrderType.LOC),
    ]
    buys = placed[2:]
    assert [slot.leg is Leg.LADDER for slot in buys] == sorted(
        slot.leg is Leg.LADDER for slot in buys
    )


@pytest.mark.fault(61)
async def test_no_order_leaves_when_sent_cannot_be_written(tmp_path: Path, floor: Floor) -> None:
    await floor.begin()
    await floor.look(TABLE.send_from - timedelta(minutes=5))
    with sqlite3.connect(tmp_path / "muhan.sqlite3") as other:
        other.execute(
            "CREATE TRIGGER disk_error BEFORE INSERT ON journal WHEN NEW.type = 'OrderSent'"
            " BEGIN SELECT RAISE(FAIL, 'disk I/O error'); END"
        )
    other.close()
    with pytest.raises(aiosqlite.IntegrityError):
        await floor.look(TABLE.send_from)
    assert floor.counter.placed == []
    assert set(await floor.states()) == {S.PLANNED}


@pytest.mark.fault(11)
async def test_a_gateway_refusal_goes_at_most_three_times_and_is_then_refused(
    floor: Floor,
) -> None:
    await floor.begin()
    target = 0
    floor.counter.before_place = lambda slot: (
        floor.counter.script.append(Say.GATEWAY) if slot.index == target else None
    )
    await floor.live(TABLE.send_from + timedelta(minutes=10))
    tries = [slot for slot in floor.counter.placed if slot.index == target]
    assert len(tries) == 3
    sent = [event.tries for event in await floor.all(OrderSent) if event.slot == tries[0].key]
    assert sent == [1, 2, 3]
    refused = await floor.all(OrderRefused)
    assert [event.slot for event in refused] == [tries[0].key]
    times = [entry.at for entry in await floor.entries() if isinstance(entry.event, OrderDeferred)]
    assert times[1] - times[0] >= timedelta(minutes=1)


async def test_tries_that_never_left_are_none_of_the_three_at_the_gateway(floor: Floor) -> None:
    await floor.begin()
    floor.counter.script = deque([*3 * [Say.NOT_SENT], *2 * [Say.GATEWAY]])
    await floor.live(TABLE.send_from + timedelta(minutes=10))
    assert len(await floor.all(OrderDeferred)) == 2
    assert set(await floor.states()) == {S.OPEN}


@pytest.mark.fault(18)
async def test_an_order_that_never_left_goes_back_to_planned_and_is_sent_later(
    floor: Floor,
) -> None:
    await floor.begin()
    floor.counter.script = deque([Say.NOT_SENT])
    await floor.live(TABLE.send_from)
    states = await floor.states()
    assert set(states) == {S.PLANNED}, "nothing overtakes an order that could not leave"
    await floor.live(TABLE.send_from + timedelta(minutes=3))
    assert set(await floor.states()) == {S.OPEN}
    first = floor.counter.placed[0]
    assert floor.counter.placed.count(first) == 2
    assert len([each for each in floor.counter.posted if each.slot == first.key]) == 1


@pytest.mark.parametrize("earlier", [[], [Say.NOT_SENT], [Say.GATEWAY]])
async def test_an_order_refused_for_the_hour_before_the_open_waits_for_five_minutes_after_it(
    floor: Floor, earlier: list[Say]
) -> None:
    await floor.begin()
    floor.counter.script = deque([*earlier, Say.OUTSIDE_HOURS])
    if earlier == [Say.GATEWAY]:
        # The gateway's refusal lets the others pass first; the retry then meets the hour.
        floor.counter.script = deque([Say.GATEWAY, *[Say.ACCEPT] * 4, Say.OUTSIDE_HOURS])
    wanted = len(await floor.orders())
    await floor.live(TABLE.verify_at - timedelta(seconds=1))
    waiting = [order for order in await floor.orders() if order.state is S.PLANNED]
    assert [order.retry_at for order in waiting] == [TABLE.verify_at]
    assert S.REFUSED not in await floor.states()
    await floor.live(TABLE.verify_at)
    assert set(await floor.states()) == {S.OPEN}
    assert wanted <= len(floor.counter.placed)


async def test_an_order_refused_for_the_hour_after_the_open_is_refused(floor: Floor) -> None:
    await floor.begin()
    floor.counter.script = deque([Say.OUTSIDE_HOURS])
    await floor.look(TABLE.verify_at + timedelta(minutes=5))
    assert (await floor.states())[0] is S.REFUSED


@pytest.mark.fault(10)
async def test_a_refusal_is_final_and_the_others_still_go(floor: Floor) -> None:
    await floor.begin()
    floor.counter.script = deque([Say.REFUSE])
    await floor.live(TABLE.send_from + timedelta(hours=1))
    states = await floor.states()
    assert states[0] is S.REFUSED
    assert set(states[1:]) == {S.OPEN}
    assert len(floor.counter.placed) == len(states)


@pytest.mark.fault(23)
async def test_nothing_is_sent_on_an_incomplete_baseline(floor: Floor) -> None:
    await floor.begin()
    await floor.look(TABLE.send_from - timedelta(minutes=5))
    floor.counter.always_list = List.INCOMPLETE
    wake = await floor.look(TABLE.send_from)
    assert floor.counter.placed == []
    assert wake.at == TABLE.send_from + timedelta(minutes=1)
    (troubled,) = await floor.all(BrokerTroubled)
    assert troubled.reason == "the list of orders is incomplete: page 2 failed: HTTP 500"
    floor.counter.always_list = List.COMPLETE
    await floor.look(wake.at)
    assert set(await floor.states()) == {S.OPEN}


async def test_the_quiet_spell_holds_orders_back_and_does_not_lose_them(floor: Floor) -> None:
    """Time passes while orders go out one by one: the spell may begin between two of them."""
    await floor.begin()
    await floor.look(TABLE.quiet_from - timedelta(seconds=1))
    # The round is out; take a second evening, whose sending begins a moment before the spell.
    table = table_of(DAY + timedelta(days=1))
    await floor.live(table.propose_at)
    await floor.owner.pause(Pause(everything=False, by=ALICE))
    await floor.owner.resume(Resume(by=ALICE))
    floor.counter.placed.clear()

    def a_second_passes(_slot: Slot) -> None:
        floor.clock.at += timedelta(seconds=1)

    floor.counter.before_place = a_second_passes
    await floor.look(table.quiet_from - timedelta(seconds=2))
    assert len(floor.counter.placed) == 2
    assert set(await floor.states(table.session.day)) == {S.OPEN, S.PLANNED}
    await floor.live(table.quiet_until)
    assert set(await floor.states(table.session.day)) == {S.OPEN}


async def test_what_is_left_unsent_at_the_deadline_is_withheld_and_told(floor: Floor) -> None:
    await floor.begin()
    floor.counter.prices["TQQQ"] = None
    await floor.live(TABLE.deadline)
    assert floor.counter.placed == []
    assert {event.reasons[0] for event in await floor.all(OrderWithheld)} == {"outside_window"}
    assert (await floor.round()).state is RoundState.WORKING


async def test_a_shut_gate_lets_nothing_out(tmp_path: Path, counter: Counter) -> None:
    async with on_floor(tmp_path / "state", counter) as floor:
        floor.trading.desk.gate_open = False
        await floor.begin()
        await floor.look(TABLE.send_from)
        assert counter.placed == []
        floor.trading.desk.gate_open = True
        await floor.look()
        assert counter.placed


@pytest.mark.fault(56)
async def test_a_gate_that_shuts_while_the_list_is_read_lets_nothing_out(floor: Floor) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    listed = floor.counter.orders

    async def orders(session: date) -> OrderList:
        floor.trading.desk.gate_open = False
        return await listed(session)

    floor.counter.orders = orders  # type: ignore[method-assign] # SIGTERM comes meanwhile
    await floor.look(TABLE.send_from)
    assert floor.counter.placed == []
    assert set(await floor.states()) == {S.PLANNED}


async def test_a_wrong_turn_after_a_fill_notice_is_handed_to_who_watches(floor: Floor) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    await floor.look(TABLE.send_from)
    told: list[str] = []

    async def book(session: date) -> OrderList:
        raise WrongTurn(f"{session}: open -> open")

    floor.trading.settler.book = book  # type: ignore[method-assign] # no defect is known to do it
    with pytest.raises(WrongTurn):
        await floor.bus.ask(BookFills())
    floor.trading.turned_wrong = lambda turn: not told.append(turn)  # type: ignore[func-returns-value]
    await floor.bus.ask(BookFills())
    assert told == [f"{DAY}: open -> open"]


async def test_a_tap_at_the_last_moment_is_not_called_a_round_that_nobody_agreed_to(
    floor: Floor,
) -> None:
    """The look has seen the round still proposed when the tap is written down."""
    await floor.begin()
    await floor.look(TABLE.propose_at)
    digest = (await floor.round()).digest
    trading = floor.views.trading

    async def tap() -> str:
        floor.clock.at = TABLE.deadline - timedelta(seconds=1)
        floor.views.trading = trading  # type: ignore[method-assign] # once
        await floor.owner.approve(ApproveRound(round_id=f"{DAY}.1", digest=digest, by=ALICE))
        floor.clock.at = TABLE.deadline
        return await trading()

    floor.views.trading = tap  # type: ignore[method-assign] # while the reason is looked for
    await floor.look(TABLE.deadline)
    assert await floor.all(RoundLapsed) == []
    await floor.look()
    assert set(await floor.states()) == {S.WITHHELD}


async def test_a_wrong_turn_of_one_step_keeps_no_other_from_its_turn(floor: Floor) -> None:
    """Else whoever resumed after it would hear nothing of any evening any more."""

    async def look() -> None:
        raise WrongTurn("2026-10-06.1.0.1: open -> open")

    await floor.begin()
    floor.trading.late.look = look  # type: ignore[method-assign] # for ever
    with pytest.raises(WrongTurn):
        await floor.look(TABLE.propose_at)
    floor.trading.turned_wrong = lambda _: True
    wake = await floor.look(TABLE.propose_at)
    assert wake.at == TABLE.propose_at + timedelta(minutes=1)
    assert (await floor.round()).state is RoundState.PROPOSED


async def test_a_wrong_turn_about_one_is_told_after_the_others_had_their_turn() -> None:
    done: list[int] = []

    async def do(number: int) -> None:
        if number == 1:
            raise BrokerSilent("busy")
        if number == 2:
            raise WrongTurn("x: open -> open")
        done.append(number)

    with pytest.raises(WrongTurn):
        await in_turn([1, 2, 3], do)
    assert done == [3]


@pytest.mark.fault(53)
async def test_a_second_look_finds_nothing_left_to_do(floor: Floor) -> None:
    await floor.begin()
    moments = [TABLE.propose_at, TABLE.send_from, TABLE.verify_at, TABLE.deadline, TABLE.settle_at]
    for at in moments:
        await floor.look(at)
        before = await floor.entries()
        await floor.look()
        assert await floor.entries() == before, at
    assert [type(e.event) for e in await floor.entries()].count(OrderAccepted) == len(
        await floor.orders()
    )


async def test_a_cycle_that_is_held_sends_nothing_until_resume(floor: Floor) -> None:
    await floor.begin(holding(quantity=40))
    floor.counter.holdings["TQQQ"] = 41
    await floor.live(TABLE.settle_again_at)
    view = await floor.views.cycle(1)
    assert view is not None
    assert view.held is not None
    assert (view.held.ledger_quantity, view.held.broker_quantity) == (
        view.cycle.quantity,
        view.cycle.quantity + 1,
    )
    floor.counter.placed.clear()
    following = table_of(DAY + timedelta(days=1))
    await floor.live(following.deadline)
    assert floor.counter.placed == []
    missed = [(event.session, event.reason) for event in await floor.all(RoundMissed)]
    assert missed == [(DAY, "held"), (DAY + timedelta(days=1), "held")]
    assert len(await floor.all(LedgerMismatched)) == 1, "told once"
    await floor.owner.resume(Resume(by=ALICE))
    view = await floor.views.cycle(1)
    assert view is not None
    assert view.held is None


async def test_what_holds_orders_back_while_the_file_is_waited_for_holds_the_next_one(
    tmp_path: Path, floor: Floor
) -> None:
    """Another process may be writing when an order's "sent" is to be: up to five seconds long."""
    await floor.begin()
    await floor.look(TABLE.send_from - timedelta(minutes=5))
    other = sqlite3.connect(tmp_path / "muhan.sqlite3", isolation_level=None)
    listing, waiting = floor.counter.orders, asyncio.Event()

    async def listed(session: date) -> OrderList:
        answer = await listing(session)
        if not other.in_transaction:
            other.execute("BEGIN IMMEDIATE")
            floor.counter.io = waiting.set  # called as the next transaction begins
        return answer

    floor.counter.orders = listed  # type: ignore[method-assign] # somebody writes from then on
    async with asyncio.TaskGroup() as group:
        group.create_task(floor.look(TABLE.send_from))
        await waiting.wait()
        floor.trading.desk.gate_open = False
        other.close()
    assert floor.counter.placed == []
    assert set(await floor.states()) == {S.PLANNED}


@pytest.mark.fault(35)
async def test_a_fill_notice_that_overtakes_the_answer_is_followed_up_after_it(
    floor: Floor,
) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    came = asyncio.Event()
    taken = floor.counter.place

    async def place(slot: Slot) -> PlaceAnswer:
        answer = await taken(slot)
        if not came.is_set():
            floor.counter.fill(floor.counter.posted[0].row.order_number, slot.quantity, "57.50")
            came.set()
            await asyncio.sleep(0)
        return answer

    async def notice() -> None:
        await came.wait()
        await floor.bus.ask(BookFills())

    floor.counter.place = place  # type: ignore[method-assign] # the fill comes meanwhile
    await asyncio.gather(floor.look(TABLE.send_from), notice())
    first = (await floor.orders())[0]
    assert (first.state, first.filled) == (S.FILLED, first.slot.quantity)


async def test_a_cycle_that_is_held_after_its_plan_sends_nothing(floor: Floor) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    async with floor.trading.desk.recording() as recording:
        await recording.record(
            LedgerMismatched(cycle_id=1, symbol="TQQQ", ledger_quantity=40, broker_quantity=41)
        )
    await floor.look(TABLE.send_from)
    assert floor.counter.placed == []
    assert {event.reasons for event in await floor.all(OrderWithheld)} == {("held",)}
