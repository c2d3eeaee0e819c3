"""What KIS takes beside its own tables, and what 모의투자 says in words of its own."""

from typing import Any

import pytest

from .desk import ACCOUNT, PRICES, TRADING, Desk, ccnl_query, order_body, quick, running

SYMBOL = {"AUTH": "", "EXCD": "NAS", "SYMB": "TQQQ"}


async def got(desk: Desk, path: str, tr_id: str, **query: str) -> tuple[int, dict[str, Any]]:
    status, answer, _ = await desk.request("GET", path, params=query, headers=desk.headers(tr_id))
    return status, answer


# -- spellings ----------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["/", "//", "///"])
async def test_doubled_slashes_lead_to_the_same_place(before: str) -> None:
    async with running() as desk:
        doubled = before + f"{PRICES}/price".lstrip("/").replace("/quotations", "//quotations")
        status, answer = await got(desk, doubled, "HHDFS00000300", **SYMBOL)
        assert (status, answer["rt_cd"]) == (200, "0")
        _, answer, _ = await desk.request(
            "POST",
            before + f"{TRADING}/order".lstrip("/"),
            json=order_body("34", 1, "45.00"),
            headers=desk.headers("TTTT1002U"),
        )
        assert answer["rt_cd"] == "0"


@pytest.mark.parametrize("path", ["/uapi/none", "//uapi//none", "/mock/uapi/none"])
async def test_a_path_that_kis_has_not_is_not_found(path: str) -> None:
    async with running() as desk, desk.http.get(desk.url + path) as response:
        assert response.status == 404


async def test_keys_of_a_query_and_names_of_headers_come_in_any_case() -> None:
    async with running() as desk:
        for _ in range(21):
            await desk.order("buy", "34", 1, "45.00")
        first, _ = await desk.ccnl()
        query = {name.lower(): value for name, value in ccnl_query().items()}
        query["ctx_area_nk200"] = first["ctx_area_nk200"]
        headers = {name.title(): value for name, value in desk.headers("TTTS3035R").items()}
        headers |= {"Tr_Cont": "n", "Authorization": f"bearer {desk.token}"}
        _, answer, _ = await desk.request(
            "GET", f"{TRADING}/inquire-ccnl", params=query, headers=headers
        )
        assert [row["odno"] for row in answer["output"]] == ["0000000021"]


async def test_a_key_without_the_header_gives_the_first_page_again() -> None:
    async with running() as desk:
        for _ in range(21):
            await desk.order("buy", "34", 1, "45.00")
        first, _ = await desk.ccnl()
        again, mark = await desk.ccnl(CTX_AREA_NK200=first["ctx_area_nk200"])
        assert (again["output"], mark) == (first["output"], "F")


async def test_a_call_needs_no_customer_type_no_keys_of_a_page_and_no_auth() -> None:
    async with running() as desk:
        headers = desk.headers("HHDFS00000300")
        del headers["custtype"], headers["tr_cont"]
        query = {"EXCD": "NAS", "SYMB": "TQQQ"}
        _, answer, _ = await desk.request("GET", f"{PRICES}/price", params=query, headers=headers)
        assert answer["rt_cd"] == "0"
        listed = {"OVRS_EXCG_CD": "NASD", "SORT_SQN": ""} | ACCOUNT
        assert (await got(desk, f"{TRADING}/inquire-nccs", "TTTS3018R", **listed))[1][
            "rt_cd"
        ] == "0"


async def test_numbers_in_a_body_are_taken_for_their_text_and_contact_fields_may_be_missing() -> (
    None
):
    async with running() as desk:
        body: dict[str, Any] = dict(order_body("34", 1, "45.00"))
        del body["CTAC_TLNO"], body["MGCO_APTM_ODNO"]
        body["ORD_QTY"] = 1
        _, answer, _ = await desk.request(
            "POST", f"{TRADING}/order", json=body, headers=desk.headers("TTTT1002U")
        )
        assert answer["rt_cd"] == "0"


async def test_a_body_in_lower_case_is_refused_by_name() -> None:
    async with running() as desk:
        body = {name.lower(): value for name, value in order_body("34", 1, "45.00").items()}
        answer = await desk.post("/order", "TTTT1002U", body)
        assert (answer["rt_cd"], "CANO" in answer["msg1"]) == ("2", True)


# -- ids of earlier tables ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "tr_id"),
    [
        ("inquire-ccnl", "JTTT3001R"),
        ("inquire-ccnl", "VTTT3001R"),
        ("inquire-nccs", "JTTT3018R"),
        ("inquire-balance", "JTTT3012R"),
        ("inquire-balance", "VTTT3012R"),
        ("inquire-psamount", "JTTT3007R"),
        ("inquire-psamount", "VTTT3007R"),
    ],
)
async def test_a_reading_id_of_an_earlier_table_reads(path: str, tr_id: str) -> None:
    more = {"OVRS_ORD_UNPR": "50", "ITEM_CD": "TQQQ", "TR_CRCY_CD": "USD"}
    async with running() as desk:
        _, answer = await got(desk, f"{TRADING}/{path}", tr_id, **ccnl_query(**more))
        assert answer["rt_cd"] == "0"


@pytest.mark.parametrize("tr_id", ["JTTT1002U", "JTTT1006U", "JTTT1004U"])
async def test_an_ordering_id_of_an_earlier_table_orders(tr_id: str) -> None:
    async with running() as desk:
        await desk.order("buy", "00", 2, "60.00")
        await desk.go("open")
        resting = (await desk.order("buy", "00", 1, "45.00"))["output"]["ODNO"]
        if tr_id == "JTTT1004U":
            body = order_body("00", 1, "0") | {"ORGN_ODNO": resting, "RVSE_CNCL_DVSN_CD": "02"}
            answer = await desk.post("/order-rvsecncl", tr_id, body)
        else:
            answer = await desk.order("", "00", 1, "55.00", tr_id=tr_id)
        assert answer["rt_cd"] == "0"
        assert (await desk.rows())[-1]["sll_buy_dvsn_cd"] == ("01" if "1006" in tr_id else "02")


@pytest.mark.parametrize("order", ["DS", "AS", ""])
async def test_unfilled_orders_come_forwards_or_backwards(order: str) -> None:
    async with running() as desk:
        for _ in range(3):
            await desk.order("buy", "34", 1, "45.00")
        answer, _ = await desk.nccs(SORT_SQN=order)
        numbers = [int(row["odno"]) for row in answer["output"]]
        assert numbers == ([3, 2, 1] if order == "AS" else [1, 2, 3])


# -- 모의투자 -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "tr_id", "status", "code"),
    [
        ("inquire-balance", "TTTS3012R", 500, "EGW02006"),
        ("inquire-balance", "VTTS3012R", 200, "70070000"),
        ("inquire-nccs", "TTTS3018R", 500, "EGW02006"),
        ("inquire-nccs", "VTTS3018R", 200, "90000000"),
        ("foreign-margin", "TTTC2101R", 500, "EGW02006"),
    ],
)
async def test_the_mock_host_knows_its_own_ids_only(
    path: str, tr_id: str, status: int, code: str
) -> None:
    query = ccnl_query(TR_CRCY_CD="USD")
    async with running() as desk:
        answered, answer = await got(desk, f"/mock{TRADING}/{path}", tr_id, **query)
        assert (answered, answer["msg_cd"]) == (status, code)


@pytest.mark.parametrize(
    ("path", "tr_id", "worked"),
    [
        ("price", "HHDFS00000300", True),
        ("dailyprice", "HHDFS76240000", True),
        ("price-detail", "HHDFS76200200", False),
        ("inquire-asking-price", "HHDFS76200100", False),
    ],
)
async def test_the_mock_host_has_some_quotes_only(path: str, tr_id: str, worked: bool) -> None:
    async with running() as desk:
        _, answer = await got(desk, f"/mock{PRICES}/{path}", tr_id, **SYMBOL)
        assert (answer["rt_cd"] == "0") is worked
        assert answer["msg_cd"] == ("MCA00000" if worked else "EGW02006")


async def test_the_mock_host_gives_tokens_and_has_its_own_calls_a_second() -> None:
    async with running(with_token=False) as desk:
        body = {
            "grant_type": "client_credentials",
            "appkey": desk.config.app_key,
            "appsecret": desk.config.app_secret,
        }
        _, answer, _ = await desk.request("POST", "/mock/oauth2/tokenP", json=body)
        desk.token = answer["access_token"]
        assert (await desk.price())["rt_cd"] == "0"


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2026-10-07T05:00-04:00", "40570000"),
        ("2026-10-07T09:30-04:00", "40600000"),
        ("2026-10-07T16:00-04:00", "40580000"),
        ("2026-10-08T11:00+09:00", "40570000"),
    ],
)
async def test_the_mock_host_takes_orders_in_regular_hours_only(at: str, code: str) -> None:
    async with running() as desk:
        await desk.go(at)
        answer = await desk.order("buy", "00", 1, "45.00", tr_id="VTTT1002U")
        assert answer["msg_cd"] == code


@pytest.mark.parametrize(
    ("tr_id", "words", "code"),
    [
        ("VTTT1002U", ("00", 1, "45.005"), "40030000"),
        ("VTTT1002U", ("00", 10**6, "45.00"), "40250000"),
        ("VTTT1001U", ("00", 1, "45.00"), "40240000"),
        ("VTTT1002U", ("34", 1, "45.00"), "APBK1269"),
        ("VTTT1001U", ("33", 1, "0"), "APBK1269"),
    ],
)
async def test_the_mock_host_refuses_in_its_own_words(
    tr_id: str, words: tuple[str, int, str], code: str
) -> None:
    async with running() as desk:
        await desk.go("open")
        answer = await desk.order("", *words, tr_id=tr_id)
        assert (answer["msg_cd"], answer["rt_cd"] != "0") == (code, True)


async def test_the_mock_host_does_not_know_a_symbol_and_has_nothing_left_to_cancel() -> None:
    async with running() as desk:
        await desk.go("open")
        unknown = await desk.order("", "00", 1, "45.00", symbol="NONE", tr_id="VTTT1002U")
        assert (unknown["rt_cd"], unknown["msg_cd"]) == ("1", "40070000")
        placed = await desk.order("", "00", 1, "60.00", tr_id="VTTT1002U")
        body = order_body("00", 1, "0") | {
            "ORGN_ODNO": placed["output"]["ODNO"], "RVSE_CNCL_DVSN_CD": "02",
        }  # fmt: skip
        answer = await desk.post("/order-rvsecncl", "VTTT1004U", body)
        assert (answer["rt_cd"], answer["msg_cd"]) == ("1", "40330000")


async def test_nasd_is_the_whole_of_the_us_on_a_real_account_alone() -> None:
    async with running() as desk:
        await desk.order("buy", "00", 1, "60.00", symbol="SOXL", exchange="AMEX")
        await desk.go("open")
        assert (await desk.balance())["output1"][0]["ovrs_pdno"] == "SOXL"
        answer = await desk.balance("VTTS3012R")
        assert (answer["output1"], answer["msg_cd"]) == ([], "70070000")
        answer = await desk.balance("VTTS3012R", "AMEX")
        assert [row["ovrs_pdno"] for row in answer["output1"]] == ["SOXL"]
        assert answer["msg_cd"] == "20310000"


async def test_the_mock_host_lists_forwards_whatever_is_asked() -> None:
    async with running() as desk:
        for _ in range(2):
            await desk.order("buy", "34", 1, "45.00")
        answer, _ = await desk.ccnl("VTTS3035R", SORT_SQN="AS")
        assert [int(row["odno"]) for row in answer["output"]] == [1, 2]
        answer, _ = await desk.ccnl("TTTS3035R", SORT_SQN="AS")
        assert [int(row["odno"]) for row in answer["output"]] == [2, 1]


async def test_holdings_come_a_hundred_a_page() -> None:
    symbols = {f"S{index:03d}": "NASD" for index in range(130)}
    async with running(quick(symbols=symbols), prices=None) as desk:
        for symbol in symbols:
            await desk.control("PUT", f"holdings/{symbol}", {"quantity": 1, "average": "10"})
        query = ACCOUNT | {"OVRS_EXCG_CD": "NASD", "TR_CRCY_CD": "USD"}
        path = f"{TRADING}/inquire-balance"
        first, mark = await desk.get(path, "TTTS3012R", query)
        assert mark == "F"
        query["CTX_AREA_NK200"] = first["ctx_area_nk200"]
        second, mark = await desk.get(path, "TTTS3012R", query, "N")
        assert mark == "E"
        held = [row["ovrs_pdno"] for row in first["output1"] + second["output1"]]
        assert [symbol for symbol in held if symbol] == sorted(symbols)
        assert len([row for row in first["output1"] if row["ovrs_pdno"]]) == 100
