"""Where symbols are listed, when trades settle, and which rights KIS announces."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kis.client import Kis
from kis.errors import (
    KisAuthError,
    KisBadAnswer,
    KisNotOffered,
    KisUnavailable,
    KisUnknownSymbol,
    ReadError,
    ReadRefused,
)
from kis.models import Exchange, RightKind
from kis.wire import codes as wire
from tests.kis.counter import SHARED, Answer, Asked, Counter, ok, page, refused

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared data is not beside the repository"
)
DAY = date(2026, 11, 20)
NO_SYMBOL = refused("APBK0656", "해당종목정보가 없습니다.")
INFO = {
    "std_pdno": "US25459W4583",
    "prdt_eng_name": "DIREXION DAILY SEMICONDUCTOR BULL 3X",
    "prdt_name": "디렉시온 반도체 3배",
    "ovrs_excg_cd": "AMEX",
    "tr_crcy_cd": "USD",
    "ovrs_stck_dvsn_cd": "03",
    "ovrs_stck_tr_stop_dvsn_cd": "01",
    "lstg_abol_item_yn": "N",
    "lstg_yn": "Y",
    "dtm_tr_psbl_yn": "Y",
}
BLANK = dict.fromkeys(INFO, "")


def _official(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((SHARED / "kis-official" / f"{name}.json").read_text())[
        "response_example"
    ]
    return body


def _listed_at(answers: dict[str, Answer], otherwise: Answer) -> Callable[[Asked], Answer]:
    return lambda asked: answers.get(asked.query["PRDT_TYPE_CD"], otherwise)


@pytest.mark.parametrize("unknown", [NO_SYMBOL, ok(output=BLANK), refused("X", "종목정보가 없음")])
async def test_soxl_is_found_on_amex(unknown: Answer, kis: Kis, counter: Counter) -> None:
    counter.on(wire.SYMBOL_INFO, _listed_at({"529": ok(output=INFO)}, unknown))
    info = await kis.symbols.info("SOXL")
    assert (info.symbol, info.exchange, info.currency) == ("SOXL", Exchange.AMEX, "USD")
    assert (info.etf, info.listed, info.suspended, info.daytime) == (True, True, False, True)
    assert info.name == "디렉시온 반도체 3배"
    asked = [each.query for each in counter.to(wire.SYMBOL_INFO)]
    assert [query["PRDT_TYPE_CD"] for query in asked] == ["512", "513", "529"]
    assert {query["PDNO"] for query in asked} == {"SOXL"}
    assert await kis.symbols.exchange("SOXL") is Exchange.AMEX


@needs_shared
async def test_the_portals_symbol_parses(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.SYMBOL_INFO, Answer(body=_official("해외주식_상품기본정보")))
    info = await kis.symbols.info("AAPL")
    assert (info.exchange, info.name, info.english_name) == (
        Exchange.NASDAQ,
        "애플",
        "APPLE INC",
    )
    assert (info.etf, info.listed) == (False, True)
    assert len(counter.to(wire.SYMBOL_INFO)) == 1


async def test_a_symbol_that_moved_is_where_it_is_listed_now(kis: Kis, counter: Counter) -> None:
    gone = ok(output=INFO | {"ovrs_excg_cd": "NASD", "lstg_abol_item_yn": "Y"})
    here = ok(output=INFO | {"ovrs_excg_cd": "NYSE"})
    counter.on(wire.SYMBOL_INFO, _listed_at({"512": gone, "513": here}, NO_SYMBOL))
    assert (await kis.symbols.info("MOVED")).exchange is Exchange.NYSE
    counter.on(wire.SYMBOL_INFO, _listed_at({"512": gone}, NO_SYMBOL))
    left = await kis.symbols.info("LEFT")
    assert (left.exchange, left.listed) == (Exchange.NASDAQ, False)


async def test_a_symbol_that_no_exchange_lists_is_unknown(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.SYMBOL_INFO, NO_SYMBOL)
    with pytest.raises(KisUnknownSymbol, match="NOPE") as caught:
        await kis.symbols.info("NOPE")
    assert isinstance(caught.value, ReadError)
    assert not isinstance(caught.value, KisUnavailable)
    assert caught.value.symbol == "NOPE"
    assert len(counter.to(wire.SYMBOL_INFO)) == 3


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused("MCA05918", "점검 중입니다"), ReadRefused),
        (refused("EGW00206"), KisAuthError),
        (Answer(status=502, raw=b"<html>"), KisUnavailable),
        (Answer(raw=b"<html>"), KisUnavailable),
        (ok(output=INFO | {"ovrs_excg_cd": "TKSE"}), KisBadAnswer),
        (ok(output=INFO | {"lstg_yn": ""}), KisBadAnswer),
        (ok(output=INFO | {"lstg_abol_item_yn": "?"}), KisBadAnswer),
        (ok(output=[INFO, INFO]), KisBadAnswer),
    ],
)
async def test_kis_being_down_is_not_taken_for_an_unknown_symbol(
    answer: Answer, error: type[Exception], kis: Kis, counter: Counter
) -> None:
    counter.on(wire.SYMBOL_INFO, _listed_at({"513": answer}, NO_SYMBOL))
    with pytest.raises(error) as caught:
        await kis.symbols.info("SOXL")
    assert not isinstance(caught.value, KisUnknownSymbol)


QUOTE = {"last": "77.62", "base": "76.38", "tvol": "5"}


async def test_the_practice_account_finds_an_exchange_by_its_price(
    mock_kis: Kis, counter: Counter
) -> None:
    with pytest.raises(KisNotOffered):
        await mock_kis.symbols.info("SOXL")
    assert counter.asked == []
    blank = ok(output=dict.fromkeys(QUOTE, ""))
    prices = {"NAS": blank, "NYS": NO_SYMBOL, "AMS": ok(output=QUOTE)}
    counter.on(wire.PRICE, lambda asked: prices[asked.query["EXCD"]])
    assert await mock_kis.symbols.exchange("SOXL") is Exchange.AMEX
    prices["AMS"] = blank
    with pytest.raises(KisUnknownSymbol):
        await mock_kis.symbols.exchange("NOPE")
    prices["NYS"] = refused("MCA05918", "점검")
    with pytest.raises(ReadRefused, match="점검"):
        await mock_kis.symbols.exchange("NOPE")


@pytest.mark.parametrize(
    "answer",
    [
        ok(output=QUOTE | {"tvol": "many"}),
        ok(output=QUOTE | {"last": ""}),
        ok(output=[QUOTE, QUOTE]),
        Answer(body={"rt_cd": "0"}),
    ],
)
async def test_a_garbled_price_at_one_exchange_does_not_make_a_symbol_unknown(
    answer: Answer, mock_kis: Kis, counter: Counter
) -> None:
    prices = {"NAS": answer, "NYS": NO_SYMBOL, "AMS": NO_SYMBOL}
    counter.on(wire.PRICE, lambda asked: prices[asked.query["EXCD"]])
    with pytest.raises(KisBadAnswer, match="price"):
        await mock_kis.symbols.exchange("TQQQ")


# -- settlement days ------------------------------------------------------------------------


@needs_shared
async def test_the_portals_settlement_days_parse(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.SETTLEMENTS, Answer(body=_official("해외결제일자조회")))
    listing = await kis.calendar.settlements(date(2022, 12, 27))
    assert listing.complete
    assert len(listing.rows) == 9
    ours = {row.exchange: row for row in listing.rows if row.exchange is not None}
    assert set(ours) == set(Exchange)
    assert ours[Exchange.NASDAQ].local == date(2022, 12, 29)
    assert ours[Exchange.NASDAQ].seoul == date(2022, 12, 30)
    assert (ours[Exchange.AMEX].country, ours[Exchange.NYSE].market) == ("US", "뉴욕거래소")
    assert counter.to(wire.SETTLEMENTS)[0].query == {
        "TRAD_DT": "20221227",
        "CTX_AREA_NK": "",
        "CTX_AREA_FK": "",
    }


SETTLED = {"prdt_type_cd": "512", "acpl_sttl_dt": "20261123", "dmst_sttl_dt": "20261124"}


async def test_settlement_days_that_cannot_be_read_leave_the_listing_incomplete(
    kis: Kis, counter: Counter
) -> None:
    rows = [SETTLED, dict.fromkeys(SETTLED, ""), SETTLED | {"acpl_sttl_dt": "20261399"}]
    counter.plays(wire.SETTLEMENTS, ok(output=rows))
    listing = await kis.calendar.settlements(DAY)
    assert not listing.complete
    assert "acpl_sttl_dt" in listing.reason
    assert [row.local for row in listing.rows] == [date(2026, 11, 23)]


async def test_a_day_that_settles_nowhere_is_an_empty_listing(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.SETTLEMENTS, ok(output=dict.fromkeys(SETTLED, "")))
    assert (await kis.calendar.settlements(DAY)).empty


# -- rights ---------------------------------------------------------------------------------


@needs_shared
async def test_the_portals_rights_parse(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.RIGHTS, Answer(body=_official("해외주식_기간별권리조회")))
    listing = await kis.announcements.rights(date(2024, 4, 17), date(2024, 4, 17))
    assert listing.complete
    found = {(right.symbol, right.kind): right for right in listing.rows}
    fund = found["GYLD", RightKind.DIVIDEND]
    assert (fund.cash, fund.currency, fund.confirmed) == (Decimal("0.126"), "USD", True)
    assert (fund.local_day, fund.seoul_day) == (date(2024, 4, 17), date(2024, 4, 18))
    assert (fund.ratio, fund.code) == (None, "03")
    assert found["AIR", RightKind.SPECIAL_DIVIDEND].cash == 1


def _split(symbol: str, seoul: str, ratio: str, **other: str) -> dict[str, str]:
    return {
        "bass_dt": seoul,
        "rght_type_cd": "14",
        "pdno": symbol,
        "prdt_name": f"{symbol} INC",
        "acpl_bass_dt": seoul,
        "stck_alct_rt": ratio,
        "alct_frcr_unpr": "0.00000",
        "crcy_cd": "USD",
        "dfnt_yn": "Y",
        **other,
    }


async def test_splits_have_their_ratio_and_one_symbols_are_asked_for_page_by_page(
    kis: Kis, counter: Counter
) -> None:
    reverse = _split("TQQQ", "20260601", "12.500000000000", rght_type_cd="15", dfnt_yn="N")
    first = [_split("TQQQ", "20251120", "200.000000000000"), _split("QQQ", "20251120", "300")]
    counter.plays(wire.RIGHTS, _rights_page("M", "more", first), _rights_page("D", "", [reverse]))
    listing = await kis.announcements.rights(date(2020, 1, 1), DAY, "TQQQ")
    assert listing.complete
    assert [(right.kind, right.ratio, right.confirmed) for right in listing.rows] == [
        (RightKind.SPLIT, 2, True),
        (RightKind.REVERSE_SPLIT, Decimal("0.125"), False),
    ]
    assert listing.rows[0].cash is None
    one, two = counter.to(wire.RIGHTS)
    assert one.query == {
        "RGHT_TYPE_CD": "%%",
        "INQR_DVSN_CD": "02",
        "INQR_STRT_DT": "20200101",
        "INQR_END_DT": "20261120",
        "PDNO": "TQQQ",
        "PRDT_TYPE_CD": "",
        "CTX_AREA_NK50": "",
        "CTX_AREA_FK50": "",
    }
    assert (two.query["CTX_AREA_NK50"], two.headers["tr_cont"]) == ("more", "N")


def _rights_page(mark: str, key: str, rows: list[dict[str, str]]) -> Answer:
    answer = ok(ctx_area_fk50="F".ljust(50), ctx_area_nk50=key.ljust(50), output=rows)
    answer.headers["tr_cont"] = mark
    return answer


async def test_one_kind_of_right_can_be_asked_for(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.RIGHTS, page("D", output=[]))
    for kind in RightKind:
        if kind is RightKind.OTHER:
            with pytest.raises(ValueError, match="other rights"):
                await kis.announcements.rights(DAY, DAY, "TQQQ", kind=kind)
        else:
            assert (await kis.announcements.rights(DAY, DAY, "TQQQ", kind=kind)).empty
    codes = [asked.query["RGHT_TYPE_CD"] for asked in counter.to(wire.RIGHTS)]
    assert codes == ["14", "15", "02", "03", "75"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stck_alct_rt", ""),
        ("stck_alct_rt", "0.000000000000"),
        ("bass_dt", ""),
        ("acpl_bass_dt", "2026"),
        ("dfnt_yn", ""),
        ("pdno", ""),
    ],
)
async def test_a_right_that_cannot_be_read_leaves_the_listing_incomplete(
    field: str, value: str, kis: Kis, counter: Counter
) -> None:
    rows = [_split("TQQQ", "20251120", "200"), _split("TQQQ", "20240101", "300", **{field: value})]
    counter.plays(wire.RIGHTS, page("D", output=rows))
    listing = await kis.announcements.rights(DAY, DAY)
    assert not listing.complete
    assert [right.ratio for right in listing.rows] == [2]


async def test_the_practice_account_knows_no_rights_and_no_settlement_days(
    mock_kis: Kis, counter: Counter
) -> None:
    with pytest.raises(KisNotOffered, match="no announcements"):
        await mock_kis.announcements.rights(DAY, DAY, "TQQQ")
    with pytest.raises(KisNotOffered, match="no settlement days"):
        await mock_kis.calendar.settlements(DAY)
    assert counter.asked == []
