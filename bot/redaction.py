"""Masking: no key, token or account number leaves through a log line.

Two nets, one after the other: the values that were registered (whatever they look like), and the
shapes that Telegram's and KIS's secrets have (whether registered or not).
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"
_SHORTEST = 6
"""A shorter value would mask ordinary words; it is not much of a secret either."""
_DEEPEST = 12

_registered: dict[str, str] = {}

_NAMES = (
    r"[A-Za-z_]*(?:app_?key|app_?secret|secret_?key|approval_?key|access_?token|bot_?token"
    r"|authorization|password|passwd)"
)
_SECRET_NAME = re.compile(rf"(?i){_NAMES}|token|secret")
_ACCOUNT_NAME = re.compile(r"(?i)cano|(?:kis_)?account(?:_?n(?:o|umber))?")
_VALUE = r"[^\s\"'\\,;&}\])]+"
_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)/bot[0-9]+(?::|%3A)[^/\s\"'?#]+"), f"/bot{MASK}"),
    (re.compile(r"(?i)\b[0-9]{5,}(?::|%3A)[A-Za-z0-9_-]{20,}"), MASK),
    (re.compile(r"(?i)\bbearer\s+[^\s\"',}\])]+"), f"Bearer {MASK}"),
    (
        re.compile(rf"(?i)({_NAMES}(?:\\?[\"'])?\s*[=:]\s*(?:\\?[\"'])?){_VALUE}"),
        rf"\g<1>{MASK}",
    ),
    # The AES key and vector of fill notices, as KIS's subscription answer spells them.
    (re.compile(r"(\\?[\"'](?:iv|key)\\?[\"']\s*:\s*\\?[\"'])[^\"'\\]+"), rf"\g<1>{MASK}"),
    (re.compile(r"(?i)(cano\\?[\"']?\s*[=:]\s*\\?[\"']?)[0-9]{8}"), rf"\g<1>{MASK}"),
    (re.compile(r"(?<![0-9])[0-9]{8}-([0-9]{2})(?![0-9-])"), rf"{MASK}-\g<1>"),
)


def register_secret(value: str, *, keep: int = 0) -> None:
    """Mask a value from now on wherever it would be logged, but for its last `keep` characters.

    Its percent-encoded and JSON spellings are masked too. Values under six characters are passed
    over.
    """
    if len(value) < _SHORTEST:
        return
    shown = f"{MASK}{value[len(value) - keep :]}"
    for spelling in {value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1]}:
        _registered[spelling] = shown


def masked(text: str) -> str:
    """Return a text without the secrets in it."""
    for secret in sorted(_registered, key=len, reverse=True):
        text = text.replace(secret, _registered[secret])
    for shape, mask in _SHAPES:
        text = shape.sub(mask, text)
    return text


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
