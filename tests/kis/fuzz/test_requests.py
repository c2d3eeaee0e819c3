"""Broken requests to the simulator: always an answer in KIS's shape or a sentence, never a fault.

A tenth of 10,000 requests in the ordinary run; all of them with KIS_FUZZ=full.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.kis.fuzz.mutation import NASTY, Mutator, share
from tests.kis.peers.official import READS, TRADING
from tests.kis.peers.test_official_orders import ORDER
from tests.kis.simulator.desk import ACCOUNT, Desk, running

SEED = 99
REQUESTS = share(10_000, of=4)
RESERVATION = ACCOUNT | {
    "PDNO": "TQQQ",
    "OVRS_EXCG_CD": "NASD",
    "FT_ORD_QTY": "1",
    "FT_ORD_UNPR3": "45",
}
CHANGE = ACCOUNT | {
    "OVRS_EXCG_CD": "NASD",
    "PDNO": "TQQQ",
    "ORGN_ODNO": "0000000001",
    "RVSE_CNCL_DVSN_CD": "02",
    "ORD_QTY": "0",
    "OVRS_ORD_UNPR": "0",
}
POSTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("/order", "TTTT1002U", ORDER),
    ("/order", "VTTT1001U", ORDER),
    ("/order-rvsecncl", "TTTT1004U", CHANGE),
    ("/order-resv", "TTTT3014U", RESERVATION),
    ("/order-resv-ccnl", "TTTT3017U", ACCOUNT | {"OVRS_RSVN_ODNO": "1", "RSVN_ORD_RCIT_DT": ""}),
    ("/daytime-order", "TTTS6036U", ORDER),
    ("/daytime-order-rvsecncl", "TTTS6038U", CHANGE),
)
CONTROLS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "clock", {"to": "session"}),
    ("POST", "clock/wait", {"party": "x", "until": None, "hold": None, "timeout": 0}),
    ("PUT", "clock/pace", {"kind": "manual", "speed": 1.0, "seconds_per_day": 0.0}),
    ("POST", "faults", {"name": "rows_twice", "count": 1, "match": {}, "rate": 0.5, "seed": 1}),
    ("DELETE", "clock/parties/x", {}),
)
SHORT = aiohttp.ClientTimeout(total=0.05)


@asynccontextmanager
async def watched(caplog: pytest.LogCaptureFixture) -> AsyncIterator[Desk]:
    """Run a simulator in mid-session, and see that nothing in it fell over."""
    with caplog.at_level(logging.ERROR):
        async with running() as desk:
            await desk.go("open")
            yield desk
    assert [record.getMessage() for record in caplog.records] == []


async def answered(
    desk: Desk, method: str, path: str, **options: Any
) -> tuple[int, dict[str, Any] | None]:
    """Send a request that may be impossible to write, and read what comes back."""
    try:
        async with desk.http.request(method, desk.url + path, **options) as response:
            text = await response.text()
            status = response.status
    except (ValueError, aiohttp.InvalidURL):
        return 0, None
    except TimeoutError:  # a wait that was told to last
        return 202, {}
    assert text.startswith(("{", "[")), (method, path, options, status, text)
    return status, json.loads(text)


def in_kis_shape(status: int, body: dict[str, Any] | None) -> bool:
    if body is None:
        return status == 0
    kis = {"rt_cd", "msg_cd", "msg1"} <= set(body)
    oauth = {"error_code", "error_description"} <= set(body)
    gateway = status == 500 and kis and str(body["msg_cd"]).startswith("EGW")
    return (kis or oauth) and (status < 500 or gateway)


def _broken(mutator: Mutator, fields: dict[str, Any], turn: int) -> bytes:
    """Give a body broken somewhere, every nasty one in its turn at first."""
    if turn < len(NASTY):
        return NASTY[turn]
    if mutator.rng.random() < 0.3:
        return mutator.body({"fields": fields, **fields})
    return json.dumps(mutator.row(dict(fields)), default=str).encode()


def headers_of(mutator: Mutator, desk: Desk, tr_id: str) -> dict[str, str]:
    headers = desk.headers(tr_id)
    if mutator.rng.random() < 0.3:
        headers = {name: str(word) for name, word in mutator.row(dict(headers)).items()}
    clean = (str.isascii, str.isprintable)
    return {name: word for name, word in headers.items() if all(ask(word) for ask in clean)}


async def test_a_broken_inquiry_is_answered_in_kis_shape(
    caplog: pytest.LogCaptureFixture,
) -> None:
    mutator = Mutator(SEED)
    async with watched(caplog) as desk:
        for _ in range(REQUESTS):
            shape = mutator.rng.choice(READS)
            query = mutator.row(dict(shape.fields))
            query |= {"CTX_AREA_FK200": "", "CTX_AREA_NK200": mutator.word("20261007^0000000001")}
            words = {name: str(word) for name, word in query.items()}
            headers = headers_of(mutator, desk, shape.real)
            status, body = await answered(desk, "GET", shape.path, params=words, headers=headers)
            assert in_kis_shape(status, body), (shape.path, words, status, body)


async def test_a_broken_order_is_answered_in_kis_shape(caplog: pytest.LogCaptureFixture) -> None:
    mutator = Mutator(SEED)
    async with watched(caplog) as desk:
        for turn in range(REQUESTS):
            path, tr_id, fields = mutator.rng.choice(POSTS)
            raw = _broken(mutator, fields, turn)
            headers = headers_of(mutator, desk, tr_id)
            where = f"{TRADING}{path}"
            status, body = await answered(desk, "POST", where, data=raw, headers=headers)
            assert in_kis_shape(status, body), (path, raw, status, body)
        state = await desk.control("GET", "state")
        assert float(state["cash"]) >= 0


async def test_a_broken_control_gets_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    mutator = Mutator(SEED)
    async with watched(caplog) as desk:
        for turn in range(REQUESTS):
            method, path, fields = mutator.rng.choice(CONTROLS)
            raw = _broken(mutator, fields, turn)
            status, body = await answered(
                desk, method, f"/simulator/{path}", data=raw, timeout=SHORT
            )
            assert 200 <= status < 500, (path, raw, status, body)
            assert body is not None
            assert status < 400 or body["error"], (path, raw, status, body)
            await desk.control("DELETE", "faults")


async def test_a_broken_websocket_message_is_answered_or_the_line_is_dropped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    mutator = Mutator(SEED)
    async with watched(caplog) as desk:
        approval = await desk.approval()
        header = {"approval_key": approval, "custtype": "P", "tr_type": "1"}
        wanted = {"tr_id": "HDFSCNT0", "tr_key": "DNASTQQQ"}
        message = {"header": header, "body": {"input": wanted}}
        for turn in range(REQUESTS // 20):
            async with desk.http.ws_connect(f"{desk.url}/tryitout") as socket:
                for _ in range(20):
                    await socket.send_str(mutator.body(message).decode("utf-8", "replace"))
                await socket.send_str(NASTY[turn % len(NASTY)].decode())
                async with asyncio.timeout(60):
                    said = await socket.receive()
                if said.type is aiohttp.WSMsgType.TEXT:
                    assert {"header", "body"} <= set(json.loads(said.data))
