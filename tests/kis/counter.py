"""A counter on loopback for the client's tests: it records what was asked and plays a script.

It speaks HTTP by hand, so that it can also break off, fall silent and send half an answer.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from kis.client import Kis
from kis.environment import Environment, at
from kis.models import SEOUL, Credentials, Exchange, OrderKind, OrderRequest, Side

TOKEN_PATH = "/oauth2/tokenP"
APPROVAL_PATH = "/oauth2/Approval"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=SEOUL)
SHARED = Path(__file__).parents[3] / "shared" / "data"

CREDENTIALS = Credentials(
    app_key="CANARYappkey" + "k" * 24,
    app_secret="CANARYsecret" + "s" * 168,
    account="81000000-01",
    hts_id="HTSID001",
)
LOC_BUY = OrderRequest(
    symbol="TQQQ",
    exchange=Exchange.NASDAQ,
    side=Side.BUY,
    kind=OrderKind.LOC,
    quantity=5,
    price=Decimal("77.03"),
)


@dataclass(kw_only=True)
class Asked:
    """One request as it came over the wire."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    connection: int
    at: float


@dataclass(kw_only=True)
class Answer:
    """What the counter does with a request: an answer, or one of the ways not to give one."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    reset: bool = False
    silent: bool = False
    promised: int | None = None
    gate: asyncio.Event | None = None


Script = Callable[[Asked], Answer]


def ok(**body: Any) -> Answer:
    """Answer a question the way KIS does when all is well."""
    return Answer(body={"rt_cd": "0", "msg_cd": "MCA00000", "msg1": "정상처리", **body})


def refused(code: str, message: str = "", *, status: int = 200, rt_cd: str = "1") -> Answer:
    return Answer(status=status, body={"rt_cd": rt_cd, "msg_cd": code, "msg1": message})


def page(mark: str, key: str = "", **body: Any) -> Answer:
    """Answer with a page: its tr_cont mark and the key to the next."""
    answer = ok(ctx_area_fk200="F".ljust(200), ctx_area_nk200=key.ljust(200), **body)
    answer.headers["tr_cont"] = mark
    return answer


class Clock:
    """Time that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.time = NOON
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class Counter:
    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.scripts: dict[str, Script] = {}
        self.queues: dict[str, list[Answer]] = {}
        self.tokens = 0
        self.token_life = timedelta(hours=24)
        self.clock = Clock()
        self.url = ""
        self._connections = 0

    def plays(self, path: str, *answers: Answer) -> None:
        """Answer a path with these in turn, the last one for ever."""
        self.queues[path] = list(answers)

    def on(self, path: str, script: Script) -> None:
        self.scripts[path] = script

    def to(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]

    def environment(self, *, mock: bool = False, websocket_url: str = "ws://-") -> Environment:
        return at(self.url, websocket_url, calls_per_second=10_000, mock=mock)

    def answer(self, asked: Asked) -> Answer:
        if asked.path in self.queues:
            waiting = self.queues[asked.path]
            return waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if asked.path in self.scripts:
            return self.scripts[asked.path](asked)
        if asked.path == TOKEN_PATH:
            return self.token()
        if asked.path == APPROVAL_PATH:
            return Answer(body={"approval_key": "CANARYapproval-0001"})
        return Answer(status=404, raw=b"no such page")

    def token(self) -> Answer:
        self.tokens += 1
        ends = (self.clock.time + self.token_life).astimezone(SEOUL)
        return Answer(
            body={
                "access_token": f"CANARYtoken-{self.tokens}",
                "token_type": "Bearer",
                "expires_in": 86400,
                "access_token_token_expired": ends.strftime("%Y-%m-%d %H:%M:%S"),
            }
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        number = self._connections
        try:
            while await self._one(reader, writer, number):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        raw = await reader.readexactly(int(headers.get("content-length", "0")))
        asked = Asked(
            method=method,
            path=urlsplit(target).path,
            query=dict(parse_qsl(urlsplit(target).query, keep_blank_values=True)),
            headers=headers,
            body=json.loads(raw) if raw else None,
            connection=number,
            at=asyncio.get_running_loop().time(),
        )
        self.asked.append(asked)
        answer = self.answer(asked)
        if answer.gate is not None:
            await answer.gate.wait()
        if answer.reset:
            writer.transport.abort()
            return False
        if answer.silent:
            await reader.read()
            return False
        content = answer.raw
        if content is None:
            content = json.dumps(answer.body, ensure_ascii=False).encode()
        lines = [f"HTTP/1.1 {answer.status} X", "content-type: application/json"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        lines.append(f"content-length: {answer.promised or len(content)}")
        writer.write("\r\n".join([*lines, "", ""]).encode() + content)
        await writer.drain()
        return answer.promised is None


@asynccontextmanager
async def open_counter() -> AsyncIterator[Counter]:
    counter = Counter()
    server = await asyncio.start_server(counter.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    counter.url = f"http://127.0.0.1:{port}"
    try:
        yield counter
    finally:
        server.close()


Opener = Callable[..., Awaitable[Kis]]


def kis_at(counter: Counter, token_file: Path, *, mock: bool = False, **options: Any) -> Kis:
    environment = options.pop("environment", None) or counter.environment(mock=mock)
    return Kis(
        environment,
        options.pop("credentials", CREDENTIALS),
        now=counter.clock.now,
        sleep=counter.clock.sleep,
        token_file=token_file,
        jitter=options.pop("jitter", lambda: 0.0),
        **options,
    )
