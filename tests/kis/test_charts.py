"""Daily bars back through years: whole, or told that they are not."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.charts import _merge
from kis.client import Kis
from kis.errors import KisBadAnswer, KisUnavailable
from kis.models import SEOUL, DailyBar, Exchange
from kis.wire import codes as wire
from tests.kis.counter import Answer, Asked, Counter, ok, refused

FIRST, LAST = date(2025, 11, 24), date(2026, 11, 20)
EVER = date(1990, 1, 1)


def _days(first: date = FIRST, last: date = LAST) -> list[date]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5]


def _row(day: date, **other: str) -> dict[str, str]:
    cents = Decimal(day.toordinal()) / 10000
    return {
        "xymd": f"{day:%Y%m%d}",
        "open": f"{cents:.4f}",
        "high": f"{cents + 2:.4f}",
        "low": f"{cents - 2:.4f}",
        "clos": f"{cents + 1:.4f}",
        "tvol": str(day.toordinal()),
        **other,
    }


BLANK = dict.fromkeys(_row(LAST), "")
ZERO = _row(LAST) | dict.fromkeys(("open", "high", "low", "clos", "tvol"), "0")


def _answer(rows: list[dict[str, str]]) -> Answer:
    return ok(output1={"nrec": str(len(rows))}, output2=rows)


def _kis_chart(days: list[date], size: int = 100) -> Callable[[Asked], Answer]:
    """Answer like KIS: the days up to BYMD, newest first, a page of them."""

    def script(asked: Asked) -> Answer:
        until = datetime.strptime(asked.query["BYMD"], "%Y%m%d").replace(tzinfo=SEOUL).date()
        rows = [_row(day) for day in reversed(days) if day <= until][:size]
        return _answer(rows)

    return script


async def test_a_history_is_every_day_once_and_oldest_first(kis: Kis, counter: Counter) -> None:
    counter.on(wire.DAILY, _kis_chart(_days()))
    pages: list[tuple[int, date]] = []
    listing = await kis.prices.history(
        "TQQQ",
        Exchange.NASDAQ,
        EVER,
        LAST,
        on_page=lambda count, oldest: pages.append((count, oldest)),
    )
    assert listing.complete
    assert [bar.day for bar in listing.rows] == _days()
    assert len(listing.rows) == 260
    assert [count for count, _ in pages] == [100, 199, 260]
    assert pages[-1] == (260, FIRST)
    asked = [each.query for each in counter.to(wire.DAILY)]
    assert asked[0] == {
        "AUTH": "",
        "EXCD": "NAS",
        "SYMB": "TQQQ",
        "GUBN": "0",
        "BYMD": "20261120",
        "MODP": "0",
    }
    # Every page is asked by the oldest day of the one before, the last to see nothing older.
    assert [query["BYMD"] for query in asked[1:]] == [f"{oldest:%Y%m%d}" for _, oldest in pages]


async def test_a_history_asks_no_further_back_than_it_must(kis: Kis, counter: Counter) -> None:
    counter.on(wire.DAILY, _kis_chart(_days()))
    start = LAST - timedelta(days=90)
    listing = await kis.prices.history("TQQQ", Exchange.NASDAQ, start, LAST, adjusted=True)
    assert listing.complete
    assert [bar.day for bar in listing.rows] == _days(start)
    (asked,) = counter.to(wire.DAILY)
    assert asked.query["MODP"] == "1"


@given(length=st.integers(1, 460), size=st.sampled_from([2, 3, 60, 99, 100]))
def test_pages_of_any_size_join_without_a_seam(length: int, size: int) -> None:
    days = _days()[:length]
    found: dict[date, DailyBar] = {}
    until = days[-1]
    while True:
        page = [day for day in days if day <= until][-size:]
        if not _merge(found, {day: _bar(day) for day in page}):
            break
        until = min(found)
    assert sorted(found) == days


def _bar(day: date) -> DailyBar:
    one = Decimal(1)
    return DailyBar(day=day, open=one, high=one, low=one, close=one, volume=0)


async def test_an_unknown_symbol_has_a_history_that_is_empty(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.DAILY, _answer([BLANK]))
    listing = await kis.prices.history("NOPE", Exchange.NASDAQ, EVER, LAST)
    assert listing.empty
    assert len(counter.to(wire.DAILY)) == 1


async def test_filler_and_a_day_without_a_trade_are_left_out_and_a_short_page_is_no_end(
    kis: Kis, counter: Counter
) -> None:
    days = _days()
    first = [ZERO | {"xymd": "20261120"}, BLANK, _row(days[-2]), _row(days[-3])]
    script = _kis_chart(days[:-2])
    counter.on(
        wire.DAILY,
        lambda asked: _answer(first) if asked.query["BYMD"] == "20261120" else script(asked),
    )
    listing = await kis.prices.history("TQQQ", Exchange.NASDAQ, EVER, LAST)
    assert listing.complete
    assert [bar.day for bar in listing.rows] == days[:-1]


@pytest.mark.parametrize("word", ["", "0.0000"])
async def test_a_day_with_a_volume_and_no_prices_is_garbled_and_not_left_out(
    word: str, kis: Kis, counter: Counter
) -> None:
    lost = dict.fromkeys(("open", "high", "low", "clos"), word)
    today, yesterday = LAST, LAST - timedelta(days=1)
    counter.plays(wire.DAILY, _answer([_row(today), _row(yesterday, **lost)]))
    with pytest.raises(KisBadAnswer, match="open"):
        await kis.prices.daily("TQQQ", Exchange.NASDAQ)
    # Today's may be so before the opening.
    counter.plays(wire.DAILY, _answer([_row(today, **lost), _row(yesterday)]))
    assert [bar.day for bar in await kis.prices.daily("TQQQ", Exchange.NASDAQ)] == [yesterday]


async def test_the_bar_that_runs_may_move_between_two_pages(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.DAILY, _answer([_row(LAST)]), _answer([_row(LAST, tvol="999999999")]))
    listing = await kis.prices.history("TQQQ", Exchange.NASDAQ, EVER, LAST)
    assert listing.complete
    assert [bar.volume for bar in listing.rows] == [LAST.toordinal()]


async def test_a_day_that_comes_twice_and_differently_is_not_believed(
    kis: Kis, counter: Counter
) -> None:
    days = _days()
    page = [_row(day) for day in reversed(days[-100:])]
    twice = [_row(days[-100], tvol="1"), _row(days[-101])]
    counter.plays(wire.DAILY, _answer(page), _answer(twice))
    with pytest.raises(KisBadAnswer, match=f"two different bars of {days[-100]}"):
        await kis.prices.history("TQQQ", Exchange.NASDAQ, EVER, LAST)


def _repeats(days: list[date]) -> Answer:
    return _answer([_row(day) for day in reversed(days[-100:])])


SECOND: dict[str, tuple[Callable[[list[date]], Answer], str]] = {
    "the same page for ever": (_repeats, "lies after"),
    "nothing": (lambda _: _answer([]), "does not hold"),
    "a hole": (lambda days: _answer([_row(days[-105])]), "does not hold"),
    "a malformed bar": (lambda days: _answer([_row(days[-100], clos="")]), "clos"),
    "maintenance": (lambda _: refused("MCA05918", "점검"), "MCA05918"),
    "the line": (lambda _: Answer(reset=True), "page 2 failed"),
    "HTML": (lambda _: Answer(raw=b"<html>"), "page 2 failed"),
}


@pytest.mark.parametrize("case", SECOND)
async def test_what_fails_on_the_way_back_leaves_the_newer_days_and_says_why(
    case: str, kis: Kis, counter: Counter
) -> None:
    days = _days()
    answer, words = SECOND[case]
    counter.plays(wire.DAILY, _repeats(days), answer(days))
    listing = await kis.prices.history("TQQQ", Exchange.NASDAQ, EVER, LAST)
    assert not listing.complete
    assert not listing.empty
    assert words in listing.reason
    assert [bar.day for bar in listing.rows] == days[-100:]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused("MCA05918", "점검"), KisUnavailable),
        (_answer([_row(LAST + timedelta(days=3))]), KisBadAnswer),
        (_answer([_row(LAST, high="1")]), KisBadAnswer),
        (ok(), KisBadAnswer),
    ],
)
async def test_a_first_page_that_cannot_be_had_is_an_error(
    answer: Answer, error: type[Exception], kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.DAILY, answer)
    with pytest.raises(error):
        await kis.prices.history("TQQQ", Exchange.NASDAQ, EVER, LAST)


async def test_a_history_that_ends_before_it_starts_is_refused(kis: Kis, counter: Counter) -> None:
    with pytest.raises(ValueError, match="history"):
        await kis.prices.history("TQQQ", Exchange.NASDAQ, LAST, FIRST)
    assert counter.asked == []


async def test_the_practice_account_has_a_history_too(mock_kis: Kis, counter: Counter) -> None:
    counter.on(wire.DAILY, _kis_chart(_days()))
    listing = await mock_kis.prices.history("TQQQ", Exchange.NASDAQ, FIRST, LAST)
    assert len(listing.rows) == 260
