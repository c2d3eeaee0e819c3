"""Balances, profits, trades and margins as KIS words them: its own examples and its oddities."""

import json
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kis.client import Kis
from kis.errors import KisBadAnswer, KisNotOffered, KisUnavailable
from kis.models import Exchange, Side
from kis.wire import codes as wire
from tests.kis.counter import SHARED, Answer, Counter, ok, page, refused

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared data is not beside the repository"
)
FIRST, LAST = date(2024, 1, 1), date(2024, 5, 28)
USD = Decimal


def _example(name: str) -> dict[str, Any]:
    """Read an answer from KIS's own pages, which abbreviate their lists."""
    text: str = json.loads((SHARED / "kis-official" / f"{name}.json").read_text())[
        "response_example_text"
    ]
    if not text.rstrip().endswith("}"):
        text = text[: text.rindex("},")] + "}]}"  # it breaks off inside a row
    found: dict[str, Any] = json.loads(text.replace("},...", "}"))
    return found


def _sample(name: str) -> Answer:
    response = json.loads((SHARED / "kis-samples" / f"{name}.json").read_text())["response"]
    return Answer(body=response["body"], headers={"tr_cont": response["headers"]["tr_cont"]})


def _totals(**other: str) -> dict[str, str]:
    return {
        "tot_asst_amt": "9703710",
        "evlu_amt_smtl": "8491110",
        "tot_evlu_pfls_amt": "-12",
        "tot_dncl_amt": "1212600",
        "ustl_buy_amt_smtl": "0",
        "ustl_sll_amt_smtl": "0",
        **other,
    }


def _held(symbol: str = "TQQQ", **other: str) -> dict[str, str]:
    return {
        "pdno": symbol,
        "ovrs_excg_cd": "NASD",
        "ccld_qty_smtl1": "12.00000000",
        "cblc_qty13": "10.00000000",
        "ord_psbl_qty1": "12.00000000",
        "thdt_buy_ccld_qty1": "2.00000000",
        "thdt_sll_ccld_qty1": "0.00000000",
        "avg_unpr3": "80.1234",
        "ovrs_now_pric1": "77.62000",
        "frcr_pchs_amt": "961.48000",
        "frcr_evlu_amt2": "931.440000",
        "evlu_pfls_amt2": "-30.04000",
        "evlu_pfls_rt1": "-3.12435000",
        "buy_crcy_cd": "USD",
        "bass_exrt": "1390.50000000",
        **other,
    }


def _sold(**other: str) -> dict[str, str]:
    return {
        "trad_day": "20261119",
        "ovrs_pdno": "TQQQ",
        "slcl_qty": "5",
        "pchs_avg_pric": "70.0000",
        "frcr_pchs_amt1": "350.000000",
        "avg_sll_unpr": "65.0000",
        "frcr_sll_amt_smtl1": "325.000000",
        "stck_sll_tlex": "0.97",
        "ovrs_rlzt_pfls_amt": "-25.97000",
        "pftrt": "-7.42000000",
        "exrt": "1390.50",
        "ovrs_excg_cd": "NASD",
        **other,
    }


def _traded(**other: str) -> dict[str, str]:
    return {
        "trad_dt": "20261119",
        "sttl_dt": "20261123",
        "sll_buy_dvsn_cd": "01",
        "sll_buy_dvsn_name": "매도",
        "pdno": "TQQQ",
        "ccld_qty": "5",
        "ft_ccld_unpr2": "65.00000000",
        "tr_frcr_amt2": "325.000000",
        "frcr_excc_amt_1": "324.030000",
        "dmst_frcr_fee1": "0.81000",
        "frcr_fee1": "0.160000",
        "crcy_cd": "USD",
        "erlm_exrt": "0.00000000",
        **other,
    }


@needs_shared
async def test_the_portals_balance_by_execution_parses(kis: Kis, counter: Counter) -> None:
    example = _example("해외주식_체결기준현재잔고")
    counter.plays(wire.PRESENT, page("D", **example, output2=[], output3=_totals()))
    balance = await kis.account.present()
    assert balance.holdings is not None
    assert balance.holdings.complete
    assert balance.holdings.rows[0].symbol == "AAPL"
    assert balance.holdings.rows[0].quantity == balance.holdings.rows[0].settled == 40


@needs_shared
async def test_the_sample_balance_by_execution_parses(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.PRESENT, _sample("inquire_present_balance"))
    balance = await kis.account.present()
    assert balance.holdings is not None
    assert balance.cash is not None
    assert [(one.currency, one.cash) for one in balance.cash.rows] == [("USD", USD(1000))]
    assert balance.totals_krw.assets == 9_703_710


async def test_a_balance_by_execution_tells_gains_and_losses_and_is_asked_in_dollars(
    kis: Kis, counter: Counter
) -> None:
    cash = {
        "crcy_cd": "USD",
        "frcr_dncl_amt_2": "1000.000000",
        "frcr_drwg_psbl_amt_1": "900.000000",
        "nxdy_frcr_drwg_psbl_amt": "",
        "frcr_buy_amt_smtl": "160.000000",
        "frcr_sll_amt_smtl": "0",
        "frst_bltn_exrt": "1390.50000000",
    }
    rows = [_held(), dict.fromkeys(_held(), "")]
    tables: dict[str, Any] = {
        "output1": rows,
        "output2": [cash, dict.fromkeys(cash, "")],
        "output3": _totals(),
    }
    counter.plays(wire.PRESENT, page("D", **tables))
    balance = await kis.account.present()
    (asked,) = counter.to(wire.PRESENT)
    assert asked.query["WCRC_FRCR_DVSN_CD"] == "02", "02 is foreign currency in a balance"
    assert not {name for name in asked.query if name.startswith("CTX")}
    assert balance.holdings is not None
    assert balance.cash is not None
    (held,), (dollars,) = balance.holdings.rows, balance.cash.rows
    assert (held.quantity, held.settled, held.bought_today) == (12, 10, 2)
    assert (held.gain, held.gain_percent) == (USD("-30.04"), USD("-3.12435"))
    assert (dollars.withdrawable, dollars.withdrawable_tomorrow) == (USD(900), None)
    assert balance.totals_krw.gain == -12


async def test_mock_fills_the_totals_only_and_what_it_leaves_out_is_not_nothing(
    mock_kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.PRESENT, page("D", output3=_totals()))
    balance = await mock_kis.account.present()
    (asked,) = counter.to(wire.PRESENT)
    assert asked.headers["tr_id"] == "VTRP6504R"
    assert (balance.holdings, balance.cash) == (None, None)
    assert balance.totals_krw.stocks == 8_491_110


@pytest.mark.parametrize(
    ("tables", "field"),
    [
        ({"output1": [], "output2": [], "output3": {}}, "tot_asst_amt"),
        ({"output1": [], "output2": [], "output3": []}, "totals"),
        ({"output1": [], "output2": []}, "output3"),
        ({"output2": [], "output3": _totals()}, "output1"),
    ],
)
async def test_a_balance_without_its_totals_names_the_call_and_the_field(
    tables: dict[str, Any], field: str, kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.PRESENT, page("D", **tables))
    with pytest.raises(KisBadAnswer, match=rf"inquire-present-balance \(CTRP6504R\): .*{field}"):
        await kis.account.present()


@needs_shared
async def test_the_sample_profits_parse(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.PROFITS, _sample("inquire_period_profit"))
    profits = await kis.account.profits(FIRST, LAST)
    (row,) = profits.rows.rows
    assert (row.day, row.symbol, row.exchange) == (date(2026, 11, 19), "TQQQ", Exchange.NASDAQ)
    assert (row.quantity, row.fees, row.profit) == (5, USD("0.97"), USD("34.03"))
    assert profits.totals is not None
    assert (profits.totals.fees, profits.totals.profit) == (USD("0.97"), USD("34.03"))


async def test_profits_are_asked_in_dollars_by_a_code_that_means_won_elsewhere(
    kis: Kis, counter: Counter
) -> None:
    sums = {
        "stck_sll_amt_smtl": "650",
        "stck_buy_amt_smtl": "700",
        "smtl_fee1": "1.94",
        "ovrs_rlzt_pfls_tot_amt": "-51.94",
    }
    blanks = dict.fromkeys(sums, "")
    counter.plays(
        wire.PROFITS,
        page("M", "two", Output1=[_sold()], Output2=blanks),
        page("D", Output1=[_sold(trad_day="20261120"), dict.fromkeys(_sold(), "")], Output2=sums),
    )
    profits = await kis.account.profits(FIRST, LAST, "TQQQ")
    asked = counter.to(wire.PROFITS)
    assert asked[0].query["WCRC_FRCR_DVSN_CD"] == "01", "01 is foreign currency in profits"
    assert (asked[0].query["PDNO"], asked[0].query["OVRS_EXCG_CD"]) == ("TQQQ", "NASD")
    assert [one.query["CTX_AREA_NK200"] for one in asked] == ["", "two"]
    assert [row.profit for row in profits.rows.rows] == [USD("-25.97")] * 2
    assert profits.rows.complete
    assert profits.totals is not None
    assert profits.totals.profit == USD("-51.94")


async def test_the_same_row_of_profits_on_two_pages_is_one(kis: Kis, counter: Counter) -> None:
    counter.plays(
        wire.PROFITS,
        page("M", "two", output1=[_sold()], output2={}),
        page("D", output1=[_sold(), _sold(trad_day="20261120")], output2={}),
    )
    profits = await kis.account.profits(FIRST, LAST)
    assert [row.day.day for row in profits.rows.rows] == [19, 20]
    assert profits.totals is None


async def test_no_profits_are_an_empty_listing(kis: Kis, counter: Counter) -> None:
    answer = page("D", output1=dict.fromkeys(_sold(), ""), output2={})
    counter.plays(wire.PROFITS, answer)
    profits = await kis.account.profits(FIRST, LAST)
    assert profits.rows.empty
    assert profits.totals is None


@needs_shared
async def test_the_portals_transactions_parse(kis: Kis, counter: Counter) -> None:
    example = _example("해외주식_일별거래내역")
    counter.plays(wire.TRANSACTIONS, Answer(body=example, headers={"tr_cont": "D"}))
    listing = await kis.account.transactions(FIRST, LAST)
    assert listing.complete
    first = listing.rows[0]
    assert (first.symbol, first.side, first.quantity) == ("AAPL", Side.SELL, 1)
    assert (first.traded, first.settled) == (date(2024, 1, 16), date(2024, 1, 18))
    assert (first.price, first.exchange_rate) == (USD("2.94"), None)


async def test_the_fee_of_a_trade_is_kis_own_and_the_exchanges_together(
    kis: Kis, counter: Counter
) -> None:
    fixed = _traded(erlm_exrt="1390.50000000", sll_buy_dvsn_cd="", sll_buy_dvsn_name="매수")
    counter.plays(wire.TRANSACTIONS, page("D", output1=[_traded(), fixed]))
    sold, bought = (await kis.account.transactions(FIRST, LAST)).rows
    assert sold.fee == sold.domestic_fee + sold.foreign_fee == USD("0.97")
    assert sold.amount - sold.fee == sold.settled_amount
    assert (bought.side, bought.exchange_rate) == (Side.BUY, USD("1390.50"))


async def test_two_equal_trades_are_two_and_pages_go_by_keys_of_a_hundred(
    kis: Kis, counter: Counter
) -> None:
    first = page("M", output1=[_traded(), _traded()])
    assert isinstance(first.body, dict)
    first.body |= {"ctx_area_fk100": "F".ljust(100), "ctx_area_nk100": "two".ljust(100)}
    counter.plays(wire.TRANSACTIONS, first, page("D", output1=[_traded(pdno="SOXL")]))
    listing = await kis.account.transactions(FIRST, LAST)
    asked = counter.to(wire.TRANSACTIONS)
    assert [row.symbol for row in listing.rows] == ["TQQQ", "TQQQ", "SOXL"]
    assert listing.complete
    assert [one.query["CTX_AREA_NK100"] for one in asked] == ["", "two"]
    assert [one.query["CTX_AREA_FK100"] for one in asked] == ["", "F"]
    assert "CTX_AREA_NK200" not in asked[1].query


@needs_shared
async def test_the_portals_margins_parse_with_the_integrated_figure(
    kis: Kis, counter: Counter
) -> None:
    example = _example("해외증거금_통화별조회")
    counter.plays(wire.MARGINS, Answer(body=example, headers={"tr_cont": "D"}))
    listing = await kis.account.margins()
    dollars = listing.rows[0]
    assert listing.complete
    assert (dollars.country, dollars.currency) == ("미국", "USD")
    assert (dollars.orderable, dollars.orderable_integrated) == (USD("694.37"), USD("1094.52"))
    assert all(row.currency for row in listing.rows), "filler rows are passed over"


@needs_shared
async def test_the_portals_balance_by_settlement_parses(kis: Kis, counter: Counter) -> None:
    example = _example("해외주식_결제기준잔고")
    counter.plays(wire.SETTLED, Answer(body=example, headers={"tr_cont": "D"}))
    listing = await kis.account.settled(LAST)
    (asked,) = counter.to(wire.SETTLED)
    assert (asked.query["BASS_DT"], asked.query["WCRC_FRCR_DVSN_CD"]) == ("20240528", "02")
    assert listing.complete
    assert (listing.rows[0].symbol, listing.rows[0].quantity) == ("ACVA", 5)


REAL_ONLY: dict[str, Callable[[Kis], Awaitable[object]]] = {
    "profits": lambda kis: kis.account.profits(FIRST, LAST),
    "transactions": lambda kis: kis.account.transactions(FIRST, LAST),
    "margins": lambda kis: kis.account.margins(),
    "settled": lambda kis: kis.account.settled(LAST),
}


@pytest.mark.parametrize("call", REAL_ONLY)
async def test_what_mock_does_not_offer_is_said_before_anything_is_asked(
    call: str, mock_kis: Kis, counter: Counter
) -> None:
    with pytest.raises(KisNotOffered, match=r"no (profits|list of trades|margins|balance)"):
        await REAL_ONLY[call](mock_kis)
    assert counter.asked == []


CALLS = {
    "present": wire.PRESENT,
    "profits": wire.PROFITS,
    "transactions": wire.TRANSACTIONS,
    "margins": wire.MARGINS,
    "settled": wire.SETTLED,
}


@pytest.mark.parametrize("call", CALLS)
async def test_the_first_page_failing_raises(call: str, kis: Kis, counter: Counter) -> None:
    counter.plays(CALLS[call], refused("OPSQ1002", status=500))
    with pytest.raises(KisUnavailable):
        await (REAL_ONLY | {"present": lambda kis: kis.account.present()})[call](kis)


BAD: list[tuple[str, str, dict[str, str]]] = [
    ("transactions", "output1", _traded(ccld_qty="")),
    ("transactions", "output1", _traded(dmst_frcr_fee1="-")),
    ("transactions", "output1", _traded(frcr_fee1="")),
    ("transactions", "output1", _traded(sttl_dt="20261301")),
    ("transactions", "output1", _traded(sll_buy_dvsn_cd="03")),
    ("transactions", "output1", _traded(ccld_qty="1.5")),
    ("profits", "output1", _sold(ovrs_rlzt_pfls_amt="nan")),
    ("profits", "output1", _sold(stck_sll_tlex="")),
    ("profits", "output1", _sold(trad_day="")),
    ("present", "output1", _held(ccld_qty_smtl1="")),
    ("present", "output1", _held(evlu_pfls_amt2="ten")),
    ("present", "output1", _held(ord_psbl_qty1="-1")),
]


@pytest.mark.parametrize(("call", "name", "row"), BAD)
async def test_a_malformed_row_is_left_out_and_said_with_its_field_never_zero(
    call: str, name: str, row: dict[str, str], kis: Kis, counter: Counter
) -> None:
    tables: dict[str, Any] = {"output1": [], "output2": [], "output3": _totals(), name: [row]}
    counter.plays(CALLS[call], page("D", **tables))
    if call == "present":
        listing: Any = (await kis.account.present()).holdings
    elif call == "profits":
        listing = (await kis.account.profits(FIRST, LAST)).rows
    else:
        listing = await kis.account.transactions(FIRST, LAST)
    assert (listing.rows, listing.complete, listing.empty) == ((), False, False)
    spoilt = {name for name, value in row.items() if value != (_traded() | _sold() | _held())[name]}
    assert any(name in listing.reason for name in spoilt), listing.reason


async def test_money_that_is_missing_is_an_error_that_names_call_and_field(
    kis: Kis, counter: Counter
) -> None:
    power = {"ord_psbl_frcr_amt": "1", "ovrs_ord_psbl_amt": "", "frcr_ord_psbl_amt1": "1"}
    counter.plays(wire.BUYING_POWER, ok(output=power))
    with pytest.raises(KisBadAnswer, match=r"inquire-psamount \(TTTS3007R\): ovrs_ord_psbl_amt"):
        await kis.account.buying_power("TQQQ", Exchange.NASDAQ, Decimal(0))
