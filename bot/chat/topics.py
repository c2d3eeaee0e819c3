"""Bot API methods on the topics of a forum: https://core.telegram.org/bots/api#createforumtopic.

A topic's `message_thread_id` is the id of the service message that opened it. The topic that every
forum has from the beginning, General, is written to by naming none.
"""

from typing import Any

from bot.chat.arguments import Arguments
from bot.chat.errors import bad_request
from bot.chat.room import Room
from bot.chat.state import Json

COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)
LONGEST_NAME = 128
GENERAL = 1  # the first topic; a sign of typing may name it, a message may not


def topics_of(room: Room, chat_id: int) -> Json:
    """Give a forum's topics by their thread, each as {name, icon_color, closed}."""
    return dict(room.state.json(f"topics {chat_id}") or {"rev": 0, "topics": {}})


def topic(room: Room, chat: Json, thread: int, *, to_write: bool = False) -> Json:
    """Find a topic.

    Raises Refusal: message thread not found; TOPIC_CLOSED when a message is to go there.
    """
    found = topics_of(room, chat["id"])["topics"].get(str(thread))
    if found is None:
        raise bad_request("message thread not found")
    if to_write and found["closed"]:
        raise bad_request("TOPIC_CLOSED")
    return dict(found)


def create_forum_topic(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#createforumtopic."""
    chat = _forum(room, args)
    color = args.integer("icon_color", COLORS[0])
    if color not in COLORS:
        raise bad_request("wrong topic icon color specified")
    made: Json = {"name": _name(args), "icon_color": color}
    thread = room.state.next_message_id()
    if thread == GENERAL:
        thread = room.state.next_message_id()
    _keep(room, chat, thread, {**made, "closed": False})
    room.serve(chat, {"forum_topic_created": made, **_in(thread)}, message_id=thread)
    return {"message_thread_id": thread, **made}


def edit_forum_topic(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#editforumtopic."""
    chat, thread, known = _named(room, args)
    if args.values.get("name") is not None:
        name = _name(args)
        if name == known["name"]:
            raise bad_request("TOPIC_NOT_MODIFIED")
        _keep(room, chat, thread, {**known, "name": name})
        room.serve(chat, {"forum_topic_edited": {"name": name}, **_in(thread)})
    return True


def close_forum_topic(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#closeforumtopic."""
    return _shut(room, args, closed=True)


def reopen_forum_topic(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#reopenforumtopic."""
    return _shut(room, args, closed=False)


def delete_forum_topic(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#deleteforumtopic: its messages go with it."""
    chat, thread, _ = _named(room, args)
    _keep(room, chat, thread, None)
    for message_id, _, body, _, _ in room.state.messages_after(chat["id"], -1, -1):
        if body.get("message_thread_id") == thread:
            room.delete(chat, message_id)
    return True


def _shut(room: Room, args: Arguments, *, closed: bool) -> bool:
    chat, thread, known = _named(room, args)
    if known["closed"] is closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    _keep(room, chat, thread, {**known, "closed": closed})
    kind = "forum_topic_closed" if closed else "forum_topic_reopened"
    room.serve(chat, {kind: {}, **_in(thread)})
    return True


def _named(room: Room, args: Arguments) -> tuple[Json, int, Json]:
    chat = _forum(room, args)
    thread = args.integer("message_thread_id")
    return chat, thread, topic(room, chat, thread)


def _forum(room: Room, args: Arguments) -> Json:
    chat = room.chat(args.values.get("chat_id"))
    if not chat.get("is_forum"):
        raise bad_request("the chat is not a forum")
    return chat


def _name(args: Arguments) -> str:
    name = args.text("name").strip()
    if not name:
        raise bad_request("title must be non-empty")
    return name[:LONGEST_NAME]


def _in(thread: int) -> Json:
    return {"message_thread_id": thread, "is_topic_message": True}


def _keep(room: Room, chat: Json, thread: int, known: Json | None) -> None:
    kept: dict[str, Any] = topics_of(room, chat["id"])["topics"]
    kept.pop(str(thread), None) if known is None else kept.update({str(thread): known})
    room.state.set_json(f"topics {chat['id']}", {"rev": room.state.next_rev(), "topics": kept})
    room.changes_bell.ring()
