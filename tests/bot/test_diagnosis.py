"""A bundle helps whoever is to help, and tells no secret, whatever way one came in."""

import io
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
import structlog

from bot.archive import BackupRefused, read
from bot.bus import Bus
from bot.clock import SystemClock
from bot.commands.upkeep import (
    AskCondition,
    AskNewer,
    AskProgram,
    AskSessions,
    CanEncrypt,
    MakeBackup,
    MakeDiagnosis,
    MakeLog,
)
from bot.counter import closed_counter
from bot.diagnosis import Findings, bundle
from bot.logs import configure
from bot.nursery import Nursery
from bot.sessions import Calendar
from bot.settings import load
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.storage.outbox import Outbox
from bot.storage.views import Views
from bot.trading.broker import KisBroker
from bot.trading.desk import Desk
from bot.updates import UpdateUnknown
from bot.upkeep import Conditions, Upkeep
from tests.bot.telegram.samples import proposed, started

NOW = datetime(2026, 11, 27, 11, 30, tzinfo=UTC)
OWNER = 424242
CANARIES = {
    "TELEGRAM_BOT_TOKEN": "123456789:AAcanarytoken0123456789abcdefghijkl",
    "KIS_APP_KEY": "PScanarykey0123456789",
    "KIS_APP_SECRET": "canarysecret+/=0123456789",
    "KIS_ACCOUNT": "50098765-01",
    "KIS_HTS_ID": "canaryhts",
    "MUHAN_HEARTBEAT_URL": "https://beats.example/canary-beat-key",
}
BEARER = "eyJcanary.access.token0123456789"


def fail(secret: str) -> None:
    raise ConnectionError(f"no answer for {secret}")


def leak_everywhere() -> None:
    """Push every secret through the ways by which they have come out of bots like this one."""
    log, library = structlog.get_logger("bot"), logging.getLogger("aiohttp.client")
    for name, secret in CANARIES.items():
        log.error("failed", **{name.lower(): secret})
        library.warning("GET https://api.example/%s?key=%s", name, secret)
        try:
            fail(secret)
        except ConnectionError:
            log.exception("broken", deep={"body": [{"x": secret}]})
    log.info("asked", headers={"authorization": f"Bearer {BEARER}"}, user=OWNER)


@asynccontextmanager
async def open_house(home: Path, **words: str) -> AsyncIterator[Bus]:
    """Open the upkeep of a home with one round planned and one letter that reached nobody."""
    environ = {
        **CANARIES,
        "TELEGRAM_OWNER_ID": str(OWNER),
        "MUHAN_HOME": str(home),
        "MUHAN_VENUE": "mock",
        "MUHAN_DAILY_LIMIT": "77777",
        **words,
    }
    settings = load(None, environ)
    configure("INFO", stream=io.StringIO())
    async with opened(home / DATABASE_NAME) as database, Nursery() as nursery:
        journal, views, wall = Journal(database), Views(database), SystemClock()
        async with journal.recording(NOW) as recording:
            for event in (started(), proposed()):
                await recording.record(event)
        await Outbox(database).bury(1, f"refused: /bot{CANARIES['TELEGRAM_BOT_TOKEN']}/sendMessage")
        broker = KisBroker(closed_counter(settings, now=wall.now))
        desk = Desk(
            clock=wall,
            journal=journal,
            views=views,
            broker=broker,
            bus=Bus(nursery),
            calendar=Calendar(),
            started=NOW,
        )
        conditions = Conditions(
            desk=desk, broker=broker, outbox=Outbox(database), wrong=nothing, wall=wall, home=home
        )
        Upkeep(
            settings=settings,
            database=database,
            conditions=conditions,
            people=lambda: (OWNER,),
            wall=wall,
        ).register(desk.bus)
        yield desk.bus


async def bundled(home: Path, *, leaks: bool = True) -> dict[str, str]:
    async with open_house(home) as bus:
        if leaks:
            leak_everywhere()
        made = await bus.ask(MakeDiagnosis())
    with ZipFile(io.BytesIO(made.data)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


async def nothing() -> tuple[str, ...]:
    return ()


@pytest.mark.parametrize("canary", [*CANARIES.values(), BEARER, "50098765", str(OWNER), "77777"])
async def test_no_secret_is_in_a_bundle_by_whatever_way_it_came(
    tmp_path: Path, canary: str
) -> None:
    files = await bundled(tmp_path)
    assert "no answer for" in files["log.jsonl"]  # they did come by
    assert [name for name, text in files.items() if canary in text] == []


async def test_a_bundle_says_what_helps(tmp_path: Path) -> None:
    told = json.loads((await bundled(tmp_path, leaks=False))["diagnosis.json"])
    assert told["settings"]["told"]["MUHAN_VENUE"] == "mock"
    assert "KIS_APP_KEY" in told["settings"]["set"]
    assert "MUHAN_HEARTBEAT_CHAT" in told["settings"]["not set"]
    assert [line["type"] for line in told["state"]["events"]] == ["CycleStarted", "RoundProposed"]
    assert told["state"]["tables"]["journal"] == 2
    assert told["state"]["states"]["outbox"] == {"dead": 1, "waiting": 1}
    assert told["state"]["dead_letters"][0]["note"].startswith("refused: /bot***")
    assert told["program"]["muhan"]
    assert told["condition"]["letters"] == 1


async def test_a_bundle_holds_no_figure_of_the_owners(tmp_path: Path) -> None:
    files = await bundled(tmp_path, leaks=False)
    assert [name for name, text in files.items() if "6250.11" in text or "101.23" in text] == []


async def test_the_condition_is_looked_at_when_it_is_asked_for(tmp_path: Path) -> None:
    async with open_house(tmp_path) as bus:
        found = await bus.ask(AskCondition())
        program = await bus.ask(AskProgram())
    assert (found.letters, found.dead, found.open_orders) == (1, 1, 0)
    assert found.dead_why.startswith("refused")
    assert found.state > 0
    assert 0 <= found.disk_used <= 100
    assert found.token_left is None
    assert found.last_round is not None
    assert found.last_round[1] == "TQQQ"
    assert int(program["state"]) >= 8


async def test_the_next_sessions_are_told_with_their_hours(tmp_path: Path) -> None:
    async with open_house(tmp_path) as bus:
        tables = await bus.ask(AskSessions(count=7))
    days = [table.session.day for table in tables]
    assert len(days) == 7
    assert days == sorted(set(days))


async def test_log_and_backup_come_as_files(tmp_path: Path) -> None:
    async with open_house(tmp_path) as bus:
        leak_everywhere()
        log, backup = await bus.ask(MakeLog()), await bus.ask(MakeBackup(plain=True))
    assert b"no answer for" in log.data
    assert b"canary" not in log.data
    with ZipFile(io.BytesIO(backup.data)) as packed:
        assert DATABASE_NAME in packed.namelist()


async def test_a_backup_leaves_encrypted_or_not_at_all_unless_plain_is_asked_for(
    tmp_path: Path,
) -> None:
    word = "rain coat seven lamp"
    async with open_house(tmp_path) as bus:
        assert not await bus.ask(CanEncrypt())
        with pytest.raises(BackupRefused, match="MUHAN_BACKUP_PASSPHRASE"):
            await bus.ask(MakeBackup())
    async with open_house(tmp_path / "b", MUHAN_BACKUP_PASSPHRASE=word) as bus:
        assert await bus.ask(CanEncrypt())
        sealed = await bus.ask(MakeBackup())
    path = tmp_path / sealed.name
    path.write_bytes(sealed.data)
    assert path.suffix == ".muhan"
    assert DATABASE_NAME in read(path, word).contents


async def test_nobody_is_asked_for_a_newer_release_until_an_address_is_set(tmp_path: Path) -> None:
    async with open_house(tmp_path) as bus:
        assert not await bus.ask(AskNewer())
    async with open_house(tmp_path / "b", MUHAN_UPDATE_URL="http://127.0.0.1:9/x") as bus:
        with pytest.raises(UpdateUnknown):
            await bus.ask(AskNewer())


def test_a_bundle_masks_what_it_is_handed_whoever_was_to_mask_it(tmp_path: Path) -> None:
    load(None, CANARIES | {"TELEGRAM_OWNER_ID": str(OWNER), "MUHAN_HOME": str(tmp_path)})
    packed = bundle(
        Findings(
            made_at=NOW,
            program={"muhan": CANARIES["KIS_APP_KEY"]},
            settings={},
            condition={},
            state={"note": CANARIES["KIS_ACCOUNT"]},
            people=(OWNER,),
            log=(f"said {CANARIES['KIS_APP_SECRET']} to {OWNER}",),
        )
    )
    with ZipFile(io.BytesIO(packed)) as files:
        texts = [files.read(name).decode() for name in files.namelist()]
    assert "to person-1" in texts[1]
    assert [text for text in texts if any(canary in text for canary in CANARIES.values())] == []
