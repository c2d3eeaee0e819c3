"""Telegram's HTML, escaped by construction: a value that is put into a template is text."""

import re
from html import escape, unescape
from string import Formatter
from typing import Any

from bot.telegram.korean import PARTICLES, with_particle

_TAG = re.compile(r"<[^>]*>")


class Html(str):
    """Text that is HTML already: a template of ours with its values escaped."""

    __slots__ = ()


class _Plain(Formatter):
    """A format spec that is a particle (`{leg:은}`) adds the form that the value's sound wants."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec in PARTICLES:
            return with_particle(str(value), format_spec)
        return format(value, format_spec)


class _Escaping(_Plain):
    def format_field(self, value: Any, format_spec: str) -> str:
        text = super().format_field(value, format_spec)
        return text if isinstance(value, Html) else escape(text, quote=False)


_PLAIN = _Plain()
_ESCAPING = _Escaping()


def fill(template: str, **values: object) -> Html:
    """Put values into a template of ours; every value that is not Html is escaped."""
    return Html(_ESCAPING.vformat(template, (), values))


def fill_plain(template: str, **values: object) -> str:
    """Put values into a template for a place that knows no markup (a button, a log)."""
    return _PLAIN.vformat(template, (), values)


def lines(*parts: Html | None) -> Html:
    """Join what there is, a line each."""
    return Html("\n".join(part for part in parts if part))


def code(text: str) -> Html:
    """Set text in figures of one width."""
    return Html(f"<code>{escape(text, quote=False)}</code>")


def without_markup(html: str) -> str:
    """Give the words of HTML alone, for a chat that refused the markup."""
    return unescape(_TAG.sub("", html))
