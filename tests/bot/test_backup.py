"""A backup is one moment of a state in use, holds no key, and comes back stopped."""

import asyncio
import hashlib
import json
import random
import sqlite3
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pexpect
import pytest
from typer.testing import CliRunner

from bot.archive import MANIFEST, BackupRefused, Kind, packed, read
from bot.backup import Restored, backed_up, backup_name, prove, restore
from bot.cli import app
from bot.errors import AnotherInstance
from bot.events import BotStarted, TradingResumed
from bot.instance import only_instance
from bot.storage.chat import ChatStore
from bot.storage.damage import copies
from bot.storage.database import DATABASE_NAME, known_format, opened
from bot.storage.journal import Journal
from bot.storage.panel_sessions import PanelSessions, begin, holder
from bot.storage.views import Views
from bot.trading.model import CONSOLE
from bot.trading.recovery import LedgerBroken
from tests.bot.telegram.samples import started

NOW = datetime(2026, 11, 27, 11, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
KEY = "PSabcdefghij0123456789KLMNOPQRSTUVwx"


def later() -> datetime:
    return LATER


async def written(home: Path) -> None:
    """Leave a state with a cycle, a button, and a log that was not folded into the file."""
    async with opened(home / DATABASE_NAME) as database:
        async with Journal(database).recording(NOW) as recording:
            await recording.record(started())
        await ChatStore(database).offer(1, "{}", expires_at=None)


def made(home: Path, archive: Path, venue: str = "demo") -> Path:
    archive.write_bytes(backed_up(home, now=NOW, version="0.1.0", venue=venue))
    return archive


async def trading(home: Path) -> str:
    async with opened(home / DATABASE_NAME) as database:
        return await Views(database).trading()


async def events(home: Path) -> list[str]:
    async with opened(home / DATABASE_NAME) as database:
        return [type(entry.event).__name__ for entry in await Journal(database).entries()]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


async def test_a_backup_of_a_state_in_use_holds_what_is_durable_and_disturbs_no_writer(
    home: Path, tmp_path: Path
) -> None:
    async with opened(home / DATABASE_NAME) as database:
        journal = Journal(database)
        async with journal.recording(NOW) as recording:
            await recording.record(started())
        async with journal.recording(NOW) as recording:
            await recording.record(BotStarted(version="1", unresolved=0))
            archive = made(home, tmp_path / "b.zip")  # the second event is not durable yet
        assert await journal.last_seq() == 2
    with ZipFile(archive) as packed:
        assert sorted(packed.namelist()) == [MANIFEST, DATABASE_NAME]
        copy = tmp_path / "copy.sqlite3"
        copy.write_bytes(packed.read(DATABASE_NAME))
    with closing(sqlite3.connect(copy)) as file:
        assert file.execute("SELECT count(*) FROM journal").fetchone() == (1,)
    assert sorted(path.name for path in home.iterdir()) == [DATABASE_NAME]


async def test_what_is_restored_is_stopped_before_a_bot_can_find_it(
    home: Path, tmp_path: Path
) -> None:
    await written(home)
    archive = made(home, tmp_path / "b.zip")
    async with (
        opened(home / DATABASE_NAME) as database,
        Journal(database).recording(NOW) as recording,
    ):
        await recording.record(TradingResumed(by=CONSOLE))
    assert await trading(home) == "running"
    done = _restored(home, archive)
    assert await trading(home) == "stopped"
    assert await events(home) == ["CycleStarted", "TradingStopped"]
    assert done.manifest.made_at == NOW
    (aside,) = [path for path in done.aside if path.suffix == ".sqlite3"]
    with closing(sqlite3.connect(aside)) as file:
        assert file.execute("SELECT count(*) FROM journal").fetchone() == (2,)
    assert copies(home / DATABASE_NAME)  # a bot finds it by that name


def _restored(home: Path, archive: Path, venue: str = "demo") -> Restored:
    """Restore as the console does: outside of any event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(restore, home, read(archive), venue=venue, now=later).result()


async def test_buttons_and_logins_from_before_a_restore_are_dead(
    home: Path, tmp_path: Path
) -> None:
    await written(home)
    async with opened(home / DATABASE_NAME) as database:
        sessions = PanelSessions(database)
        await sessions.offer("used", 1, NOW, LATER)
        async with database.transaction() as tx:
            assert await begin(tx, "used", "session", NOW) == 1
        await sessions.offer("key", 1, NOW, LATER)
        archive = made(home, tmp_path / "b.zip")
        await sessions.end("session")  # logged out, and not let in again by a restore
    _restored(home, archive)
    async with opened(home / DATABASE_NAME) as database:
        assert await holder(database, "session", NOW) is None
        for table in ("tap", "panel_key", "panel_session"):
            assert await database.all(f"SELECT * FROM {table}") == [], table  # noqa: S608


async def test_the_owners_calendar_comes_along_and_keys_do_not(home: Path, tmp_path: Path) -> None:
    await written(home)
    (home / "sessions.csv").write_text("2026-12-01,closed\n", encoding="utf-8")
    for name in ("token.json", "totp", ".env"):
        (home / name).write_text(KEY, encoding="utf-8")
    archive = made(home, tmp_path / "b.zip")
    with ZipFile(archive) as packed:
        assert sorted(packed.namelist()) == [MANIFEST, DATABASE_NAME, "sessions.csv"]
        assert all(KEY.encode() not in packed.read(name) for name in packed.namelist())
    (home / "sessions.csv").unlink()
    _restored(home, archive)
    assert (home / "sessions.csv").read_text(encoding="utf-8") == "2026-12-01,closed\n"


async def test_a_rehearsals_own_account_comes_along(home: Path, tmp_path: Path) -> None:
    await written(home)
    with closing(sqlite3.connect(home / "paper.sqlite3")) as room:
        room.execute("PRAGMA journal_mode = WAL")
        room.execute("CREATE TABLE held (symbol TEXT)")
        room.execute("INSERT INTO held VALUES ('TQQQ')")
        room.commit()
        archive = made(home, tmp_path / "b.zip")
    (home / "paper.sqlite3").unlink()
    _restored(home, archive)
    with closing(sqlite3.connect(home / "paper.sqlite3")) as room:
        assert room.execute("SELECT symbol FROM held").fetchall() == [("TQQQ",)]


async def test_a_backup_is_proved_by_rebuilding_its_ledger(home: Path, tmp_path: Path) -> None:
    await written(home)
    archive = made(home, tmp_path / "b.zip")
    await _proved(archive, tmp_path)
    with closing(sqlite3.connect(home / DATABASE_NAME)) as file:
        file.execute("UPDATE cycle SET state = json_set(state, '$.quantity', 7777)")
        assert file.total_changes == 1
        file.commit()
    with pytest.raises(LedgerBroken):
        await _proved(made(home, archive), tmp_path)
    assert not list(tmp_path.glob("proof-*"))


async def _proved(archive: Path, place: Path) -> None:
    await asyncio.to_thread(prove, read(archive), place)


async def test_nothing_is_restored_under_a_running_bot(home: Path, tmp_path: Path) -> None:
    await written(home)
    archive = made(home, tmp_path / "b.zip")
    with only_instance(home), pytest.raises(AnotherInstance):
        _restored(home, archive)


async def test_a_backup_of_another_venue_is_refused(home: Path, tmp_path: Path) -> None:
    await written(home)
    archive = made(home, tmp_path / "b.zip", venue="paper")
    with pytest.raises(BackupRefused, match="MUHAN_VENUE=paper"):
        _restored(home, archive, venue="real")
    assert await events(home) == ["CycleStarted"]


def changed(archive: Path, name: str, data: bytes) -> Path:
    """Write an archive anew with one of its files replaced."""
    with ZipFile(archive) as packed:
        contents = {each: packed.read(each) for each in packed.namelist()}
    with ZipFile(archive, "w") as packed:
        for each, before in contents.items():
            packed.writestr(each, data if each == name else before)
    return archive


async def test_an_archive_whose_content_was_changed_is_refused(home: Path, tmp_path: Path) -> None:
    await written(home)
    archive = changed(made(home, tmp_path / "b.zip"), DATABASE_NAME, b"SQLite format 3\0 no")
    with pytest.raises(BackupRefused, match="is not what was packed"):
        _restored(home, archive)
    assert await events(home) == ["CycleStarted"]


async def test_a_damaged_and_a_newer_state_are_refused_before_anything_is_moved(
    home: Path, tmp_path: Path
) -> None:
    await written(home)
    before = sorted(path.name for path in home.iterdir())
    copy = tmp_path / "newer.sqlite3"
    with ZipFile(made(home, tmp_path / "b.zip")) as packed:
        copy.write_bytes(packed.read(DATABASE_NAME))
    with closing(sqlite3.connect(copy)) as file:
        file.execute(f"PRAGMA user_version = {known_format() + 1}")
    for content, said in ((copy.read_bytes(), "더 새로운"), (b"nothing" * 100, "not a database")):
        archive = repacked(tmp_path / "b.zip", content)
        with pytest.raises(BackupRefused, match=said):
            _restored(home, archive)
    assert sorted(path.name for path in home.iterdir() if path.name != "lock") == before


def repacked(archive: Path, content: bytes) -> Path:
    """Put another state into an archive, with the digest that belongs to it."""
    told = json.loads(ZipFile(archive).read(MANIFEST))
    told["files"][DATABASE_NAME] = hashlib.sha256(content).hexdigest()
    changed(archive, DATABASE_NAME, content)
    return changed(archive, MANIFEST, json.dumps(told).encode())


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_backup_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    archive = tmp_path / "b.zip"
    archive.write_bytes(content)
    with pytest.raises(BackupRefused, match="백업이 아닙니다"):
        read(archive)


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA])
def test_a_zip_that_another_program_packed_or_a_disk_broke_is_refused_with_a_sentence(
    tmp_path: Path, method: int
) -> None:
    data = packed({DATABASE_NAME: b"state"}, kind=Kind.BACKUP, now=NOW, version="1", venue="demo")
    (archive := tmp_path / "b.zip").write_bytes(data)
    with ZipFile(archive) as whole:
        contents = {name: whole.read(name) for name in whole.namelist()}
    chance = random.Random(method)
    good = _zipped(contents, method)
    for _ in range(150):
        spoilt = bytearray(good)
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
        archive.write_bytes(spoilt)
        with suppress(BackupRefused):  # a byte that says nothing, such as a date, may be another
            read(archive)
    archive.write_bytes(_zipped(contents | {MANIFEST: b"[" * 10_000}, method))
    with pytest.raises(BackupRefused, match="recursion"):
        read(archive)
    locked = bytearray(good)
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        locked[locked.index(mark) + (6 if mark[2] == 3 else 8)] |= 1  # "under a password"
    archive.write_bytes(locked)
    with pytest.raises(BackupRefused, match="password"):
        read(archive)


def _zipped(contents: Mapping[str, bytes], method: int) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", method) as made:
        for name, data in contents.items():
            made.writestr(name, data)
    return file.getvalue()


def test_a_file_name_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    contents = {DATABASE_NAME: b"state", "../../.ssh/authorized_keys": b"theirs"}
    path = tmp_path / "b.zip"
    path.write_bytes(packed(contents, kind=Kind.BACKUP, now=NOW, version="1", venue="demo"))
    with pytest.raises(BackupRefused, match="another program's"):
        read(path)


def test_a_home_without_a_state_says_so(home: Path) -> None:
    with pytest.raises(BackupRefused, match="백업할 상태 파일"):
        backed_up(home, now=NOW, version="1", venue="demo")


# -- at the console --------------------------------------------------------------------------------


@pytest.fixture
def env(home: Path, tmp_path: Path) -> Path:
    file = tmp_path / ".env"
    file.write_text(
        "TELEGRAM_BOT_TOKEN=123456:AAEhBP0av28abcdefghijklmnopqrstuvwx\nTELEGRAM_OWNER_ID=4242\n"
        f"KIS_APP_KEY={KEY}\nKIS_APP_SECRET={KEY}\nKIS_ACCOUNT=50012345-01\nMUHAN_VENUE=demo\n"
        f"KIS_REST_URL=http://127.0.0.1:1\nKIS_WEBSOCKET_URL=ws://127.0.0.1:1\nMUHAN_HOME={home}\n",
        encoding="utf-8",
    )
    file.chmod(0o600)
    return file


WORD = "rain coat seven lamp"


def passphrase(env: Path, word: str) -> None:
    with env.open("a", encoding="utf-8") as file:
        file.write(f"MUHAN_BACKUP_PASSPHRASE={word}\n")


def test_backup_and_restore_at_the_console(env: Path, home: Path, tmp_path: Path) -> None:
    asyncio.run(written(home))
    passphrase(env, WORD)
    run = CliRunner()
    made_ = run.invoke(app, ["backup", "--to", str(tmp_path), "--env", str(env)])
    assert made_.exit_code == 0, made_.output
    (archive,) = tmp_path.glob("muhan-backup-*.muhan")
    assert archive.stat().st_mode & 0o777 == 0o600
    assert b"SQLite" not in archive.read_bytes()
    asked = run.invoke(app, ["restore", str(archive), "--env", str(env)], input="n\n")
    assert asked.exit_code == 3
    assert asyncio.run(trading(home)) == "running"
    silent = run.invoke(app, ["restore", str(archive), "--env", str(env)], input="")
    assert silent.exit_code == 3
    assert "--yes" in silent.output
    done = run.invoke(app, ["restore", str(archive), "--env", str(env)], input="y\n")
    assert done.exit_code == 0, done.output
    assert "정지되어 있습니다" in done.output
    assert "/users" in done.output, "whom that day's state lets in is told"
    assert asyncio.run(trading(home)) == "stopped"


def test_without_a_passphrase_a_backup_is_plain_only_when_asked_for(
    env: Path, home: Path, tmp_path: Path
) -> None:
    asyncio.run(written(home))
    words = ["backup", "--to", str(tmp_path), "--env", str(env)]
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 3
    assert "--plain" in refused.output
    assert "암호화하지 않았으니" in CliRunner().invoke(app, [*words, "--plain"]).output
    (archive,) = tmp_path.glob("muhan-backup-*")
    assert archive.suffix == ".zip"
    assert read(archive).manifest.venue == "demo"


@pytest.mark.parametrize(
    ("word", "spoil", "said"),
    [
        ("", False, "암호화되어 있습니다"),
        ("another one altogether", False, "암호가 다릅니다"),
        (WORD, True, "손상되었습니다"),
    ],
)
def test_a_backup_that_does_not_open_changes_nothing_and_says_why(
    word: str, *, spoil: bool, said: str, env: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    asyncio.run(written(home))
    data = backed_up(home, now=NOW, version="1", venue="demo", passphrase=WORD)
    archive = tmp_path / "b.muhan"
    archive.write_bytes(data[:-40] if spoil else data)
    if word:
        passphrase(env, word)
    refused = CliRunner().invoke(app, ["restore", str(archive), "--yes", "--env", str(env)])
    assert refused.exit_code == 3
    assert said in refused.output
    assert len(refused.output.splitlines()) == 1
    assert asyncio.run(trading(home)) == "running"


def test_a_passphrase_is_typed_unseen_where_there_is_a_terminal(
    env: Path, home: Path, tmp_path: Path
) -> None:
    asyncio.run(written(home))
    words = ["-m", "bot", "backup", "--to", str(tmp_path), "--env", str(env)]
    typed = pexpect.spawn(sys.executable, words, encoding="utf-8", timeout=120)
    typed.expect("암호: ")
    typed.sendline("short")
    typed.expect("너무 짧습니다")
    typed.expect("암호: ")
    typed.sendline(WORD)
    typed.expect("한 번 더: ")
    typed.sendline(WORD)
    typed.expect("암호화했고")
    typed.expect(pexpect.EOF)
    assert WORD not in str(typed.before)
    (archive,) = tmp_path.glob("muhan-backup-*.muhan")
    words = ["-m", "bot", "restore", str(archive), "--yes", "--env", str(env)]
    typed = pexpect.spawn(sys.executable, words, encoding="utf-8", timeout=120)
    typed.expect("이 파일의 암호: ")
    typed.sendline("another one altogether")
    typed.expect("암호가 다릅니다")
    typed.expect("이 파일의 암호: ")
    typed.sendline(WORD)
    typed.expect("되돌렸습니다")
    typed.expect(pexpect.EOF)
    assert asyncio.run(trading(home)) == "stopped"


def test_a_backup_is_never_written_over_another_file(env: Path, home: Path, tmp_path: Path) -> None:
    asyncio.run(written(home))
    there = tmp_path / "there.zip"
    there.write_bytes(b"mine")
    words = ["backup", "--plain", "--to", str(there), "--env", str(env)]
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 3
    assert there.read_bytes() == b"mine"


def test_a_backup_is_named_by_its_moment_in_seoul() -> None:
    assert backup_name(NOW, secret=False) == "muhan-backup-20261127-203000.zip"
    assert backup_name(NOW, secret=True) == "muhan-backup-20261127-203000.muhan"
