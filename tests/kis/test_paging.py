"""Listings of many pages: whole, partial with a reason, or empty; and the holdings they are of."""

import re
from typing import Any

import pytest

from kis.client import Kis
from kis.errors import KisUnavailable
from kis.models import Listing
from kis.reads import PAGE_LIMIT
from kis.wire import codes as wire
from tests.kis.counter import Answer, Counter, Script, page, refused


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
@pytest.mark.fault(24)
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
    "a later page fails": r"page 2 failed: inquire-balance \(TTTS3012R\): HTTP 500",
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


@pytest.mark.fault(24)
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
@pytest.mark.fault(26)
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
