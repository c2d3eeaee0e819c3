"""What a call to the second Bot API server says: its values, its words, its markup."""

import json
from html.parser import HTMLParser
from typing import Any

from aiohttp import web

Json = dict[str, Any]
Call = dict[str, Any]

MARKS = {
    "b": "bold",
    "i": "italic",
    "u": "underline",
    "s": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-spoiler": "spoiler",
}


class Refused(Exception):
    """Answer `ok: false`."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


class Reading(HTMLParser):
    """Read Telegram's HTML into plain text and entities; UTF-16 units as offsets."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[Json] = []
        self._open: list[tuple[str, int, str | None]] = []
        self.feed(source)
        self.close()
        if self._open:
            raise Refused(400, f"Bad Request: can't parse entities: unclosed {self._open[-1][0]}")

    @property
    def _length(self) -> int:
        return len(self.text.encode("utf-16-le")) // 2

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in MARKS:
            raise Refused(400, f"Bad Request: can't parse entities: unsupported start tag {tag}")
        self._open.append((tag, self._length, dict(attrs).get("href")))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise Refused(400, f"Bad Request: can't parse entities: unexpected end tag {tag}")
        _, begin, url = self._open.pop()
        if self._length > begin:
            entity: Json = {"type": MARKS[tag], "offset": begin, "length": self._length - begin}
            self.entities.append({**entity, **({"url": url} if url else {})})


def words(call: Call, name: str, most: int) -> Json:
    """Give a text or a caption with its entities, as a message carries them."""
    source = str(call.get(name) or "")
    if call.get("parse_mode") == "HTML":
        read = Reading(source)
        text, entities = read.text.strip(), read.entities
    else:
        text, entities = source.strip(), []
    if name == "text" and not text:
        raise Refused(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > most:
        raise Refused(400, f"Bad Request: message {name} is too long")
    marks = "entities" if name == "text" else "caption_entities"
    return {**({name: text} if text else {}), **({marks: entities} if entities else {})}


def markup(call: Call) -> Json:
    """Give a message's inline keyboard, checked; nothing for other markup."""
    found = call.get("reply_markup") or {}
    if "inline_keyboard" not in found:
        return {}
    for row in found["inline_keyboard"]:
        for button in row:
            if not 1 <= len(button.get("callback_data", "x").encode()) <= 64:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return {"reply_markup": found} if found["inline_keyboard"] else {}


async def arguments(request: web.Request) -> Call:
    """Read a call's values; what looks like JSON is JSON, a file is (name, bytes)."""
    call: Call = dict(request.query)
    if request.content_type == "application/json":
        call |= await request.json()
    elif request.method == "POST":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                call[name] = (value.filename, value.file.read())
            else:
                call[name] = value
    for name, value in call.items():
        if isinstance(value, str) and value[:1] in {"{", "["}:
            call[name] = json.loads(value)
        elif isinstance(value, str) and value.startswith("attach://"):
            call[name] = call[value.removeprefix("attach://")]
    return call
