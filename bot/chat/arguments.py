"""The arguments of a Bot API call, however they were sent.

https://core.telegram.org/bots/api#making-requests: query string, form, JSON, or
multipart with files.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.chat.errors import bad_request


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file that came inside a multipart body."""

    name: str
    mime: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arguments:
    """Named values, strings or JSON, and the files beside them."""

    values: dict[str, Any]
    files: dict[str, Upload]

    def text(self, name: str) -> str:
        """Give a string, "" when it is missing."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Give a whole number; a value that is none counts as missing, as at Telegram."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def boolean(self, name: str) -> bool:
        """Give a flag; Telegram takes true, yes and 1."""
        return self.text(name).lower() in {"true", "yes", "1"}

    def structure(self, name: str) -> Any:
        """Give a JSON value, also when it came as text; None when missing or empty."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None


async def read_arguments(request: web.Request) -> Arguments:
    """Read query and body of a call; the body wins where both name a value."""
    values: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.method == "POST" and request.body_exists:
        if request.content_type == "application/json":
            values.update(await _json_body(request))
        else:
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    files[name] = Upload(
                        name=value.filename, mime=value.content_type, data=value.file.read()
                    )
                else:
                    values[name] = value
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return Arguments(values=values, files=files)


async def _json_body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise bad_request("can't parse request as a JSON object") from None
    if not isinstance(body, dict):
        raise bad_request("object expected")
    return body
