"""A customer's websocket in the tests, and what it reads."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from kis.simulator.sockets.columns import COLUMNS

from .desk import Desk


class Wire:
    """One websocket of a customer."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, approval: str) -> None:
        self.socket = socket
        self.approval = approval
        self.keys: dict[str, str] = {}

    async def read(self) -> str:
        async with asyncio.timeout(60):
            return str(await self.socket.receive_str())

    async def ask(self, tr_id: str, tr_key: str, tr_type: str = "1") -> dict[str, Any]:
        await self.send(asked(self.approval, tr_id, tr_key, tr_type))
        while "PINGPONG" in (text := await self.read()):
            pass  # one may be on its way before the answer
        answer: dict[str, Any] = json.loads(text)
        self.keys = answer["body"].get("output", self.keys)
        return answer

    async def texts(self) -> list[str]:
        """Read all that was pushed so far: up to the answer to a release of nothing."""
        await self.send(asked(self.approval, "HDFSCNT0", "NOTHING", "2"))
        texts = []
        while "OPSP0003" not in (text := await self.read()):
            texts.append(text)
        return texts

    async def records(self) -> list[list[str]]:
        """Read the records of all frames pushed so far, each split to its columns."""
        return [record for text in await self.texts() for record in split(text)]

    async def send(self, message: object) -> None:
        await self.socket.send_str(message if isinstance(message, str) else json.dumps(message))

    async def notice(self) -> list[str]:
        flag, tr_id, count, payload = (await self.read()).split("|")
        assert (flag, tr_id[:7], count) == ("1", "H0GSCNI", "001")
        return self.decrypted(payload).split("^")

    def decrypted(self, payload: str) -> str:
        cipher = Cipher(AES(self.keys["key"].encode()), CBC(self.keys["iv"].encode())).decryptor()
        padded = cipher.update(base64.b64decode(payload)) + cipher.finalize()
        unpadder = PKCS7(128).unpadder()
        return (unpadder.update(padded) + unpadder.finalize()).decode()


def asked(approval: str, tr_id: str, tr_key: str, tr_type: str = "1") -> dict[str, Any]:
    header = {
        "approval_key": approval,
        "custtype": "P",
        "tr_type": tr_type,
        "content-type": "utf-8",
    }
    return {"header": header, "body": {"input": {"tr_id": tr_id, "tr_key": tr_key}}}


def split(text: str) -> list[list[str]]:
    """Split a plain frame into its records by its own count."""
    _, tr_id, count, payload = text.split("|", 3)
    columns, width = payload.split("^"), len(COLUMNS[tr_id])
    assert len(columns) == int(count) * width
    return [columns[start : start + width] for start in range(0, len(columns), width)]


@asynccontextmanager
async def wired(desk: Desk, path: str = "/tryitout", approval: str = "") -> AsyncIterator[Wire]:
    approval = approval or await desk.approval()
    async with desk.http.ws_connect(desk.url + path) as socket:
        yield Wire(socket, approval)


def code(answer: dict[str, Any]) -> tuple[str, str]:
    return answer["body"]["rt_cd"], answer["body"]["msg_cd"]
