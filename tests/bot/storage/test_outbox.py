"""Letters go out in order; taps work once; updates are handled once."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.events import BrokerReturned, BrokerTroubled, CancelAsked
from bot.storage.chat import ChatStore, Tap, TapState, use_tap
from bot.storage.database import Database, opened
from bot.storage.journal import Journal
from bot.storage.outbox import LaterLine, Outbox
from bot.trading.model import CONSOLE

NOW = datetime(2026, 10, 7, 9, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Database]:
    async with opened(tmp_path / "state") as database:
        yield database


async def write(room: Database, *reasons: str) -> None:
    async with Journal(room).recording(NOW) as recording:
        for reason in reasons:
            await recording.record(BrokerTroubled(reason=reason))


async def reasons(outbox: Outbox, now: datetime) -> list[str]:
    waiting = [letter.event for letter in await outbox.waiting(now)]
    return [event.reason for event in waiting if isinstance(event, BrokerTroubled)]


async def test_a_letter_is_written_in_its_events_own_transaction(room: Database) -> None:
    async def interrupted() -> None:
        async with Journal(room).recording(NOW) as recording:
            await recording.record(BrokerTroubled(reason="a"))
            raise KeyError

    with pytest.raises(KeyError):
        await interrupted()
    assert await Outbox(room).unsent() == 0
    assert await Journal(room).entries() == []


async def test_the_journals_own_business_leaves_no_letter(room: Database) -> None:
    async with Journal(room).recording(NOW) as recording:
        await recording.record(CancelAsked(slot="s", by=CONSOLE))
        await recording.record(BrokerReturned())
    assert await Outbox(room).unsent() == 1


async def test_no_letter_overtakes_a_deferred_one(room: Database) -> None:
    outbox = Outbox(room)
    await write(room, "a", "b", "c")
    first, second, _ = await outbox.waiting(NOW)
    await outbox.sent(first.id)
    await outbox.defer(second.id, NOW + MINUTE)
    assert await reasons(outbox, NOW) == []
    assert await outbox.next_due() == NOW + MINUTE
    assert await reasons(outbox, NOW + MINUTE) == ["b", "c"]
    assert (await outbox.waiting(NOW + MINUTE))[0].tries == 1


async def test_a_buried_letter_lets_the_next_go(room: Database) -> None:
    outbox = Outbox(room)
    await write(room, "a", "b")
    await outbox.bury((await outbox.waiting(NOW))[0].id, "blocked")
    assert await reasons(outbox, NOW) == ["b"]
    assert await outbox.unsent() == 1


async def test_a_tap_is_known_by_its_owner_its_time_and_its_use(room: Database) -> None:
    taps = ChatStore(room)
    nonce = await taps.offer(1, "approve", expires_at=NOW + MINUTE)
    assert len(nonce) == 22
    assert await taps.look("nobody's", 1, NOW) == Tap(state=TapState.UNKNOWN)
    assert await taps.look(nonce, 2, NOW) == Tap(state=TapState.FOREIGN)
    assert await taps.look(nonce, 1, NOW) == Tap(state=TapState.FRESH, action="approve")
    expired = await taps.look(nonce, 1, NOW + MINUTE)
    assert expired == Tap(state=TapState.EXPIRED, action="approve")
    assert await taps.use(nonce, NOW)
    assert not await taps.use(nonce, NOW)
    assert (await taps.look(nonce, 1, NOW)).state is TapState.USED


async def test_a_tap_whose_effect_fails_is_not_used_up(room: Database) -> None:
    taps = ChatStore(room)
    nonce = await taps.offer(1, "approve", expires_at=None)

    async def interrupted() -> None:
        async with room.transaction() as tx:
            assert await use_tap(tx, nonce, NOW)
            raise KeyError

    with pytest.raises(KeyError):
        await interrupted()
    assert (await taps.look(nonce, 1, NOW + timedelta(days=99))).state is TapState.FRESH


async def test_an_update_is_new_once(room: Database) -> None:
    chat = ChatStore(room)
    assert not await chat.seen(7)
    assert await chat.first_sight(7)
    assert await chat.seen(7)
    assert not await chat.first_sight(7)
    assert await chat.first_sight(8)


async def test_a_rounds_card_is_remembered_per_chat(room: Database) -> None:
    chat = ChatStore(room)
    assert await chat.card("r", 1) is None
    await chat.remember_card("r", 1, 10)
    await chat.remember_card("r", 2, 20)
    await chat.remember_card("r", 1, 11)
    assert (await chat.card("r", 1), await chat.card("r", 2)) == (11, 20)


async def test_one_line_of_the_journal_has_one_letter_whoever_writes_it(room: Database) -> None:
    await write(room, "a")

    async def again() -> None:
        async with room.transaction() as tx:
            await tx.execute("INSERT INTO outbox (seq) VALUES (1)")

    with pytest.raises(sqlite3.IntegrityError):
        await again()
    assert await Outbox(room).unsent() == 1


async def test_what_the_morning_names_is_kept_with_the_mark_and_named_once(room: Database) -> None:
    outbox = Outbox(room)
    await write(room, "a", "b")
    lines = [LaterLine(chat_id=7, letter=letter, due_at=NOW + MINUTE) for letter in (1, 2)]
    await outbox.sent(1, later=lines[:1])
    await outbox.sent(1, 2, later=lines)
    assert await outbox.digests() == {7: NOW + MINUTE}
    assert [letter.id for letter in await outbox.digest(7)] == [1, 2]
    await outbox.digested(7, [1, 2])
    assert await outbox.digests() == {}
    assert await outbox.unsent() == 0


async def test_letters_that_reached_nobody_are_counted_with_the_latest_reason(
    room: Database,
) -> None:
    outbox = Outbox(room)
    assert await outbox.dead() == (0, "")
    await write(room, "a", "b")
    await outbox.bury(1, "refused")
    await outbox.bury(2, "blocked")
    assert await outbox.dead() == (2, "blocked")
