"""`muhan status`: the running bot's word, and what is left to say when there is none."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import command_line
from bot.events import BotStarted
from bot.trading.model import Approval
from tests.bot.control.office import Office, office_at
from tests.bot.trading.floor import DAY, table_of

RUNNER = CliRunner()
Asked = Callable[..., Result]


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Ask at the console of a machine whose MUHAN_HOME is the test's folder."""
    monkeypatch.chdir(tmp_path)

    def ask(*options: str, **environ: str) -> Result:
        env = {"MUHAN_HOME": str(tmp_path), "MUHAN_VENUE": "demo", **environ}
        return RUNNER.invoke(command_line("status"), ["status", *options], env=env)

    return ask


async def evening(office: Office) -> None:
    await office.floor.begin(approval=Approval.CONFIRM)
    await office.floor.live(table_of(DAY).propose_at + timedelta(minutes=1))


async def test_a_running_bot_says_how_it_stands(tmp_path: Path, asked: Asked) -> None:
    async with office_at(tmp_path) as office:
        await evening(office)
        korean = await asyncio.to_thread(asked)
        english = await asyncio.to_thread(asked, MUHAN_LANGUAGE="en")
    assert (korean.exit_code, english.exit_code) == (0, 0), korean.output
    for told in (
        "데모 · 가동 중 · 무한 0.6.0",
        "TQQQ V4.0 20 · T 4.00 · 40주 · 평단 $50.00 · 잔금 $8,000.00",
        "2026-10-07 TQQQ 회차: 계획됨",
        "승인 마감",
        "미체결 0건 · 미확인 0건",
    ):
        assert told in korean.stdout
    for told in ("demo · trading · Muhan 0.6.0", "40 shares at $50.00", "planned", "0 unresolved"):
        assert told in english.stdout


async def test_its_json_has_exact_figures_and_is_one_document(tmp_path: Path, asked: Asked) -> None:
    async with office_at(tmp_path) as office:
        await evening(office)
        result = await asyncio.to_thread(asked, "--json")
    told: dict[str, Any] = json.loads(result.stdout)
    assert told["running"] is True
    assert told["doing_en"]
    (cycle,) = told["cycles"]
    assert Decimal(cycle["cash"]) == 8000
    assert isinstance(cycle["cash"], str)
    (latest,) = told["rounds"]
    assert (latest["state"], latest["session"]) == ("proposed", "2026-10-07")


async def test_without_a_bot_the_state_file_is_read_and_the_exit_says_so(
    tmp_path: Path, asked: Asked
) -> None:
    async with office_at(tmp_path) as office:
        await office.happens(BotStarted(version="0.6.0", unresolved=0, venue="paper"))
        await evening(office)
    result = await asyncio.to_thread(asked)
    assert result.exit_code == 3
    assert "꺼짐 (마지막 기록) · 리허설" in result.stdout
    assert "40주" in result.stdout
    assert len(result.stderr.strip().splitlines()) == 1
    assert "muhan run" in result.stderr
    document = await asyncio.to_thread(asked, "--json")
    assert document.exit_code == 3
    assert json.loads(document.stdout)["running"] is False


def test_without_bot_and_file_there_is_one_sentence(asked: Asked) -> None:
    result = asked("--json")
    assert result.exit_code == 3
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    assert "muhan run" in result.stderr


def test_a_venue_that_is_none_is_refused_in_one_sentence(asked: Asked) -> None:
    result = asked(MUHAN_VENUE="moon")
    assert result.exit_code == 3
    assert "MUHAN_VENUE" in result.stderr


async def test_a_state_file_without_a_cycle_says_how_one_begins(
    tmp_path: Path, asked: Asked
) -> None:
    async with office_at(tmp_path):
        result = await asyncio.to_thread(asked)
    assert "muhan cycle start" in result.stdout
