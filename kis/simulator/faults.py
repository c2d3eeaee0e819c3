"""Named faults: what goes wrong on purpose, how often, and with which calls.

Asked for over the control surface; each use counts one down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ORDER_FAULTS = {
    "timeout_before_accept": "The order is lost: nothing is accepted, the answer is held back.",
    "timeout_after_accept": "The order is accepted, its answer is held back.",
    "error_500_before_accept": "Nothing is accepted; the answer is HTTP 500 without KIS's JSON.",
    "error_500_after_accept": "The order is accepted; the answer is HTTP 500 without KIS's JSON.",
    "html_after_accept": "The order is accepted; the answer is HTTP 502 with a page of HTML.",
    "cut_off_after_accept": "The order is accepted; the answer is JSON that breaks off.",
    "no_number_after_accept": "The order is accepted; the answer is a success without ODNO.",
    "gateway_after_accept": "The order is accepted; the answer is EGW00302, outcome unknown.",
    "refused_after_accept": "The order gets its number, then the exchange refuses it.",
    "hidden_after_accept": "The order is accepted, the listings show it `seconds` of market time "
    "later.",
    "partial_at_the_close": "A LOC or MOC order executes by `percent` only (50 unless given).",
}
CALL_FAULTS = {
    "rate_limited": "The call is refused with EGW00201, as if over the limit.",
    "token_expired": "The call is refused with EGW00123, though the token is good.",
    "call_fails": "A reading call is answered with HTTP 500 without KIS's JSON.",
    "connection_dropped": "The connection is cut before the call is looked at.",
    "rows_twice": "The listing shows its first row twice.",
    "blanks_for_nothing": "A listing without rows shows an object of blanks instead of [].",
}
NAMES = {**ORDER_FAULTS, **CALL_FAULTS}


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault in waiting; `match` compares KIS field names, tr_id and path with the call's."""

    name: str
    count: int = 1
    match: Mapping[str, str] = field(default_factory=dict)
    seconds: float | None = None
    percent: int = 50

    def described(self) -> dict[str, object]:
        return {
            "name": self.name,
            "count": self.count,
            "match": dict(self.match),
            "seconds": self.seconds,
            "percent": self.percent,
        }


class UnknownFaultError(ValueError):
    """A fault was asked for that does not exist, or in a wrong shape."""


class Faults:
    """The faults in waiting, first come first served."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, raw: Mapping[str, object]) -> Fault:
        """Take a fault in from JSON; raises UnknownFaultError with a sentence."""
        name, count = raw.get("name"), raw.get("count", 1)
        match, seconds = raw.get("match") or {}, raw.get("seconds")
        percent = raw.get("percent", 50)
        if not isinstance(name, str) or name not in NAMES:
            raise UnknownFaultError(f"No fault is called {name!r}; there are {', '.join(NAMES)}.")
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise UnknownFaultError("The count of a fault is a whole number from 1.")
        if not isinstance(match, dict):
            raise UnknownFaultError("The match of a fault is an object of field names and values.")
        if seconds is not None and (
            isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0
        ):
            raise UnknownFaultError("The seconds of a fault are a number from 0, or null.")
        if isinstance(percent, bool) or not isinstance(percent, int) or not 0 <= percent <= 100:
            raise UnknownFaultError("The percent of a fault is a whole number from 0 to 100.")
        fault = Fault(
            name=name,
            count=count,
            match={str(key): str(value) for key, value in match.items()},
            seconds=seconds,
            percent=percent,
        )
        self._waiting.append(fault)
        return fault

    def take(self, name: str, fields: Mapping[str, str]) -> Fault | None:
        """Use up one of a fault that matches a call's fields, if any waits."""
        for fault in self._waiting:
            if fault.name == name and all(fields.get(k) == v for k, v in fault.match.items()):
                fault.count -= 1
                if fault.count == 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        self._waiting.clear()

    def described(self) -> list[dict[str, object]]:
        return [fault.described() for fault in self._waiting]
