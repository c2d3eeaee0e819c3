"""One state file, one venue: what was approved in a rehearsal is never sent for real money."""

from pathlib import Path

import pytest

from bot.app import running
from bot.events import BotStarted
from bot.settings import load
from bot.storage.codec import event_of
from bot.storage.database import DATABASE_NAME
from bot.trading.recovery import OtherVenue, check_venue
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import Floor, on_floor


async def start(floor: Floor, venue: str) -> None:
    async with floor.trading.desk.recording() as recording:
        await recording.record(BotStarted(version="1", unresolved=0, venue=venue))


@pytest.mark.parametrize(("was", "now"), [("paper", "real"), ("mock", "real"), ("real", "mock")])
async def test_a_state_file_with_cycles_of_another_venue_is_refused_with_a_sentence(
    was: str, now: str, floor: Floor
) -> None:
    await floor.begin()
    await start(floor, was)
    with pytest.raises(OtherVenue) as refused:
        await check_venue(floor.journal, floor.views, now)
    assert "MUHAN_HOME" in refused.value.korean
    assert f"MUHAN_VENUE={was}" in refused.value.english
    await check_venue(floor.journal, floor.views, was)


async def test_the_bot_does_not_start_for_real_money_on_a_rehearsals_file(
    tmp_path: Path, counter: Counter
) -> None:
    async with on_floor(tmp_path / DATABASE_NAME, counter) as floor:
        await floor.begin()
        await start(floor, "paper")
    words = {
        "TELEGRAM_BOT_TOKEN": "1:abc",
        "TELEGRAM_OWNER_ID": "1",
        "KIS_APP_KEY": "k" * 36,
        "KIS_APP_SECRET": "s" * 180,
        "KIS_ACCOUNT": "12345678-01",
        "MUHAN_VENUE": "real",
        "MUHAN_HOME": str(tmp_path),
    }
    with pytest.raises(OtherVenue):
        async with running(load(None, words), on_ready=lambda: None):
            raise AssertionError("it started")


async def test_a_file_without_a_cycle_may_change_its_venue(floor: Floor) -> None:
    await start(floor, "paper")
    await check_venue(floor.journal, floor.views, "real")


async def test_a_file_from_before_venues_were_noted_is_taken_as_it_is(
    tmp_path: Path, counter: Counter
) -> None:
    old = event_of("BotStarted", '{"version": "0.1", "unresolved": 0}')
    assert old == BotStarted(version="0.1", unresolved=0, venue="")
    async with on_floor(tmp_path / "state", counter) as floor:
        await floor.begin()
        await check_venue(floor.journal, floor.views, "real")
        await start(floor, "")
        await check_venue(floor.journal, floor.views, "real")
