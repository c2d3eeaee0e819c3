"""Failures on order: the next calls of a method are refused, broken or left without an answer."""

from dataclasses import dataclass, replace
from typing import Any

from bot.chat.errors import OwnerMistake, Refusal
from bot.chat.limits import too_many

DESCRIPTIONS = {
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    409: "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Describe one failure: of which method ("*": any), how, and for how many calls.

    `drop` closes the connection without an answer: "before" the call had any effect, or "after" it,
    which is the case where the caller cannot know. Otherwise `status` is answered.
    """

    method: str = "*"
    status: int = 500
    retry_after: int = 1
    count: int = 1
    drop: str = ""
    description: str = ""

    def refusal(self) -> Refusal:
        if self.status == 429:
            return too_many(self.retry_after)
        return Refusal(
            self.status, self.description or DESCRIPTIONS.get(self.status, "Bad Request: fault")
        )


class Faults:
    """Hold the failures that are still to come, in the order they were asked for."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, body: dict[str, Any]) -> None:
        """Add a failure from its JSON; raise OwnerMistake for fields that make no sense."""
        numbers = [body.get(name, 1) for name in ("status", "retry_after", "count")]
        if not all(isinstance(number, int) and number > 0 for number in numbers):
            raise OwnerMistake("status, retry_after and count are whole numbers above 0")
        try:
            fault = Fault(**body)
        except TypeError as error:
            raise OwnerMistake(f"a fault has other fields: {error}") from None
        if not all(isinstance(word, str) for word in (fault.method, fault.description)):
            raise OwnerMistake("method and description are words")
        if fault.drop not in {"", "before", "after"}:
            raise OwnerMistake('drop is "before" or "after"')
        self._waiting.append(fault)

    def clear(self) -> None:
        self._waiting.clear()

    def listing(self) -> list[dict[str, Any]]:
        return [
            {"method": f.method, "status": f.status, "count": f.count, "drop": f.drop}
            for f in self._waiting
        ]

    def take(self, method: str) -> Fault | None:
        """Give the failure that this call meets, and count it."""
        for place, fault in enumerate(self._waiting):
            if fault.method.lower() in {"*", method.lower()}:
                if fault.count > 1:
                    self._waiting[place] = replace(fault, count=fault.count - 1)
                else:
                    del self._waiting[place]
                return fault
        return None
