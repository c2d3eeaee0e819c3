"""`muhan export`: what the bot knows of the account as a file, without the bot."""

import asyncio
import csv
import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.events import CycleStarted, RateSeen
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.trading.model import STARTUP, Approval
from tests.bot.reports.history import BEGIN, events_of, played

RUNNER = CliRunner()
UP = ("100", "100", "97", "94", "96", "99", "103", "108", "115", "121", "128")
WORDS = {
    "TELEGRAM_BOT_TOKEN": "123456789:AAcanary-token_of_a_bot_0123456789abc",
    "TELEGRAM_OWNER_ID": "42",
    "KIS_APP_KEY": "k" * 36,
    "KIS_APP_SECRET": "s" * 180,
    "KIS_ACCOUNT": "12345678-01",
    "MUHAN_VENUE": "mock",
}


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, and a state file with a finished cycle, in a folder of their own."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    path = tmp_path / ".env"
    path.write_text("".join(f"{k}={v}\n" for k, v in {**WORDS, "MUHAN_HOME": str(home)}.items()))
    path.chmod(0o600)
    asyncio.run(_written(home / DATABASE_NAME))
    monkeypatch.chdir(tmp_path)
    return path


async def _written(path: Path) -> None:
    rounds = played(UP)
    first = rounds[0].settlement
    assert first is not None
    begun = CycleStarted(cycle_id=1, cycle=first.before, approval=Approval.AUTO, by=STARTUP)
    rate = RateSeen(day=BEGIN, rate=Decimal("1387.5"))
    async with opened(path) as database:
        journal = Journal(database)
        async with journal.recording(datetime(2026, 10, 14, tzinfo=UTC)) as recording:
            for event in [begun, rate, *(event for each in rounds for event in events_of(each))]:
                await recording.record(event)


def say(env: Path, line: str) -> Result:
    return RUNNER.invoke(app, ["export", *line.split(), "--env", str(env)])


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))[1:]


def test_the_trades_and_cycles_of_a_year_are_written_for_their_owner_alone(env: Path) -> None:
    result = say(env, "--what trades --year 2026")
    assert result.exit_code == 0, result.output
    path = env.parent / "muhan-trades-2026.csv"
    assert path.stat().st_mode & 0o777 == 0o600
    realized = sum(Decimal(row[-1]) for row in rows(path))
    assert say(env, "--what cycles").exit_code == 0
    (cycle,) = rows(env.parent / "muhan-cycles.csv")
    assert cycle[1] == "TQQQ"
    assert Decimal(cycle[13]) > realized > 0  # the next cycle's fees are in the trades


def test_the_taxed_sales_are_in_won(env: Path) -> None:
    assert say(env, "--what tax --year 2026 --out taxed.csv").exit_code == 0
    sold = rows(env.parent / "taxed.csv")
    assert sold
    assert all(row[2] == "TQQQ" and Decimal(row[7]) == Decimal("1387.5") for row in sold)


def test_everything_is_one_workbook(env: Path) -> None:
    assert say(env, "--what all").exit_code == 0
    with zipfile.ZipFile(env.parent / "muhan-all.xlsx") as book:
        assert sum(name.startswith("xl/worksheets/sheet") for name in book.namelist()) == 3
    assert say(env, "--what all --format csv").exit_code == 2


def test_a_file_that_is_there_is_not_touched(env: Path) -> None:
    there = env.parent / "mine.csv"
    there.write_text("mine")
    refused = say(env, "--what trades --out mine.csv")
    assert refused.exit_code == 3
    assert refused.stderr.count("\n") == 1
    assert there.read_text() == "mine"
    nowhere = say(env, "--what trades --out no/such/folder.csv")
    assert nowhere.exit_code == 3
    assert "자리와 권한" in nowhere.stderr
