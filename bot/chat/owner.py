"""What the owner, or somebody played by a program, does: writes, taps, reads."""

from typing import Any

from bot.chat.account import menu
from bot.chat.entities import units
from bot.chat.errors import OwnerMistake
from bot.chat.formatting import plain
from bot.chat.markup import callback_buttons
from bot.chat.messages import TEXT_UNITS
from bot.chat.rendering import to_html
from bot.chat.room import Room, private_chat, put_text, text_of
from bot.chat.state import Json

FIRST_LOOK = 300  # messages shown when the page opens
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


def changes(room: Room, chat_id: int, after: int) -> Json:
    """Tell what changed in a chat since revision `after`; below 0 is a first look at its end."""
    state = room.state
    rows = state.messages_after(chat_id, after, FIRST_LOOK if after < 0 else -1)
    seen: Json = {"rev": state.rev, "messages": [_shown(*row) for row in rows]}
    seen["notices"] = state.notices_after(chat_id, after) if after >= 0 else []
    if int(state.fact("menu rev") or 0) > after:
        seen["commands"] = menu(room, chat_id, room.config.language)
    keyboard = state.json(f"keyboard {chat_id}")
    if keyboard and keyboard["rev"] > after:
        seen["keyboard"] = keyboard["markup"]
    return seen


def _replied(room: Room, message_id: Any) -> Json | None:
    if message_id is None:
        return None
    found = room.state.message(message_id) if isinstance(message_id, int) else None
    if found is None:
        raise OwnerMistake("there is no message to reply to")
    return found[1]


def _shown(message_id: int, author: str, body: Json, markup: Json | None, deleted: bool) -> Json:
    if deleted:
        return {"id": message_id, "deleted": True}
    shown: Json = {
        "id": message_id,
        "from": author,
        "name": body["from"]["first_name"],
        "html": to_html(text_of(body)),
        "text": text_of(body).text,
        "date": body["date"],
        "edited": "edit_date" in body,
        "reply_markup": markup,
    }
    if "photo" in body:
        shown["photo"] = {**body["photo"][-1], "url": f"/chat/file/{body['photo'][-1]['file_id']}"}
    if "document" in body:
        shown["document"] = {**body["document"], "url": f"/chat/file/{body['document']['file_id']}"}
    if "reply_to_message" in body:
        replied = body["reply_to_message"]
        shown["reply"] = {"id": replied["message_id"], "text": text_of(replied).text[:120]}
    return shown


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
    kind = str(played.get("chat_type", "private"))
    if kind in GROUP_TYPES:
        chat = {"id": chat_id, "title": str(played.get("title", "모임")), "type": kind}
    elif kind == "private":
        chat = private_chat(chat_id, name)
    else:
        raise OwnerMistake('chat_type is "private", "group" or "supergroup"')
    room.state.save_chat(chat)
    return person, chat
