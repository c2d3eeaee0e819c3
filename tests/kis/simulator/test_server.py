"""The gateway: keys, tokens, calls per second, accounts, hours and wrong words."""

import asyncio

import pytest

from kis.simulator import SimulatorConfig
from kis.simulator.config import APP_KEY, APP_SECRET
from kis.simulator.rate import Rate

from .desk import PRICES, TRADING, Desk, order_body, quick, running

Body = dict[str, str]


async def test_a_token_has_kis_fields_and_lives_a_day_in_seoul_time() -> None:
    async with running(with_token=False) as desk:
        status, answer = await desk.ask_token()
        assert status == 200
        assert answer["token_type"] == "Bearer"
        assert answer["expires_in"] == 86400
        assert answer["access_token_token_expired"] == "2026-10-08 18:00:00"
        assert len(answer["access_token"]) <= 350


async def test_a_second_token_within_a_minute_is_refused_and_within_six_hours_the_same() -> None:
    async with running(with_token=False) as desk:
        _, first = await desk.ask_token()
        status, refusal = await desk.ask_token()
        assert status == 403
        assert refusal["error_code"] == "EGW00133"
        await desk.go("2026-10-07T05:01-04:00")
        _, second = await desk.ask_token()
        assert second["access_token"] == first["access_token"]
        await desk.go("2026-10-07T11:00-04:00")
        _, third = await desk.ask_token()
        assert third["access_token"] != first["access_token"]


async def test_a_token_expires_after_a_day_by_the_simulators_clock() -> None:
    async with running() as desk:
        await desk.go("2026-10-08T04:59:59-04:00")
        assert (await desk.price())["rt_cd"] == "0"
        await desk.go("2026-10-08T05:00-04:00")
        assert (await desk.price())["msg_cd"] == "EGW00123"


async def test_a_wrong_token_a_revoked_one_and_none_are_invalid() -> None:
    async with running() as desk:
        good = desk.token
        desk.token = "wrong"
        assert (await desk.price())["msg_cd"] == "EGW00121"
        desk.token = good
        body = {"appkey": APP_KEY, "appsecret": APP_SECRET, "token": good}
        status, answer, _ = await desk.request("POST", "/oauth2/revokeP", json=body)
        assert (status, answer["code"]) == (200, 200)
        assert (await desk.price())["msg_cd"] == "EGW00121"


@pytest.mark.parametrize(("name", "code"), [("appkey", "EGW00103"), ("appsecret", "EGW00105")])
async def test_wrong_keys_get_no_token_and_no_answer(name: str, code: str) -> None:
    async with running() as desk:
        body = {"grant_type": "client_credentials", "appkey": APP_KEY, "appsecret": APP_SECRET}
        status, answer, _ = await desk.request("POST", "/oauth2/tokenP", json=body | {name: "x"})
        assert (status, answer["error_code"]) == (403, code)
        headers = desk.headers("HHDFS00000300") | {name: "x"}
        _, answer, _ = await desk.request("GET", f"{PRICES}/price", headers=headers)
        assert answer["msg_cd"] == code


async def test_a_hashkey_and_an_approval_are_given() -> None:
    async with running() as desk:
        headers = {"appkey": APP_KEY, "appsecret": APP_SECRET}
        _, answer, _ = await desk.request(
            "POST", "/uapi/hashkey", json={"PDNO": "TQQQ"}, headers=headers
        )
        assert answer["BODY"] == {"PDNO": "TQQQ"}
        assert len(answer["HASH"]) == 64
        assert len(await desk.approval()) > 10


async def test_more_calls_than_a_second_allows_are_refused_with_http_500() -> None:
    async with running(quick(calls_per_second=3)) as desk:
        codes = [(await desk.price())["msg_cd"] for _ in range(4)]
        assert codes == ["MCA00000"] * 3 + ["EGW00201"]
        status, _, headers = await desk.request(
            "GET",
            f"{PRICES}/price",
            params={"AUTH": "", "EXCD": "NAS", "SYMB": "TQQQ"},
            headers=desk.headers("HHDFS00000300"),
        )
        assert status == 500
        assert headers["tr_id"] == "HHDFS00000300"


async def test_the_mock_host_has_its_own_two_calls_a_second() -> None:
    async with running(quick(mock_calls_per_second=2)) as desk:
        codes = [(await desk.balance("VTTS3012R"))["msg_cd"] for _ in range(3)]
        assert codes[2] == "EGW00201"
        assert (await desk.balance())["rt_cd"] == "0"


def test_the_window_of_a_second_slides() -> None:
    now = 0.0
    rate = Rate(2, lambda: now)
    assert [rate.take(), rate.take(), rate.take()] == [True, True, False]
    now = 0.99
    assert not rate.take()
    now = 1.0
    assert rate.take()


async def test_a_foreign_account_is_refused() -> None:
    async with running() as desk:
        body = order_body("00", 1, "50.00") | {"CANO": "81000001"}
        assert (await desk.post("/order", "TTTT1002U", body))["msg_cd"] == "OPSQ2000"


async def test_a_missing_or_lower_case_field_is_named() -> None:
    async with running() as desk:
        body = order_body("00", 1, "50.00")
        body["pdno"] = body.pop("PDNO")
        answer = await desk.post("/order", "TTTT1002U", body)
        assert (answer["msg_cd"], answer["msg1"][-6:]) == ("OPSQ2001", "[PDNO]")


async def test_query_names_may_be_lower_case() -> None:
    async with running() as desk:
        answer, _ = await desk.get(
            f"{PRICES}/price", "HHDFS00000300", {"auth": "", "excd": "NAS", "symb": "TQQQ"}
        )
        assert answer["rt_cd"] == "0"


async def test_a_tr_id_of_another_path_is_no_service() -> None:
    async with running() as desk:
        answer = await desk.post("/order", "TTTS3035R", order_body("00", 1, "50.00"))
        assert (answer["rt_cd"], answer["msg_cd"]) == ("1", "OPSQ0002")


@pytest.mark.parametrize(
    "path",
    [
        "/oauth2/tokenP",
        "/oauth2/revokeP",
        "/oauth2/Approval",
        "/uapi/hashkey",
        f"{TRADING}/order",
        f"{TRADING}/order-rvsecncl",
        "/simulator/clock",
        "/simulator/clock/wait",
        "/simulator/faults",
        "/simulator/orders",
        "/simulator/reservations",
    ],
)
@pytest.mark.parametrize("text", ["{", "[]", "7", '"x"', ""])
async def test_malformed_json_is_a_400_everywhere(path: str, text: str) -> None:
    async with running() as desk:
        status, answer, _ = await desk.request(
            "POST", path, data=text, headers=desk.headers("TTTT1002U")
        )
        assert status == 400
        assert answer


async def test_a_foreign_host_header_is_refused() -> None:
    async with running() as desk:
        status, _, _ = await desk.request(
            "GET", "/simulator/clock", headers={"Host": "evil.example:80"}
        )
        assert status == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.5", "example.com"])  # noqa: S104 - refused
def test_only_loopback_is_bound(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        SimulatorConfig(host=host)


def test_the_secret_is_not_in_the_repr() -> None:
    assert APP_SECRET not in repr(quick())


async def test_the_index_lists_every_route_and_the_limit() -> None:
    async with running(quick(calls_per_second=77)) as desk:
        index = await desk.control("GET", "")
        assert index["calls_per_second"] == 77
        assert all(sentence.endswith(".") for sentence in index["routes"].values())
        assert "POST /simulator/clock" in index["routes"]
        assert index["faults"] == (await desk.control("GET", "faults"))["names"]
        assert all(sentence.endswith(".") for sentence in index["faults"].values())


async def test_a_timeout_that_is_no_number_is_refused() -> None:
    async with running() as desk, asyncio.timeout(60):
        status, answer, _ = await desk.request(
            "POST", "/simulator/clock/wait", data='{"party": "x", "timeout": NaN}'
        )
        assert (status, "seconds" in answer["error"]) == (400, True)


# -- the order counter ----------------------------------------------------------------------


async def at(desk: Desk, instant: str) -> None:
    await desk.go(instant)
    desk.token = ""
    await desk.ask_token()


@pytest.mark.parametrize(
    ("instant", "side", "division", "code"),
    [
        ("2026-10-07T20:30-04:00", "buy", "00", "APBK0918"),
        ("2026-10-10T11:00-04:00", "buy", "00", "APBK0918"),
        ("2026-10-08T03:59-04:00", "buy", "34", "APBK0918"),
        ("2026-10-08T04:09-04:00", "buy", "34", "EGW00202"),
        ("2026-10-08T04:10-04:00", "buy", "34", "APBK0013"),
        ("2026-10-07T15:50-04:00", "buy", "34", "APBK0013"),
        ("2026-10-07T15:51-04:00", "buy", "34", "APBK0918"),
        ("2026-10-07T15:51-04:00", "buy", "00", "APBK0013"),
        ("2026-10-07T17:00-04:00", "buy", "00", "APBK0013"),
        ("2026-10-07T17:00-04:00", "buy", "34", "APBK0918"),
        ("2026-10-07T10:00-04:00", "buy", "33", "APBK1269"),
        ("2026-10-07T10:00-04:00", "buy", "01", "APBK1269"),
        ("2026-10-07T10:00-04:00", "sell", "33", "APBK0400"),
    ],
)
async def test_hours_and_types_are_kis_own(
    instant: str, side: str, division: str, code: str
) -> None:
    async with running() as desk:
        await at(desk, instant)
        price = "0" if division == "33" else "50.00"
        assert (await desk.order(side, division, 1, price))["msg_cd"] == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ORD_QTY": "0"}, "APBK1269"),
        ({"ORD_QTY": "1.5"}, "APBK1269"),
        ({"ORD_QTY": "-1"}, "APBK1269"),
        ({"ORD_QTY": "٣"}, "APBK1269"),
        ({"OVRS_ORD_UNPR": "0"}, "APBK1269"),
        ({"OVRS_ORD_UNPR": "NaN"}, "APBK1269"),
        ({"OVRS_ORD_UNPR": "50.001"}, "APBK1269"),
        ({"PDNO": "NONE"}, "APBK0656"),
        ({"OVRS_EXCG_CD": "NYSE"}, "APBK0656"),
        ({"ORD_QTY": "401"}, "APBK0952"),
        ({"ORD_QTY": "400"}, "APBK0013"),
        ({"ORD_DVSN": "34", "OVRS_ORD_UNPR": "0"}, "EGW00202"),
    ],
)
async def test_wrong_words_are_refused_with_kis_codes(change: Body, code: str) -> None:
    async with running() as desk:
        answer = await desk.post("/order", "TTTT1002U", order_body("00", 1, "50.00") | change)
        assert answer["msg_cd"] == code
        assert len((await desk.control("GET", "state"))["orders"]) == (code == "APBK0013")


async def test_open_buys_reserve_cash_and_a_cancel_frees_it() -> None:
    async with running() as desk:
        first = await desk.order("buy", "34", 300, "50.00")
        assert (await desk.psamount())["ovrs_ord_psbl_amt"] == "5000.00"
        assert (await desk.psamount())["max_ord_psbl_qty"] == "100"
        assert (await desk.order("buy", "34", 101, "50.00"))["msg_cd"] == "APBK0952"
        await desk.change(first["output"]["ODNO"])
        assert (await desk.psamount())["ovrs_ord_psbl_amt"] == "20000.00"


async def test_open_sells_reserve_shares() -> None:
    async with running() as desk:
        await desk.order("buy", "34", 10, "60.00")
        await at(desk, "2026-10-08T05:00-04:00")
        await desk.order("sell", "00", 7, "90.00")
        assert (await desk.balance())["output1"][0]["ord_psbl_qty"] == "3"
        assert (await desk.order("sell", "34", 4, "50.00"))["msg_cd"] == "APBK0400"
        assert (await desk.order("sell", "34", 3, "50.00"))["rt_cd"] == "0"


async def test_todays_sales_are_orderable_at_once() -> None:
    async with running() as desk:
        await desk.order("buy", "34", 10, "60.00")
        await at(desk, "2026-10-08T05:00-04:00")
        await desk.order("sell", "33", 10, "0")
        await at(desk, "2026-10-08T16:03-04:00")
        amounts = await desk.psamount()
        assert amounts["sll_ruse_psbl_amt"] == "510.00"
        assert amounts["ord_psbl_frcr_amt"] == "19490.00"
        assert amounts["ovrs_ord_psbl_amt"] == "20000.00"


async def test_a_cancel_has_its_own_number_and_empties_the_original() -> None:
    async with running() as desk:
        order = await desk.order("buy", "34", 5, "60.00")
        cancel = await desk.change(order["output"]["ODNO"].lstrip("0"), quantity="5")
        assert cancel["output"]["ODNO"] == "0000000002"
        original, row = await desk.rows()
        assert (original["nccs_qty"], original["ft_ccld_qty"]) == ("0", "0")
        assert (row["rvse_cncl_dvsn"], row["orgn_odno"]) == ("02", "0000000001")
        assert (row["nccs_qty"], row["prcs_stat_name"]) == ("0", "완료")
        again = await desk.change(order["output"]["ODNO"])
        assert again["msg_cd"] == "APBK0344"
        assert (await desk.change("99"))["msg_cd"] == "APBK0344"


async def test_a_part_may_be_cancelled() -> None:
    async with running() as desk:
        order = await desk.order("buy", "34", 5, "60.00")
        await desk.change(order["output"]["ODNO"], quantity="2")
        assert (await desk.rows())[0]["nccs_qty"] == "3"
        await desk.go("2026-10-07T16:03-04:00")
        assert (await desk.rows())[0]["ft_ccld_qty"] == "3"


async def test_a_revision_replaces_the_order_under_a_new_number() -> None:
    async with running() as desk:
        order = await desk.order("buy", "00", 300, "50.00")
        revised = await desk.change(order["output"]["ODNO"], "01", "300", "49.00")
        assert revised["rt_cd"] == "0"
        original, row = await desk.rows()
        assert original["nccs_qty"] == "0"
        assert (row["rvse_cncl_dvsn"], row["nccs_qty"]) == ("01", "300")
        assert row["ft_ord_unpr3"] == "49.00000000"
        assert (await desk.psamount())["ovrs_ord_psbl_amt"] == "5300.00"


async def test_a_closing_order_is_frozen_in_the_last_ten_minutes() -> None:
    async with running() as desk:
        order = await desk.order("buy", "34", 5, "60.00")
        await desk.go("2026-10-07T15:51-04:00")
        assert (await desk.change(order["output"]["ODNO"]))["msg_cd"] == "APBK0918"


@pytest.mark.parametrize(
    ("tr_id", "division", "worked"),
    [
        ("VTTT1002U", "00", True),
        ("VTTT1002U", "34", False),
        ("VTTT1001U", "33", False),
        ("VTTT1001U", "34", False),
    ],
)
async def test_the_mock_host_takes_limit_orders_only(
    tr_id: str, division: str, worked: bool
) -> None:
    async with running() as desk:
        await desk.go("open")
        answer = await desk.order("buy", division, 1, "50.00", tr_id=tr_id)
        assert (answer["rt_cd"] == "0") is worked
        assert answer["msg_cd"] == ("40600000" if worked else "APBK1269")


@pytest.mark.parametrize("tr_id", ["VTTT1001U", "VTTT1006U", "TTTT1006U"])
async def test_every_id_of_a_sale_sells(tr_id: str) -> None:
    async with running() as desk:
        await desk.order("buy", "34", 3, "60.00")
        await at(desk, "2026-10-08T09:30-04:00")
        assert (await desk.order("sell", "00", 1, "60.00", tr_id=tr_id))["rt_cd"] == "0"
        assert (await desk.rows())[-1]["sll_buy_dvsn_cd"] == "01"


async def test_amex_symbols_are_ordered_and_quoted_on_amex() -> None:
    async with running() as desk:
        answer = await desk.order("buy", "34", 1, "60.00", symbol="SOXL", exchange="AMEX")
        assert answer["rt_cd"] == "0"
        assert (await desk.price("SOXL", "AMS"))["output"]["rsym"] == "DAMSSOXL"
        assert (await desk.price("SOXL", "NAS"))["rt_cd"] != "0"
        await at(desk, "2026-10-07T16:03-04:00")
        assert (await desk.balance(exchange="NASD"))["output1"][0]["ovrs_pdno"] == "SOXL"
        assert (await desk.balance(exchange="NAS"))["output1"] == []
        assert (await desk.balance("VTTS3012R", "NASD"))["output1"] == []
        assert len((await desk.balance("VTTS3012R", "AMEX"))["output1"]) == 1
