"""Bot API methods on messages that carry a file: pictures, documents, albums, their captions."""

import hashlib
import uuid
from typing import Any

from bot.chat.arguments import Arguments, Upload
from bot.chat.entities import Formatted, units
from bot.chat.errors import bad_request
from bot.chat.formatting import parse
from bot.chat.markup import read_markup
from bot.chat.messages import edit
from bot.chat.pictures import picture_size
from bot.chat.room import MEDIA, Room
from bot.chat.state import Json
from bot.chat.targets import chat_of, editable, surroundings

CAPTION_UNITS = 1024
PICTURE_BYTES = 10 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
ALBUM = range(2, 11)


def send_photo(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#sendphoto."""
    return _send_file(room, args, "photo")


def send_document(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#senddocument."""
    return _send_file(room, args, "document")


def send_media_group(room: Room, args: Arguments) -> list[Json]:
    """https://core.telegram.org/bots/api#sendmediagroup: two to ten pictures, or documents."""
    chat = chat_of(room, args)
    items = args.structure("media")
    if not isinstance(items, list):
        raise bad_request("expected an Array of InputMedia")
    if len(items) not in ALBUM:
        raise bad_request("wrong number of messages: an album has 2 to 10")
    read = [_input_media(room, args, item) for item in items]
    if len({kind for kind, _, _ in read}) > 1:
        raise bad_request("can't mix documents with other media types in an album")
    around = surroundings(room, chat, args)
    album = str(uuid.uuid4().int >> 65)
    sent = []
    for kind, about, formatted in read:
        room.limit.count(chat)
        extra = {**around, kind: about, "media_group_id": album}
        sent.append(room.post(chat, formatted, None, extra))
    return sent


def edit_message_caption(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#editmessagecaption."""
    formatted = _caption(args.values, args)
    body = editable(room, args)
    if not MEDIA & body.keys():
        raise bad_request("there is no caption in the message to edit")
    return edit(room, args, body, {**body}, formatted)


def edit_message_media(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#editmessagemedia: another file, or a first one."""
    body = editable(room, args)
    media = args.structure("media")
    if not isinstance(media, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind, about, formatted = _input_media(room, args, media)
    if "media_group_id" in body and kind not in body:
        raise bad_request("message can't be edited")
    new = {name: value for name, value in body.items() if name not in {*MEDIA, "text", "entities"}}
    return edit(room, args, body, {**new, kind: about}, formatted)


def get_file(room: Room, args: Arguments) -> Json:
    """https://core.telegram.org/bots/api#getfile: of at most 20 MB."""
    found = room.state.file(args.text("file_id"))
    if found is None:
        raise bad_request("invalid file_id")
    if len(found[2]) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**_file(args.text("file_id"), found[2]), "file_path": f"files/{args.text('file_id')}"}


def _send_file(room: Room, args: Arguments, kind: str) -> Json:
    chat = chat_of(room, args)
    formatted = _caption(args.values, args)
    about = _about(room, args, kind, args.text(kind), args.files.get(kind))
    extra = {**surroundings(room, chat, args), kind: about}
    markup = read_markup(args.structure("reply_markup"))
    room.limit.count(chat)
    return room.post(chat, formatted, markup, extra)


def _input_media(room: Room, args: Arguments, media: Any) -> tuple[str, Any, Formatted]:
    """Read an InputMedia: what it is, as a message tells of it, and its caption."""
    if not isinstance(media, dict) or media.get("type") not in MEDIA:
        raise bad_request("can't parse InputMedia: Unsupported type specified")
    kind = str(media["type"])
    about = _about(room, args, kind, str(media.get("media") or ""), None)
    return kind, about, _caption(media, args)


def _caption(values: dict[str, Any], args: Arguments) -> Formatted:
    given = Arguments(values=values, files=args.files)
    formatted = parse(
        given.text("caption"), given.text("parse_mode"), given.structure("caption_entities")
    )
    if units(formatted.text) > CAPTION_UNITS:
        raise bad_request("message caption is too long")
    return formatted


def _about(room: Room, args: Arguments, kind: str, value: str, upload: Upload | None) -> Any:
    """Keep the file of a call and tell of it as a message does: sizes of a picture, or a name."""
    upload = upload or args.files.get(value.removeprefix("attach://"))
    file_id, name, mime, data = _kept(room, kind, value, upload)
    if kind == "document":
        return {**_file(file_id, data), "file_name": name, "mime_type": mime}
    if len(data) > PICTURE_BYTES:
        raise bad_request(
            f"file of size {len(data)} bytes is too big for a photo; "
            f"the maximum size is {PICTURE_BYTES} bytes"
        )
    width, height = picture_size(data)
    return [{**_file(file_id, data), "width": width, "height": height}]


def _kept(room: Room, kind: str, value: str, upload: Upload | None) -> tuple[str, str, str, bytes]:
    """Give id, name, type and bytes of a file: uploaded now, or sent before under this file_id."""
    if upload is None:
        found = room.state.file(value)
        if found is not None:
            return value, *found
        raise bad_request(
            "wrong file identifier/HTTP URL specified"
            if value
            else f"there is no {kind} in the request"
        )
    if not upload.data:
        raise bad_request("file must be non-empty")
    file_id = uuid.uuid4().hex
    room.state.save_file(file_id, upload.name, upload.mime, upload.data)
    return file_id, upload.name, upload.mime, upload.data


def _file(file_id: str, data: bytes) -> Json:
    unique = hashlib.blake2b(data, digest_size=8).hexdigest()
    return {"file_id": file_id, "file_unique_id": unique, "file_size": len(data)}
