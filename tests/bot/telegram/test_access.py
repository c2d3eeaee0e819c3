"""Who is answered: the table of everybody who is not, and that nothing at all is said to them."""

from datetime import timedelta
from typing import Any

import pytest
from aiogram.types import Update

from bot.telegram.access import Access
from tests.bot.telegram.conftest import FRIEND, OWNER, House

STRANGER = 666
PRIVATE = {"id": OWNER, "type": "private", "first_name": "주인"}
PERSON = {"id": OWNER, "is_bot": False, "first_name": "주인"}
SOMEBODY = {"id": STRANGER, "is_bot": False, "first_name": "누구"}
DATE = 1_795_489_200


def message(**more: Any) -> dict[str, Any]:
    return {
        "message_id": 1,
        "date": DATE,
        "chat": PRIVATE,
        "from": PERSON,
        "text": "/stop",
        **more,
    }


def tap(**more: Any) -> dict[str, Any]:
    return {
        "id": "1",
        "from": PERSON,
        "chat_instance": "1",
        "data": "c:x",
        "message": message(text="?"),
        **more,
    }


ORIGIN = {"type": "user", "date": DATE, "sender_user": SOMEBODY}
TURNED_AWAY = {
    "a stranger in a private chat": {
        "message": message(**{"from": SOMEBODY, "chat": {"id": STRANGER, "type": "private"}})
    },
    "the owner in a group": {
        "message": message(chat={"id": -100, "type": "group", "title": "무리"})
    },
    "a stranger in the owner's chat": {"message": message(**{"from": SOMEBODY})},
    "a channel's post": {
        "channel_post": message(chat={"id": -100, "type": "channel", "title": "방송"})
    },
    "a channel that speaks in the chat": {
        "message": message(sender_chat={"id": -100, "type": "channel", "title": "방송"})
    },
    "a message without a sender": {"message": {**message(), "from": None}},
    "another bot": {"message": message(**{"from": {**PERSON, "is_bot": True}})},
    "a message through an inline bot": {
        "message": message(via_bot={"id": 9, "is_bot": True, "first_name": "b"})
    },
    "a forwarded command": {"message": message(forward_origin=ORIGIN)},
    "an edited command": {"edited_message": message(edit_date=DATE)},
    "a command marked as edited": {"message": message(edit_date=DATE)},
    "a tap of a stranger": {"callback_query": tap(**{"from": SOMEBODY})},
    "a tap of a stranger in a chat of their own": {
        "callback_query": tap(
            **{"from": SOMEBODY},
            message=message(**{"from": SOMEBODY, "chat": {"id": STRANGER, "type": "private"}}),
        )
    },
    "a tap in a group": {
        "callback_query": tap(
            message=message(chat={"id": -100, "type": "supergroup", "title": "무리"})
        )
    },
    "a tap on an inline message": {
        "callback_query": {**tap(inline_message_id="x"), "message": None}
    },
    "an inline query": {"inline_query": {"id": "1", "from": PERSON, "query": "", "offset": ""}},
    "a poll": {
        "poll_answer": {
            "poll_id": "1",
            "user": PERSON,
            "option_ids": [0],
            "option_persistent_ids": [],
        }
    },
}


@pytest.mark.fault(75)
@pytest.mark.parametrize("who", sorted(TURNED_AWAY))
async def test_nobody_else_is_answered(who: str) -> None:
    update = Update.model_validate({"update_id": 1, **TURNED_AWAY[who]})
    reached: list[object] = []

    async def handler(event: object, _data: dict[str, Any]) -> None:
        reached.append(event)

    access = Access(lambda user_id: user_id == OWNER)
    await access(handler, update, {})
    assert not reached
    assert access.turned_away.total() == 1


@pytest.mark.parametrize("update", [{"message": message()}, {"callback_query": tap()}])
def test_the_owner_is_let_in(update: dict[str, Any]) -> None:
    seen = Update.model_validate({"update_id": 1, **update})
    assert Access(lambda user_id: user_id == OWNER).objection(seen) is None


@pytest.mark.fault(75)
async def test_a_stranger_gets_nothing_at_all_not_even_an_answered_tap(house: House) -> None:
    before = len(await house.chat.lines())
    await house.chat.update(TURNED_AWAY["a tap of a stranger"])
    await house.chat.update(TURNED_AWAY["a stranger in a private chat"])
    await house.settle()
    assert [line for line in (await house.chat.lines())[before:] if line["from"] == "bot"] == []
    assert house.front.access.turned_away == {"stranger": 1, "chat": 1}


async def test_a_resume_older_than_two_minutes_is_refused(house: House) -> None:
    old = int((house.wall.now() - timedelta(minutes=2, seconds=1)).timestamp())
    await house.chat.update({"message": message(text="/resume", date=old)})
    await house.settle()
    assert await house.chat.said() == [
        "2분이 지난 명령이라 처리하지 않았습니다. 지금도 필요하면 다시 보내 주세요."
    ]


@pytest.mark.fault(51)
async def test_a_stop_is_heard_however_old_its_message_seems_and_so_is_a_question(
    house: House,
) -> None:
    just = int((house.wall.now() - timedelta(hours=1)).timestamp())
    await house.chat.update({"message": message(text="/stop", date=just)})
    await house.chat.update({"message": message(text="/report", date=just - 3600)})
    await house.settle()
    stop, report = await house.chat.said()
    assert stop.startswith("정지하면")
    assert report.startswith("아직 끝난 회차가 없습니다")


async def test_somebody_who_is_allowed_besides_the_owner_is_a_stranger_here(
    house: House,
) -> None:
    who = {"id": FRIEND, "is_bot": False, "first_name": "친구"}
    chat = {"id": FRIEND, "type": "private"}
    await house.chat.update({"message": message(**{"from": who, "chat": chat})})
    await house.settle()
    assert house.front.access.turned_away["stranger"] == 1
