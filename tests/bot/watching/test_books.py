"""Journal, ledger and broker held against one another while the room works."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands import Resume
from bot.events import CycleStarted, LawBroken, LedgerMismatched, OrderAccepted, OrderSent
from bot.trading.model import Approval
from bot.watching.tally import Broken
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import ALICE, DAY, NEXT, holding, on_floor, table_of
from tests.bot.watching.watched import Watched, watch

TABLE = table_of(DAY)


async def test_two_days_as_they_should_be_find_nothing(room: Watched) -> None:
    floor = room.floor
    await floor.begin()
    await floor.live(table_of(NEXT).settle_at)
    assert await floor.all(LawBroken) == []
    assert await floor.all(LedgerMismatched) == []
    assert room.watching.laws.tally.ledgers[1] == await floor.cycle()
    assert room.said == []


async def test_a_ledger_that_is_not_the_journals_stops_all_trading(room: Watched) -> None:
    floor = room.floor
    await floor.begin()
    await floor.look(TABLE.propose_at)
    async with floor.database.transaction() as tx:
        await tx.execute("UPDATE cycle SET state = json_set(state, '$.quantity', 41)")
    await floor.live(TABLE.send_from + timedelta(hours=1))
    (broken,) = await floor.all(LawBroken)
    assert (broken.law, broken.subject, broken.detail) == ("ledger", "cycle 1 TQQQ", "40 41")
    assert await floor.views.trading() == "stopped"
    # Told once: it is found again every hour, and the owner may go on with /resume.
    await floor.bus.ask(Resume(by=ALICE))
    await floor.live(TABLE.send_from + timedelta(hours=3))
    assert len(await floor.all(LawBroken)) == 1
    assert await floor.views.trading() == "running"
    async with floor.database.transaction() as tx:
        await tx.execute("UPDATE cycle SET state = json_set(state, '$.quantity', 40)")


async def test_a_broken_law_lets_no_further_order_of_the_same_look_out(room: Watched) -> None:
    floor = room.floor
    await floor.begin()
    floor.counter.before_place = lambda slot: room.watching.laws.broken(
        Broken(law="one_sent", subject=slot.key, detail="")
    )
    await floor.live(TABLE.send_from)
    assert len(floor.counter.placed) == 1
    (broken,) = await floor.all(LawBroken)
    assert broken.law == "one_sent"
    assert await floor.views.trading() == "stopped"
    assert len(await floor.all(OrderSent)) == 1


async def test_a_turn_that_no_order_can_take_stops_trading_and_not_the_program(
    room: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor = room.floor
    await floor.begin()
    await floor.live(TABLE.send_from)
    number = floor.counter.posted[0].row.order_number
    # An order that is open is accepted once more: the table of transitions has no such edge.
    first = next(o for o in await floor.orders() if o.order_number == number)

    async def book(_session: object) -> None:
        async with floor.trading.desk.recording() as recording:
            await recording.record(OrderAccepted(slot=first.slot.key, order_number=number))

    monkeypatch.setattr(floor.trading.settler, "book", book)
    await floor.look(TABLE.verify_at)
    monkeypatch.undo()
    await floor.look(TABLE.verify_at + timedelta(minutes=1))
    (broken,) = await floor.all(LawBroken)
    assert (broken.law, broken.subject) == ("turn", first.slot.key)
    assert await floor.views.trading() == "stopped"
    await floor.live(TABLE.settle_at)


async def test_shares_that_the_broker_lacks_for_a_quarter_of_an_hour_hold_the_symbol(
    room: Watched,
) -> None:
    floor = room.floor
    await floor.begin()
    await floor.live(TABLE.verify_at)
    floor.counter.quantity_lag = 3
    hour = TABLE.send_from
    while hour <= floor.clock.now():
        hour += timedelta(hours=1)
    await floor.live(hour + timedelta(minutes=10))
    assert await floor.all(LedgerMismatched) == []  # a balance may lag
    await floor.live(hour + timedelta(minutes=20))
    (found,) = await floor.all(LedgerMismatched)
    assert (found.ledger_quantity, found.broker_quantity) == (40, 37)
    await floor.live(hour + timedelta(hours=2))
    assert len(await floor.all(LedgerMismatched)) == 1
    floor.counter.quantity_lag = 0


async def test_a_balance_that_lags_ten_minutes_is_no_difference(room: Watched) -> None:
    floor = room.floor
    await floor.begin()
    await floor.live(TABLE.verify_at)
    floor.counter.quantity_lag = 3
    await floor.live(floor.clock.now() + timedelta(minutes=55))
    floor.counter.quantity_lag = 0
    await floor.live(floor.clock.now() + timedelta(hours=2))
    assert await floor.all(LedgerMismatched) == []


async def test_lines_that_another_process_wrote_are_counted_in_their_order(room: Watched) -> None:
    floor = room.floor
    started = CycleStarted(cycle_id=1, cycle=holding(), approval=Approval.AUTO, by=ALICE)
    floor.counter.holdings["TQQQ"] = 40
    async with floor.journal.recording(floor.clock.now()) as recording:
        await recording.record(started)  # as the console does, beside the desk
    await floor.begin(holding(symbol="SOXL"), cycle_id=2)  # before the line above was read
    await floor.live(TABLE.settle_at)
    assert await floor.all(LawBroken) == []
    assert room.watching.laws.tally.ledgers[1] == await floor.cycle()


async def test_a_line_that_another_process_writes_in_mid_comparison_breaks_no_law(
    room: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor, laws = room.floor, room.watching.laws
    await floor.begin()
    await floor.look(TABLE.propose_at)
    caught_up, written = laws.catch_up, 0

    async def catch_up_and_be_overtaken() -> None:
        nonlocal written
        await caught_up()
        if not written:
            written = 1
            async with floor.journal.recording(floor.clock.now()) as recording:
                started = CycleStarted(
                    cycle_id=2, cycle=holding(quantity=7), approval=Approval.ALERT, by=ALICE
                )
                await recording.record(started)
            floor.counter.holdings["TQQQ"] += 7

    monkeypatch.setattr(laws, "catch_up", catch_up_and_be_overtaken)
    await room.watching.reconciliation._ledger([])
    assert written
    await laws.tell()
    assert await floor.all(LawBroken) == []


async def test_a_restart_counts_the_whole_journal_and_finds_nothing(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "muhan.sqlite3"
    async with on_floor(path, counter) as floor:
        await watch(floor)
        await floor.begin()
        await floor.live(TABLE.verify_at)
    async with on_floor(path, counter) as floor:
        room = await watch(floor)
        await floor.live(TABLE.settle_at)
        assert await floor.all(LawBroken) == []
        assert room.watching.laws.tally.ledgers[1] == await floor.cycle()
