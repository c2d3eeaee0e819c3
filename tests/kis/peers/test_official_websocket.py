"""KIS's own websocket samples register and read: the messages, the acks, the columns of a record.

The sample remembers `encrypt` and the key of each ack and, where it says Y, decrypts whatever comes
under that TR id; so an ack of prices must say N. Its message has no secret beyond the approval key.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from kis.frames import FrameKey, decrypt
from tests.kis.simulator.desk import Desk, quick, running

# Columns of a record today; the samples' lists are shorter by the first (RSYM) or the last ones.
WIDTHS = {"HDFSCNT0": 26, "HDFSASP0": 71, "H0GSCNI0": 25, "H0GSCNI9": 25}
Socket = aiohttp.ClientWebSocketResponse


def message(approval: str, tr_id: str, tr_key: str, tr_type: str = "1", **more: str) -> str:
    header = {"content-type": "utf-8", "approval_key": approval, "tr_type": tr_type}
    body = {"input": {"tr_id": tr_id, "tr_key": tr_key}}
    return json.dumps({"header": header | {"custtype": "P"} | more, "body": body})


@asynccontextmanager
async def connected(path: str = "/tryitout") -> AsyncIterator[tuple[Desk, Socket, str]]:
    async with running(quick(pingpong_seconds=0.05)) as desk:
        approval = await desk.approval()
        async with desk.http.ws_connect(desk.url + path) as socket:
            yield desk, socket, approval


async def told(socket: Socket) -> dict[str, Any]:
    """Wait for the next word that is neither a ping nor a price."""
    async with asyncio.timeout(10):
        while True:
            text = await socket.receive_str()
            if text[0] in "01":
                continue
            said: dict[str, Any] = json.loads(text)
            if said["header"]["tr_id"] != "PINGPONG":
                return said


async def frame(socket: Socket, tr_id: str) -> list[str]:
    """Wait for a frame of a TR id and give its four parts."""
    async with asyncio.timeout(10):
        while True:
            text = await socket.receive_str()
            parts = text.split("|", 3)
            if text[0] in "01" and parts[1] == tr_id:
                return parts


@pytest.mark.parametrize("path", ["/", "/tryitout", "/tryitout/HDFSCNT0"])
async def test_a_registration_is_confirmed_with_a_key_on_every_path_in_use(path: str) -> None:
    async with connected(path) as (_, socket, approval):
        await socket.send_str(message(approval, "HDFSCNT0", "DNASTQQQ"))
        said = await told(socket)
        assert said["header"] == {"tr_id": "HDFSCNT0", "tr_key": "DNASTQQQ", "encrypt": "N"}
        assert (said["body"]["rt_cd"], said["body"]["msg1"]) == ("0", "SUBSCRIBE SUCCESS")
        assert set(said["body"]["output"]) == {"iv", "key"}


async def test_releasing_is_confirmed_with_words_that_begin_with_unsub() -> None:
    async with connected() as (_, socket, approval):
        await socket.send_str(message(approval, "HDFSCNT0", "DNASTQQQ"))
        await told(socket)
        await socket.send_str(message(approval, "HDFSCNT0", "DNASTQQQ", "2"))
        assert (await told(socket))["body"]["msg1"].startswith("UNSUB")


@pytest.mark.parametrize("tr_id", ["HDFSCNT0", "HDFSASP0"])
async def test_a_record_of_prices_has_the_columns_of_today(tr_id: str) -> None:
    async with connected() as (desk, socket, approval):
        await socket.send_str(message(approval, tr_id, "DNASTQQQ"))
        await told(socket)
        await desk.go("2026-10-07T10:00-04:00")
        flag, _, count, payload = await frame(socket, tr_id)
        fields = payload.split("^")
        assert (flag, len(fields)) == ("0", WIDTHS[tr_id] * int(count))
        assert fields[:2] == ["DNASTQQQ", "TQQQ"]


@pytest.mark.parametrize("tr_id", ["H0GSCNI0", "H0GSCNI9"])
async def test_a_notice_is_sealed_with_the_key_of_its_ack(tr_id: str) -> None:
    async with connected() as (desk, socket, approval):
        await socket.send_str(message(approval, tr_id, desk.config.hts_id))
        said = await told(socket)
        assert said["header"]["encrypt"] == "Y"
        await desk.order("buy", "34", 2, "51.50")
        flag, _, count, payload = await frame(socket, tr_id)
        output = said["body"]["output"]
        fields = decrypt(payload, FrameKey(key=output["key"], iv=output["iv"])).split("^")
        assert (flag, count, len(fields)) == ("1", "001", WIDTHS[tr_id])
        assert fields[0] == desk.config.hts_id
        assert fields[7] == "TQQQ"


async def test_mojito_echoes_a_ping_and_the_sample_answers_with_a_pong_that_carries_it() -> None:
    async with connected() as (_, socket, approval):
        await socket.send_str(message(approval, "HDFSCNT0", "DNASTQQQ", personalseckey="1"))
        assert (await told(socket))["body"]["rt_cd"] == "0"
        for answer in (socket.send_str, lambda text: socket.pong(text.encode())):
            async with asyncio.timeout(10):
                text = await socket.receive_str()
            assert json.loads(text)["header"]["tr_id"] == "PINGPONG"
            await answer(text)
        await socket.send_str(message(approval, "HDFSCNT0", "DNASTQQQ", personalseckey="1"))
        assert (await told(socket))["body"]["msg_cd"] == "OPSP0002"
