"""Cancels, by /stop and before the close: what is called gone was seen to be gone."""

from collections import Counter as Counts
from collections import deque
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.commands import Pause, RunDue, Stop, StopAnswer
from bot.events import TradingKilled, TradingStopped
from bot.storage.order_projections import WrongTurn
from bot.trading.cancelling import MOST_CANCELS
from bot.trading.model import OrderState
from bot.trading.ports import OrderList
from bot.trading.refusal import Refusal
from tests.bot.trading.counter import Counter, List, Say
from tests.bot.trading.floor import ALICE, DAY, Floor, on_floor, table_of
from tests.bot.trading.mock_room import evening, fault
from tests.bot.trading.practice import practice

TABLE = table_of(DAY)
S = OrderState
STOP = Stop(cancel=True, by=ALICE)


async def test_orders_whose_cancel_is_refused_are_counted_as_left(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    live = len(await floor.orders())
    floor.counter.cancels_refused = True
    answer = await floor.owner.stop(STOP)
    assert answer == StopAnswer(asked=live, confirmed=0, left=live)
    assert set(await floor.states()) == {S.OPEN}


async def test_what_the_broker_does_not_cancel_is_asked_ever_more_rarely_and_not_for_ever(
    floor: Floor,
) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    live = len(await floor.orders())
    floor.counter.cancels_refused = True
    await floor.owner.stop(STOP)
    at = TABLE.verify_at
    while at < TABLE.session.close - timedelta(minutes=2):
        at += timedelta(minutes=1)
        await floor.look(at)
    asked = Counts(floor.counter.cancelled)
    assert set(asked.values()) == {MOST_CANCELS}
    assert len(asked) == live


async def test_nothing_is_called_cancelled_while_the_list_of_orders_is_silent(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    live = len(await floor.orders())
    floor.counter.listings.extend([List.SILENT, List.SILENT])
    assert await floor.owner.stop(STOP) == StopAnswer(asked=live, confirmed=0, left=live)


async def test_a_wrong_turn_keeps_no_cancel_from_being_asked(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    live = len(await floor.orders())

    async def book(session: date) -> OrderList:
        raise WrongTurn(f"{session}: open -> open")

    floor.trading.settler.book = book  # type: ignore[method-assign] # no defect is known to do it
    with pytest.raises(WrongTurn):
        await floor.owner.stop(STOP)
    floor.trading.turned_wrong = lambda _: True
    assert await floor.owner.stop(STOP) == StopAnswer(asked=live, confirmed=0, left=live)
    assert len(floor.counter.cancelled) == live


async def test_an_order_without_an_answer_may_be_left_and_a_filled_one_is_not_asked(
    floor: Floor,
) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    floor.counter.script = deque([Say.ACCEPT, Say.UNKNOWN_ACCEPTED])
    await floor.look(TABLE.send_from)
    first, second = (await floor.orders())[:2]
    assert (first.state, second.state) == (S.OPEN, S.UNKNOWN)
    floor.counter.fill(first.order_number or "", first.slot.quantity, "57.50", done=True)
    floor.clock.at += timedelta(seconds=1)
    assert await floor.owner.stop(STOP) == StopAnswer(asked=1, confirmed=0, left=1)
    assert len(floor.counter.placed) == 2


async def test_imitations_are_cancelled_before_the_close_though_no_list_comes(
    tmp_path: Path,
) -> None:
    counter = practice()
    counter.part = lambda _slot, _quantity: 0
    async with on_floor(tmp_path / "state", counter) as floor:
        await floor.begin()
        await floor.live(TABLE.emulate_until - timedelta(seconds=1))
        standing = {order.order_number for order in await floor.orders() if order.emulated}
        counter.always_list = List.SILENT
        await floor.live(TABLE.session.close)
        assert set(counter.cancelled) == standing
        left = {order.state for order in await floor.orders() if order.emulated}
        assert S.CANCELLED not in left, "nothing is called cancelled that no list has shown"
        counter.always_list = List.COMPLETE
        await floor.live(TABLE.settle_at)
        ended = {order.state for order in await floor.orders() if order.order_number in standing}
        assert ended == {S.CANCELLED}


async def test_a_stop_cancels_what_is_left_of_an_order_whose_fill_was_not_booked_yet(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as bot:
        await bot.live(TABLE.emulate_from - timedelta(seconds=1))
        await fault(bot, "partial_fill", percent=50)
        await bot.go(TABLE.emulate_from)
        await bot.bus.ask(RunDue())
        live = await bot.views.orders_in(S.OPEN)
        assert {order.filled for order in live} == {0}
        answer = await bot.owner.stop(STOP)
        assert answer.asked == answer.confirmed > 0
        assert await bot.views.orders_in(S.OPEN, S.PARTIAL) == ()


@pytest.mark.fault(73, 74)
@pytest.mark.parametrize("everything", [False, True])
async def test_a_pause_does_not_turn_a_stop_into_less(floor: Floor, *, everything: bool) -> None:
    await floor.begin()
    await floor.owner.stop(replace(STOP, cancel=False))
    with pytest.raises(Refusal, match="stopped"):
        await floor.owner.pause(Pause(everything=everything, by=ALICE))
    await floor.live(TABLE.verify_at)
    assert floor.counter.placed == []


@pytest.mark.parametrize("said", [TradingStopped, TradingKilled])
@pytest.mark.parametrize("cancel", [True, False])
async def test_a_stop_that_was_to_cancel_is_carried_on_after_a_crash(
    tmp_path: Path,
    counter: Counter,
    said: type[TradingStopped] | type[TradingKilled],
    *,
    cancel: bool,
) -> None:
    """The process died between the journal's line and the first cancel; the button is used up."""
    async with on_floor(tmp_path / "state", counter) as floor:
        await floor.begin()
        await floor.live(TABLE.send_from + timedelta(minutes=1))
        async with floor.trading.desk.recording() as recording:
            await recording.record(said(cancel=cancel, by=ALICE))
    async with on_floor(tmp_path / "state", counter) as floor:
        await floor.look()
        assert set(await floor.states()) == {OrderState.CANCELLED if cancel else OrderState.OPEN}


async def test_an_order_that_a_stop_did_not_find_is_cancelled_when_it_turns_up(
    floor: Floor,
) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    floor.counter.script = deque([Say.ACCEPT, Say.ACCEPT, Say.UNKNOWN_LATE])
    await floor.look(TABLE.send_from)
    answer = await floor.owner.stop(Stop(cancel=True, by=ALICE))
    assert answer.left == 1
    await floor.live(TABLE.verify_at)
    assert set(await floor.states()) == {OrderState.CANCELLED, OrderState.WITHHELD}
