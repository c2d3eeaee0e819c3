"""The whole program is killed at steps of an evening: commits and requests to KIS, chat and all."""

import os
import random
import signal
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.faults.processes.children import pipe
from tests.faults.processes.evening import (
    AFTERWARDS,
    LONG,
    ORDERS,
    assert_all_is_right,
    assert_sent_before_standing,
)
from tests.faults.processes.program import READY, Bot, Stage, open_stage
from tests.faults.processes.trader import TABLE

MINUTE = timedelta(minutes=1)
WAY = (
    TABLE.propose_at + MINUTE,
    TABLE.send_from + MINUTE,
    TABLE.send_from + 20 * MINUTE,
    TABLE.verify_at + MINUTE,
    TABLE.deadline + MINUTE,
    TABLE.settle_at + MINUTE,
    AFTERWARDS,
)
"""The instants between which a bot that died is started again."""
DEATHS = 5


def lives_until(stage: Stage, bot: Bot, instant: datetime) -> bool:
    """Let market time pass to an instant; answer whether the bot is alive then."""
    with stage.time_passing(instant):
        stage.until(lambda: stage.there(instant) or not bot.process.is_alive(), "time passes")
        if not bot.process.is_alive():
            stage.kis.ask("DELETE", "clock/parties/bot")
    return bot.process.is_alive()


def walk(stage: Stage, bot: Bot) -> int:
    """Let the evening pass; start the bot again, whole this time, when it has died."""
    deaths = 0
    stage.until(lambda: READY in bot.said() or not bot.process.is_alive(), "a start")
    try:
        for instant in WAY:
            if lives_until(stage, bot, instant):
                continue
            assert bot.ended() == -signal.SIGKILL
            assert_sent_before_standing(stage.home, stage.kis)
            deaths += 1
            bot = stage.start()
            bot.ready()
    finally:
        bot.end()
    return deaths


def steps_of_a_whole_evening(home: Path) -> int:
    ours, theirs = pipe()
    with open_stage(home) as stage:
        bot = stage.start_mortal(0, theirs)
        bot.ready()
        stage.kis.go(AFTERWARDS)
        bot.signal(signal.SIGTERM)
        steps: int = ours.recv()
        assert bot.ended() == 0
        assert len(stage.kis.orders()) == ORDERS
    return steps


def chosen(steps: int) -> list[int]:
    if os.environ.get(LONG):
        return list(range(1, steps + 1))
    return sorted(random.Random(54).sample(range(steps // 5, steps), DEATHS))


def die_and_go_on(home: Path, at: int, unused: Any) -> None:
    with open_stage(home) as stage:
        assert walk(stage, stage.start_mortal(at, unused)) == 1
        assert_sent_before_standing(stage.home, stage.kis)
        assert_all_is_right(stage.home, stage.kis)


@pytest.mark.fault(54)
def test_the_whole_program_killed_at_steps_of_an_evening_doubles_and_loses_nothing(
    tmp_path: Path,
) -> None:
    steps = steps_of_a_whole_evening(tmp_path / "whole")
    _, unused = pipe()
    for at in chosen(steps):
        die_and_go_on(tmp_path / str(at), at, unused)
