"""Two bots on one home, and a bot whose predecessor was killed: the lock is the kernel's."""

import signal
from pathlib import Path

import pytest

from tests.faults.processes.evening import (
    AFTERWARDS,
    ORDERS,
    assert_all_is_right,
    assert_sent_before_standing,
)
from tests.faults.processes.program import open_stage

REFUSED = 3
"""The exit status of a sentence (bot/errors.py)."""


@pytest.mark.fault(59)
def test_of_two_bots_that_start_together_one_trades_and_one_ends_with_a_sentence(
    tmp_path: Path,
) -> None:
    with open_stage(tmp_path / "home") as stage:
        bots = [stage.start(), stage.start()]
        try:
            stage.until(lambda: not all(bot.process.is_alive() for bot in bots), "one that ends")
            refused, trading = sorted(bots, key=lambda bot: bot.process.is_alive())
            assert refused.ended() == REFUSED
            assert "이미 실행 중" in refused.said()
            assert str(trading.process.pid) in refused.said()
            trading.ready()
            stage.kis.go(AFTERWARDS)
            assert len(stage.kis.orders()) == ORDERS
            assert_sent_before_standing(stage.home, stage.kis)
            assert_all_is_right(stage.home, stage.kis)
        finally:
            for bot in bots:
                bot.end()


@pytest.mark.fault(60)
def test_a_bot_that_was_killed_leaves_no_lock_behind(tmp_path: Path) -> None:
    with open_stage(tmp_path / "home") as stage:
        with stage.running() as bot:
            bot.signal(signal.SIGKILL)
            assert bot.ended() == -signal.SIGKILL
        with stage.running():
            stage.kis.go(AFTERWARDS)
            assert len(stage.kis.orders()) == ORDERS
            assert_all_is_right(stage.home, stage.kis)
