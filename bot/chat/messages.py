"""Bot API methods on messages: send, edit, delete, signs of typing, and the answer to a tap."""

from bot.chat.arguments import Arguments
from bot.chat.entities import Formatted, units
from bot.chat.errors import bad_request
from bot.chat.formatting import parse
from bot.chat.markup import is_inline, read_markup
from bot.chat.room import MEDIA, Room, put_text, text_of
from bot.chat.state import Json
from bot.chat.targets import chat_of, editable, message_in, surroundings
from bot.chat.topics import GENERAL, topic

TEXT_UNITS = 4096
ANSWER_UNITS = 200
QUERY_SECONDS = 300  # Telegram gives a bot some minutes to answer a tap
DELETABLE_SECONDS = 48 * 3600
MANY = range(1, 101)
CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def send_message(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#sendmessage."""
    formatted = _text(args, "message is too long")
    chat = chat_of(room, args)
    extra = surroundings(room, chat, args)
    markup = read_markup(args.structure("reply_markup"))
    room.limit.count(chat)
    return room.post(chat, formatted, markup, extra)


def edit_message_text(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#editmessagetext."""
    formatted = _text(args, "MESSAGE_TOO_LONG")
    body = editable(room, args)
    if MEDIA & body.keys():
        raise bad_request("there is no text in the message to edit")
    return edit(room, args, body, {**body}, formatted)


def edit_message_reply_markup(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#editmessagereplymarkup."""
    body = editable(room, args)
    return edit(room, args, body, {**body}, text_of(body), stamp=False)


def edit(
    room: Room,
    args: Arguments,
    body: Json,
    new: Json,
    formatted: Formatted,
    *,
    stamp: bool = True,
) -> Json:
    """Put `new` with these words, and the markup of the call, in the place of a message.

    Raises Refusal where nothing would change.
    """
    markup = read_markup(args.structure("reply_markup"))
    if not is_inline(markup):
        raise bad_request("inline keyboard expected")
    put_text(new, formatted)
    new.pop("reply_markup", None)
    if markup:
        new["reply_markup"] = markup
    if new == body:
        raise bad_request(NOT_MODIFIED)
    room.limit.count(new["chat"])
    if stamp:
        new["edit_date"] = room.date()
    room.save(new, "bot", markup)
    return new


def delete_message(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#deletemessage."""
    chat = chat_of(room, args)
    found = message_in(room, chat, args.integer("message_id"))
    if found is None:
        raise bad_request("message to delete not found")
    if room.date() - found[1]["date"] > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    room.delete(chat, found[1]["message_id"])
    return True


def delete_messages(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#deletemessages: what cannot be deleted is skipped."""
    chat = chat_of(room, args)
    named = args.structure("message_ids")
    if not isinstance(named, list) or len(named) not in MANY:
        raise bad_request("message identifiers are not specified")
    for message_id in named:
        found = message_in(room, chat, message_id)
        if found is not None and room.date() - found[1]["date"] <= DELETABLE_SECONDS:
            room.delete(chat, message_id)
    return True


def answer_callback_query(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery."""
    query_id, text = args.text("callback_query_id"), args.text("text")
    found = room.state.open_query(query_id)
    if found is None or room.now().timestamp() - found[1] > QUERY_SECONDS:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if units(text) > ANSWER_UNITS:
        raise bad_request("MESSAGE_TOO_LONG")
    room.state.close_query(query_id)
    room.notice(
        found[0],
        {
            "kind": "alert" if args.boolean("show_alert") else "toast",
            "text": text,
            "query_id": query_id,
        },
    )
    return True


def send_chat_action(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#sendchataction."""
    chat = chat_of(room, args)
    if args.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    if args.integer("message_thread_id") not in {0, GENERAL}:
        topic(room, chat, args.integer("message_thread_id"), to_write=True)
    room.notice(chat["id"], {"kind": "action", "text": args.text("action")})
    return True


def _text(args: Arguments, too_long: str) -> Formatted:
    if not args.text("text"):
        raise bad_request("message text is empty")
    formatted = parse(args.text("text"), args.text("parse_mode"), args.structure("entities"))
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if units(formatted.text) > TEXT_UNITS:
        raise bad_request(too_long)
    return formatted
