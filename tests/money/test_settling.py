"""After the close: fills once, the ledger from the journal, and no silent difference."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.events import RoundSettled
from bot.trading.model import RoundState, Slot, round_id
from bot.trading.ports import PlaceAnswer
from bot.trading.recovery import LedgerBroken, check_ledger, rebuild
from tests.money.floor import CLOSE, FLAT, SESSION, Counter, Floor, lose_the_answer, open_floor

ROUND = round_id(1, SESSION)


async def a_day(floor: Floor, close: Decimal = CLOSE) -> None:
    await floor.propose()
    await floor.send()
    floor.counter.close_the_day(close)
    await floor.look(floor.table.settle_at)


async def test_a_day_ends_in_the_ledger_with_the_fills_that_the_broker_shows(
    tmp_path: Path,
) -> None:
    async with open_floor(tmp_path) as floor:
        await a_day(floor)
        (view,) = await floor.views.cycles()
        assert (view.cycle.quantity, view.cycle.average, view.cycle.turn) == (10, CLOSE, Decimal(1))
        assert view.cycle.cash == 40000 - 10 * CLOSE
        assert floor.counter.held == 10


async def test_the_same_fill_seen_twice_is_one_fill(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        await floor.propose()
        await floor.send()
        floor.counter.close_the_day()
        for _ in range(3):
            await floor.trading.settler.book(SESSION)
        names = await floor.names()
        assert names.count("FillBooked") == 3
        assert names.count("OrderClosed") == 4


async def test_a_partial_fill_seen_again_is_not_booked_again(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        await floor.propose()
        await floor.send()
        number = floor.counter.rows[0].order_number
        floor.counter.finish(number, filled=3, why="DFD 장종료로 취소")
        for _ in range(3):
            await floor.trading.settler.book(SESSION)
        assert (await floor.names()).count("FillBooked") == 1
        first = await floor.views.order(floor.counter.placed[0].key)
        assert first is not None
        assert (first.state.value, first.filled) == ("closed_partial", 3)


async def test_settlement_waits_while_an_order_stands_open(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        await floor.propose()
        await floor.send()
        await floor.look(floor.table.settle_at)
        view = await floor.views.round(ROUND)
        assert view is not None
        assert view.state is RoundState.WORKING
        floor.counter.close_the_day()
        await floor.look(floor.clock.now() + timedelta(minutes=5))
        view = await floor.views.round(ROUND)
        assert view is not None
        assert view.state is RoundState.SETTLED


async def test_an_incomplete_listing_settles_nothing(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        await floor.propose()
        await floor.send()
        floor.counter.close_the_day()
        floor.counter.complete = False
        await floor.look(floor.table.settle_at)
        assert "RoundSettled" not in await floor.names()
        assert "BrokerTroubled" in await floor.names(), "and the owner hears why"


async def test_another_quantity_at_the_broker_is_waited_for_and_then_holds_the_cycle(
    tmp_path: Path,
) -> None:
    async with open_floor(tmp_path) as floor:
        await floor.propose()
        await floor.send()
        floor.counter.close_the_day()
        floor.counter.held -= 3
        await floor.look(floor.table.settle_at)
        assert "RoundSettled" not in await floor.names()
        await floor.look(floor.table.settle_again_at)
        (view,) = await floor.views.cycles()
        assert view.held is not None
        assert (view.held.ledger_quantity, view.held.broker_quantity) == (10, 7)
        assert view.cycle.quantity == 10, "the ledger is never corrected in silence"


async def test_a_silent_broker_is_told_once_and_told_again_when_it_is_back(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        floor.counter.silent = True
        for minute in range(3):
            await floor.look(floor.table.propose_at + timedelta(minutes=minute))
        floor.counter.silent = False
        await floor.look(floor.clock.now() + timedelta(minutes=2))
        names = await floor.names()
        assert names.count("BrokerTroubled") == 1
        assert names.count("BrokerReturned") == 1
        assert "RoundProposed" in names


async def test_no_round_is_planned_on_a_close_that_is_not_the_previous_sessions(
    tmp_path: Path,
) -> None:
    async with open_floor(tmp_path) as floor:
        floor.counter.bars_known = FLAT[:-1]
        await floor.propose()
        assert "RoundProposed" not in await floor.names()


async def test_every_session_that_passed_without_a_round_is_told(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        await floor.look(floor.table.deadline + timedelta(days=2))
        entries = await floor.journal.entries()
        missed = [e.event for e in entries if type(e.event).__name__ == "RoundMissed"]
        assert [getattr(event, "session", None) for event in missed] == [
            SESSION,
            SESSION + timedelta(days=1),
            SESSION + timedelta(days=2),
        ]


async def test_an_order_found_after_all_is_in_the_ledger(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        floor.counter.script = [lose_the_answer]
        await floor.propose()
        await floor.send()
        floor.counter.close_the_day()
        await floor.look(floor.table.settle_at)
        (view,) = await floor.views.cycles()
        assert view.cycle.quantity == floor.counter.held > 0


async def test_the_ledger_rebuilt_from_the_journal_is_the_stored_one(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        await a_day(floor)
        (view,) = await floor.views.cycles()
        assert rebuild(await floor.journal.entries()) == {1: view.cycle}
        await check_ledger(floor.journal, floor.views)


async def test_a_ledger_that_does_not_follow_from_the_journal_stops_the_start(
    tmp_path: Path,
) -> None:
    async with open_floor(tmp_path) as floor:
        await a_day(floor)
        async with floor.journal.recording(floor.clock.now()) as recording:
            await recording.transaction.execute(
                """UPDATE cycle SET state = json_set(state, '$.quantity', 7)"""
            )
        with pytest.raises(LedgerBroken):
            await check_ledger(floor.journal, floor.views)


class Killed(BaseException):
    """The process died here."""


class DyingCounter(Counter):
    """A counter at which the process dies at the n-th call, before or after it took effect."""

    left: int = -1

    def _step(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed

    def _answering(self) -> None:
        self._step()
        super()._answering()

    async def place(self, slot: Slot) -> PlaceAnswer:
        self._step()
        answer = await super().place(slot)
        self._step()
        return answer


async def _a_day_with_a_death(tmp_path: Path, dies_at: int) -> tuple[Floor, Counter, bool]:
    """Play the session with a death at the n-th step of the counter; restart until it is over."""
    died = False
    counter: DyingCounter | None = None
    began = False
    for _ in range(2):
        async with open_floor(tmp_path, counter=counter, began=began) as floor:
            if counter is None:
                counter = DyingCounter(clock=floor.clock)
                counter.left = dies_at
                floor.counter = counter
                floor.trading.desk.broker = counter
            began = True
            try:
                for at in _instants(floor):
                    if at >= floor.clock.now():
                        if at == floor.table.settle_at:
                            counter.close_the_day(Decimal("95.00"))
                        await floor.look(at)
            except Killed:
                died = True
                continue
            return floor, counter, died
    raise AssertionError("it died twice")


def _instants(floor: Floor) -> list[datetime]:
    table = floor.table
    waits = [table.send_from + timedelta(minutes=n) for n in (0, 1, 2, 15, 16, 17, 30, 31, 45)]
    return [table.propose_at, *waits, table.verify_at, table.settle_at, table.settle_again_at]


async def test_a_death_at_any_step_of_a_day_sends_no_order_twice_and_loses_no_fill(
    tmp_path: Path,
) -> None:
    for dies_at in range(1, 200):
        home = tmp_path / str(dies_at)
        home.mkdir()
        _, counter, died = await _a_day_with_a_death(home, dies_at)
        keys = [slot.key for slot in counter.placed]
        assert len(keys) == len(set(keys)), f"step {dies_at}: an order went out twice"
        prices = [row.price for row in counter.rows]
        assert len(prices) == len(set(prices)), f"step {dies_at}: a twin stands at the broker"
        async with open_floor(home, counter=counter, began=True) as reopened:
            (view,) = await reopened.views.cycles()
            entries = await reopened.journal.entries()
            assert view.cycle.quantity == counter.held, f"step {dies_at}"
            assert sum(isinstance(entry.event, RoundSettled) for entry in entries) == 1
            told = {type(entry.event).__name__ for entry in entries}
            states = reopened.states().values()
            assert ("absent" in states) == ("OrderAbsent" in told)
        if not died:
            assert dies_at > 15
            return
    raise AssertionError("the sweep did not reach the day's end")
