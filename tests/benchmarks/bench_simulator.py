"""Whether the simulator holds 41 registrations at 2,000 ticks a second without falling behind.

Starts it as a process of its own and reads with a plain websocket. Besides its rate it prints the
largest lag and the share of a processor; asserts only that no tick is lost and order is kept.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import websockets

from kis.simulator.config import APP_KEY, APP_SECRET
from kis.simulator.sockets.columns import COLUMNS
from tests.benchmarks.conftest import Tell
from tests.benchmarks.table import compared

REGISTRATIONS, TICKS_PER_SECOND, SECONDS = 41, 2_000, 10.0
WIDTHS = {tr_id: len(columns) for tr_id, columns in COLUMNS.items()}
STARTED_AT = "2026-10-07T11:00:00-04:00"
KEY, EVOL, TVOL = 0, 19, 20
JIFFIES = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Reading:
    """What one websocket has read: records, their order, and how late they came."""

    records: int = 0
    frames: int = 0
    largest_lag: float = 0.0
    began: float | None = None
    ended: float = 0.0
    totals: dict[str, int] = field(default_factory=dict)

    def take(self, text: str, now: float) -> None:
        _, tr_id, count, payload = text.split("|", 3)
        columns = payload.split("^")
        width = WIDTHS[tr_id]
        assert len(columns) == int(count) * width
        for start in range(0, len(columns), width):
            key, total = columns[start + KEY], int(columns[start + TVOL])
            before = self.totals.get(key)
            # Each tick says the day's volume: a lost, doubled or swapped one breaks the sum.
            assert before is None or total == before + int(columns[start + EVOL])
            self.totals[key] = total
        if self.began is None:
            self.began = now
        self.frames += 1
        self.records += int(count)
        self.ended = now
        late = now - self.began - (self.records - int(count)) / TICKS_PER_SECOND
        self.largest_lag = max(self.largest_lag, late)


@asynccontextmanager
async def simulator() -> AsyncIterator[tuple[str, int]]:
    symbols = [word for index in range(REGISTRATIONS) for word in ("--symbol", f"S{index}")]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "kis.simulator", "--port", "0", "--at", STARTED_AT),
        *("--speed", "1", *symbols),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        ready = json.loads(await process.stdout.readline())
        yield ready["listening"], process.pid
    finally:
        process.terminate()
        await process.wait()


def processor_seconds(pid: int) -> float:
    """Give the processor time that a process has used; none where /proc is missing."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / JIFFIES


async def registered(socket: websockets.ClientConnection, approval: str) -> None:
    header = {"approval_key": approval, "custtype": "P", "tr_type": "1", "content-type": "utf-8"}
    for index in range(REGISTRATIONS):
        body = {"input": {"tr_id": "HDFSCNT0", "tr_key": f"DNASS{index}"}}
        await socket.send(json.dumps({"header": header, "body": body}))
        answer = json.loads(await socket.recv())
        assert answer["body"]["msg_cd"] == "OPSP0000"


async def read_for(socket: websockets.ClientConnection, reading: Reading, quiet: float) -> None:
    """Read until nothing but PINGPONG has come for some seconds."""
    while True:
        try:
            async with asyncio.timeout(quiet):
                text = await socket.recv(decode=True)
        except TimeoutError:
            return
        if text[0] != "{":
            reading.take(text, time.monotonic())


async def asked(http: aiohttp.ClientSession, per_second: int) -> dict[str, float]:
    async with http.put("/simulator/ticks", json={"per_second": per_second}) as response:
        answer: dict[str, float] = await response.json()
        return answer


async def test_41_registrations_at_2000_ticks_a_second(tell: Tell) -> None:
    reading = Reading()
    async with simulator() as (url, pid), aiohttp.ClientSession(url) as http:
        keys = {"appkey": APP_KEY, "secretkey": APP_SECRET, "grant_type": "client_credentials"}
        async with http.post("/oauth2/Approval", json=keys) as response:
            approval = (await response.json())["approval_key"]
        address = url.replace("http://", "ws://") + "/tryitout"
        async with (
            websockets.connect(address, ping_interval=None) as socket,
            asyncio.TaskGroup() as group,
        ):
            await registered(socket, approval)
            used = processor_seconds(pid)
            await asked(http, TICKS_PER_SECOND)
            group.create_task(read_for(socket, reading, quiet=1.0))
            await asyncio.sleep(SECONDS)
            used = processor_seconds(pid) - used
            before = await asked(http, 0)
    assert reading.began is not None
    lasted = reading.ended - reading.began
    print()
    print(f"largest lag     {reading.largest_lag * 1000:10.1f} ms behind the first at the reader")
    print(
        f"  and           {before['behind_before'] * 1000:10.1f} ms behind its rate in the making"
    )
    print(f"processor       {used / SECONDS:10.0%} of one, for the simulator")
    tell(
        compared(
            f"simulator: ticks over {REGISTRATIONS} registrations",
            "ticks/s",
            [reading.records / lasted],
            "the rate asked for",
            [TICKS_PER_SECOND],
            more_is_better=True,
        )
    )
    assert reading.records == before["made_before"]
