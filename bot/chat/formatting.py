"""Text of a call becomes plain text with entities: by parse mode, by given entities, by itself."""

import re
from typing import Any

from bot.chat.entities import Entity, Formatted, units
from bot.chat.errors import bad_request
from bot.chat.html import read_html, type_of_tag

entity_types = frozenset(type_of_tag.values()) | {
    "expandable_blockquote",
    "bot_command",
    "url",
    "mention",
    "hashtag",
    "cashtag",
    "email",
    "phone_number",
    "text_mention",
}
COMMAND = re.compile(r"(?<![\w/<>@.])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")
ADDRESS = re.compile(r"(?<![\w/])https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


def parse(text: str, parse_mode: str, entities: Any) -> Formatted:
    """Read text as the call says, trim it, and mark what marks itself.

    HTML, plain text, or plain text with given entities.
    Raises Refusal for broken markup and for the Markdown modes, which this server does not speak.
    """
    mode = parse_mode.lower()
    if mode == "html":
        return _marked(_trimmed(read_html(text)))
    if mode:
        raise bad_request("unsupported parse_mode")
    return _marked(_trimmed(_given(text, entities)))


def plain(text: str) -> Formatted:
    """Read text that a person typed."""
    return _marked(_trimmed(Formatted(text=text)))


def _given(text: str, entities: Any) -> Formatted:
    if entities is None:
        return Formatted(text=text)
    if not isinstance(entities, list):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    length = units(text)
    kept: list[Entity] = []
    for entity in entities:
        if not isinstance(entity, dict) or entity.get("type") not in entity_types:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        offset, size = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or offset < 0:
            raise bad_request(f"receive an entity with incorrect offset {offset}")
        if not isinstance(size, int) or size < 0:
            raise bad_request(f"receive an entity with incorrect length {size}")
        if offset > length:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if offset + size > length:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
                f"at UTF-16 offset {offset + size}"
            )
        if size:
            kept.append(entity)
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(text=text, entities=tuple(kept))


def _trimmed(formatted: Formatted) -> Formatted:
    text = formatted.text.strip()
    lead = units(formatted.text[: len(formatted.text) - len(formatted.text.lstrip())])
    length = units(text)
    kept = []
    for entity in formatted.entities:
        begin = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, length)
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    return Formatted(text=text, entities=tuple(kept))


def _marked(formatted: Formatted) -> Formatted:
    """Add the commands and addresses that Telegram recognises by itself."""
    shut = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in formatted.entities
        if entity["type"] in {"code", "pre", "text_link", "bot_command", "url"}
    ]
    found = list(formatted.entities)
    for kind, pattern in (("bot_command", COMMAND), ("url", ADDRESS)):
        for match in pattern.finditer(formatted.text):
            begin = units(formatted.text[: match.start()])
            end = begin + units(match.group())
            if all(end <= first or begin >= last for first, last in shut):
                found.append({"type": kind, "offset": begin, "length": end - begin})
                shut.append((begin, end))
    found.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(text=formatted.text, entities=tuple(found))
