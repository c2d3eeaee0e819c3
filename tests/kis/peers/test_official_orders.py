"""KIS's own samples send orders, revisions, cancels and reservations, with a hashkey or none."""

from typing import Any

import pytest

from tests.kis.peers.official import TRADING, headers_of
from tests.kis.simulator.desk import ACCOUNT, Desk, running

ORDER = ACCOUNT | {
    "OVRS_EXCG_CD": "NASD",
    "PDNO": "TQQQ",
    "ORD_QTY": "1",
    "OVRS_ORD_UNPR": "45.00",
    "CTAC_TLNO": "",
    "MGCO_APTM_ODNO": "",
    "SLL_TYPE": "",
    "ORD_SVR_DVSN_CD": "0",
    "ORD_DVSN": "00",
}


async def send(
    desk: Desk, path: str, tr_id: str, body: dict[str, str], **headers: str
) -> dict[str, Any]:
    """Post as the sample does, and read `output` as one row of a frame."""
    _, answer, _ = await desk.request(
        "POST", TRADING + path, json=body, headers=headers_of(desk, tr_id) | headers
    )
    assert all(name.isidentifier() for name in answer)
    if answer["rt_cd"] == "0":
        assert all(isinstance(cell, str) for cell in answer["output"].values())
    return answer


@pytest.mark.parametrize("tr_id", ["TTTT1002U", "VTTT1002U"])
async def test_a_samples_buy_gets_the_three_columns_of_a_receipt(tr_id: str) -> None:
    async with running() as desk:
        await desk.go("open")  # 모의투자 takes no order before
        answer = await send(desk, "/order", tr_id, ORDER)
        assert set(answer["output"]) == {"KRX_FWDG_ORD_ORGNO", "ODNO", "ORD_TMD"}
        assert answer["output"]["ODNO"].isdigit()
        assert len(answer["output"]["ORD_TMD"]) == 6


async def test_the_sample_practises_selling_with_an_id_that_the_portal_does_not_name() -> None:
    """It puts a V before TTTT1006U when told to practise; the portal says VTTT1001U."""
    async with running() as desk:
        await desk.go("open")
        await send(desk, "/order", "VTTT1002U", ORDER | {"ORD_QTY": "4", "OVRS_ORD_UNPR": "55.00"})
        for tr_id in ("VTTT1006U", "VTTT1001U"):
            sell = ORDER | {"SLL_TYPE": "00", "OVRS_ORD_UNPR": "60.00"}
            assert (await send(desk, "/order", tr_id, sell))["rt_cd"] == "0"


async def test_an_order_may_carry_the_hashkey_that_was_asked_for_before() -> None:
    async with running() as desk:
        headers = headers_of(desk, "TTTT1002U")
        _, answer, _ = await desk.request("POST", "/uapi/hashkey", json=ORDER, headers=headers)
        hashed = await send(desk, "/order", "TTTT1002U", ORDER, hashkey=answer["HASH"])
        assert hashed["rt_cd"] == "0"
        assert answer["BODY"] == ORDER


@pytest.mark.parametrize("tr_id", ["TTTT1004U", "VTTT1004U"])
async def test_the_samples_revision_and_cancel_each_get_a_number_of_their_own(tr_id: str) -> None:
    async with running() as desk:
        await desk.go("open")
        first = await send(desk, "/order", "TTTT1002U", ORDER)
        body = ACCOUNT | {
            "OVRS_EXCG_CD": "NASD",
            "PDNO": "TQQQ",
            "ORGN_ODNO": first["output"]["ODNO"],
            "RVSE_CNCL_DVSN_CD": "01",
            "ORD_QTY": "1",
            "OVRS_ORD_UNPR": "44.00",
            "MGCO_APTM_ODNO": "",
            "ORD_SVR_DVSN_CD": "0",
        }
        revised = await send(desk, "/order-rvsecncl", tr_id, body)
        number = revised["output"]["ODNO"]
        cancel = body | {"ORGN_ODNO": number, "RVSE_CNCL_DVSN_CD": "02", "OVRS_ORD_UNPR": "0"}
        cancelled = await send(desk, "/order-rvsecncl", tr_id, cancel)
        assert len({first["output"]["ODNO"], number, cancelled["output"]["ODNO"]}) == 3


@pytest.mark.parametrize(
    ("buy", "cancel"), [("TTTT3014U", "TTTT3017U"), ("VTTT3014U", "VTTT3017U")]
)
async def test_the_samples_reservation_names_no_kind_of_order(buy: str, cancel: str) -> None:
    async with running() as desk:
        body = ACCOUNT | {"PDNO": "TQQQ", "OVRS_EXCG_CD": "NASD"}
        body |= {"FT_ORD_QTY": "1", "FT_ORD_UNPR3": "45"}
        answer = await send(desk, "/order-resv", buy, body)
        number = answer["output"]["ODNO"]
        gone = ACCOUNT | {"RSVN_ORD_RCIT_DT": "20261007", "OVRS_RSVN_ODNO": number}
        withdrawn = await send(desk, "/order-resv-ccnl", cancel, gone)
        assert withdrawn["output"] == {"OVRS_RSVN_ODNO": number}


async def test_a_samples_error_is_read_from_code_and_words() -> None:
    async with running() as desk:
        answer = await send(desk, "/order", "TTTT1002U", ORDER | {"PDNO": "NOSUCH"})
        assert (answer["rt_cd"] != "0", answer["msg_cd"]) == (True, "APBK0656")
        assert answer["msg1"]
