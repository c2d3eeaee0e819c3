"""Whether there is a newer release: asked for, never taken by itself.

The address answers as the forges do for "the latest release" (GitHub, Gitea, Forgejo): a JSON
object with `tag_name` (v0.2.0), and where they like `html_url` and `published_at`. Nothing is sent
but the question, and nothing of the answer is run, opened or followed.
"""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.errors import MuhanError

PATIENCE = aiohttp.ClientTimeout(total=10)
LARGEST = 2**20
_VERSION = re.compile(r"v?(\d{1,6}(?:\.\d{1,6}){1,3})")
_PAGE = re.compile(r"https?://[\x21-\x7e]{1,300}")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})T")


class UpdateUnknown(MuhanError):
    """It could not be seen whether there is a newer release."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """The latest release: its version, its page and the day it came out; "" where not told."""

    version: str
    page: str = ""
    day: str = ""

    def newer_than(self, version: str) -> bool:
        """Compare by numbers: 0.10 is newer than 0.9, and 1.0 is no newer than 1.0.0."""
        return _numbers(self.version) > _numbers(version)


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.findall(r"\d+", version)][:4]
    return (*numbers, *[0] * (4 - len(numbers)))


async def latest_release(address: str) -> Release:
    """Ask an address for the latest release. Raises UpdateUnknown."""
    headers = {"Accept": "application/json", "User-Agent": "muhan"}
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE, headers=headers) as http,
            http.get(address, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise _unknown(f"HTTP {answer.status}")
            body = await _short(answer)
    except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, OSError) as error:
        raise _unknown(type(error).__name__) from error
    return _release(body)


async def _short(answer: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for part in answer.content.iter_chunked(2**16):
        body += part
        if len(body) > LARGEST:
            raise _unknown("too long")
    return body


def _release(body: bytes) -> Release:
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    found = _VERSION.fullmatch(str(told.get("tag_name", ""))) if isinstance(told, dict) else None
    if found is None:
        raise UpdateUnknown(
            "새 판을 물어본 주소가 판을 말하지 않았습니다: '최신 릴리스'의 JSON 주소인지 확인해 "
            "주세요(tag_name이 v0.2.0 같아야 합니다). 바뀐 것은 없습니다.",
            "The address that was asked names no release: see that it is the JSON of a latest "
            "release (with a tag_name such as v0.2.0). Nothing was changed.",
        )
    page, day = str(told.get("html_url", "")), str(told.get("published_at", ""))
    shown = _DAY.match(day)
    return Release(
        version=found[1],
        page=page if _PAGE.fullmatch(page) else "",
        day=shown[1] if shown else "",
    )


def _unknown(why: str) -> UpdateUnknown:
    return UpdateUnknown(
        f"새 판이 있는지 알 수 없습니다 ({why}): 인터넷 연결과 주소를 확인해 주세요. 바뀐 것은 "
        "없습니다.",
        f"It cannot be seen whether there is a newer release ({why}): look at the Internet "
        "connection and at the address. Nothing was changed.",
    )
