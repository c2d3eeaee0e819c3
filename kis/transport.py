"""One exchange with KIS's REST server: rate limit, time limit, what came back. No judgement.

An exchange answers with a value, never with an exception of the HTTP library: those carry request
headers and addresses, which hold the keys and the account.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiolimiter import AsyncLimiter

from kis.environment import Environment

# KIS support told users of dropped connections to look like a browser (python-kis issue 62).
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) muhan"
_MASK = "***"
_SHORTEST_SECRET = 6

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer that was read to its end; `body` is None unless it is a JSON object.

    `page` tells that a page for a browser came instead, as it does in maintenance.
    """

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any] | None = field(repr=False)
    page: bool = False

    @property
    def code(self) -> str:
        """KIS's message code: `msg_cd`, or `error_code` where the token desk answers."""
        return self.text("msg_cd") or self.text("error_code")

    @property
    def message(self) -> str:
        return self.text("msg1") or self.text("error_description")

    @property
    def ok(self) -> bool:
        return self.status == 200 and self.text("rt_cd") == "0"

    def text(self, name: str) -> str:
        value = (self.body or {}).get(name)
        return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreached:
    """No connection came about on a fresh connection: not one byte of the request was written."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """The exchange began, or may have begun, and did not end in an answer."""

    reason: str


Outcome = Reply | Unreached | Broken


class Line:
    """The way to KIS's REST server; orders take a fresh connection each, reads share a pool."""

    def __init__(
        self, environment: Environment, *, read_timeout: float, order_timeout: float
    ) -> None:
        self._url = environment.rest_url
        self._timeouts = {False: read_timeout, True: order_timeout}
        # One call at a time, evenly spaced: a bucket of n lets 2n calls into its first second.
        self._limiter = AsyncLimiter(1, 1 / environment.calls_per_second)
        self._secrets: set[str] = set()
        self._pooled: aiohttp.ClientSession | None = None
        self._fresh: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        headers = {"User-Agent": USER_AGENT}
        self._pooled = aiohttp.ClientSession(headers=headers, cookie_jar=aiohttp.DummyCookieJar())
        self._fresh = aiohttp.ClientSession(
            headers=headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            connector=aiohttp.TCPConnector(force_close=True),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for session in (self._pooled, self._fresh):
            if session is not None:
                await session.close()

    def hide(self, *secrets: str) -> None:
        """Keep these words out of every message that `clean` lets through."""
        self._secrets.update(word for word in secrets if len(word) >= _SHORTEST_SECRET)

    def clean(self, text: str) -> str:
        """Blot out keys, tokens and the account in words that came from outside."""
        for word in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(word, _MASK)
        return text[:200]

    async def exchange(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None = None,
        body: Mapping[str, str] | None = None,
        fresh: bool = False,
    ) -> Outcome:
        """Send one request once and tell what came of it.

        Redirects are not followed. `fresh` opens a connection for this request alone, so that a
        failure to connect proves that nothing was written (safety.md, section 2).
        """
        await self._limiter.acquire()
        clock = asyncio.get_running_loop()
        started = clock.time()
        outcome = await self._send(method, path, headers, query, body, fresh=fresh)
        took = (clock.time() - started) * 1000
        what = headers.get("tr_id", path)
        match outcome:
            case Reply() as reply:
                code = self.clean(reply.code)
                level = logging.DEBUG if reply.status == 200 else logging.WARNING
                _log.log(level, "%s %s: %d %s in %.0f ms", method, what, reply.status, code, took)
            case Unreached(reason=reason) | Broken(reason=reason):
                _log.warning("%s %s: %s after %.0f ms", method, what, reason, took)
        return outcome

    async def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None,
        body: Mapping[str, str] | None,
        *,
        fresh: bool,
    ) -> Outcome:
        session = self._fresh if fresh else self._pooled
        if session is None:
            raise RuntimeError("Kis is used outside its `async with`")
        sent = {"content-type": "application/json; charset=utf-8", **headers}
        if fresh:
            sent["Connection"] = "close"
        try:
            async with session.request(
                method,
                self._url + path,
                params=query,
                data=None if body is None else json.dumps(body).encode(),
                headers=sent,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self._timeouts[fresh]),
            ) as response:
                raw = await response.read()
                names = ("tr_id", "tr_cont")
                kept = {name: response.headers.get(name, "").strip() for name in names}
                return Reply(
                    status=response.status,
                    headers=kept,
                    body=_json_object(raw),
                    page=raw.lstrip().startswith(b"<"),
                )
        except TimeoutError:
            return Broken(reason="no answer in time")
        except aiohttp.ClientConnectorError as error:
            return Unreached(reason=f"no connection ({type(error).__name__})")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Broken(reason=f"the connection broke ({type(error).__name__})")


def _json_object(raw: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(raw.decode(), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _no_number(word: str) -> Any:
    raise ValueError(word)
