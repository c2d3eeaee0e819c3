"""The price store's counter over a scripted KIS: what becomes of its words and its silence."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import pytest
import stamina

from bot.counter import CounterSilent, KisDailyPrices
from kis.models import Exchange
from kis.wire import codes as wire
from strategy.corporate_actions import SplitOn
from strategy.model import Bar
from tests.kis.counter import Answer, Asked, Counter, kis_at, ok, open_counter, page, refused

DAY, BEFORE = date(2026, 11, 20), date(2026, 11, 19)


@pytest.fixture(autouse=True)
def _without_waiting() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=2, cap=True):
        yield


@pytest.fixture
async def counter() -> AsyncIterator[Counter]:
    async with open_counter() as opened:
        yield opened


@pytest.fixture(params=[False, True], ids=["real", "mock"])
async def source(
    request: pytest.FixtureRequest, counter: Counter, tmp_path: Path
) -> AsyncIterator[KisDailyPrices]:
    async with kis_at(counter, tmp_path / "token.json", mock=request.param) as kis:
        yield KisDailyPrices(kis=kis, symbol="SOXL", listed_on=Exchange.AMEX, name="KIS")


def _offered(source: KisDailyPrices) -> bool:
    return not source.kis.environment.mock


def _right(code: str, ratio: str, seoul: str, local: str) -> dict[str, str]:
    return {
        "rght_type_cd": code,
        "stck_alct_rt": ratio,
        "bass_dt": seoul,
        "acpl_bass_dt": local,
        "pdno": "SOXL",
        "crcy_cd": "USD",
        "dfnt_yn": "Y",
    }


async def test_announced_splits_have_whole_ratios_and_both_of_kiss_dates(
    source: KisDailyPrices, counter: Counter
) -> None:
    rights = {
        "14": [_right("14", "1500.000000000000", "20260915", "20260914")],
        "15": [
            _right("15", "33.333333333333", "20251021", ""),
            _right("15", "100", "20240102", ""),
        ],
    }

    def script(asked: Asked) -> Answer:
        return page("D", output=rights[asked.query["RGHT_TYPE_CD"]])

    counter.on(wire.RIGHTS, script)
    found = await source.announced(date(2020, 1, 1), DAY)
    if not _offered(source):
        assert found == []
        assert counter.asked == []
        return
    assert found == [
        SplitOn(day=date(2026, 9, 14), new=15, old=1),
        SplitOn(day=date(2026, 9, 15), new=15, old=1),
        SplitOn(day=date(2025, 10, 21), new=1, old=3),
    ]
    assert {asked.query["PDNO"] for asked in counter.asked if asked.path == wire.RIGHTS} == {"SOXL"}


async def test_announcements_that_cannot_be_had_are_none(
    source: KisDailyPrices, counter: Counter
) -> None:
    counter.plays(wire.RIGHTS, refused("MCA05918", "점검"))
    assert await source.announced(date(2020, 1, 1), DAY) == []


def _row(day: date, close: str) -> dict[str, str]:
    return {
        "xymd": f"{day:%Y%m%d}",
        "open": close,
        "high": close,
        "low": close,
        "clos": close,
        "tvol": "9",
    }


async def test_bars_are_asked_as_traded_and_a_page_of_them_adjusted(
    source: KisDailyPrices, counter: Counter
) -> None:
    counter.plays(wire.DAILY, ok(output2=[_row(DAY, "77.62"), _row(BEFORE, "76.38")]))
    pages: list[tuple[int, date]] = []
    fetched = await source.history(BEFORE, DAY, lambda count, oldest: pages.append((count, oldest)))
    assert fetched.reason == ""
    assert [bar.day for bar in fetched.bars] == [BEFORE, DAY]
    assert pages == [(2, BEFORE)]
    adjusted = await source.adjusted(DAY)
    assert adjusted[DAY] == fetched.bars[1]
    assert isinstance(adjusted[DAY], Bar)
    asked = [each.query for each in counter.to(wire.DAILY)]
    assert [query["MODP"] for query in asked] == ["0", "1"]
    assert {(query["EXCD"], query["SYMB"]) for query in asked} == {("AMS", "SOXL")}
    assert source.exchange == "AMEX"


async def test_kis_being_silent_is_a_sentence_and_adjusted_prices_are_then_none(
    source: KisDailyPrices, counter: Counter
) -> None:
    counter.plays(wire.DAILY, refused("MCA05918", "점검 중입니다"))
    with pytest.raises(CounterSilent, match="점검 중입니다") as caught:
        await source.history(BEFORE, DAY, lambda _count, _oldest: None)
    assert "run it again later" in caught.value.english
    assert await source.adjusted(DAY) == {}


async def test_keys_that_kis_does_not_take_are_another_sentence(
    source: KisDailyPrices, counter: Counter
) -> None:
    counter.plays(wire.DAILY, refused("EGW00206", "권한이 없습니다"))
    with pytest.raises(CounterSilent, match="KIS_APP_KEY"):
        await source.history(BEFORE, DAY, lambda _count, _oldest: None)
