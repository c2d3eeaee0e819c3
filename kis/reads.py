"""Asking KIS: with retries, one new token when the old one is refused, and page by page."""

import json
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict, TypeVar

import stamina

from kis import codes
from kis.auth import Tokens
from kis.errors import KisAuthError, KisBadAnswer, KisUnavailable, ReadError, ReadRefused
from kis.models import Credentials, Listing
from kis.paging import WIDTH, Context, Tables
from kis.transport import Line, Reply

T = TypeVar("T")

PAGE_LIMIT = 20
# For what is asked by years: profits and trades.
MANY_PAGES = 200


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
                with naming(question):
                    return await self._bounded(question, next_page=next_page)
            except _TokenRefused as refused:
                if last:
                    raise KisAuthError(str(refused)) from None
                self._tokens.drop(refused.token)
        raise AssertionError("the second round ends by returning or raising")

    async def row(
        self,
        question: Question,
        name: str,
        read: Callable[[dict[str, Any]], T],
        *,
        otherwise: str = "",
    ) -> T:
        """Ask for what is one row, and read it; `otherwise` is another name it may come under.

        Raises the ReadError family; a KisBadAnswer names the call and the field.
        """
        reply = await self.ask(question)
        with naming(question):
            if otherwise and name not in (reply.body or {}):
                name = otherwise
            rows = rows_of(reply, name)
            if len(rows) != 1:
                raise KisBadAnswer(f"{name} came in {len(rows)} rows and not in one")
            return read(rows[0])

    async def rows(
        self,
        question: Question,
        name: str,
        *,
        width: str | None = WIDTH,
        most_pages: int = PAGE_LIMIT,
    ) -> Listing[dict[str, Any]]:
        """Ask page by page for the rows under `name`; `tables` says how."""
        tables = await self.tables(question, name, width=width, most_pages=most_pages)
        return tables.listing(name)

    async def tables(
        self,
        question: Question,
        *names: str,
        width: str | None = WIDTH,
        most_pages: int = PAGE_LIMIT,
    ) -> Tables:
        """Ask page by page for several tables of one inquiry, the one with the rows named first.

        `width` is how wide KIS's context keys are ("200", "100", "50", "" where their names have
        none), or None for an inquiry without any. The first page raises like `ask`. Later
        failures, a page that repeats, a missing key to the next page and the page limit end in
        tables that say why they are not whole.
        """
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
        seen: set[str] = set()
        context = Context(width=width)
        for number in range(1, most_pages + 1):
            page = replace(question, query={**question.query, **context.query()})
            try:
                reply = await self.ask(page, next_page=number > 1)
                with naming(question):
                    rows = {name: rows_of(reply, name) for name in names}
            except ReadError as error:
                if number == 1:
                    raise
                return Tables(rows=found, reason=f"page {number} failed: {error}")
            following, reason = context.after(reply)
            if number > 1 or following is not None:  # most inquiries have one page
                marks = {json.dumps(row, sort_keys=True, default=str) for row in rows[names[0]]}
                if number > 1 and marks and marks <= seen:
                    return Tables(rows=found, reason=f"page {number} repeats what came before")
                seen |= marks
            for name in names:
                found[name] += rows[name]
            if following is None:
                return Tables(rows=found, reason=reason)
            context = following
        return Tables(rows=found, reason=f"more than {most_pages} pages")

    async def _bounded(self, question: Question, *, next_page: bool) -> Reply:
        try:
            return await self._patiently(question, next_page=next_page)
        except _AskAgain as error:
            raise KisUnavailable(str(error)) from None

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
        if code in codes.KEYS | codes.PERMISSION:
            raise KisAuthError(words)
        denied = reply.status in {401, 403} and code and code not in codes.RATE
        if code in codes.TOKEN or denied:
            raise _TokenRefused(token, words)
        if code in codes.RATE or reply.status >= 500:
            raise _AskAgain(words)
        if reply.page:
            raise KisUnavailable(f"HTTP {reply.status}: a page of HTML in place of an answer")
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


@contextmanager
def naming(question: Question) -> Iterator[None]:
    """Have an error from the block say which call it is about; a refusal stays KIS's own words."""
    call = f"{question.path.rpartition('/')[2]} ({question.tr_id})"
    try:
        yield
    except ReadRefused:
        raise
    except KisBadAnswer as error:
        raise KisBadAnswer(f"{call}: {error}") from error
    except KisUnavailable as error:
        raise KisUnavailable(f"{call}: {error}") from error


def rows_of(reply: Reply, name: str) -> list[dict[str, Any]]:
    """Take the rows of an answer: a list, or one object (an empty result is one of blanks)."""
    body = reply.body or {}
    # KIS's pages spell some of the tables with a capital (Output1), its answers do not.
    value = body.get(name, body.get(name.capitalize()))
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list) and all(isinstance(row, dict) for row in value):
        return value
    if not value and reply.code in codes.NOTHING_FOUND:
        return []
    raise KisBadAnswer(f"{name} holds no rows")


def _first(one: T, other: T) -> T:
    del other
    return one


def collect(
    found: Listing[dict[str, Any]],
    *,
    blank: Callable[[dict[str, Any]], bool],
    read: Callable[[dict[str, Any]], T | None],
    key: Callable[[T], Hashable] | None = None,
    later: Callable[[T, T], T] = _first,
) -> Listing[T]:
    """Read rows, once per key: malformed ones are left out and make the listing incomplete.

    `read` answers None for a row to pass over; `later` chooses between two rows of one key, the
    first unless said otherwise. Without a key every row counts.
    """
    kept: dict[Hashable, T] = {}
    complete, reason = found.complete, found.reason
    for row in found.rows:
        try:
            value = None if blank(row) else read(row)
        except KisBadAnswer as error:
            complete, reason = False, reason or f"a row cannot be read: {error}"
            continue
        if value is not None:
            mark: Hashable = len(kept) if key is None else key(value)
            known = kept.get(mark)
            kept[mark] = value if known is None else later(known, value)
    return Listing(rows=tuple(kept.values()), complete=complete, reason=reason)
