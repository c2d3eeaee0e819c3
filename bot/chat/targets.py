"""Which chat, topic and message a call means, and the answers where there is none."""

from typing import Any

from bot.chat.arguments import Arguments
from bot.chat.errors import bad_request
from bot.chat.markup import Markup, is_inline
from bot.chat.room import SERVICE, Room
from bot.chat.state import Json
from bot.chat.topics import topic

Found = tuple[str, Json, Markup | None]


def chat_of(room: Room, args: Arguments) -> Json:
    """Find the chat of a call; raise Refusal: chat_id is empty, chat not found."""
    return room.chat(args.values.get("chat_id"))


def message_in(room: Room, chat: Json, message_id: Any) -> Found | None:
    """Find author, body and markup of a message of this chat; None where it has none such."""
    found = room.state.message(message_id) if isinstance(message_id, int) else None
    return found if found is not None and found[1]["chat"]["id"] == chat["id"] else None


def surroundings(room: Room, chat: Json, args: Arguments) -> Json:
    """Say what a new message replies to, which topic it is in, and how it was sent.

    Raises Refusal: message to be replied not found, message thread not found, TOPIC_CLOSED.
    """
    around = _reply(room, chat, args)
    inherited = around.get("reply_to_message", {}).get("message_thread_id", 0)
    thread = args.integer("message_thread_id") or inherited
    if thread:
        topic(room, chat, thread, to_write=True)
        around |= {"message_thread_id": thread, "is_topic_message": True}
    if args.boolean("protect_content"):
        around["has_protected_content"] = True
    return around


def editable(room: Room, args: Arguments) -> Json:
    """Find the bot's own message that a call edits; its markup is inline, or it has none."""
    if not args.integer("message_id"):
        raise bad_request("message identifier is not specified")
    found = message_in(room, chat_of(room, args), args.integer("message_id"))
    if found is None:
        raise bad_request("message to edit not found")
    author, body, markup = found
    if author != "bot" or not is_inline(markup) or SERVICE & body.keys():
        raise bad_request("message can't be edited")
    return body


def _reply(room: Room, chat: Json, args: Arguments) -> Json:
    reply = args.structure("reply_parameters")
    if not isinstance(reply, dict):
        reply = {"message_id": args.integer("reply_to_message_id")}
        reply["allow_sending_without_reply"] = args.boolean("allow_sending_without_reply")
        if not reply["message_id"]:
            return {}
    found = message_in(room, chat, reply.get("message_id"))
    if found is not None:
        inner = {k: v for k, v in found[1].items() if k not in {"reply_to_message", "reply_markup"}}
        return {"reply_to_message": inner}
    if reply.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")
