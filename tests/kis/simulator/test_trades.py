"""What trades have made and left: profits, transactions with fees, balances by both dates."""

from decimal import Decimal
from typing import Any

import pytest

from kis.simulator import SimulatorConfig

from .desk import ACCOUNT, TRADING, Desk, quick, running, week

CTX200 = dict.fromkeys(("CTX_AREA_FK200", "CTX_AREA_NK200"), "")
CTX100 = dict.fromkeys(("CTX_AREA_FK100", "CTX_AREA_NK100"), "")


def with_fees() -> SimulatorConfig:
    return quick(fee_percent=Decimal("0.25"), cash=Decimal(20000))


async def traded(desk: Desk) -> None:
    """Buy ten at 51 on the 7th, sell four at 51 on the 8th, and look on the 9th in the morning."""
    await desk.order("buy", "34", 10, "60.00")
    await desk.go("2026-10-08T05:00-04:00")
    await desk.ask_token()
    await desk.order("sell", "34", 4, "40.00")
    await desk.go("2026-10-08T16:05-04:00")
    await desk.ask_token()


async def profits(desk: Desk, **more: str) -> dict[str, Any]:
    query = ACCOUNT | CTX200 | {
        "OVRS_EXCG_CD": "NASD", "NATN_CD": "", "CRCY_CD": "USD", "PDNO": "",
        "INQR_STRT_DT": "20261001", "INQR_END_DT": "20261031", "WCRC_FRCR_DVSN_CD": "01",
    }  # fmt: skip
    path = f"{TRADING}/inquire-period-profit"
    return (await desk.get(path, "TTTS3039R", query | more))[0]


async def transactions(desk: Desk, tr_cont: str = "", **more: str) -> tuple[dict[str, Any], str]:
    query = ACCOUNT | CTX100 | {
        "ERLM_STRT_DT": "20261001", "ERLM_END_DT": "20261231", "OVRS_EXCG_CD": "",
        "PDNO": "", "SLL_BUY_DVSN_CD": "00", "LOAN_DVSN_CD": "",
    }  # fmt: skip
    path = f"{TRADING}/inquire-period-trans"
    return await desk.get(path, "CTOS4001R", query | more, tr_cont)


async def settled(desk: Desk, day: str, **more: str) -> dict[str, Any]:
    query = ACCOUNT | {"BASS_DT": day, "WCRC_FRCR_DVSN_CD": "02", "INQR_DVSN_CD": "00"} | more
    return (await desk.get(f"{TRADING}/inquire-paymt-stdr-balance", "CTRP6010R", query))[0]


async def test_profits_show_from_the_morning_after_with_the_costs_of_the_sale() -> None:
    async with running(with_fees()) as desk:
        await traded(desk)
        assert (await profits(desk))["msg_cd"] == "KIOK0560"
        await desk.go("2026-10-08T19:40-04:00")
        answer = await profits(desk)
        (row,) = answer["output1"]
        assert (row["trad_day"], row["ovrs_pdno"], row["slcl_qty"]) == ("20261008", "TQQQ", "4")
        assert (row["pchs_avg_pric"], row["avg_sll_unpr"]) == ("51.0000", "51.00000000")
        # 4 x 51 is 204; a quarter percent of it is the cost of the sale, and the loss.
        assert (row["stck_sll_tlex"], row["ovrs_rlzt_pfls_amt"]) == ("0.5100", "-0.51000")
        assert answer["output2"]["ovrs_rlzt_pfls_tot_amt"] == "-0.51000"
        won = (await profits(desk, WCRC_FRCR_DVSN_CD="02"))["output1"][0]
        assert Decimal(won["frcr_pchs_amt1"]) == 204 * Decimal("1390.5")
        assert (await profits(desk, PDNO="SOXL"))["output1"] == []


async def test_the_cost_of_what_was_sold_is_the_average_of_all_that_was_bought() -> None:
    async with running() as desk:
        await desk.order("buy", "00", 3, "60.00")
        await traded(desk)
        await desk.go("2026-10-08T19:40-04:00")
        (row,) = (await profits(desk))["output1"]
        # Three at the open of 50 and ten at the close of 51.
        average = (3 * Decimal(50) + 10 * Decimal(51)) / 13
        assert row["pchs_avg_pric"] == f"{average:.4f}"
        assert row["ovrs_rlzt_pfls_amt"] == f"{4 * (51 - average):.5f}"


async def test_transactions_have_a_fee_each_and_settle_a_session_later() -> None:
    async with running(with_fees()) as desk:
        await traded(desk)
        await desk.go("2026-10-08T19:40-04:00")
        answer, mark = await transactions(desk)
        rows = answer["output1"]
        assert mark == "D"
        assert [(row["trad_dt"], row["sll_buy_dvsn_cd"], row["ccld_qty"]) for row in rows] == [
            ("20261007", "02", "10"),
            ("20261008", "01", "4"),
        ]
        assert [row["sttl_dt"] for row in rows] == ["20261008", "20261009"]
        assert [row["dmst_frcr_fee1"] for row in rows] == ["1.28000", "0.51000"]
        # What is settled is the amount with the fee of a buy, without that of a sale.
        assert [row["frcr_excc_amt_1"] for row in rows] == ["511.280000", "203.490000"]
        assert answer["ctx_area_fk100"] == "81000000!^01!^20261001!^20261231!^!^".ljust(100)
        sells, _ = await transactions(desk, SLL_BUY_DVSN_CD="01")
        assert [row["sll_buy_dvsn_name"] for row in sells["output1"]] == ["매도"]


async def test_transactions_come_thirty_a_page() -> None:
    async with running(quick(cash=Decimal(10**6)), sessions=week(35)) as desk:
        order = {"symbol": "TQQQ", "side": "buy", "type": "LOC", "quantity": 1, "price": "60"}
        for _ in range(32):
            await desk.go("open")
            assert "error" not in await desk.control("POST", "orders", order)
            await desk.go("close")
        await desk.go("session")
        await desk.ask_token()
        first, mark = await transactions(desk)
        assert (len(first["output1"]), mark) == (30, "F")
        key = first["ctx_area_nk100"]
        second, mark = await transactions(desk, "N", CTX_AREA_NK100=key)
        assert mark == "E"
        shown = [row["trad_dt"] for row in first["output1"] + second["output1"]]
        assert shown == sorted(set(shown))
        again, _ = await transactions(desk, CTX_AREA_NK100=key)
        assert again["output1"] == first["output1"]


@pytest.mark.parametrize(
    ("start", "end"), [("", "20261031"), ("20261031", "20261001"), ("soon", "20261031")]
)
async def test_a_period_that_is_none_is_refused(start: str, end: str) -> None:
    async with running() as desk:
        answer = await profits(desk, INQR_STRT_DT=start, INQR_END_DT=end)
        assert answer["msg_cd"] == "OPSQ2001"
        answer, _ = await transactions(desk, ERLM_STRT_DT=start, ERLM_END_DT=end)
        assert answer["msg_cd"] == "OPSQ2001"


async def test_the_balance_by_settlement_follows_the_trades_by_a_session() -> None:
    async with running(with_fees()) as desk:
        await traded(desk)
        held = {}
        for day in ("20261007", "20261008", "20261009"):
            answer = await settled(desk, day)
            held[day] = [(row["pdno"], row["cblc_qty13"]) for row in answer["output1"]]
        assert held == {
            "20261007": [],
            "20261008": [("TQQQ", "10.00000000")],
            "20261009": [("TQQQ", "6.00000000")],
        }
        cash = (await settled(desk, "20261008"))["output2"][0]["frcr_dncl_amt_2"]
        assert Decimal(cash) == Decimal(20000) - 510 - Decimal("1.28")
        assert (await settled(desk, "20261009", INQR_DVSN_CD="02"))["output1"] == []
        assert (await settled(desk, ""))["msg_cd"] == "OPSQ2001"


async def present(desk: Desk, tr_id: str = "CTRP6504R", **more: str) -> dict[str, Any]:
    query = ACCOUNT | {
        "WCRC_FRCR_DVSN_CD": "02", "NATN_CD": "840", "TR_MKET_CD": "00", "INQR_DVSN_CD": "00",
    } | more  # fmt: skip
    return (await desk.get(f"{TRADING}/inquire-present-balance", tr_id, query))[0]


async def test_the_balance_by_execution_knows_what_is_unsettled() -> None:
    async with running() as desk:
        await traded(desk)
        answer = await present(desk)
        (row,) = answer["output1"]
        assert (row["ccld_qty_smtl1"], row["cblc_qty13"]) == ("6.00000000", "10.00000000")
        assert row["thdt_sll_ccld_qty1"] == "4.00000000"
        won = answer["output3"]
        assert won["ustl_sll_amt_smtl"] == f"{204 * Decimal('1390.5'):.0f}"
        # It is the 9th in Seoul: the buy of the 7th is settled, the sale of the 8th is not.
        assert won["ustl_buy_amt_smtl"] == "0"
        margin, _ = await desk.get(f"{TRADING}/foreign-margin", "TTTC2101R", ACCOUNT)
        assert margin["output"][0]["ustl_sll_amt"] == "204.00"
        await desk.go("2026-10-13T05:00-04:00")
        await desk.ask_token()
        assert (await present(desk))["output3"]["ustl_sll_amt_smtl"] == "0"


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("TR_MKET_CD", "01", 1),
        ("TR_MKET_CD", "02", 0),
        ("NATN_CD", "000", 1),
        ("NATN_CD", "392", 0),
        ("INQR_DVSN_CD", "02", 0),
    ],
)
async def test_the_balance_by_execution_is_of_the_market_asked_for(
    field: str, value: str, shown: int
) -> None:
    async with running() as desk:
        await traded(desk)
        assert len((await present(desk, **{field: value}))["output1"]) == shown


async def test_the_mock_host_fills_the_totals_alone() -> None:
    async with running() as desk:
        await traded(desk)
        answer = await present(desk, "VTRP6504R")
        assert (answer["output1"], answer["output2"]) == ([], [])
        assert answer["output3"] == (await present(desk))["output3"]


async def test_one_percent_is_withheld_at_the_mock_host_alone() -> None:
    async with running(quick(cash=Decimal(100000))) as desk:
        mock, real = await desk.psamount("77.03", "VTTS3007R"), await desk.psamount("77.03")
        assert (mock["frcr_ord_psbl_amt1"], mock["max_ord_psbl_qty"]) == ("99000.000000", "1285")
        assert (real["frcr_ord_psbl_amt1"], real["max_ord_psbl_qty"]) == ("100000.000000", "1298")
        assert mock["ovrs_ord_psbl_amt"] == real["ovrs_ord_psbl_amt"] == "100000.00"
        assert (await desk.psamount("0"))["max_ord_psbl_qty"] == "0"
        await desk.go("open")
        for tr_id, quantity, worked in (
            ("VTTT1002U", 1286, False),
            ("TTTT1002U", 1299, False),
            ("VTTT1002U", 1285, True),
        ):
            answer = await desk.order("", "00", quantity, "77.03", tr_id=tr_id)
            assert (answer["rt_cd"] == "0") is worked
