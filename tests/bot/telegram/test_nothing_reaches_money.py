"""Whatever is thrown at the chat, money moves by one fresh tap of a known person, and else not.

A real trading room with a round that waits for its approval stands behind the chat. Commands with
nonsense behind them are thrown at the whole program, in tests/simulation/test_nonsense.py.
"""

from collections import Counter as Count
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.clock import SEOUL
from bot.events import OrderSent, RoundApproved
from bot.trading.model import Approval
from tests.bot.telegram.conftest import FRIEND, MARKET_WALL, OWNER, Chat, captions, key
from tests.bot.telegram.room import Room, room_on
from tests.bot.trading.floor import DAY, table_of

STRANGER = 990_001
GROUP = -100_500
SAID = (
    "승인",
    "네",
    "매수 10주",
    "오늘 전부 팔아",
    "approve",
    "/approve",
    "/승인",
    "//stop",
    "/",
    "😀" * 400,
    "가" * 4096,
    "\u202e/nwod tuhs",
    "/today@another_bot",
    "1,234.5",
    "c:AAAAAAAAAAAAAAAAAAAAAA",
)


@asynccontextmanager
async def waiting(chat: Chat, path: Path) -> AsyncIterator[Room]:
    """Open a room in the window, with a proposed round that nobody has approved."""
    async with room_on(chat, path) as room:
        await room.floor.begin(approval=Approval.CONFIRM)
        await room.floor.look(table_of(DAY).send_from + timedelta(minutes=1))
        await room.settle()
        yield room


async def written(room: Room) -> list[str]:
    return [type(entry.event).__name__ for entry in await room.floor.entries()]


def pause() -> None:
    """Let enough time pass that the next message is no flood."""
    MARKET_WALL.at += timedelta(seconds=11)


async def test_nothing_that_is_said_approves_a_round(chat: Chat, tmp_path: Path) -> None:
    async with waiting(chat, tmp_path / "state.db") as room:
        before = await written(room)
        for text in SAID:
            pause()
            count = len(await chat.said())
            await chat.send(text)
            await room.settle()
            assert len(await chat.said()) > count, f"{text[:20]} was left unanswered"
        assert room.floor.counter.placed == []
        assert await written(room) == before


def elsewhere(data: str, message_id: int) -> list[dict[str, Any]]:
    """Word what is not the owner in his own chat: groups, edits, forwards, strangers, channels."""
    at = int(MARKET_WALL.now().timestamp())
    owner = {"id": OWNER, "is_bot": False, "first_name": "주인"}
    stranger = {"id": STRANGER, "is_bot": False, "first_name": "손님"}
    private = {"id": OWNER, "type": "private", "first_name": "주인"}
    group = {"id": GROUP, "type": "supergroup", "title": "모임"}
    said = {"message_id": 9_000, "date": at, "chat": private, "from": owner, "text": "/stop"}
    origin = {"type": "user", "date": at, "sender_user": stranger}
    tap = {"id": "91", "from": owner, "chat_instance": "1", "data": data}
    under = {"message_id": message_id, "date": at, "chat": private}
    return [
        {"message": {**said, "chat": group}},
        {"message": {**said, "chat": group, "sender_chat": group}},
        {"message": {**said, "forward_origin": origin}},
        {"message": {**said, "edit_date": at}},
        {"message": {**said, "via_bot": {**stranger, "is_bot": True}}},
        {"message": {**said, "from": stranger}},
        {"edited_message": {**said, "edit_date": at}},
        {"channel_post": {**said, "chat": {"id": GROUP, "type": "channel", "title": "c"}}},
        {"callback_query": {**tap, "message": {**under, "chat": group}}},
        {"callback_query": {**tap, "from": stranger, "message": under}},
        {"callback_query": {**tap, "inline_message_id": "AAEC"}},
        {"callback_query": {**tap, "from": {**owner, "id": FRIEND}, "message": under}},
        {"poll_answer": {"poll_id": "1", "option_ids": [0], "user": owner}},
    ]


async def test_nobody_elses_word_or_tap_counts_and_none_of_them_is_answered(
    chat: Chat, tmp_path: Path
) -> None:
    async with waiting(chat, tmp_path / "state.db") as room:
        before, said = await written(room), await chat.said()
        card = await chat.having("승인")
        for update in elsewhere(key(card, "승인"), card["id"]):
            pause()
            await chat.update(update)
        await room.settle()
        assert await chat.said() == said
        assert await chat.said(GROUP) == []
        assert await chat.said(STRANGER) == []
        assert room.floor.counter.placed == []
        assert await written(room) == before


async def test_a_flood_of_taps_is_one_approval(chat: Chat, tmp_path: Path) -> None:
    async with waiting(chat, tmp_path / "state.db") as room:
        card = await chat.having("승인")
        data = key(card, "승인")
        for number in range(150):
            await chat.update(
                {
                    "callback_query": {
                        "id": str(5_000 + number),
                        "from": {"id": OWNER, "is_bot": False, "first_name": "주인"},
                        "chat_instance": "1",
                        "data": data,
                        "message": {
                            "message_id": card["id"],
                            "date": 1,
                            "chat": {"id": OWNER, "type": "private"},
                        },
                    }
                }
            )
        await room.settle()
        await room.floor.look()
        kinds = Count(await written(room))
        assert kinds[RoundApproved.__name__] == 1
        slots = [slot.key for slot in room.floor.counter.placed]
        assert len(slots) == len(set(slots)) == kinds[OrderSent.__name__] > 0
        await room.settle()


async def test_a_tap_after_the_deadline_or_from_a_forged_button_sends_nothing(
    chat: Chat, tmp_path: Path
) -> None:
    async with waiting(chat, tmp_path / "state.db") as room:
        card = await chat.having("승인")
        forged = {**card, "reply_markup": {"inline_keyboard": [[]]}}
        assert captions(forged) == []
        for data in ("c:" + "A" * 22, "승인", "c:", "x" * 64, ""):
            tap = {
                "id": "77",
                "from": {"id": OWNER, "is_bot": False, "first_name": "주인"},
                "chat_instance": "1",
                "data": data,
                "message": {
                    "message_id": card["id"],
                    "date": 1,
                    "chat": {"id": OWNER, "type": "private"},
                },
            }
            pause()
            await chat.update({"callback_query": tap})
            await room.settle()
        room.floor.clock.at = table_of(DAY).deadline.astimezone(SEOUL) + timedelta(minutes=1)
        await chat.press("승인", message=card)
        await room.settle()
        assert room.floor.counter.placed == []
        assert RoundApproved.__name__ not in await written(room)
