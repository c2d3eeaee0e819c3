"""Rehearsal first, money only by a word, and never one venue's cycles in another's hands."""

import asyncio
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

from bot.addresses import Venue
from bot.commands import StartCycle
from bot.console import room
from bot.console_words import Words
from bot.errors import SettingsError
from bot.events import BotStarted
from bot.setup.answers import Answers
from bot.setup.sitting import Part, Sitting
from bot.setup.terminal import Terminal
from bot.setup.venue import venue
from bot.trading.model import CONSOLE, Approval
from strategy.versions import rules
from tests.bot.setup.conftest import Typist

CHOICE, WORD = "어디에 주문", "'실전'"


@pytest.fixture
def env(tmp_path: Path) -> Path:
    path = tmp_path / ".env"
    path.write_text(f"MUHAN_HOME={tmp_path / 'muhan'}\nKIS_HTS_ID=kept\n")
    path.chmod(0o600)
    return path


def choose(env: Path, *picks: str, word: tuple[str, ...] = (), again: bool = True) -> str:
    """Take the step of the venue; answer what it said."""
    out = StringIO()
    typist = Typist(answers={CHOICE: "", WORD: ""}, once={CHOICE: list(picks), WORD: list(word)})
    venue(
        Sitting(
            terminal=Terminal(Words("ko"), out=out, read=typist),
            answers=Answers(env, {}),
            again=frozenset({Part.VENUE} if again else ()),
        )
    )
    return out.getvalue()


def begin_a_cycle(env: Path) -> None:
    """Begin a cycle in the present folder, and have a bot start there once."""

    async def begin() -> None:
        settings = Answers(env, {}).trial({})
        async with room(settings) as desk:
            async with desk.desk.recording() as recording:
                await recording.record(
                    BotStarted(version="1", unresolved=0, venue=settings.muhan_venue.value)
                )
            agreed = rules("4.0", "TQQQ", 40)
            await desk.bus.ask(
                StartCycle(
                    rules=agreed, principal=Decimal(1000), approval=Approval.ALERT, by=CONSOLE
                )
            )

    asyncio.run(begin())


def kept(env: Path, name: str) -> str:
    return Answers(env, {}).get(name)


def test_enter_is_the_rehearsal(env: Path) -> None:
    choose(env, again=False)
    assert kept(env, "MUHAN_VENUE") == Venue.PAPER


@pytest.mark.parametrize("word", ["", "3", "y", "네"])
def test_real_money_takes_its_own_word_and_nothing_less(env: Path, word: str) -> None:
    said = choose(env, "3", "1", word=(word,))
    assert "실제 돈입니다" in said
    assert kept(env, "MUHAN_VENUE") == Venue.PAPER


def test_the_word_chooses_real_money(env: Path) -> None:
    choose(env, "3", word=("실전",))
    assert kept(env, "MUHAN_VENUE") == Venue.REAL


def test_a_rehearsals_cycles_never_reach_real_money(env: Path) -> None:
    choose(env, "1")
    home = kept(env, "MUHAN_HOME")
    begin_a_cycle(env)
    said = choose(env, "3", word=("real",))
    assert kept(env, "MUHAN_HOME") == f"{home}-real"
    assert kept(env, "KIS_HTS_ID") == "kept"
    assert home in said


def test_the_way_back_is_to_the_folder_of_that_venue(env: Path) -> None:
    choose(env, "1")
    paper = kept(env, "MUHAN_HOME")
    begin_a_cycle(env)
    choose(env, "2")
    mock = kept(env, "MUHAN_HOME")
    assert mock == f"{paper}-mock"
    begin_a_cycle(env)
    choose(env, "1")
    assert kept(env, "MUHAN_HOME") == paper
    choose(env, "2")
    assert kept(env, "MUHAN_HOME") == mock


def test_a_venue_that_was_changed_by_hand_gets_a_folder_of_its_own_too(env: Path) -> None:
    choose(env, "1")
    home = kept(env, "MUHAN_HOME")
    begin_a_cycle(env)
    env.write_text(env.read_text().replace("MUHAN_VENUE=paper", "MUHAN_VENUE=mock"))
    choose(env, again=False)
    assert kept(env, "MUHAN_HOME") == f"{home}-mock"


def test_an_address_that_real_money_may_not_have_is_told_and_asked_again(env: Path) -> None:
    env.write_text(env.read_text() + "KIS_REST_URL=http://127.0.0.1:8443\n")
    said = choose(env, "3", "2", word=("실전",))
    assert "한국투자증권의 주소만" in said
    assert kept(env, "MUHAN_VENUE") == Venue.MOCK


def test_a_setting_that_is_not_asked_here_and_is_wrong_is_named(env: Path) -> None:
    env.write_text(env.read_text() + "MUHAN_DAILY_LIMIT=much\n")
    with pytest.raises(SettingsError, match="MUHAN_DAILY_LIMIT"):
        Answers(env, {}).trial({})
