"""Plain text with entities becomes HTML that is safe to put into the page.

Nothing of the sender's markup reaches the page: every character is escaped and every tag is ours.
"""

from html import escape

from bot.chat.entities import Entity, Formatted, units

SIMPLE = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}


def to_html(formatted: Formatted) -> str:
    """Render a text; line breaks stay line breaks (the page shows them as such)."""
    raw = formatted.text.encode("utf-16-le", "surrogatepass")
    length = units(formatted.text)
    edges = {0, length}
    for entity in formatted.entities:
        edges |= {entity["offset"], entity["offset"] + entity["length"]}
    order = sorted(edges)
    parts: list[str] = []
    active: list[Entity] = []
    for begin, end in zip(order, [*order[1:], length], strict=True):
        _close_ended(parts, active, begin)
        for entity in formatted.entities:
            if entity["offset"] == begin:
                active.append(entity)
                parts.append(_opening(entity, _slice(raw, entity)))
        parts.append(escape(raw[2 * begin : 2 * end].decode("utf-16-le", "replace")))
    return "".join(parts)


def _slice(raw: bytes, entity: Entity) -> str:
    begin, size = entity["offset"], entity["length"]
    return raw[2 * begin : 2 * (begin + size)].decode("utf-16-le", "replace")


def _close_ended(parts: list[str], active: list[Entity], at: int) -> None:
    """Close what ends here; what was opened above it and goes on is opened anew."""
    ended = [n for n, entity in enumerate(active) if entity["offset"] + entity["length"] <= at]
    if not ended:
        return
    lowest = ended[0]
    parts.extend(_closing(entity) for entity in reversed(active[lowest:]))
    going_on = [e for e in active[lowest:] if e["offset"] + e["length"] > at]
    del active[lowest:]
    for entity in going_on:
        active.append(entity)
        parts.append(_opening(entity, ""))


def _opening(entity: Entity, text: str) -> str:
    kind = entity["type"]
    if kind in SIMPLE:
        return f"<{SIMPLE[kind]}>"
    if kind == "pre":
        return '<pre tabindex="0"><code>'
    if kind == "spoiler":
        return '<span class="spoiler" role="button" tabindex="0" aria-label="숨긴 글">'
    if kind == "bot_command":
        return f'<button type="button" class="command" data-command="{escape(text)}">'
    address = _address(entity, text)
    if address:
        return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer nofollow">'
    return "<span>"


def _closing(entity: Entity) -> str:
    kind = entity["type"]
    if kind in SIMPLE:
        return f"</{SIMPLE[kind]}>"
    if kind == "pre":
        return "</code></pre>"
    if kind == "bot_command":
        return "</button>"
    return "</a>" if _address(entity, "https://") else "</span>"


def _address(entity: Entity, text: str) -> str:
    address = entity.get("url", "") if entity["type"] == "text_link" else text
    if entity["type"] not in {"text_link", "url"}:
        return ""
    harmless = str(address).lower().startswith(("https://", "http://", "tg://", "mailto:"))
    return str(address) if harmless else ""
