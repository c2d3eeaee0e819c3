"""Long HTML in pieces that stand alone: at most 4096 UTF-16 units of text, every tag closed."""

import re
from html import unescape

LIMIT = 4096

_TOKEN = re.compile(r"<[^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);|[^<&]|[<&]", re.DOTALL)
_NAME = re.compile(r"</?([a-zA-Z-]+)")


def units(text: str) -> int:
    """Count UTF-16 units, Telegram's measure."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(html: str, limit: int = LIMIT) -> list[str]:
    """Cut HTML into pieces of at most `limit` units of visible text, at a line's end if possible.

    The visible texts joined are the visible text of the whole; tags open at a cut are closed and
    opened again. Works on the tags Telegram knows, properly nested.
    """
    if units(html) <= limit:
        return [html]  # tags and entities only make it longer than what is seen
    pieces: list[str] = []
    rest = html
    while True:
        piece, rest = _first(rest, limit)
        pieces.append(piece)
        if not rest:
            return pieces


def _first(html: str, limit: int) -> tuple[str, str]:
    used = 0
    open_tags: list[str] = []
    line_end: tuple[int, list[str]] | None = None
    for token in _TOKEN.finditer(html):
        text = token.group()
        if text.startswith("<") and len(text) > 1:
            open_tags = open_tags[:-1] if text.startswith("</") else [*open_tags, text]
            continue
        size = units(unescape(text) if text.startswith("&") else text)
        if used + size > limit:
            at, tags = line_end or (token.start(), open_tags)
            return html[:at] + _closing(tags), "".join(tags) + html[at:]
        used += size
        if text == "\n":
            line_end = (token.end(), open_tags)
    return html, ""


def _closing(tags: list[str]) -> str:
    names = [match.group(1) for tag in tags if (match := _NAME.match(tag))]
    return "".join(f"</{name}>" for name in reversed(names))
