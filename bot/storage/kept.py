"""Answers that hold until somebody writes to the file: one look asks the same a dozen times.

Our own transactions are counted; SQLite itself says whether another process committed something,
and is asked about that a few times a second.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bot.storage.database import Database

FRESH = 0.2
"""Seconds for which another process's commit may go unseen: as if we had asked just before it."""

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class Kept:
    """The answers to questions about one version of the file; they have to be frozen.

    `steady` gives the seconds of a clock that nobody sets.
    """

    def __init__(self, database: Database, *, steady: Callable[[], float] | None = None) -> None:
        self._database = database
        self._steady = steady or (lambda: asyncio.get_running_loop().time())
        self._version = (0, 0)
        self._fresh_until = 0.0
        self._answers: dict[Hashable, Any] = {}

    async def answer(self, question: Hashable, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Give the answer that is known, or ask."""
        version = await self._newest()
        if version != self._version:
            self._version = version
            self._answers.clear()
        if question in self._answers:
            known: Answer = self._answers[question]
            return known
        answer = await ask()
        # While it was asked, a commit may have made another version the known one.
        if version == self._version:
            self._answers[question] = answer
        return answer

    async def _newest(self) -> tuple[int, int]:
        """Number the file as it is: what we wrote, and what others did."""
        writes, now = self._database.writes, self._steady()
        if writes == self._version[0] and now < self._fresh_until:
            return self._version
        version = writes, await self._database.version()
        self._fresh_until = now + FRESH
        return version


class Keeps(Protocol):
    """What has a place for its answers."""

    kept: Kept


Desk = TypeVar("Desk", bound=Keeps)
Method = Callable[Concatenate[Desk, Asked], Awaitable[Answer]]


def kept(method: Method[Desk, Asked, Answer]) -> Method[Desk, Asked, Answer]:
    """Have a method's answer kept until somebody writes; its arguments are hashable."""

    @wraps(method)
    async def answer(self: Desk, /, *args: Asked.args, **named: Asked.kwargs) -> Answer:
        question = (method.__name__, args, tuple(named.items()))
        return await self.kept.answer(question, lambda: method(self, *args, **named))

    return answer
