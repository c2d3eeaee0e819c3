"""Bot API methods on messages: send, edit, delete, files, and the answer to a tap."""

import uuid
from typing import Any

from bot.chat.arguments import Arguments, Upload
from bot.chat.entities import Formatted, units
from bot.chat.errors import bad_request
from bot.chat.formatting import parse
from bot.chat.markup import Markup, is_inline, read_markup
from bot.chat.room import Room, put_text, text_of
from bot.chat.state import Json

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
ANSWER_UNITS = 200
QUERY_SECONDS = 300  # Telegram gives a bot some minutes to answer a tap
DELETABLE_SECONDS = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def send_message(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#sendmessage."""
    formatted = _text(args, "message is too long")
    chat = room.chat(args.values.get("chat_id"))
    extra = _reply(room, chat, args)
    markup = read_markup(args.structure("reply_markup"))
    room.limit.count(chat["id"])
    return room.post(chat, formatted, markup, extra)


def send_photo(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#sendphoto."""
    return _send_file(room, args, "photo")


def send_document(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#senddocument."""
    return _send_file(room, args, "document")


def edit_message_text(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#editmessagetext."""
    formatted = _text(args, "MESSAGE_TOO_LONG")
    body, _ = _editable(room, args)
    if "text" not in body:
        raise bad_request("there is no text in the message to edit")
    return _edit(room, args, body, formatted)


def edit_message_caption(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#editmessagecaption."""
    formatted = _caption(args)
    body, _ = _editable(room, args)
    if "text" in body:
        raise bad_request("there is no caption in the message to edit")
    return _edit(room, args, body, formatted)


def edit_message_reply_markup(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#editmessagereplymarkup."""
    body, _ = _editable(room, args)
    return _edit(room, args, body, text_of(body), stamp=False)


def delete_message(room: Room, args: Arguments) -> bool:
    """https://core.telegram.org/bots/api#deletemessage."""
    chat = room.chat(args.values.get("chat_id"))
    found = _message(room, chat, args.integer("message_id"))
    if found is None:
        raise bad_request("message to delete not found")
    if room.date() - found[1]["date"] > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    room.state.delete_message(found[1]["message_id"])
    room.changes_bell.ring()
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
    chat = room.chat(args.values.get("chat_id"))
    if not args.text("action"):
        raise bad_request("wrong parameter action in request")
    room.notice(chat["id"], {"kind": "action", "text": args.text("action")})
    return True


def get_file(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#getfile."""
    found = room.state.file(args.text("file_id"))
    if found is None:
        raise bad_request("invalid file_id")
    return {**_file(args.text("file_id"), found[2]), "file_path": f"files/{args.text('file_id')}"}


def _text(args: Arguments, too_long: str) -> Formatted:
    if not args.text("text"):
        raise bad_request("message text is empty")
    formatted = parse(args.text("text"), args.text("parse_mode"), args.structure("entities"))
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if units(formatted.text) > TEXT_UNITS:
        raise bad_request(too_long)
    return formatted


def _caption(args: Arguments) -> Formatted:
    formatted = parse(
        args.text("caption"), args.text("parse_mode"), args.structure("caption_entities")
    )
    if units(formatted.text) > CAPTION_UNITS:
        raise bad_request("message caption is too long")
    return formatted


def _message(room: Room, chat: Json, message_id: int) -> tuple[str, Json, Markup | None] | None:
    found = room.state.message(message_id)
    return found if found is not None and found[1]["chat"]["id"] == chat["id"] else None


def _reply(room: Room, chat: Json, args: Arguments) -> Json:
    reply = args.structure("reply_parameters")
    if not isinstance(reply, dict):
        reply = {"message_id": args.integer("reply_to_message_id")}
        reply["allow_sending_without_reply"] = args.boolean("allow_sending_without_reply")
        if not reply["message_id"]:
            return {}
    target = reply.get("message_id")
    found = _message(room, chat, target) if isinstance(target, int) else None
    if found is not None:
        inner = {k: v for k, v in found[1].items() if k not in {"reply_to_message", "reply_markup"}}
        return {"reply_to_message": inner}
    if reply.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def _editable(room: Room, args: Arguments) -> tuple[Json, Markup | None]:
    if not args.integer("message_id"):
        raise bad_request("message identifier is not specified")
    chat = room.chat(args.values.get("chat_id"))
    found = _message(room, chat, args.integer("message_id"))
    if found is None:
        raise bad_request("message to edit not found")
    author, body, markup = found
    if author != "bot" or not is_inline(markup):
        raise bad_request("message can't be edited")
    return body, markup


def _edit(
    room: Room, args: Arguments, body: Json, formatted: Formatted, *, stamp: bool = True
) -> Json:
    markup = read_markup(args.structure("reply_markup"))
    if not is_inline(markup):
        raise bad_request("inline keyboard expected")
    if formatted == text_of(body) and markup == body.get("reply_markup"):
        raise bad_request(NOT_MODIFIED)
    room.limit.count(body["chat"]["id"])
    put_text(body, formatted)
    body.pop("reply_markup", None)
    if markup:
        body["reply_markup"] = markup
    if stamp:
        body["edit_date"] = room.date()
    room.save(body, "bot", markup)
    return body


def _send_file(room: Room, args: Arguments, kind: str) -> Json:
    chat = room.chat(args.values.get("chat_id"))
    formatted = _caption(args)
    file_id, name, mime, data = _stored(room, args, kind)
    extra = _reply(room, chat, args)
    about: Any = {**_file(file_id, data), "file_name": name, "mime_type": mime}
    if kind == "photo":
        width, height = _picture_size(data)
        about = [{**_file(file_id, data), "width": width, "height": height}]
    extra[kind] = about
    put_text(extra, formatted)
    markup = read_markup(args.structure("reply_markup"))
    room.limit.count(chat["id"])
    return room.post(chat, formatted, markup, extra)


def _stored(room: Room, args: Arguments, kind: str) -> tuple[str, str, str, bytes]:
    """Give id, name, type and bytes of the file of a call: uploaded, attached, or sent before."""
    value = args.text(kind)
    upload: Upload | None = args.files.get(kind) or args.files.get(value.removeprefix("attach://"))
    if upload is None:
        found = room.state.file(value)
        if found is None:
            raise bad_request(
                "wrong file identifier/HTTP URL specified"
                if value
                else f"there is no {kind} in the request"
            )
        return value, *found
    if not upload.data:
        raise bad_request("file must be non-empty")
    file_id = uuid.uuid4().hex
    room.state.save_file(file_id, upload.name, upload.mime, upload.data)
    return file_id, upload.name, upload.mime, upload.data


def _file(file_id: str, data: bytes) -> Json:
    return {"file_id": file_id, "file_unique_id": file_id[:16], "file_size": len(data)}


def _picture_size(data: bytes) -> tuple[int, int]:
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    raise bad_request("IMAGE_PROCESS_FAILED")


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        if 0xC0 <= data[at + 1] <= 0xCF and data[at + 1] not in {0xC4, 0xC8, 0xCC}:
            return (
                int.from_bytes(data[at + 7 : at + 9]),
                int.from_bytes(data[at + 5 : at + 7]),
            )
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    raise bad_request("IMAGE_PROCESS_FAILED")
