"""KIS's own examples, recorded answers and their oddities, served over loopback and parsed."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kis.answers import orders as answers
from kis.client import Kis
from kis.errors import KisBadAnswer
from kis.models import SEOUL, Exchange, OrderRow, Side
from kis.wire import codes as wire
from tests.kis.counter import LOC_BUY, SHARED, Answer, Counter, ok, page

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared data is not beside the repository"
)
DAY = date(2026, 11, 20)


def _shared(name: str) -> Any:
    return json.loads((SHARED / name).read_text())


def _sample(name: str) -> Answer:
    response = _shared(f"kis-samples/{name}.json")["response"]
    headers = {"tr_cont": response["headers"].get("tr_cont", "")}
    return Answer(status=response["status"], body=response["body"], headers=headers)


def _recorded(name: str) -> Answer:
    return Answer(body={"rt_cd": "0", **_shared(f"kis-recorded/{name}.json")["body"]})


async def _executions(kis: Kis, counter: Counter, answer: Answer) -> tuple[OrderRow, ...]:
    counter.plays(wire.EXECUTIONS, answer)
    listing = await kis.orders.executions(date(2024, 8, 1), date(2024, 11, 11))
    assert listing.complete
    return listing.rows


@needs_shared
async def test_recorded_orders_and_fills_parse(kis: Kis, counter: Counter) -> None:
    bought, sold, cancel, expired = await _executions(kis, counter, _sample("inquire_ccnl"))
    assert (bought.order_number, bought.side, bought.filled) == ("31381228", Side.BUY, 5)
    assert bought.filled_price == Decimal("19.16")
    assert bought.order_date == date(2024, 11, 8)
    assert bought.ordered_at == datetime(2024, 11, 9, 5, 46, 48, tzinfo=SEOUL)
    assert bought.media == "OpenAPI"
    assert sold.side is Side.SELL
    assert cancel.cancel
    assert cancel.original_number == "30735824"
    assert (expired.status, expired.refusal) == ("완료", "DFD 장종료로 취소")
    assert (expired.filled, expired.filled_price, expired.open_quantity) == (0, None, 0)


@needs_shared
async def test_an_empty_result_of_blanks_is_an_empty_listing(kis: Kis, counter: Counter) -> None:
    assert await _executions(kis, counter, _sample("inquire_ccnl_empty")) == ()


@needs_shared
async def test_the_portals_empty_result_with_zeros_in_it_is_empty_too(
    kis: Kis, counter: Counter
) -> None:
    body = _shared("kis-official/해외주식_주문체결내역.json")["response_example"]
    assert await _executions(kis, counter, Answer(body=body)) == ()


@needs_shared
async def test_rows_with_a_bare_number_and_a_side_by_name_parse(kis: Kis, counter: Counter) -> None:
    rows = _shared("kis-recorded/ccnl_rows_open_cancel_fill.json")["body"]
    counter.plays(wire.EXECUTIONS, page("D", output=rows))
    listing = await kis.orders.executions(DAY, DAY)
    assert listing.complete
    assert [(row.order_number, row.cancel, row.filled) for row in listing.rows] == [
        ("42031", False, 0),
        ("42493", True, 0),
        ("41461", False, 4),
    ]
    assert {row.order_date for row in listing.rows} == {DAY}
    assert listing.rows[0].open_quantity == 0
    assert listing.rows[2].filled_price == Decimal("37.815")


@needs_shared
async def test_the_sample_of_open_orders_parses(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.OPEN_ORDERS, _sample("inquire_nccs"))
    listing = await kis.orders.open()
    assert listing.complete
    (order,) = listing.rows
    assert (order.order_number, order.symbol, order.open_quantity) == ("30138295", "TQQQ", 5)
    assert (order.price, order.exchange) == (Decimal("77.03"), Exchange.NASDAQ)


@needs_shared
@pytest.mark.parametrize(
    ("answer", "symbols"),
    [
        ("sample inquire_balance", ["TQQQ"]),
        ("mock_inquire_balance_one", ["TSLA"]),
        ("mock_inquire_balance_empty", []),
        ("live_inquire_balance_empty_output2", []),
    ],
)
async def test_recorded_balances_parse_without_their_filler(
    answer: str, symbols: list[str], kis: Kis, counter: Counter
) -> None:
    name = answer.removeprefix("sample ")
    counter.plays(wire.BALANCE, _recorded(name) if name == answer else _sample(name))
    listing = await kis.account.holdings()
    assert [row.symbol for row in listing.rows] == symbols
    assert listing.complete


@needs_shared
async def test_the_portals_balance_parses(kis: Kis, counter: Counter) -> None:
    body = _shared("kis-official/해외주식_잔고.json")["response_example"]
    if body is None:
        pytest.skip("the portal's example is not JSON")
    counter.plays(wire.BALANCE, Answer(body=body))
    assert (await kis.account.holdings()).complete


@needs_shared
async def test_recorded_buying_power_parses(kis: Kis, counter: Counter) -> None:
    counter.plays(
        wire.BUYING_POWER,
        _recorded("mock_inquire_psamount_TQQQ_unpr_77.03"),
        _recorded("mock_inquire_psamount_TQQQ_unpr_0"),
        _sample("inquire_psamount"),
    )
    first = await kis.account.buying_power("TQQQ", Exchange.NASDAQ, Decimal("77.03"))
    assert first.cash == first.orderable == 100000
    assert first.orderable_integrated == 99000
    assert (first.max_quantity, first.exchange_rate) == (1285, Decimal("1504.2"))
    second = await kis.account.buying_power("TQQQ", Exchange.NASDAQ, Decimal(0))
    assert second.max_quantity == 0
    third = await kis.account.buying_power("TQQQ", Exchange.NASDAQ, Decimal("77.03"))
    assert (third.cash, third.orderable) == (Decimal("20.96"), Decimal("54.44"))
    prices = [asked.query["OVRS_ORD_UNPR"] for asked in counter.to(wire.BUYING_POWER)]
    assert prices == ["77.03", "0", "77.03"]


async def test_buying_power_under_the_other_name_parses(kis: Kis, counter: Counter) -> None:
    names = ("ord_psbl_frcr_amt", "ovrs_ord_psbl_amt", "frcr_ord_psbl_amt1")
    row = {**dict.fromkeys(names, "5.00"), "max_ord_psbl_qty": "0"}
    counter.plays(wire.BUYING_POWER, ok(output1=row))
    power = await kis.account.buying_power("TQQQ", Exchange.NASDAQ, Decimal(1))
    assert power.cash == 5
    assert power.exchange_rate is None


@needs_shared
async def test_recorded_quotes_parse(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.PRICE, _recorded("price_TSLA"), _sample("price"))
    tesla = await kis.prices.quote("TSLA", Exchange.NASDAQ)
    assert (tesla.last, tesla.previous_close) == (Decimal("334.09"), Decimal("329.36"))
    assert tesla.volume == 88733288
    assert (await kis.prices.quote("TQQQ", Exchange.NASDAQ)).last == Decimal("77.62")


@pytest.mark.parametrize("last", ["", "0.0000", "-1", "x", None, True, [1]])
async def test_a_quote_without_a_price_is_no_quote(
    last: object, kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.PRICE, ok(output={"last": last, "base": "76.38", "tvol": "1"}))
    with pytest.raises(KisBadAnswer):
        await kis.prices.quote("TQQQ", Exchange.NASDAQ)


@needs_shared
async def test_daily_prices_come_oldest_first(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.DAILY, _sample("dailyprice"))
    bars = await kis.prices.daily("TQQQ", Exchange.NASDAQ, until=DAY, adjusted=False)
    asked = counter.to(wire.DAILY)[0]
    assert [bar.day for bar in bars] == [date(2026, 11, 19), DAY]
    assert (bars[1].open, bars[1].close) == (Decimal("76.5"), Decimal("77.62"))
    assert (asked.query["BYMD"], asked.query["MODP"]) == ("20261120", "0")
    await kis.prices.daily("TQQQ", Exchange.NASDAQ)
    asked = counter.to(wire.DAILY)[1]
    assert (asked.query["BYMD"], asked.query["MODP"]) == ("", "1")


def _bar(day: str = "20261120", **other: str) -> dict[str, str]:
    return {
        "xymd": day,
        "open": "76.5",
        "high": "78",
        "low": "75.9",
        "clos": "77.62",
        "tvol": "9",
        **other,
    }


async def test_days_without_a_trade_are_passed_over(kis: Kis, counter: Counter) -> None:
    zero = dict.fromkeys(("open", "high", "low", "clos"), "0.0000")
    blank = dict.fromkeys(_bar(), "")
    rows = [_bar("20261123", **zero), _bar(), _bar(), blank]
    counter.plays(wire.DAILY, ok(output1={}, output2=rows))
    assert len(await kis.prices.daily("TQQQ", Exchange.NASDAQ)) == 1


@pytest.mark.parametrize(
    "bad",
    [
        _bar("20261332"),
        _bar("2026112"),
        _bar(clos="0.0000"),
        _bar(open=""),
        _bar(high="75"),
        _bar(low="79"),
        _bar(tvol="many"),
        _bar(clos="77.61"),
    ],
)
async def test_one_malformed_bar_spoils_the_list(
    bad: dict[str, str], kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.DAILY, ok(output1={}, output2=[_bar(), bad]))
    with pytest.raises(KisBadAnswer):
        await kis.prices.daily("TQQQ", Exchange.NASDAQ)


@needs_shared
@pytest.mark.parametrize(
    "name", ["order_buy_limit", "order_buy_loc", "order_sell_loc", "order_sell_moc"]
)
async def test_sample_receipts_parse(name: str, kis: Kis, counter: Counter) -> None:
    counter.plays(wire.ORDER, _sample(name))
    assert (await kis.orders.place(LOC_BUY)).order_number.startswith("301")


def _order(**other: str) -> dict[str, str]:
    return {
        "ord_dt": "20261120",
        "odno": "0000000007",
        "pdno": "TQQQ",
        "sll_buy_dvsn_cd": "02",
        "rvse_cncl_dvsn": "00",
        "ft_ord_qty": "5",
        "ft_ccld_qty": "0",
        "nccs_qty": "5",
        "ft_ord_unpr3": "77.03",
        "ft_ccld_unpr3": "0",
        **other,
    }


def test_a_fill_whose_price_lags_takes_it_from_the_amount() -> None:
    filled = _order(ft_ccld_qty="2", ft_ccld_amt3="154.00000")
    row = answers.order_row(filled, None)
    assert row.filled_price == 77
    assert row.filled_amount == 154


@pytest.mark.parametrize(
    "bad",
    [
        _order(ft_ccld_qty="6", ft_ccld_unpr3="77"),
        _order(ft_ccld_qty="2"),
        _order(ft_ccld_qty="2", ft_ccld_amt3="0"),
        _order(ft_ord_qty=""),
        _order(nccs_qty=""),
        _order(ft_ord_unpr3="7,7"),
        _order(sll_buy_dvsn_cd="03"),
        _order(sll_buy_dvsn_cd="", sll_buy_dvsn_cd_name="?"),
        _order(odno="ABC"),
        _order(odno=""),
        _order(pdno=""),
        _order(ord_dt="20261301"),
        _order(ord_dt=""),
    ],
)
def test_an_order_row_that_cannot_be_read_is_an_error(bad: dict[str, str]) -> None:
    with pytest.raises(KisBadAnswer):
        answers.order_row(bad, None)


def test_a_row_without_a_seoul_date_has_no_instant() -> None:
    assert answers.order_row(_order(ord_tmd="183005"), None).ordered_at is None
    stamped = _order(ord_tmd="183005", dmst_ord_dt="20261120")
    assert answers.order_row(stamped, None).ordered_at == datetime(
        2026, 11, 20, 18, 30, 5, tzinfo=SEOUL
    )


@pytest.mark.parametrize("bad", [_order(nccs_qty="6"), _order(nccs_qty="4", ft_ccld_qty="2")])
def test_an_open_order_of_more_than_was_ordered_is_an_error(bad: dict[str, str]) -> None:
    with pytest.raises(KisBadAnswer):
        answers.open_order(bad)


def test_samples_are_looked_for_beside_the_repository() -> None:
    assert SHARED.parts[-2:] == ("shared", "data")
    assert SHARED.parents[1] == Path(__file__).parents[3]
