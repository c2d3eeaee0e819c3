"""Telegram's HTML: tags become entities, or a refusal in Telegram's words.

https://core.telegram.org/bots/api#html-style. Offsets of entities count UTF-16 units, offsets in
refusals count bytes of UTF-8, both as Telegram does.
"""

import re
from dataclasses import dataclass

from bot.chat.entities import Entity, Formatted, units
from bot.chat.errors import cannot_parse

type_of_tag = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
SPECIAL = re.compile("[&<]")
REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot)(?![A-Za-z]));?")
TAG_NAME = re.compile(r"[^\s>]*")
SPACE = re.compile(r"\s*")
ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
NAME_TOKEN = re.compile(r"[0-9A-Za-z.\-]*")
LINK = re.compile(r"(?:https?://|tg://|mailto:)[^\s<>\"]+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class _OpenTag:
    name: str
    argument: str
    offset: int


def read_html(source: str) -> Formatted:
    """Read Telegram's HTML; raise Refusal where Telegram would."""
    return _HtmlReader(source).read()


class _HtmlReader:
    def __init__(self, source: str) -> None:
        self._source = source.replace("\r", "")
        self._at = 0
        self._parts: list[str] = []
        self._length = 0
        self._open: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def read(self) -> Formatted:
        source = self._source
        while self._at < len(source):
            if source[self._at] == "&":
                self._reference()
            elif source[self._at] == "<":
                if source.startswith("</", self._at):
                    self._end_tag()
                else:
                    self._start_tag()
            else:
                found = SPECIAL.search(source, self._at)
                self._emit_until(found.start() if found else len(source))
        if self._open:
            name = self._open[-1].name
            raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{name}"')
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return Formatted(text="".join(self._parts), entities=tuple(self._entities))

    def _emit(self, text: str) -> None:
        self._parts.append(text)
        self._length += units(text)

    def _emit_until(self, end: int) -> None:
        self._emit(self._source[self._at : end])
        self._at = end

    def _bytes(self, at: int) -> str:
        return f"at byte offset {len(self._source[:at].encode())}"

    def _reference(self) -> None:
        found = REFERENCE.match(self._source, self._at)
        if found is None:
            self._emit_until(self._at + 1)
            return
        decimal, hexadecimal, name = found.groups()
        if name:
            self._emit({"lt": "<", "gt": ">", "amp": "&", "quot": '"'}[name])
        else:
            code = int(decimal) if decimal else int(hexadecimal, 16)
            if 0xD800 <= code <= 0xDFFF:
                raise cannot_parse(
                    "Text contains invalid Unicode characters after decoding HTML entities, "
                    "check for unmatched surrogate code units"
                )
            self._emit(chr(code) if 0 < code <= 0x10FFFF else found.group())
        self._at = found.end()

    def _start_tag(self) -> None:
        begin = self._at
        found = TAG_NAME.match(self._source, begin + 1)
        end = found.end() if found else begin + 1
        if end == len(self._source):
            raise cannot_parse(f"Unclosed start tag {self._bytes(begin)}")
        name = self._source[begin + 1 : end].lower()
        if name not in type_of_tag:
            raise cannot_parse(f'Unsupported start tag "{name}" {self._bytes(begin)}')
        self._at = end
        argument = ""
        while (pair := self._attribute(name, begin)) is not None:
            argument = _argument(name, *pair) or argument
        if name == "span" and argument != "spoiler":
            raise cannot_parse(f'Tag "span" must have class "tg-spoiler" {self._bytes(begin)}')
        self._at += 1
        self._open.append(_OpenTag(name=name, argument=argument, offset=self._length))

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._source, self._at)
        text = found.group() if found else ""
        self._at += len(text)
        return text

    def _here(self) -> str:
        return self._source[self._at : self._at + 1]

    def _attribute(self, tag: str, begin: int) -> tuple[str, str] | None:
        self._skip(SPACE)
        if self._here() == ">":
            return None
        name = self._skip(ATTRIBUTE_NAME)
        if not name and self._here():
            raise cannot_parse(f'Empty attribute name in the tag "{tag}" {self._bytes(begin)}')
        self._skip(SPACE)
        if not self._here():
            raise cannot_parse(f'Unclosed start tag "{tag}" {self._bytes(begin)}')
        if self._here() != "=":
            if (tag, name) == ("blockquote", "expandable"):
                return name, "1"
            raise cannot_parse(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" '
                f"{self._bytes(begin)}"
            )
        self._at += 1
        self._skip(SPACE)
        if not self._here():
            raise cannot_parse(f'Unclosed start tag "{tag}" {self._bytes(begin)}')
        return name.lower(), self._attribute_value(begin)

    def _attribute_value(self, begin: int) -> str:
        quote = self._here()
        if quote not in {"'", '"'}:
            token_begin = self._at
            value = self._skip(NAME_TOKEN)
            if self._here() != ">" and not self._here().isspace():
                raise cannot_parse(f"Unexpected end of name token {self._bytes(token_begin)}")
            return value.lower()
        end = self._source.find(quote, self._at + 1)
        if end < 0:
            raise cannot_parse(f"Unclosed start tag {self._bytes(begin)}")
        value = self._source[self._at + 1 : end]
        self._at = end + 1
        return _decoded(value)

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise cannot_parse(f"Unexpected end tag {self._bytes(begin)}")
        self._at += 2
        name = self._skip(TAG_NAME).lower()
        self._skip(SPACE)
        if self._here() != ">":
            raise cannot_parse(f"Unclosed end tag {self._bytes(begin)}")
        tag = self._open.pop()
        if name not in {"", tag.name}:
            raise cannot_parse(
                f'Unmatched end tag {self._bytes(begin)}, expected "</{tag.name}>", '
                f'found "</{name}>"'
            )
        self._at += 1
        if self._length > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        entity: Entity = {
            "type": type_of_tag[tag.name],
            "offset": tag.offset,
            "length": self._length - tag.offset,
        }
        if tag.name == "a":
            inside = "".join(self._parts).encode("utf-16-le")[2 * tag.offset :]
            address = tag.argument or inside.decode("utf-16-le")
            if not LINK.fullmatch(address):
                return  # Telegram drops a link that leads nowhere and keeps its words
            entity["url"] = address
        elif tag.name == "blockquote" and tag.argument:
            entity["type"] = "expandable_blockquote"
        elif tag.name == "tg-emoji":
            entity["custom_emoji_id"] = tag.argument
        elif tag.name == "code" and self._open and self._open[-1].name == "pre":
            # <pre><code class="language-x"> is one block: the language moves to the outer tag
            self._open[-1] = _OpenTag(
                name="pre", argument=tag.argument, offset=self._open[-1].offset
            )
            return
        elif tag.name == "pre" and tag.argument:
            entity["language"] = tag.argument
        self._entities.append(entity)


def _argument(tag: str, name: str, value: str) -> str:
    if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id"), ("blockquote", "expandable")}:
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return ""


def _decoded(value: str) -> str:
    names = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

    def one(found: re.Match[str]) -> str:
        decimal, hexadecimal, name = found.groups()
        if name:
            return names[name]
        code = int(decimal) if decimal else int(hexadecimal, 16)
        valid = 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
        return chr(code) if valid else found.group()

    return REFERENCE.sub(one, value)
