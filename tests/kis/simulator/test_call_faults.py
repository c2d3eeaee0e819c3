"""What goes wrong with a call on purpose: refusals, closed doors, slow and spoiled answers."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from kis.simulator.config import APP_KEY, APP_SECRET
from kis.simulator.faults import ANSWER_FAULTS, VARIANTS, Faults
from kis.simulator.mangling import mangled

from .desk import ACCOUNT, PRICES, TRADING, Desk, order_body, running

SYMBOL = {"AUTH": "", "EXCD": "NAS", "SYMB": "TQQQ"}


async def fault(desk: Desk, name: str, **more: Any) -> None:
    answer = await desk.control("POST", "faults", {"name": name, **more})
    assert "error" not in answer, answer


async def raw(
    desk: Desk, path: str = f"{PRICES}/price", tr_id: str = "HHDFS00000300", **query: str
) -> tuple[int, str, Any]:
    async with desk.http.get(
        desk.url + path, params=SYMBOL | query, headers=desk.headers(tr_id)
    ) as response:
        return response.status, await response.text(), response.headers


async def buy(desk: Desk) -> tuple[int, str]:
    async with desk.http.post(
        f"{desk.url}{TRADING}/order",
        json=order_body("34", 5, "60.00"),
        headers=desk.headers("TTTT1002U"),
    ) as response:
        return response.status, await response.text()


# -- at the door --------------------------------------------------------------------------------


async def test_maintenance_closes_every_door_until_it_is_removed() -> None:
    async with running() as desk:
        await fault(desk, "maintenance")
        for _ in range(3):
            status, text, _ = await raw(desk)
            assert (status, text.startswith("<html>")) == (503, True)
        async with desk.http.post(f"{desk.url}/oauth2/tokenP", json={}) as response:
            assert response.status == 503
        await desk.control("DELETE", "faults")
        assert (await desk.price())["rt_cd"] == "0"


async def test_maintenance_may_come_as_kis_json_or_as_a_cut_connection() -> None:
    async with running() as desk:
        await fault(desk, "maintenance", variant="json", count=1)
        assert "점검" in (await desk.price())["msg1"]
        await fault(desk, "maintenance", variant="refused")
        with pytest.raises(aiohttp.ClientError):
            await raw(desk)
        await desk.control("DELETE", "faults")
        assert (await desk.price())["rt_cd"] == "0"


async def test_revoked_tokens_are_refused_until_a_new_one_is_asked_for() -> None:
    async with running() as desk:
        old = desk.token
        await fault(desk, "token_revoked")
        assert [(await desk.price())["msg_cd"] for _ in range(2)] == ["EGW00121"] * 2
        await desk.go("2026-10-07T05:02-04:00")
        await desk.ask_token()
        assert desk.token != old
        assert (await desk.price())["rt_cd"] == "0"


async def test_a_token_that_was_given_back_is_refused_and_the_next_is_another() -> None:
    async with running() as desk:
        old = desk.token
        body = {"appkey": APP_KEY, "appsecret": APP_SECRET, "token": old}
        await desk.request("POST", "/oauth2/revokeP", json=body)
        assert (await desk.price())["msg_cd"] == "EGW00121"
        status, answer, _ = await desk.request("POST", "/oauth2/revokeP", json=body)
        assert (status, answer["error_code"]) == (403, "EGW00121")


async def test_a_token_may_be_refused_as_asked_for_too_often() -> None:
    async with running(with_token=False) as desk:
        await fault(desk, "token_too_often")
        assert await desk.ask_token() == (
            403,
            {
                "error_description": "접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)",
                "error_code": "EGW00133",
            },
        )
        assert (await desk.ask_token())[0] == 200


@pytest.mark.parametrize("code", VARIANTS["gateway_before_accept"])
async def test_a_gateway_code_before_leaves_no_order_and_after_leaves_one(code: str) -> None:
    async with running() as desk:
        for name, orders in (("gateway_before_accept", 0), ("gateway_after_accept", 1)):
            await fault(desk, name, variant=code)
            status, text = await buy(desk)
            assert (status, json.loads(text)["msg_cd"]) == (500, code)
            assert len((await desk.control("GET", "state"))["orders"]) == orders


async def test_a_slow_answer_comes_after_its_seconds_of_the_wall() -> None:
    async with running() as desk:
        await fault(desk, "slow_answer", seconds=0.2)
        before = asyncio.get_running_loop().time()
        assert (await desk.price())["rt_cd"] == "0"
        assert asyncio.get_running_loop().time() - before >= 0.2


# -- spoiled answers ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ANSWER_FAULTS)
async def test_a_spoiled_answer_is_of_an_order_that_was_taken(name: str) -> None:
    async with running() as desk:
        whole = json.loads((await buy(desk))[1])
        await fault(desk, name)
        _, text = await buy(desk)
        assert len((await desk.control("GET", "state"))["orders"]) == 2
        if name in {"wrong_content_type", "response_header_missing"}:
            assert json.loads(text)["rt_cd"] == "0"
        elif name in {"html_instead_of_json", "truncated_json"}:
            with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
                json.loads(text)
        else:
            answer = json.loads(text)
            assert answer["rt_cd"] == "0"
            changed = answer["output"] != {**whole["output"], "ODNO": "0000000002"}
            assert changed or name == "unexpected_fields"
        assert json.loads((await buy(desk))[1])["output"]["ODNO"] == "0000000003"


async def test_a_wrong_type_and_missing_headers_are_of_the_answers_head_alone() -> None:
    async with running() as desk:
        await fault(desk, "wrong_content_type")
        _, _, headers = await raw(desk)
        assert headers["Content-Type"].startswith("text/html")
        await fault(desk, "response_header_missing")
        _, _, headers = await raw(desk)
        assert "tr_cont" not in headers
        _, _, headers = await raw(desk)
        assert "tr_cont" in headers


@pytest.mark.parametrize(
    ("name", "spoiled"),
    [
        ("blank_fields", ""),
        ("padded_fields", "  51.0700   "),
        ("non_numeric_field", "N/A"),
    ],
)
async def test_a_field_is_spoiled_by_name_and_the_others_stand(name: str, spoiled: str) -> None:
    async with running() as desk:
        whole = (await desk.price())["output"]
        assert whole["last"] == "51.0700"
        await fault(desk, name, field="last")
        output = (await desk.price())["output"]
        assert output == whole | {"last": spoiled}


async def test_a_field_is_missing_by_name_or_by_the_seed() -> None:
    async with running() as desk:
        whole = (await desk.price())["output"]
        await fault(desk, "missing_field", field="last")
        assert set(whole) - set((await desk.price())["output"]) == {"last"}
        gone = []
        for _ in range(2):
            await fault(desk, "missing_field", seed=3)
            gone.append(set(whole) - set((await desk.price())["output"]))
        assert gone[0] == gone[1]
        assert len(gone[0]) == 1
        for seed in range(8):
            await fault(desk, "missing_field", seed=seed)
            gone.append(set(whole) - set((await desk.price())["output"]))
        assert len({next(iter(names)) for names in gone}) > 3


def test_a_body_that_is_spoiled_stays_whole_where_it_came_from() -> None:
    faults = Faults()
    faults.add({"name": "blank_fields"})
    body: dict[str, object] = {"output": {"last": "51.0"}, "rt_cd": "0"}
    assert mangled(body, faults, {}) == {"output": {"last": ""}, "rt_cd": "0"}
    assert body == {"output": {"last": "51.0"}, "rt_cd": "0"}


async def test_all_fields_are_blank_where_none_is_named_but_not_the_envelope() -> None:
    async with running() as desk:
        await fault(desk, "blank_fields")
        answer = await desk.price()
        assert set(answer["output"].values()) == {""}
        assert (answer["rt_cd"], answer["msg_cd"]) == ("0", "MCA00000")


async def test_unexpected_fields_come_beside_the_expected() -> None:
    async with running() as desk:
        whole = await desk.price()
        await fault(desk, "unexpected_fields")
        answer = await desk.price()
        assert answer["output"] == whole["output"] | {
            "unlisted_amt": "1234.50",
            "unlisted_list": [{"unlisted_yn": "Y"}],
        }
        assert set(answer) - set(whole) == {"output9"}


async def test_a_spoiled_row_leaves_the_book_as_it_is() -> None:
    async with running() as desk:
        await buy(desk)
        await fault(desk, "blank_fields", match={"tr_id": "TTTS3035R"})
        assert (await desk.rows())[0]["odno"] == ""
        assert (await desk.rows())[0]["odno"] == "0000000001"


async def test_a_match_may_name_the_path_and_the_calls_of_others_go_well() -> None:
    async with running() as desk:
        await fault(desk, "html_instead_of_json", match={"path": f"{PRICES}/price-detail"})
        assert (await desk.price())["rt_cd"] == "0"
        _, text, _ = await raw(desk, f"{PRICES}/price-detail", "HHDFS76200200")
        assert text.startswith("<html>")


async def test_every_call_takes_unknown_fields_and_says_nothing_of_them() -> None:
    async with running() as desk:
        body = order_body("34", 1, "60.00") | {"NEW_FIELD": "1", "ALGO_ORD_TMD_DVSN_CD": ""}
        assert (await desk.post("/order", "TTTT1002U", body))["rt_cd"] == "0"
        query = ACCOUNT | {"OVRS_EXCG_CD": "NASD", "TR_CRCY_CD": "USD", "NEW_FIELD": "1"}
        answer, _ = await desk.get(f"{TRADING}/inquire-balance", "TTTS3012R", query)
        assert answer["rt_cd"] == "0"
