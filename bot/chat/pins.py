"""Bot API methods on pinned messages: https://core.telegram.org/bots/api#pinchatmessage.

The bot gets its own pin as an update, a service message: the Bot API server leaves out what a bot
said itself, but not that.
"""

from bot.chat.arguments import Arguments
from bot.chat.errors import bad_request
from bot.chat.room import SERVICE, Room
from bot.chat.state import Json
from bot.chat.targets import chat_of, message_in


def pin_chat_message(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#pinchatmessage."""
    chat = chat_of(room, args)
    found = message_in(room, chat, args.integer("message_id"))
    if found is None:
        raise bad_request("message to pin not found")
    body = found[1]
    if SERVICE & body.keys():
        raise bad_request("service messages can't be pinned")
    pinned = room.pins(chat["id"])
    if body["message_id"] in pinned:
        raise bad_request("CHAT_NOT_MODIFIED")
    room.set_pins(chat["id"], sorted([*pinned, body["message_id"]]))
    inner = {name: value for name, value in body.items() if name != "reply_to_message"}
    room.serve(chat, {"pinned_message": inner})
    return True


def unpin_chat_message(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#unpinchatmessage: the newest when none is named."""
    chat = chat_of(room, args)
    pinned = room.pins(chat["id"])
    named = args.integer("message_id") or max(pinned, default=0)
    if message_in(room, chat, named) is None:
        raise bad_request("message to unpin not found")
    if named not in pinned:
        raise bad_request("CHAT_NOT_MODIFIED")
    room.set_pins(chat["id"], [one for one in pinned if one != named])
    return True


def unpin_all_chat_messages(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#unpinallchatmessages."""
    chat = chat_of(room, args)
    if room.pins(chat["id"]):
        room.set_pins(chat["id"], [])
    return True


def pinned_message(room: Room, chat: Json) -> Json:
    """Give the newest pinned message, as getChat tells it; empty when there is none."""
    newest = max(room.pins(chat["id"]), default=0)
    found = message_in(room, chat, newest)
    return {} if found is None else {"pinned_message": found[1]}
