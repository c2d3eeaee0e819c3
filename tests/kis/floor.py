"""The websocket side of the counter: a server on loopback that plays a script."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

from kis.client import Kis
from kis.models import (
    Exchange,
    StreamState,
    StreamStateKind,
)
from kis.stream import Item, Stream
from tests.kis.counter import Counter, kis_at
from tests.kis.test_frames import KEY

Handler = Callable[[ServerConnection, int], Awaitable[None]]
TQQQ = ("TQQQ", Exchange.NASDAQ)
SOXL = ("SOXL", Exchange.AMEX)
CONNECTED = StreamState(kind=StreamStateKind.CONNECTED)
PING = json.dumps({"header": {"tr_id": "PINGPONG", "datetime": "20261120233100"}})


def ack(tr_id: str, tr_key: str, code: str = "OPSP0000", result: str = "0") -> str:
    body: dict[str, Any] = {"rt_cd": result, "msg_cd": code, "msg1": f"WORDS OF {code}"}
    if result == "0":
        body["output"] = {"iv": KEY.iv, "key": KEY.key}
    header = {"tr_id": tr_id, "tr_key": tr_key, "encrypt": "Y"}
    return json.dumps({"header": header, "body": body})


class Floor:
    """The websocket side of the counter: what was registered, per connection."""

    def __init__(self, handler: Handler) -> None:
        self.registered: list[list[dict[str, Any]]] = []
        self.paths: list[str] = []
        self.url = ""
        self._handler = handler

    async def serve(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        self.paths.append(socket.request.path)
        self.registered.append([])
        await self._handler(socket, len(self.registered))

    async def register(self, socket: ServerConnection, *, confirm: bool = True) -> str:
        asked = json.loads(await socket.recv())
        self.registered[-1].append(asked)
        wanted = asked["body"]["input"]
        if confirm:
            await socket.send(ack(wanted["tr_id"], wanted["tr_key"]))
        return str(wanted["tr_key"])


@asynccontextmanager
async def open_floor(
    counter: Counter,
    token_file: Path,
    handler: Callable[[Floor, ServerConnection, int], Awaitable[None]],
    *,
    mock: bool = False,
    **options: Any,
) -> AsyncIterator[tuple[Kis, Floor]]:
    floor = Floor(lambda socket, number: handler(floor, socket, number))
    async with serve(floor.serve, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        floor.url = f"ws://127.0.0.1:{port}"
        environment = counter.environment(mock=mock, websocket_url=floor.url)
        async with kis_at(counter, token_file, environment=environment, **options) as kis:
            yield kis, floor


async def take(stream: Stream) -> Item:
    async with asyncio.timeout(60):
        return await anext(stream)
