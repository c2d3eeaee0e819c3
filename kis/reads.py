"""Asking KIS: with retries, one new token when the old one is refused, and page by page."""

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypedDict, TypeVar

import stamina

from kis.auth import RATE, Tokens
from kis.errors import KisAuthError, KisBadAnswer, KisUnavailable, ReadError, ReadRefused
from kis.models import Credentials, Listing
from kis.transport import Line, Reply

T = TypeVar("T")

TOKEN_CODES = frozenset({"EGW00121", "EGW00122", "EGW00123"})
NO_PERMISSION = "EGW00206"
NOTHING_FOUND = frozenset({"KIOK0560", "70070000"})
PAGE_LIMIT = 20


class Patience(TypedDict):
    attempts: int
    timeout: float
    wait_initial: float
    wait_max: float
    wait_jitter: float


# Half a second at least: EGW00201 counts the calls of a sliding second (domain/kis.md 3).
PATIENCE = Patience(attempts=4, timeout=45, wait_initial=0.5, wait_max=8, wait_jitter=0.5)


class _AskAgain(KisUnavailable):
    pass


class _TokenRefused(KisAuthError):  # says what happened, like its kin
    def __init__(self, token: str, words: str) -> None:
        super().__init__(words)
        self.token = token


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One inquiry. The query names the account, so it stays out of the repr."""

    tr_id: str
    path: str
    query: dict[str, str] = field(repr=False)


class Reader:
    """Asks questions, which may be asked again: nothing at the broker changes by them."""

    def __init__(self, line: Line, tokens: Tokens, credentials: Credentials) -> None:
        self._line = line
        self._tokens = tokens
        self._credentials = credentials

    async def ask(self, question: Question, *, next_page: bool = False) -> Reply:
        """Ask until answered, within bounds. Raises the ReadError family.

        A refused token is dropped once and the question asked once more with a new one.
        """
        for last in (False, True):
            try:
                return await self._patiently(question, next_page=next_page)
            except _AskAgain as error:
                raise KisUnavailable(str(error)) from None
            except _TokenRefused as refused:
                if last:
                    raise KisAuthError(str(refused)) from None
                self._tokens.drop(refused.token)
        raise AssertionError("the second round ends by returning or raising")

    async def rows(self, question: Question, name: str) -> Listing[dict[str, Any]]:
        """Ask page by page for the rows under `name`.

        The first page raises like `ask`. Later failures, a page that repeats, a missing key to
        the next page and the page limit end in a listing that says it is not complete.
        """
        found: list[dict[str, Any]] = []
        seen: set[str] = set()
        context = {"CTX_AREA_FK200": "", "CTX_AREA_NK200": ""}
        for number in range(PAGE_LIMIT):
            page = Question(
                tr_id=question.tr_id, path=question.path, query={**question.query, **context}
            )
            try:
                reply = await self.ask(page, next_page=number > 0)
                rows = rows_of(reply, name)
            except ReadError:
                if number == 0:
                    raise
                return Listing(rows=tuple(found), complete=False)
            marks = {json.dumps(row, sort_keys=True, default=str) for row in rows}
            if number > 0 and marks and marks <= seen:
                return Listing(rows=tuple(found), complete=False)
            seen |= marks
            found += rows
            more, key = reply.headers.get("tr_cont", ""), reply.text("ctx_area_nk200")
            if more not in {"F", "M"}:
                # D and E mean the last page; a key to a next page without any mark is a riddle.
                whole = more in {"D", "E"} or not key
                return Listing(rows=tuple(found), complete=whole)
            if not key or key == context["CTX_AREA_NK200"]:
                break
            context = {"CTX_AREA_FK200": reply.text("ctx_area_fk200"), "CTX_AREA_NK200": key}
        return Listing(rows=tuple(found), complete=False)

    async def _patiently(self, question: Question, *, next_page: bool) -> Reply:
        async for attempt in stamina.retry_context(on=_AskAgain, **PATIENCE):
            with attempt:
                return await self._once(question, next_page=next_page)
        raise AssertionError("retry_context ends by returning or raising")

    async def _once(self, question: Question, *, next_page: bool) -> Reply:
        token = await self._tokens.get()
        outcome = await self._line.exchange(
            "GET",
            question.path,
            headers=call_headers(self._credentials, token, question.tr_id, next_page=next_page),
            query=question.query,
        )
        if not isinstance(outcome, Reply):
            raise _AskAgain(outcome.reason)
        if not outcome.ok:
            self._raise_for(outcome, token)
        return outcome

    def _raise_for(self, reply: Reply, token: str) -> None:
        code, message = self._line.clean(reply.code), self._line.clean(reply.message)
        words = f"HTTP {reply.status} {code} {message}".strip()
        if code == NO_PERMISSION:
            raise KisAuthError(words)
        if code in TOKEN_CODES or (reply.status in {401, 403} and code not in {"", RATE}):
            raise _TokenRefused(token, words)
        if code == RATE or reply.status >= 500:
            raise _AskAgain(words)
        if reply.status == 200 and (reply.body is None or not reply.text("rt_cd")):
            raise KisBadAnswer("the answer is not KIS's JSON")
        if reply.body is not None and reply.text("rt_cd") == "0":
            raise KisBadAnswer(f"success and HTTP {reply.status} in one answer")
        if code or message:
            raise ReadRefused(code, message)
        raise KisUnavailable(words)


def call_headers(
    credentials: Credentials, token: str, tr_id: str, *, next_page: bool = False
) -> dict[str, str]:
    """Write the headers of a call that needs a token."""
    return {
        "authorization": f"Bearer {token}",
        "appkey": credentials.app_key,
        "appsecret": credentials.app_secret,
        "tr_id": tr_id,
        "custtype": "P",
        "tr_cont": "N" if next_page else "",
    }


def rows_of(reply: Reply, name: str) -> list[dict[str, Any]]:
    """Take the rows of an answer: a list, or one object (an empty result is one of blanks)."""
    value = (reply.body or {}).get(name)
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list) and all(isinstance(row, dict) for row in value):
        return value
    if not value and reply.code in NOTHING_FOUND:
        return []
    raise KisBadAnswer(f"{name} holds no rows")


def collect(
    found: Listing[dict[str, Any]],
    *,
    blank: Callable[[dict[str, Any]], bool],
    read: Callable[[dict[str, Any]], T | None],
    key: Callable[[T], Hashable],
    later: Callable[[T, T], T],
) -> Listing[T]:
    """Read rows, once per key: malformed ones are left out and make the listing incomplete.

    `read` answers None for a row to pass over; `later` chooses between two rows of one key.
    """
    kept: dict[Hashable, T] = {}
    complete = found.complete
    for row in found.rows:
        if blank(row):
            continue
        try:
            value = read(row)
        except KisBadAnswer:
            complete = False
            continue
        if value is not None:
            known = kept.get(key(value))
            kept[key(value)] = value if known is None else later(known, value)
    return Listing(rows=tuple(kept.values()), complete=complete)
