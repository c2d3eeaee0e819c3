"""Details, books and domestic quotes: KIS's own examples, and what is no price."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from kis.client import Kis
from kis.errors import KisBadAnswer, KisNotOffered
from kis.models import SEOUL, DomesticQuote, Exchange, Level
from kis.wire import codes as wire
from tests.kis.counter import SHARED, Answer, Counter, ok

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared data is not beside the repository"
)

DETAIL = {
    "open": "76.5000",
    "high": "78.0100",
    "low": "76.1200",
    "last": "77.6200",
    "base": "76.3800",
    "h52p": "98.1000",
    "l52p": "35.0200",
    "t_rate": "1390.50",
    "e_ordyn": "매매 가능",
    "e_hogau": "0.0100",
    "tvol": "51023344",
}
BOOK = {
    **{f"p{side}{place}": "0.0000" for side in ("bid", "ask") for place in range(1, 11)},
    **{f"v{side}{place}": "0" for side in ("bid", "ask") for place in range(1, 11)},
    "pbid1": "77.61",
    "vbid1": "300",
    "pbid2": "77.60",
    "vbid2": "100",
    "pask1": "77.63",
    "vask1": "200",
}
HEAD = {"dymd": "20261121", "dhms": "050000"}
# The names are those of KIS's samples for 주식현재가 시세, the figures made up.
DOMESTIC = {
    "stck_prpr": "70200",
    "stck_sdpr": "69800",
    "stck_oprc": "70000",
    "stck_hgpr": "70500",
    "stck_lwpr": "69900",
    "acml_vol": "123456",
}


def _official(name: str) -> Answer:
    file = SHARED / "kis-official" / f"{name}.json"
    return Answer(body=json.loads(file.read_text())["response_example"])


@needs_shared
async def test_the_portals_detail_parses(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.DETAIL, _official("해외주식_현재가상세"))
    detail = await kis.prices.detail("TSLA", Exchange.NASDAQ)
    assert (detail.open, detail.high) == (Decimal("257.26"), Decimal("259.0794"))
    assert (detail.low, detail.last) == (Decimal("242.01"), Decimal("245.01"))
    assert (detail.previous_close, detail.tick) == (Decimal("258.08"), Decimal("0.01"))
    assert (detail.year_high, detail.year_low) == (Decimal("313.80"), Decimal("101.81"))
    assert (detail.exchange_rate, detail.tradable) == (Decimal("1321.00"), "매매 가능")
    assert counter.to(wire.DETAIL)[0].query == {"AUTH": "", "EXCD": "NAS", "SYMB": "TSLA"}


async def test_before_the_first_trade_a_day_has_no_open_high_and_low(
    kis: Kis, counter: Counter
) -> None:
    early = DETAIL | dict.fromkeys(("open", "high", "low"), "0.0000")
    counter.plays(wire.DETAIL, ok(output=early))
    detail = await kis.prices.detail("TQQQ", Exchange.NASDAQ)
    assert (detail.open, detail.high, detail.low) == (None, None, None)
    assert detail.volume == 51023344


@pytest.mark.parametrize("name", [name for name in DETAIL if name != "e_ordyn"])
@pytest.mark.parametrize("value", ["", " ", "x", "-1", None, "1,000", True, ["1"]])
async def test_a_detail_with_a_field_that_is_no_number_names_call_and_field(
    name: str, value: Any, kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.DETAIL, ok(output=DETAIL | {name: value}))
    with pytest.raises(KisBadAnswer, match=rf"price-detail \(HHDFS76200200\): {name} "):
        await kis.prices.detail("TQQQ", Exchange.NASDAQ)


@pytest.mark.parametrize("name", ["last", "base", "h52p", "l52p", "t_rate", "e_hogau"])
async def test_a_price_of_zero_is_no_price(name: str, kis: Kis, counter: Counter) -> None:
    counter.plays(wire.DETAIL, ok(output=DETAIL | {name: "0.0000"}))
    with pytest.raises(KisBadAnswer, match=f"{name} is zero"):
        await kis.prices.detail("TQQQ", Exchange.NASDAQ)


@needs_shared
async def test_the_portals_book_parses_in_seouls_time_without_its_empty_levels(
    kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.BOOK, _official("해외주식_현재가_호가"))
    book = await kis.prices.book("TSLA", Exchange.NASDAQ)
    assert book.bids == ()
    assert len(book.asks) == 7
    assert book.asks[0] == Level(price=Decimal(147), quantity=9730)
    assert book.at == datetime(2024, 4, 20, 9, 0, tzinfo=SEOUL)


async def test_a_book_has_its_best_prices_first(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.BOOK, ok(output1=HEAD, output2=BOOK))
    book = await kis.prices.book("SOXL", Exchange.AMEX)
    assert [(level.price, level.quantity) for level in book.bids] == [
        (Decimal("77.61"), 300),
        (Decimal("77.60"), 100),
    ]
    assert [level.quantity for level in book.asks] == [200]
    assert counter.to(wire.BOOK)[0].query["EXCD"] == "AMS"


async def test_a_book_of_one_level_is_a_book(kis: Kis, counter: Counter) -> None:
    one = {name: value for name, value in BOOK.items() if name[1:] in {"bid1", "ask1"}}
    counter.plays(wire.BOOK, ok(output1=HEAD, output2=[one]))
    book = await kis.prices.book("TQQQ", Exchange.NASDAQ)
    assert (len(book.bids), len(book.asks)) == (1, 1)


BAD_BOOKS: dict[str, dict[str, Any]] = {
    "pbid1": {"output1": HEAD, "output2": BOOK | {"pbid1": ""}},
    "vask1": {"output1": HEAD, "output2": BOOK | {"vask1": "1.5"}},
    "pask10": {"output1": HEAD, "output2": BOOK | {"pask10": "?"}},
    "do not fall": {"output1": HEAD, "output2": BOOK | {"pbid2": "77.62"}},
    "do not rise": {"output1": HEAD, "output2": BOOK | {"pask2": "77.62", "vask2": "1"}},
    "not an instant": {"output1": HEAD | {"dhms": "5000"}, "output2": BOOK},
    "other than one": {"output1": HEAD, "output2": [BOOK, BOOK]},
    "output2 holds no rows": {"output1": HEAD},
}


@pytest.mark.parametrize("words", BAD_BOOKS)
async def test_a_book_that_cannot_be_read_is_an_error(
    words: str, kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.BOOK, ok(**BAD_BOOKS[words]))
    with pytest.raises(KisBadAnswer, match=rf"inquire-asking-price \(HHDFS76200100\): .*{words}"):
        await kis.prices.book("TQQQ", Exchange.NASDAQ)


@pytest.mark.parametrize("mock", [False, True])
async def test_a_domestic_quote_parses_in_won_at_both_counters(
    mock: bool, kis: Kis, mock_kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.DOMESTIC_PRICE, ok(output=DOMESTIC))
    quote = await (mock_kis if mock else kis).prices.domestic_quote("005930")
    assert quote == DomesticQuote(
        code="005930",
        last=Decimal(70200),
        base=Decimal(69800),
        open=Decimal(70000),
        high=Decimal(70500),
        low=Decimal(69900),
        volume=123456,
    )
    asked = counter.to(wire.DOMESTIC_PRICE)[0]
    assert asked.query == {"FID_COND_MRKT_DIV_CODE": "J", "FID_INPUT_ISCD": "005930"}
    assert asked.headers["tr_id"] == "FHKST01010100"


async def test_a_domestic_symbol_before_its_first_trade_has_a_base_and_no_open(
    kis: Kis, counter: Counter
) -> None:
    early = DOMESTIC | dict.fromkeys(("stck_oprc", "stck_hgpr", "stck_lwpr", "acml_vol"), "0")
    counter.plays(wire.DOMESTIC_PRICE, ok(output=early))
    quote = await kis.prices.domestic_quote("0000J0")
    assert (quote.open, quote.volume) == (None, 0)
    assert quote.base == 69800


@pytest.mark.parametrize("name", DOMESTIC)
@pytest.mark.parametrize("value", ["", "-1", "x"])
async def test_a_domestic_quote_that_cannot_be_read_names_the_field(
    name: str, value: str, kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.DOMESTIC_PRICE, ok(output=DOMESTIC | {name: value}))
    with pytest.raises(KisBadAnswer, match=rf"inquire-price \(FHKST01010100\): {name} "):
        await kis.prices.domestic_quote("005930")


@pytest.mark.parametrize("code", ["5930", "TQQQ", "", "00593０", "005930 ", "A05930"])
async def test_what_is_no_krx_code_is_not_asked_for(code: str, kis: Kis, counter: Counter) -> None:
    with pytest.raises(ValueError, match="KRX"):
        await kis.prices.domestic_quote(code)
    assert counter.asked == []


async def test_the_practice_account_offers_no_detail_and_no_book(
    mock_kis: Kis, counter: Counter
) -> None:
    with pytest.raises(KisNotOffered, match="no price detail"):
        await mock_kis.prices.detail("TQQQ", Exchange.NASDAQ)
    with pytest.raises(KisNotOffered, match="no order book"):
        await mock_kis.prices.book("TQQQ", Exchange.NASDAQ)
    assert counter.asked == []
