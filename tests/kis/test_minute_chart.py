"""Minutes back through days: whole, or told that they are not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from kis.client import Kis
from kis.errors import KisBadAnswer, KisNotOffered
from kis.models import NEW_YORK, SEOUL, Exchange
from kis.wire import codes as wire
from tests.kis.counter import NOON, Answer, Asked, Counter, ok, refused

OPEN = datetime(2026, 11, 20, 9, 30, tzinfo=NEW_YORK)


def _starts(sessions: int = 1, width: int = 1) -> list[datetime]:
    last = OPEN
    found = []
    for back in range(sessions):
        opens = last - timedelta(days=back)
        found += [opens + timedelta(minutes=n) for n in range(0, 390, width)]
    return sorted(found)


def _minute(start: datetime, **other: str) -> dict[str, str]:
    seoul = start.astimezone(SEOUL)
    return {
        "tymd": f"{start:%Y%m%d}",
        "xymd": f"{start:%Y%m%d}",
        "xhms": f"{start:%H%M%S}",
        "kymd": f"{seoul:%Y%m%d}",
        "khms": f"{seoul:%H%M%S}",
        "open": "77.6000",
        "high": "77.6300",
        "low": "77.5800",
        "last": "77.6200",
        "evol": f"{start:%H%M}",
        "eamt": "1",
        **other,
    }


def _minutes_answer(rows: list[dict[str, str]]) -> Answer:
    return ok(output1={"next": "1", "more": "0", "nrec": str(len(rows))}, output2=rows)


def _minute_chart(starts: list[datetime]) -> Callable[[Asked], Answer]:
    def script(asked: Asked) -> Answer:
        key = asked.query["KEYB"]
        until = (
            datetime.strptime(key, "%Y%m%d%H%M%S").replace(tzinfo=NEW_YORK) if key else starts[-1]
        )
        rows = [_minute(start) for start in reversed(starts) if start <= until][:120]
        return _minutes_answer(rows)

    return script


async def test_minutes_page_back_by_the_bar_before_the_oldest(kis: Kis, counter: Counter) -> None:
    counter.on(wire.MINUTES, _minute_chart(_starts(2)))
    listing = await kis.prices.minutes("SOXL", Exchange.AMEX, minutes=1, since=OPEN)
    assert listing.complete
    assert [bar.start for bar in listing.rows] == _starts()
    first = listing.rows[0]
    assert (first.symbol, first.minutes, first.volume, first.complete) == ("SOXL", 1, 930, True)
    assert (first.open, first.high, first.low, first.close) == (
        Decimal("77.6"),
        Decimal("77.63"),
        Decimal("77.58"),
        Decimal("77.62"),
    )
    asked = [each.query for each in counter.to(wire.MINUTES)]
    assert [(query["NEXT"], query["KEYB"]) for query in asked] == [
        ("", ""),
        ("1", "20261120135900"),
        ("1", "20261120115900"),
        ("1", "20261120095900"),
    ]
    assert {query["PINC"] for query in asked} == {"1"}
    assert asked[0]["EXCD"] == "AMS"


async def test_the_start_of_a_minute_is_new_yorks_and_the_same_in_seoul(
    kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.MINUTES, _minutes_answer([_minute(OPEN)]))
    listing = await kis.prices.minutes("TQQQ", Exchange.NASDAQ, minutes=5, since=OPEN)
    assert listing.rows[0].start.astimezone(SEOUL) == datetime(2026, 11, 20, 23, 30, tzinfo=SEOUL)


async def test_the_minute_that_runs_is_not_complete(kis: Kis, counter: Counter) -> None:
    running = NOON.astimezone(NEW_YORK).replace(minute=0)
    rows = [_minute(running), _minute(running - timedelta(minutes=5))]
    counter.plays(wire.MINUTES, _minutes_answer(rows))
    since = running - timedelta(minutes=5)
    listing = await kis.prices.minutes("TQQQ", Exchange.NASDAQ, minutes=5, since=since)
    assert [bar.complete for bar in listing.rows] == [True, False]
    assert listing.complete


async def test_minutes_that_kis_keeps_no_more_leave_the_listing_incomplete(
    kis: Kis, counter: Counter
) -> None:
    counter.on(wire.MINUTES, _minute_chart(_starts()))
    since = OPEN - timedelta(days=40)
    listing = await kis.prices.minutes("TQQQ", Exchange.NASDAQ, minutes=1, since=since)
    assert not listing.complete
    assert "no older minutes" in listing.reason
    assert len(listing.rows) == 390


MINUTE_SECOND: dict[str, Answer] = {
    "the same page for ever": _minutes_answer([_minute(start) for start in _starts()[-120:]]),
    "a malformed bar": _minutes_answer([_minute(_starts()[0], last="")]),
    "a time that is none": _minutes_answer([_minute(_starts()[0], xhms="0930")]),
    "a low above its high": _minutes_answer([_minute(_starts()[0], low="78")]),
    "maintenance": refused("MCA05918", "점검"),
}


@pytest.mark.parametrize("case", MINUTE_SECOND)
async def test_minutes_that_fail_on_the_way_leave_the_newer_ones_and_say_why(
    case: str, kis: Kis, counter: Counter
) -> None:
    page = _minutes_answer([_minute(start) for start in _starts()[-120:]])
    counter.plays(wire.MINUTES, page, MINUTE_SECOND[case])
    listing = await kis.prices.minutes("TQQQ", Exchange.NASDAQ, minutes=1, since=OPEN)
    assert not listing.complete
    assert "page 2 failed" in listing.reason
    assert len(listing.rows) == 120


async def test_a_first_page_of_minutes_that_differ_is_an_error(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.MINUTES, _minutes_answer([_minute(OPEN), _minute(OPEN, evol="5")]))
    with pytest.raises(KisBadAnswer, match=r"inquire-time-itemchartprice .*two different bars"):
        await kis.prices.minutes("TQQQ", Exchange.NASDAQ, minutes=1, since=OPEN)


@pytest.mark.parametrize(("minutes", "since"), [(0, OPEN), (1, OPEN.replace(tzinfo=None))])
async def test_minutes_of_no_length_or_since_no_instant_are_refused(
    minutes: int, since: datetime, kis: Kis, counter: Counter
) -> None:
    with pytest.raises(ValueError, match="minutes since"):
        await kis.prices.minutes("TQQQ", Exchange.NASDAQ, minutes=minutes, since=since)
    assert counter.asked == []


async def test_a_minute_with_a_volume_and_no_prices_is_garbled_and_not_left_out(
    kis: Kis, counter: Counter
) -> None:
    lost = dict.fromkeys(("open", "high", "low", "last"), "")
    counter.plays(wire.MINUTES, _minutes_answer([_minute(OPEN, **lost)]))
    with pytest.raises(KisBadAnswer, match="open"):
        await kis.prices.minutes("TQQQ", Exchange.NASDAQ, minutes=1, since=OPEN)


async def test_the_practice_account_has_no_minutes(mock_kis: Kis, counter: Counter) -> None:
    with pytest.raises(KisNotOffered, match="no minute chart"):
        await mock_kis.prices.minutes("TQQQ", Exchange.NASDAQ, minutes=1, since=OPEN)
    assert counter.asked == []
