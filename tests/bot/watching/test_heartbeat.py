"""The sign of life over a real loopback server, and the cry instead of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.events import LawBroken
from bot.redaction import masked, register_secret
from bot.storage.outbox import Outbox
from bot.trading.holds import Hold
from bot.watching.heartbeat import Heartbeat, Pulse
from tests.bot.trading.floor import DAY, table_of
from tests.bot.watching.watched import Watched

TABLE = table_of(DAY)


@asynccontextmanager
async def monitor(*, status: int = 200) -> AsyncIterator[tuple[str, list[str]]]:
    """Run a monitor on loopback; hand out the bot's address and the paths that were called."""
    called: list[str] = []

    async def heard(request: web.Request) -> web.Response:
        called.append(request.path_qs)
        return web.Response(status=status)

    app = web.Application()
    app.router.add_get("/{rest:.*}", heard)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}/ping/0b6b", called
    finally:
        await runner.cleanup()


async def test_a_bot_that_works_calls_its_address_and_says_nothing_else(room: Watched) -> None:
    await room.floor.begin()
    await room.floor.look(TABLE.propose_at)
    async with room.floor.database.transaction() as tx:
        await tx.execute("UPDATE outbox SET state = 'sent'")
    async with monitor() as (url, called):
        await Heartbeat(room.watching.pulse, room.floor.clock, url=url).beat()
    assert called == ["/ping/0b6b"]


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        ("hold", "disk"),
        ("law", "law"),
        ("schedule", "schedule"),
        ("letters", "letters"),
        ("broker", "broker"),
    ],
)
async def test_what_stands_still_is_a_cry_instead_of_a_sign_of_life(
    room: Watched, trouble: str, code: str
) -> None:
    floor = room.floor
    await floor.begin()
    await floor.look(TABLE.propose_at)
    if trouble != "letters":
        async with floor.database.transaction() as tx:
            await tx.execute("UPDATE outbox SET state = 'sent'")
    if trouble == "hold":
        floor.trading.desk.holds.put(Hold.DISK, "full")
    elif trouble == "law":
        async with floor.trading.desk.recording() as recording:
            await recording.record(LawBroken(law="shares", subject="TQQQ", detail="-1"))
        async with floor.database.transaction() as tx:
            await tx.execute("UPDATE outbox SET state = 'sent'")
    elif trouble == "schedule":
        floor.clock.at += timedelta(minutes=4)
    elif trouble == "letters":
        await floor.look(floor.clock.at + timedelta(minutes=16))
    else:
        await floor.trading.desk.troubled("no answer in time")
        async with floor.database.transaction() as tx:
            await tx.execute("UPDATE outbox SET state = 'sent'")
    shown: list[tuple[str, ...]] = []

    async def write(_at: datetime, wrong: tuple[str, ...]) -> None:
        shown.append(wrong)

    async with monitor() as (url, called):
        heartbeat = Heartbeat(room.watching.pulse, floor.clock, url=url, write=write)
        await heartbeat.beat()
    assert called == ["/ping/0b6b/fail"]
    assert [each.split()[0] for each in shown[0]] == [code]


async def test_a_schedule_that_stands_still_with_a_simulators_time_is_nothing_wrong(
    room: Watched,
) -> None:
    floor = room.floor
    desk, outbox = floor.trading.desk, Outbox(floor.database)
    pulses = [Pulse(desk, outbox, floor.clock, stands_still=given) for given in (False, True)]
    floor.clock.at += timedelta(hours=1)
    assert [await pulse.wrong() for pulse in pulses] == [("schedule",), ()]
    assert pulses[1].silence() == timedelta()


async def test_a_monitor_that_is_gone_or_refuses_holds_nothing_up(
    room: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    url = "http://127.0.0.1:9/ping/0b6b-canary"
    register_secret(url)
    await Heartbeat(room.watching.pulse, room.floor.clock, url=url).beat()
    assert "canary" not in masked(caplog.text)
    assert "canary" not in caplog.text
    for status in (503, 301):
        async with monitor(status=status) as (url, called):
            with capture_logs() as logs:
                await Heartbeat(room.watching.pulse, room.floor.clock, url=url).beat()
        assert len(called) == 1
        assert [line["status"] for line in logs if "refused" in line["event"]] == [status]
