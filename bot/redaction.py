"""Masking: no key, token or account number leaves through a log line.

Two nets over the same text: the values that were registered (whatever they look like), and the
shapes that Telegram's and KIS's secrets have (whether registered or not). Neither may spoil what
the other would catch: an account number can stand inside a bot token by chance.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"
_SHORTEST = 6
"""A shorter value would mask ordinary words; it is not much of a secret either."""
_DEEPEST = 12

_registered: dict[str, str] = {}

_NAMES = (
    r"(?:app_?key|app_?secret|secret_?key|approval_?key|access_?token|bot_?token"
    r"|authorization|password|passwd)"
)
_SECRET_NAME = re.compile(rf"(?i)[A-Za-z_]*{_NAMES}|token|secret")
_ACCOUNT_NAME = re.compile(r"(?i)cano|(?:kis_)?account(?:_?n(?:o|umber))?")
_VALUE = r"[^\s\"'\\,;&}\])]+"
# What a shape hides is its group; what stands around it stays. None begins with a repetition: a
# long word would hold the event loop up for a time that grows as the square of its length.
_SHAPES: tuple[re.Pattern[str], ...] = (
    re.compile(r"(?i)/bot([0-9]+(?::|%3A)[^/\s\"'?#]+)"),
    re.compile(r"(?i)\b([0-9]{5,}(?::|%3A)[A-Za-z0-9_-]{20,})"),
    re.compile(r"(?i)\bbearer\s+([^\s\"',}\])]+)"),
    re.compile(rf"(?i){_NAMES}(?:\\?[\"'])?\s*[=:]\s*(?:\\?[\"'])?({_VALUE})"),
    # What logs in at the dashboard, behind its address.
    re.compile(r"/login(?:#|%23)([0-9a-f]{16,})"),
    # The AES key and vector of fill notices, as KIS's subscription answer spells them.
    re.compile(r"\\?[\"'](?:iv|key)\\?[\"']\s*:\s*\\?[\"']([^\"'\\]+)"),
    re.compile(r"(?i)cano\\?[\"']?\s*[=:]\s*\\?[\"']?([0-9]{8})"),
    re.compile(r"(?<![0-9])([0-9]{8})-[0-9]{2}(?![0-9-])"),
    # KIS's access token (a JWT) and websocket key (a UUID), also where nothing names them.
    re.compile(r"\b(eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*)"),
    re.compile(r"(?i)\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b"),
)

_Found = tuple[int, int, str]


def register_secret(value: str, *, keep: int = 0) -> None:
    """Mask a value from now on wherever it would be logged, but for its last `keep` characters.

    Its percent-encoded and JSON spellings are masked too. Values under six characters are passed
    over.
    """
    if len(value) < _SHORTEST:
        return
    shown = f"{MASK}{value[len(value) - keep :]}"
    # An environment that is not UTF-8 comes with lone surrogates.
    quoted = quote(value, safe="", errors="surrogatepass")
    plus = quote_plus(value, errors="surrogatepass")
    for spelling in {value, quoted, plus, json.dumps(value)[1:-1]}:
        _registered[spelling] = shown


def masked(text: str) -> str:
    """Return a text without the secrets in it."""
    parts, end = [], 0
    for start, stop, shown in _joined([*_known(text), *_shaped(text)]):
        parts += [text[end:start], shown]
        end = stop
    return "".join([*parts, text[end:]])


def _known(text: str) -> Iterator[_Found]:
    for secret, shown in _registered.items():
        start = text.find(secret)
        while start >= 0:
            yield start, start + len(secret), shown
            start = text.find(secret, start + 1)


def _shaped(text: str) -> Iterator[_Found]:
    for shape in _SHAPES:
        for match in shape.finditer(text):
            yield *match.span(1), MASK


def _joined(found: list[_Found]) -> list[_Found]:
    """Join what overlaps; the longest find of a place says how it is shown, where it covers all."""
    joined: list[_Found] = []
    for start, stop, shown in sorted(found, key=lambda each: (each[0], -each[1])):
        if not joined or start >= joined[-1][1]:
            joined.append((start, stop, shown))
        elif stop > joined[-1][1]:
            joined[-1] = (joined[-1][0], stop, MASK)
    return joined


def masked_value(value: Any, *, name: str = "", depth: int = 0) -> Any:
    """Return a value to be logged without the secrets in it, however deep they lie.

    Strings are masked by content, and whole where the key they stand under is a secret's name.
    Whatever is no plain JSON value becomes its masked `repr`.
    """
    if isinstance(value, Mapping) and depth < _DEEPEST:
        return {
            masked(str(key)): masked_value(one, name=str(key), depth=depth + 1)
            for key, one in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset) and depth < _DEEPEST:
        return [masked_value(one, name=name, depth=depth + 1) for one in value]
    if value is None or isinstance(value, bool | float):
        return value
    return _masked_leaf(value, name)


def _masked_leaf(value: Any, name: str) -> Any:
    if _SECRET_NAME.fullmatch(name):
        return MASK
    text = value if isinstance(value, str) else repr(value)
    if _ACCOUNT_NAME.fullmatch(name) and len(text) >= _SHORTEST:
        return f"{MASK}{text[-2:]}"
    result = masked(text)
    return value if isinstance(value, int) and result == text else result
