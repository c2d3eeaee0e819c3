from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import stamina
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from kis.client import Kis
from kis.environment import at
from kis.errors import KisAuthError, KisBadAnswer, KisUnavailable, ReadError, ReadRefused
from kis.models import Exchange
from kis.reads import PATIENCE
from kis.wire import codes as wire
from tests.kis.counter import Answer, Counter, kis_at, ok, page, refused

QUOTE = ok(output={"last": "77.62", "base": "76.38", "tvol": "5"})
DAY = date(2026, 11, 20)

PASSING: dict[str, Answer] = {
    "rate, HTTP 500": refused("EGW00201", status=500),
    "rate, HTTP 200": refused("EGW00201"),
    "HTML 502": Answer(status=502, raw=b"<html>"),
    "time-out at the gateway": refused("EGW00300", status=500),
    "reset": Answer(reset=True),
    "silence": Answer(silent=True),
    "half the promised bytes": Answer(raw=b'{"rt_cd":"0"}', promised=999),
}


@pytest.mark.parametrize("case", PASSING)
async def test_a_read_survives_what_passes(case: str, counter: Counter, token_file: Path) -> None:
    counter.plays(wire.PRICE, PASSING[case], PASSING[case], QUOTE)
    limit = 0.7 if PASSING[case].silent else 10
    async with kis_at(counter, token_file, read_timeout=limit) as kis:
        quote = await kis.prices.quote("TQQQ", Exchange.NASDAQ)
    assert str(quote.last) == "77.62"
    assert len(counter.to(wire.PRICE)) == 3


@pytest.mark.parametrize("case", [case for case in PASSING if case != "silence"])
async def test_a_read_gives_up_after_a_bounded_number_of_tries(
    case: str, kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.PRICE, PASSING[case])
    with pytest.raises(KisUnavailable) as caught:
        await kis.prices.quote("TQQQ", Exchange.NASDAQ)
    assert type(caught.value) is KisUnavailable
    # aiohttp itself asks once more when a connection breaks under a GET (never under a POST).
    most = 8 if case == "reset" else 4
    assert PATIENCE["attempts"] == 4
    assert len(counter.to(wire.PRICE)) == most


async def test_a_try_again_waits_half_a_second_at_least(kis: Kis, counter: Counter) -> None:
    waits: list[float] = []

    def note(details: RetryDetails) -> None:
        waits.append(details.wait_for)
        assert not details.args
        assert not details.kwargs

    counter.plays(wire.PRICE, refused("EGW00201", status=500), QUOTE)
    set_on_retry_hooks([note])
    try:
        with stamina.set_testing(testing=False):
            await kis.prices.quote("TQQQ", Exchange.NASDAQ)
    finally:
        set_on_retry_hooks(None)
    assert len(waits) == 1
    assert 0.5 <= waits[0] <= 1


FINAL: dict[str, tuple[Answer, type[ReadError]]] = {
    "business refusal": (refused("APBK0656", "해당 종목 없음"), ReadRefused),
    "not on mock": (refused("90000000"), ReadRefused),
    "no permission": (refused("EGW00206"), KisAuthError),
    "HTML 200": (Answer(raw=b"\r\n<!DOCTYPE html>maintenance"), KisUnavailable),
    "wrong app key, HTTP 500": (refused("EGW00103", status=500), KisAuthError),
    "wrong secret, HTTP 500": (refused("EGW00304", status=500), KisAuthError),
    "wrong secret, HTTP 403": (refused("EGW00105", status=403), KisAuthError),
    "cut short": (Answer(raw=b'{"rt_cd":"0","output":{"last":"77'), KisBadAnswer),
    "not a number": (Answer(raw=b'{"rt_cd":"0","output":{"last":NaN}}'), KisBadAnswer),
    "no rt_cd": (Answer(body={"output": {"last": "77"}}), KisBadAnswer),
    "no output": (ok(), KisBadAnswer),
    "list output": (ok(output=[5]), KisBadAnswer),
    "two outputs": (ok(output=[{}, {}]), KisBadAnswer),
    "rt_cd 0, HTTP 404": (Answer(status=404, body={"rt_cd": "0"}), KisBadAnswer),
    "redirect": (Answer(status=302, headers={"location": "/x"}, raw=b""), KisUnavailable),
    "a wall": (Answer(status=403, raw=b"<html>"), KisUnavailable),
}


@pytest.mark.parametrize("case", FINAL)
async def test_a_read_that_cannot_be_believed_or_is_refused_is_not_repeated(
    case: str, kis: Kis, counter: Counter
) -> None:
    answer, expected = FINAL[case]
    counter.plays(wire.PRICE, answer)
    with pytest.raises(expected) as caught:
        await kis.prices.quote("TQQQ", Exchange.NASDAQ)
    assert type(caught.value) is expected
    assert len(counter.to(wire.PRICE)) == 1
    assert counter.to("/x") == []


async def test_a_refused_read_tells_code_and_words(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.PRICE, refused("APBK0656", "해당 종목 없음    "))
    with pytest.raises(ReadRefused, match=r"APBK0656 해당 종목 없음$") as caught:
        await kis.prices.quote("TQQQ", Exchange.NASDAQ)
    assert (caught.value.code, caught.value.message) == ("APBK0656", "해당 종목 없음")


async def test_calls_are_spaced_evenly_orders_and_reads_alike(
    counter: Counter, token_file: Path
) -> None:
    counter.plays(wire.PRICE, QUOTE)
    slow = at(counter.url, "ws://-", calls_per_second=25)
    async with kis_at(counter, token_file, environment=slow) as kis:
        for _ in range(3):
            await kis.prices.quote("TQQQ", Exchange.NASDAQ)
    times = [asked.at for asked in counter.asked]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 3
    assert min(gaps) > 0.03


async def test_executions_are_asked_for_by_us_date_over_the_whole_us(
    kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.EXECUTIONS, page("D", output=[]))
    listing = await kis.orders.executions(DAY, date(2026, 11, 23))
    asked = counter.to(wire.EXECUTIONS)[0]
    assert listing.rows == ()
    assert listing.complete
    assert (asked.query["ORD_STRT_DT"], asked.query["ORD_END_DT"]) == ("20261120", "20261123")
    assert (asked.query["PDNO"], asked.query["OVRS_EXCG_CD"]) == ("%", "NASD")


async def test_using_it_outside_its_block_is_a_mistake(counter: Counter, token_file: Path) -> None:
    with pytest.raises(RuntimeError):
        await kis_at(counter, token_file).prices.quote("TQQQ", Exchange.NASDAQ)
