"""The law of paging: a listing that calls itself whole holds every row of every page, in order."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kis.errors import KisUnavailable, ReadError
from kis.models import Listing
from kis.reads import Question, Reader
from kis.transport import Reply

QUESTION = Question(tr_id="TTTS3012R", path="/inquire-balance", query={})
MARKS = ("F", "M", "D", "E", "", "X")


@dataclass(frozen=True, kw_only=True)
class Page:
    """What KIS does when it is asked for its next page."""

    rows: tuple[int, ...]
    mark: str
    key: str
    fails: bool


@dataclass
class Book(Reader):
    """A reader whose KIS turns the pages of a script, whatever it is asked for."""

    pages: tuple[Page, ...]
    asked: list[str] = field(default_factory=list)

    async def ask(self, question: Question, *, next_page: bool = False) -> Reply:
        assert next_page is bool(self.asked)
        page = self.pages[min(len(self.asked), len(self.pages) - 1)]
        self.asked.append(question.query.get("CTX_AREA_NK200", ""))
        if page.fails:
            raise KisUnavailable("no answer in time")
        body = {"output": [{"n": str(row)} for row in page.rows], "ctx_area_nk200": page.key}
        return Reply(status=200, headers={"tr_cont": page.mark}, body=body)


PAGES = st.lists(
    st.builds(
        Page,
        rows=st.lists(st.integers(0, 30), max_size=3).map(tuple),
        mark=st.sampled_from(MARKS),
        key=st.sampled_from(("", "a", "b", "c", "d")),
        fails=st.sampled_from((False, False, False, True)),
    ),
    min_size=1,
    max_size=8,
).map(tuple)


def _listed(book: Book) -> Listing[dict[str, Any]] | None:
    try:
        return asyncio.run(book.rows(QUESTION, "output", most_pages=6))
    except ReadError:
        return None


@given(PAGES)
def test_a_whole_listing_ends_at_a_last_page_and_holds_every_row_before_it(
    pages: tuple[Page, ...],
) -> None:
    book = Book(pages)
    listing = _listed(book)
    seen = pages[: len(book.asked)]
    if listing is None:
        assert len(book.asked) == 1
        assert pages[0].fails
        return
    assert len(book.asked) <= 6
    assert listing.complete is not bool(listing.reason)
    found = [int(row["n"]) for row in listing.rows]
    all_rows = [row for page in seen for row in page.rows]
    if not listing.complete:
        assert found == all_rows[: len(found)]
        return
    last = seen[-1]
    assert found == all_rows
    assert not any(page.fails for page in seen)
    assert all(page.mark in {"F", "M"} and page.key for page in seen[:-1])
    assert last.mark in {"D", "E"} or (last.mark not in {"F", "M"} and not last.key)


@given(PAGES)
def test_each_page_is_asked_for_by_the_key_of_the_one_before(pages: tuple[Page, ...]) -> None:
    book = Book(pages)
    _listed(book)
    assert book.asked == ["", *(page.key for page in pages)][: len(book.asked)]
