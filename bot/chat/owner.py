"""What the owner, or somebody played by a program, does: writes, taps, opens a group."""

from typing import Any

from bot.chat.entities import units
from bot.chat.errors import OwnerMistake
from bot.chat.formatting import plain
from bot.chat.markup import callback_buttons
from bot.chat.messages import TEXT_UNITS
from bot.chat.room import Room, private_chat, put_text
from bot.chat.state import Json
from bot.chat.topics import topics_of

LARGEST_ID = 2**52
GROUP_TYPES = frozenset({"group", "supergroup"})


def send(room: Room, body: Json) -> Json:
    """Write a message to the bot, as the owner or as whoever `as` says.

    Raises OwnerMistake for text that a Telegram client would not send.
    """
    formatted = plain(str(body.get("text", "")))
    if not formatted.text:
        raise OwnerMistake("a message needs text")
    if units(formatted.text) > TEXT_UNITS:
        raise OwnerMistake(f"a message has at most {TEXT_UNITS} characters")
    person, chat = _whom(room, body.get("as"))
    message: Json = {
        "message_id": room.state.next_message_id(),
        "from": person,
        "chat": chat,
        "date": room.date(),
    }
    put_text(message, formatted)
    if body.get("thread"):
        message |= {"message_thread_id": _thread(room, chat, body), "is_topic_message": True}
    replied = _replied(room, body.get("reply_to"))
    if replied is not None:
        message["reply_to_message"] = replied
    room.save(message, "owner", None)
    update_id = room.queue("message", message)
    return {"message_id": message["message_id"], "update_id": update_id}


def press(room: Room, body: Json) -> Json:
    """Tap an inline button.

    Raises OwnerMistake when the message is gone or has no such button any more.
    """
    try:
        found = room.state.message(int(body["message_id"]))
        data = str(body["data"])
    except (KeyError, TypeError, ValueError):
        raise OwnerMistake("a tap needs message_id and data") from None
    if found is None:
        raise OwnerMistake("there is no such message")
    _, message, markup = found
    if data not in callback_buttons(markup):
        raise OwnerMistake("the message has no such button")
    person, _ = _whom(room, body.get("as"))
    chat_id = message["chat"]["id"]
    query_id = room.state.add_query(chat_id, room.now().timestamp())
    query = {
        "id": query_id,
        "from": person,
        "message": message,
        "chat_instance": str(-(chat_id * 7919 + room.config.bot_id)),
        "data": data,
    }
    return {"query_id": query_id, "update_id": room.queue("callback_query", query)}


def open_group(room: Room, body: Json) -> Json:
    """Open a group with the bot as its administrator: `id` below 0, `title`, `is_forum`."""
    chat_id, title = body.get("id"), str(body.get("title") or "모임")
    if not isinstance(chat_id, int) or not -LARGEST_ID < chat_id < 0:
        raise OwnerMistake("a group's id is a whole number below 0")
    chat: Json = {"id": chat_id, "title": title, "type": "supergroup"}
    if body.get("is_forum"):
        chat["is_forum"] = True
    room.open_chat(chat)
    return chat


def _thread(room: Room, chat: Json, body: Json) -> int:
    if str(body["thread"]) not in topics_of(room, chat["id"])["topics"]:
        raise OwnerMistake("the chat has no such topic")
    return int(body["thread"])


def _replied(room: Room, message_id: Any) -> Json | None:
    if message_id is None:
        return None
    found = room.state.message(message_id) if isinstance(message_id, int) else None
    if found is None:
        raise OwnerMistake("there is no message to reply to")
    return found[1]


def _whom(room: Room, played: Any) -> tuple[Json, Json]:
    """Give the User who acts and the Chat it happens in."""
    config = room.config
    if not isinstance(played, dict):
        played = {}
    try:
        user_id = int(played.get("id", config.owner_id))
        chat_id = int(played.get("chat_id", user_id))
    except (TypeError, ValueError):
        raise OwnerMistake('"as" has whole numbers for id and chat_id') from None
    if max(abs(user_id), abs(chat_id)) >= LARGEST_ID:
        raise OwnerMistake("Telegram's ids have at most 52 bits")
    name = str(played.get("name", config.owner_name if user_id == config.owner_id else "손님"))
    person = {
        "id": user_id,
        "is_bot": False,
        "first_name": name,
        "language_code": str(played.get("language_code", config.language)),
    }
    known = room.state.chat(chat_id)
    if known is not None and known["type"] in GROUP_TYPES:
        return person, known
    kind = str(played.get("chat_type", "private"))
    if kind in GROUP_TYPES:
        chat = {"id": chat_id, "title": str(played.get("title", "모임")), "type": kind}
        room.open_chat(chat)
    elif kind == "private":
        chat = private_chat(chat_id, name)
        room.state.save_chat(chat)
    else:
        raise OwnerMistake('chat_type is "private", "group" or "supergroup"')
    return person, chat
