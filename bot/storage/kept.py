"""Answers that hold until somebody writes to the file: one look asks the same a dozen times.

SQLite itself says whether anything was committed since, by this process or by another.
"""

from collections.abc import Awaitable, Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bot.storage.database import Database

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class Kept:
    """The answers to questions about one version of the file; they have to be frozen."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._version = 0
        self._answers: dict[Hashable, Any] = {}

    async def answer(self, question: Hashable, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Give the answer that is known, or ask."""
        version = await self._database.version()
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
