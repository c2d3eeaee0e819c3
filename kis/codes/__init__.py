"""KIS's message codes: what each means, what the owner can do, what follows for an order.

The tables are the only place where a code is spelled: what is a token's, the rate's or an unknown
outcome is asked of them. A code is looked up together with its words, as KIS reuses codes.
"""

import re
from collections.abc import Callable, Iterable
from types import MappingProxyType

from kis.codes import business, gateway, stream
from kis.codes.vocabulary import Entry, Kind, Meaning, OnOrder, OnStream, Sentence

__all__ = [
    "ENTRIES",
    "KEYS",
    "NOTHING_FOUND",
    "PERMISSION",
    "RATE",
    "STREAM_FATAL",
    "STREAM_FINE",
    "STREAM_NEW_KEY",
    "TOKEN",
    "TOKEN_TOO_OFTEN",
    "Kind",
    "Meaning",
    "OnOrder",
    "OnStream",
    "Sentence",
    "explain",
    "lookup",
    "on_order",
]

ENTRIES: tuple[Entry, ...] = (*gateway.ENTRIES, *stream.ENTRIES, *business.ENTRIES)
_CODE = re.compile(r"\b(?:[A-Z]{3,4}[0-9]{4,5}|[0-9]{8})\b")
_TECHNICAL = ("EGW", "OPSQ", "OPSP")


def _by_code(entries: Iterable[Entry]) -> MappingProxyType[str, Meaning]:
    found: dict[str, Meaning] = {}
    for entry in entries:
        for code in entry.codes if entry.words is None else ():
            if code in found:
                raise ValueError(f"{code} stands in the tables twice")
            found[code] = entry.meaning
    return MappingProxyType(found)


_CODES = _by_code(ENTRIES)
_WORDS = tuple(entry for entry in ENTRIES if entry.words is not None)


def _codes_that(hold: Callable[[Meaning], bool]) -> frozenset[str]:
    return frozenset(code for code, meaning in _CODES.items() if hold(meaning))


TOKEN = _codes_that(lambda meaning: meaning.kind is Kind.TOKEN)
TOKEN_TOO_OFTEN = _codes_that(lambda meaning: meaning.kind is Kind.TOKEN_TOO_OFTEN)
KEYS = _codes_that(lambda meaning: meaning.kind is Kind.KEYS)
PERMISSION = _codes_that(lambda meaning: meaning.kind is Kind.PERMISSION)
RATE = _codes_that(lambda meaning: meaning.kind is Kind.RATE)
NOTHING_FOUND = _codes_that(lambda meaning: meaning.kind is Kind.NOTHING_FOUND)
STREAM_FINE = _codes_that(lambda meaning: meaning.on_stream is OnStream.FINE)
STREAM_FATAL = _codes_that(lambda meaning: meaning.on_stream is OnStream.FATAL)
STREAM_NEW_KEY = _codes_that(lambda meaning: meaning.on_stream is OnStream.NEW_KEY)


def lookup(code: str, message: str) -> Meaning | None:
    """Say what a message means, by its code and its words; None when the tables do not know.

    A row with this code and words like these comes first. Else the codes of gateway and websocket
    mean one thing each; for all others the words decide where they say anything, and the code
    where they do not.
    """
    said = [entry for entry in _WORDS if entry.words is not None and entry.words.search(message)]
    for entry in said:
        if code in entry.codes:
            return entry.meaning
    known = _CODES.get(code)
    if code.startswith(_TECHNICAL) or (known is not None and _is_fine(known)):
        return known
    return next((entry.meaning for entry in said if not entry.codes), known)


def explain(words: str) -> Meaning | None:
    """Say what a sentence that may hold a code somewhere means; None when the tables do not know.

    For reasons as they were written down: "ReadRefused: APBK0656 해당 종목 없음".
    """
    for found in _CODE.finditer(words):
        meaning = lookup(found.group(), words[found.end() :])
        if meaning is not None:
            return meaning
    return lookup("", words)


def on_order(code: str, message: str) -> OnOrder:
    """Say what a refusal with a code means for the order it answers, with HTTP 200 or 500.

    A technical code that the tables do not know leaves the order unknown, and so do words that
    say to look up the last request; any other code is the order system's own, and definite.
    """
    said = lookup(code, message)
    if said is not None and said.kind is Kind.GATEWAY:
        return OnOrder.UNKNOWN
    known = _CODES.get(code)
    if known is not None:
        return known.on_order
    return OnOrder.UNKNOWN if code.startswith(_TECHNICAL) else OnOrder.REFUSED


def _is_fine(meaning: Meaning) -> bool:
    return meaning.kind in {Kind.OK, Kind.NOTHING_FOUND}
