import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import stamina
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from kis.client import Kis
from kis.environment import at
from kis.errors import KisAuthError, KisBadAnswer, KisUnavailable, ReadError, ReadRefused
from kis.models import Exchange, Listing
from kis.reads import PAGE_LIMIT, PATIENCE
from kis.wire import codes as wire
from tests.kis.counter import Answer, Counter, Script, kis_at, ok, page, refused

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


def _holding(symbol: str, quantity: str = "10", **other: str) -> dict[str, str]:
    return {
        "ovrs_pdno": symbol,
        "ovrs_cblc_qty": quantity,
        "ord_psbl_qty": quantity,
        "pchs_avg_pric": "76.3800",
        "now_pric2": "77.620000",
        "ovrs_excg_cd": "NASD",
        **other,
    }


def _holdings(mark: str, key: str, *symbols: str) -> Answer:
    return page(mark, key, output1=[_holding(symbol) for symbol in symbols], output2={})


async def test_pages_are_followed_to_the_last_with_the_keys_of_the_one_before(
    kis: Kis, counter: Counter
) -> None:
    counter.plays(
        wire.BALANCE,
        _holdings("F", "two", "AAA", "BBB"),
        _holdings("M", "three", "CCC"),
        _holdings("D", "", "DDD"),
    )
    listing = await kis.account.holdings()
    asked = counter.to(wire.BALANCE)
    assert [row.symbol for row in listing.rows] == ["AAA", "BBB", "CCC", "DDD"]
    assert listing.complete
    assert [one.headers["tr_cont"] for one in asked] == ["", "N", "N"]
    assert [one.query["CTX_AREA_NK200"] for one in asked] == ["", "two", "three"]
    assert [one.query["CTX_AREA_FK200"] for one in asked] == ["", "F", "F"]


LAST_PAGES: dict[str, tuple[list[Answer], bool, int]] = {
    "D": ([_holdings("D", "left over", "AAA")], True, 1),
    "E": ([_holdings("E", "", "AAA")], True, 1),
    "no mark, no key": ([_holdings("", "", "AAA")], True, 1),
    "no mark but a key": ([_holdings("", "two", "AAA")], False, 1),
    "more but no key": ([_holdings("M", "", "AAA")], False, 1),
    "a later page is refused": ([_holdings("M", "2", "AAA"), refused("APBK0656")], False, 1),
    "a later page fails": (
        [_holdings("M", "2", "AAA"), Answer(status=500, raw=b"")],
        False,
        1,
    ),
    "a later page is no JSON": ([_holdings("M", "2", "AAA"), Answer(raw=b"{")], False, 1),
    "a later page is one of HTML": ([_holdings("M", "2", "AAA"), Answer(raw=b"<")], False, 1),
    "a later page has no rows at all": ([_holdings("M", "2", "AAA"), page("D")], False, 1),
    "a page repeats under another key": (
        [_holdings("M", "2", "AAA"), _holdings("M", "3", "AAA"), _holdings("D", "", "BBB")],
        False,
        1,
    ),
    "the key repeats": (
        [_holdings("M", "2", "AAA"), _holdings("M", "2", "BBB"), _holdings("D", "", "CCC")],
        False,
        2,
    ),
    "pages overlap": (
        [_holdings("M", "2", "AAA", "BBB"), _holdings("D", "", "BBB", "CCC")],
        True,
        3,
    ),
}


@pytest.mark.parametrize("case", LAST_PAGES)
async def test_a_listing_says_whether_it_is_whole(case: str, kis: Kis, counter: Counter) -> None:
    answers, complete, count = LAST_PAGES[case]
    counter.plays(wire.BALANCE, *answers)
    listing = await kis.account.holdings()
    assert listing.complete is complete
    assert len(listing.rows) == count


REASONS: dict[str, str] = {
    "no mark but a key": "a key to a next page came without a mark",
    "more but no key": "without a key to them",
    "a later page is refused": r"page 2 failed: APBK0656",
    "a later page fails": r"page 2 failed: HTTP 500",
    "a later page is no JSON": r"page 2 failed: inquire-balance \(TTTS3012R\): the answer is not",
    "a later page has no rows at all": r"page 2 failed: inquire-balance .*: output1",
    "a page repeats under another key": "page 2 repeats what came before",
    "the key repeats": "the key to the next page repeats",
}


@pytest.mark.parametrize("case", REASONS)
async def test_a_listing_that_is_not_whole_says_why(case: str, kis: Kis, counter: Counter) -> None:
    answers, _, _ = LAST_PAGES[case]
    counter.plays(wire.BALANCE, *answers)
    listing = await kis.account.holdings()
    assert re.search(REASONS[case], listing.reason)
    assert not listing.empty


@pytest.mark.parametrize("rows", [[], {"ovrs_pdno": ""}, [{"ovrs_pdno": ""}] * 3])
async def test_a_whole_listing_without_rows_is_empty(rows: Any, kis: Kis, counter: Counter) -> None:
    counter.plays(wire.BALANCE, page("D", output1=rows))
    listing = await kis.account.holdings()
    assert listing.empty
    assert (listing.rows, listing.complete, listing.reason) == ((), True, "")


async def test_rows_that_cannot_be_read_are_not_an_empty_listing(
    kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.BALANCE, page("D", output1=[_holding("AAA", "")]))
    listing = await kis.account.holdings()
    assert (listing.rows, listing.empty) == ((), False)
    assert listing.reason == "a row cannot be read: ovrs_cblc_qty is not a number"


def test_a_whole_listing_has_no_reason_not_to_be() -> None:
    with pytest.raises(ValueError, match="complete"):
        Listing(rows=(), complete=True, reason="page 2 failed")


async def test_the_first_page_failing_raises(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.BALANCE, Answer(status=500, raw=b""))
    with pytest.raises(KisUnavailable):
        await kis.account.holdings()


async def test_endless_pages_stop_and_are_not_whole(kis: Kis, counter: Counter) -> None:
    counter.on(wire.BALANCE, _endless(counter))
    listing = await kis.account.holdings()
    assert not listing.complete
    assert listing.reason == f"more than {PAGE_LIMIT} pages"
    assert len(listing.rows) == len(counter.to(wire.BALANCE)) == PAGE_LIMIT


def _endless(counter: Counter) -> Script:
    def script(_: object) -> Answer:
        number = len(counter.to(wire.BALANCE))
        return _holdings("M", f"key {number}", f"S{number}")

    return script


BAD_HOLDINGS: list[dict[str, Any]] = [
    _holding("BBB", ""),
    _holding("BBB", "ten"),
    _holding("BBB", "1.5"),
    _holding("BBB", "-1"),
    _holding("BBB", "1e3"),
    _holding("BBB", "１０"),
    _holding("BBB", pchs_avg_pric=""),
    _holding("BBB", now_pric2="nan"),
    {"ovrs_pdno": "BBB"},
]


@pytest.mark.parametrize("bad", BAD_HOLDINGS)
async def test_a_malformed_row_is_left_out_and_said_never_zero(
    bad: dict[str, Any], kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.BALANCE, page("D", output1=[_holding("AAA"), bad]))
    listing = await kis.account.holdings()
    assert [row.symbol for row in listing.rows] == ["AAA"]
    assert not listing.complete


async def test_a_symbol_under_two_exchanges_is_one_holding(kis: Kis, counter: Counter) -> None:
    rows = [_holding("SOXL", "21"), _holding("SOXL", "21", ovrs_excg_cd="AMEX")]
    counter.plays(wire.BALANCE, page("D", output1=rows))
    listing = await kis.account.holdings()
    assert [(row.symbol, row.quantity) for row in listing.rows] == [("SOXL", 21)]
    assert listing.complete


async def test_a_symbol_with_two_quantities_is_not_believed_whole(
    kis: Kis, counter: Counter
) -> None:
    rows = [_holding("SOXL", "21"), _holding("SOXL", "22")]
    counter.plays(wire.BALANCE, page("D", output1=rows))
    assert not (await kis.account.holdings()).complete


async def test_mock_is_asked_exchange_by_exchange_and_real_once(
    kis: Kis, mock_kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.BALANCE, page("D", output1=[_holding("AAA")]))
    await kis.account.holdings()
    await mock_kis.account.holdings()
    codes = [asked.query["OVRS_EXCG_CD"] for asked in counter.to(wire.BALANCE)]
    assert codes == ["NASD", "NASD", "NYSE", "AMEX"]


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
