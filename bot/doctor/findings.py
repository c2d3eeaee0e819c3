"""What a look found, in both languages: well, a warning, wrong, or not looked at."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.console_words import Both, both

NOTHING = both("", "")


class Status(StrEnum):
    """How a look ended; only `FAIL` makes the doctor's exit status 3."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What was seen, why it is so or matters, and what to do about it."""

    status: Status
    what: Both
    why: Both = NOTHING
    remedy: Both = NOTHING


def well(korean: str, english: str, *, why: Both = NOTHING) -> Finding:
    """All is well."""
    return Finding(status=Status.OK, what=both(korean, english), why=why)


def warning(what: Both, *, why: Both = NOTHING, remedy: Both = NOTHING) -> Finding:
    return Finding(status=Status.WARN, what=what, why=why, remedy=remedy)


def wrong(what: Both, *, why: Both = NOTHING, remedy: Both = NOTHING) -> Finding:
    return Finding(status=Status.FAIL, what=what, why=why, remedy=remedy)


def skipped(why: Both) -> Finding:
    """Nothing was looked at, for a reason."""
    return Finding(status=Status.SKIPPED, what=why)


def fingerprint(secret: str) -> str:
    """Tell a secret from another without saying it: six hex digits of its hash."""
    return hashlib.sha256(secret.encode()).hexdigest()[:6]


def joined(pairs: Iterable[Both], by: str = ", ") -> Both:
    """Join sentences in both languages."""
    both_of = list(pairs)
    return both(by.join(one[0] for one in both_of), by.join(one[1] for one in both_of))
