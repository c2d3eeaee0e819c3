"""Named faults: what goes wrong on purpose, how often, and with which calls.

Asked for over the control surface. Each use counts one down; a `rate` draws from the fault's own
seed for every call that matches, so that a seed and the same calls give the same faults.
"""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from dataclasses import field as made

GATEWAY_CODES = ("EGW00302", "EGW00202", "EGW00300", "EGW00301")
ORDER_FAULTS = {
    "timeout_before_accept": "The order is lost: nothing is accepted, the answer is held back.",
    "timeout_after_accept": "The order is accepted, its answer is held back.",
    "error_500_before_accept": "Nothing is accepted; the answer is HTTP 500 without KIS's JSON.",
    "error_500_after_accept": "The order is accepted; the answer is HTTP 500 without KIS's JSON.",
    "html_after_accept": "The order is accepted; the answer is HTTP 502 with a page of HTML.",
    "cut_off_after_accept": "The order is accepted; the answer is JSON that breaks off.",
    "no_number_after_accept": "The order is accepted; the answer is a success without ODNO.",
    "gateway_after_accept": "The order is accepted; the answer is EGW00302, outcome unknown, or "
    "the `variant` EGW00202, EGW00300 or EGW00301.",
    "refused_after_accept": "The order gets its number, then the exchange refuses it, at once or "
    "`seconds` of market time later.",
    "hidden_after_accept": "The order is accepted, the listings show it `seconds` of market time "
    "later.",
    "partial_at_the_close": "A LOC or MOC order executes by `percent` only (50 unless given).",
    "partial_fill": "A limit order executes by `percent` only (50 unless given); the rest goes on "
    "resting.",
}
CALL_FAULTS = {
    "rate_limited": "The call is refused with EGW00201, as if over the limit.",
    "token_expired": "The call is refused with EGW00123, though the token is good.",
    "token_revoked": "Every token dies before its time: this call and those after it are refused "
    "with EGW00121.",
    "token_too_often": "A token is refused with EGW00133, as if one had been given a minute ago.",
    "maintenance": "KIS is closed, for tokens too: the `variant` is html (HTTP 503), refused "
    "(connections are cut) or json. Stands until removed, unless counted.",
    "gateway_before_accept": "The call is refused before it is looked at, with EGW00302 or the "
    "`variant` EGW00202, EGW00300 or EGW00301.",
    "call_fails": "A reading call is answered with HTTP 500 without KIS's JSON.",
    "connection_dropped": "The connection is cut before the call is looked at.",
    "slow_answer": "The call is answered `seconds` of the wall late (1 unless given).",
    "page_cut_short": "A page after the first is answered with HTTP 500 without KIS's JSON.",
}
LISTING_FAULTS = {
    "rows_twice": "The listing shows its first row twice.",
    "blanks_for_nothing": "A listing without rows shows one object of blanks, as KIS was seen to.",
    "duplicate_rows_other_exchange": "The listing or balance shows its first row again under "
    "another exchange, with the same number.",
    "page_repeats_for_ever": "The listing gives its first page, and says that more follows.",
    "lagging_listings": "The listing of orders and fills is `seconds` of market time old (180 "
    "unless given).",
    "lagging_balance": "Balance and buying power are `seconds` of market time old (180 unless "
    "given).",
}
ANSWER_FAULTS = {
    "html_instead_of_json": "The call is carried out; the answer is HTTP 200 with a page of HTML.",
    "truncated_json": "The call is carried out; the answer is JSON that breaks off.",
    "wrong_content_type": "The answer is JSON that calls itself text/html.",
    "response_header_missing": "The answer comes without the headers tr_id and tr_cont.",
    "blank_fields": "A `field` of the answer is blank, or all of them.",
    "missing_field": "A `field` of the answer is missing, or one by the seed.",
    "padded_fields": "A `field` of the answer stands between blanks, or all of them.",
    "non_numeric_field": "A `field` of the answer that is a number says N/A, or one by the seed.",
    "unexpected_fields": "The answer has fields, and a list, that no table of KIS knows.",
}
STREAM_FAULTS = {
    "late_notices": "A notice of an order comes `seconds` of market time late (60 unless given).",
    "missing_notices": "A notice of an order never comes.",
    "duplicate_notice": "A notice of an order comes twice.",
    "undecryptable_notice": "A notice is encrypted with another key than the acknowledged one.",
    "out_of_order_ticks": "A trade or book comes after the next one of its registration.",
    "malformed_frame": "A frame is no frame: a part is missing, or its flag, TR id or count is "
    "wrong.",
    "truncated_frame": "A frame breaks off in the middle.",
    "too_few_fields": "The records of a frame have half of their columns.",
    "extra_columns": "The records of a frame have three columns that no table of KIS knows.",
    "wrong_count": "A frame says one record more than it has.",
    "socket_dropped": "The websocket is cut, without a close frame, instead of the next message.",
    "socket_half_open": "The websocket stays open and says nothing more from the next message on.",
    "pingpong_stops": "No PINGPONG comes any more on the websocket; the rest goes on.",
    "opsp8996": "A registration is answered with OPSP8996, and the websocket closed.",
    "registration_fails": "A registration is answered with OPSP0007.",
    "mci_send_fails": "A registration is answered with OPSP0009.",
}
NAMES = {**ORDER_FAULTS, **CALL_FAULTS, **LISTING_FAULTS, **ANSWER_FAULTS, **STREAM_FAULTS}
# The first variant is the one that is meant where none is given.
VARIANTS = {
    "maintenance": ("html", "refused", "json"),
    "gateway_before_accept": GATEWAY_CODES,
    "gateway_after_accept": GATEWAY_CODES,
}
STANDING = frozenset({"maintenance"})
WORDS = frozenset(
    {"name", "count", "rate", "seed", "match", "seconds", "percent", "variant", "field"}
)


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault in waiting; `match` compares KIS field names, tr_id and path with the call's.

    `count` is None where it stands until removed; `rate` is the share of matching calls it hits.
    """

    name: str
    count: int | None = 1
    rate: float | None = None
    seed: int = 0
    match: Mapping[str, str] = made(default_factory=dict)
    seconds: float | None = None
    percent: int = 50
    variant: str = ""
    field: str = ""
    rng: random.Random = made(default_factory=random.Random, repr=False)

    def described(self) -> dict[str, object]:
        return {
            "name": self.name,
            "count": self.count,
            "rate": self.rate,
            "seed": self.seed,
            "match": dict(self.match),
            "seconds": self.seconds,
            "percent": self.percent,
            "variant": self.variant,
            "field": self.field,
        }

    def seconds_or(self, usual: float) -> float:
        return usual if self.seconds is None else self.seconds


class UnknownFaultError(ValueError):
    """A fault was asked for that does not exist, or in a wrong shape."""


class Faults:
    """The faults in waiting, first come first served; `seed` is theirs who bring none."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._waiting: list[Fault] = []

    def add(self, raw: Mapping[str, object]) -> Fault:
        """Take a fault in from JSON; raises UnknownFaultError with a sentence."""
        name = raw.get("name")
        if not isinstance(name, str) or name not in NAMES:
            raise UnknownFaultError(f"No fault is called {name!r}; there are {', '.join(NAMES)}.")
        if strange := sorted(set(raw) - WORDS):
            raise UnknownFaultError(
                f"A fault has no {', '.join(strange)}, but {', '.join(sorted(WORDS))}."
            )
        match = raw.get("match") or {}
        if not isinstance(match, dict):
            raise UnknownFaultError("The match of a fault is an object of field names and values.")
        seed = _seed(raw, self._seed)
        rate = _rate(raw)
        fault = Fault(
            name=name,
            count=_count(raw, standing=rate is not None or name in STANDING),
            rate=rate,
            seed=seed,
            match={str(key): str(value) for key, value in match.items()},
            seconds=_seconds(raw),
            percent=_percent(raw),
            variant=_variant(raw, name),
            field=str(raw.get("field") or ""),
            rng=random.Random(f"{seed}|{name}"),
        )
        self._waiting.append(fault)
        return fault

    def take(self, name: str, fields: Mapping[str, str]) -> Fault | None:
        """Use up one of a fault that matches a call's fields, if any waits and its rate hits."""
        for fault in self._waiting:
            if fault.name != name or any(fields.get(k) != v for k, v in fault.match.items()):
                continue
            if fault.rate is not None and fault.rng.random() >= fault.rate:
                continue
            if fault.count is not None:
                fault.count -= 1
                if fault.count == 0:
                    self._waiting.remove(fault)
            return fault
        return None

    def waiting(self, names: Collection[str]) -> bool:
        """Tell whether any of these faults waits."""
        return any(fault.name in names for fault in self._waiting)

    def clear(self) -> None:
        self._waiting.clear()

    def described(self) -> list[dict[str, object]]:
        return [fault.described() for fault in self._waiting]


def _count(raw: Mapping[str, object], *, standing: bool) -> int | None:
    count = raw.get("count", None if standing else 1)
    if count is None:
        return None
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise UnknownFaultError("The count of a fault is a whole number from 1, or null.")
    return count


def _rate(raw: Mapping[str, object]) -> float | None:
    rate = raw.get("rate")
    if rate is None:
        return None
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 < rate <= 1:
        raise UnknownFaultError("The rate of a fault is above 0 and at most 1, or null.")
    return float(rate)


def _seed(raw: Mapping[str, object], usual: int) -> int:
    seed = raw.get("seed", usual)
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise UnknownFaultError("The seed of a fault is a whole number.")
    return seed


def _seconds(raw: Mapping[str, object]) -> float | None:
    seconds = raw.get("seconds")
    if seconds is None:
        return None
    # Also not for NaN, which no comparison holds for.
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds >= 0:
        raise UnknownFaultError("The seconds of a fault are a number from 0, or null.")
    return float(seconds)


def _percent(raw: Mapping[str, object]) -> int:
    percent = raw.get("percent", 50)
    if isinstance(percent, bool) or not isinstance(percent, int) or not 0 <= percent <= 100:
        raise UnknownFaultError("The percent of a fault is a whole number from 0 to 100.")
    return percent


def _variant(raw: Mapping[str, object], name: str) -> str:
    known = VARIANTS.get(name, ("",))
    variant = raw.get("variant") or known[0]
    if variant not in known:
        raise UnknownFaultError(f"The variant of {name} is one of {', '.join(known)}.")
    return str(variant)
