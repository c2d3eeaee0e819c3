"""One exchange with KIS's REST server: rate limit, time limit, what came back. No judgement.

An exchange answers with a value, never with an exception of the HTTP library: those carry request
headers and addresses, which hold the keys and the account. What carries it is a `Wire`: HTTP, or
whatever is handed in.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self

from aiolimiter import AsyncLimiter

from kis.environment import Environment

_MASK = "***"
_SHORTEST_SECRET = 6

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer that was read to its end; `body` is None unless it is a JSON object.

    `headers` are tr_id, tr_cont and date in small letters; one that did not come is "". `page`
    tells that a page for a browser came instead, as it does in maintenance.
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


class Wire(Protocol):
    """What carries one request and brings back what came of it; used as a context manager."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    async def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None,
        body: Mapping[str, str] | None,
        fresh: bool,
        timeout: float,  # noqa: ASYNC109 - the time limit is part of what the outcome tells
    ) -> Outcome:
        """Carry a request once, in so many seconds at most; never raises for what goes wrong.

        `fresh` asks for a connection of its own: only then does Unreached prove anything.
        """


class Line:
    """The way to KIS's REST server; orders take a fresh connection each, reads share a pool.

    `heard` is told each answer's Date and how many seconds the answer took.
    """

    def __init__(
        self,
        environment: Environment,
        wire: Wire,
        *,
        read_timeout: float,
        order_timeout: float,
        heard: Callable[[str, float], None] = lambda _date, _seconds: None,
    ) -> None:
        self._wire = wire
        self._heard = heard
        self._timeouts = {False: read_timeout, True: order_timeout}
        # One call at a time, evenly spaced: a bucket of n lets 2n calls into its first second.
        self._limiter = AsyncLimiter(1, 1 / environment.calls_per_second)
        self._secrets: tuple[str, ...] = ()  # the longest first

    async def __aenter__(self) -> Self:
        await self._wire.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._wire.__aexit__(kind, error, trace)

    def hide(self, *secrets: str) -> None:
        """Keep these words out of every message that `clean` lets through."""
        words = {word for word in secrets if len(word) >= _SHORTEST_SECRET}
        if not words.issubset(self._secrets):
            self._secrets = tuple(sorted(words.union(self._secrets), key=len, reverse=True))

    def clean(self, text: str) -> str:
        """Blot out keys, tokens and the account in words that came from outside."""
        for word in self._secrets:
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
        outcome = await self._wire.send(
            method,
            path,
            headers=headers,
            query=query,
            body=body,
            fresh=fresh,
            timeout=self._timeouts[fresh],
        )
        seconds = clock.time() - started
        took = seconds * 1000
        what = headers.get("tr_id", path)
        match outcome:
            case Reply() as reply:
                self._heard(reply.headers.get("date", ""), seconds)
                code = self.clean(reply.code)
                level = logging.DEBUG if reply.status == 200 else logging.WARNING
                _log.log(level, "%s %s: %d %s in %.0f ms", method, what, reply.status, code, took)
            case Unreached(reason=reason) | Broken(reason=reason):
                _log.warning("%s %s: %s after %.0f ms", method, what, reason, took)
        return outcome
