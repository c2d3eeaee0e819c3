"""A forum chat is told what happens, a topic a symbol, and never holds a person's letters up."""

from typing import Any

import pytest

from bot.events import BotStarted, BrokerTroubled, OrderUnknown, RoundApproved
from bot.storage.forum_store import ForumStore
from bot.trading.model import SCHEDULE
from tests.bot.telegram.conftest import House, captions
from tests.bot.telegram.samples import ROUND, SETTLED, SLOTS, proposed, started

GROUP = -1001234567890
TROUBLE = BrokerTroubled(reason="점검")
APPROVED = RoundApproved(round_id=ROUND, slots=SLOTS, by=SCHEDULE)


async def opened_forum(house: House, *, topics: bool = True) -> None:
    await house.front.stop()
    await house.chat._post("/chat/groups", {"id": GROUP, "title": "무매", "is_forum": topics})
    notes = ForumStore(house.database, house.outbox, GROUP)
    house.front = house.build(house.service.bus, forum=notes)
    await house.front.start()
    await house.front.first_poll_done.wait()
    await house.settle()


@pytest.fixture
async def forum(house: House) -> House:
    await opened_forum(house)
    return house


async def told(house: House) -> list[dict[str, Any]]:
    return [m for m in await house.chat.messages(GROUP) if m["from"] == "bot" and m["text"]]


async def topics(house: House) -> dict[str, int]:
    rows = await house.database.all("SELECT symbol, thread_id FROM forum_topic")
    return {row["symbol"]: row["thread_id"] for row in rows}


async def test_what_is_about_a_symbol_stands_in_its_topic_and_the_rest_in_the_general_one(
    forum: House,
) -> None:
    await forum.service.record(started(), proposed(), TROUBLE)
    await forum.settle()
    threads = await topics(forum)
    assert list(threads) == ["TQQQ"]
    card, trouble = (await told(forum))[-2:]
    assert card["thread"] == threads["TQQQ"]
    assert "TQQQ" in card["text"]
    assert not trouble.get("thread")
    assert "점검" in trouble["text"]


async def test_nothing_can_be_decided_in_a_forum(forum: House) -> None:
    await forum.service.record(
        started(), proposed(), APPROVED, OrderUnknown(slot=SLOTS[0].key, reason="timeout")
    )
    await forum.settle()
    assert [captions(message) for message in await told(forum)] == [[]] * len(await told(forum))


async def test_amounts_are_hidden_in_a_forum_as_from_a_viewer(forum: House) -> None:
    await forum.service.record(started(), proposed(), APPROVED, SETTLED)
    await forum.settle()
    texts = "\n".join(message["text"] for message in await told(forum))
    assert "6,250" not in texts
    assert "•••" in texts
    assert any("6,250" in text for text in await forum.chat.said())


async def test_a_card_in_a_forum_is_one_message_that_is_edited(forum: House) -> None:
    await forum.service.record(started(), proposed())
    await forum.settle()
    before = len(await told(forum))
    await forum.service.record(APPROVED)
    await forum.settle()
    after = await told(forum)
    assert len(after) == before
    assert "승인됨" in after[-1]["text"]


async def test_a_forum_that_is_new_is_not_flooded_with_what_was(house: House) -> None:
    await house.service.record(BotStarted(version="1", unresolved=0), started(), TROUBLE)
    await house.settle()
    await opened_forum(house)
    assert await told(house) == []


async def test_what_happened_while_the_bot_was_off_comes_after_the_start_in_order(
    house: House,
) -> None:
    await opened_forum(house)
    await house.front.stop()
    await house.service.record(BotStarted(version="1", unresolved=1), TROUBLE)
    notes = ForumStore(house.database, house.outbox, GROUP)
    house.front = house.build(house.service.bus, forum=notes)
    await house.front.start()
    await house.settle()
    first, second = await told(house)
    assert "버전 1" in first["text"]
    assert "점검" in second["text"]


async def test_a_topic_that_somebody_deleted_is_made_anew(forum: House) -> None:
    await forum.service.record(started(), proposed())
    await forum.settle()
    before = await topics(forum)
    await forum.front.stop()
    notes = ForumStore(forum.database, forum.outbox, GROUP)
    forum.front = forum.build(forum.service.bus, forum=notes)
    follower = forum.front.mail.forum
    assert follower is not None
    gone = "Bad Request: message thread not found"
    await forum.chat.fault(method="sendMessage", status=400, description=gone)
    await forum.service.record(APPROVED, SETTLED)
    task = forum.nursery.start(follower.run(), name="forum alone")
    await follower.drained()
    task.cancel()
    after = await topics(forum)
    assert after["TQQQ"] != before["TQQQ"]
    last = (await told(forum))[-1]
    assert last["thread"] == after["TQQQ"]
    assert "결과" in last["text"]


async def test_a_forum_that_must_wait_is_waited_for_and_told_in_order(forum: House) -> None:
    await forum.front.stop()
    notes = ForumStore(forum.database, forum.outbox, GROUP)
    forum.front = forum.build(forum.service.bus, forum=notes)
    follower = forum.front.mail.forum
    assert follower is not None
    await forum.chat.fault(method="sendMessage", status=429, retry_after=40)
    await forum.chat.fault(method="sendMessage", drop="before", count=2)
    await forum.service.record(BotStarted(version="1", unresolved=1), TROUBLE)
    task = forum.nursery.start(follower.run(), name="forum alone")
    await follower.drained()
    task.cancel()
    assert 40 in [round(slept) for slept in forum.wall.slept]
    assert ["버전 1" in m["text"] or "점검" in m["text"] for m in await told(forum)] == [True] * 2


async def test_a_group_without_topics_is_told_all_the_same(house: House) -> None:
    await opened_forum(house, topics=False)
    await house.service.record(started(), proposed())
    await house.settle()
    assert any("TQQQ" in message["text"] for message in await told(house))
    assert await topics(house) == {}


async def test_a_forum_that_was_left_holds_no_letter_to_a_person_up(house: House) -> None:
    await house.front.stop()
    notes = ForumStore(house.database, house.outbox, -100999)  # the bot is in no such group
    house.front = house.build(house.service.bus, forum=notes)
    await house.front.start()
    await house.service.record(started(), proposed(), TROUBLE)
    await house.settle()
    assert any("점검" in text for text in await house.chat.said())
    assert await notes.following() == []
