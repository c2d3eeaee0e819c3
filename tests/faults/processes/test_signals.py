"""SIGTERM in the middle of a round, SIGSTOP over the time of the orders: the whole program."""

import signal
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kis.wire.codes import ORDER
from tests.faults.processes.evening import (
    AFTERWARDS,
    ORDERS,
    SHARES,
    assert_all_is_right,
    assert_sent_before_standing,
)
from tests.faults.processes.program import Bot, Stage, fault, open_stage
from tests.faults.processes.trader import TABLE

JUST_AFTER = TABLE.send_from + timedelta(minutes=1)
SLOW = 3.0
MISSED = "주문하지 않고 지나갔습니다"


@pytest.mark.fault(56)
def test_sigterm_in_mid_round_waits_for_the_answer_and_sends_nothing_more(tmp_path: Path) -> None:
    with open_stage(tmp_path / "home") as stage:
        with stage.running() as bot:
            fault(stage.kis, "slow_answer", count=1, seconds=SLOW, match={"path": ORDER})
            with stage.time_passing(JUST_AFTER):
                stage.until(lambda: stage.evidence.told("OrderSent"), "an order on its way")
                began = time.monotonic()
                bot.signal(signal.SIGTERM)
                assert bot.ended() == 0
                assert SLOW / 2 < time.monotonic() - began < 30
            assert stage.evidence.told("OrderAccepted") == len(stage.kis.orders()) == 1
            assert stage.evidence.states().count("planned") == 5
            assert "sent" not in stage.evidence.states()
        with stage.running():
            stage.kis.go(AFTERWARDS)
            assert len(stage.kis.orders()) == ORDERS
            assert_sent_before_standing(stage.home, stage.kis)
            assert_all_is_right(stage.home, stage.kis)


def sleep_until(stage: Stage, bot: Bot, wakes: datetime) -> None:
    """Have the bot's process stand still while market time goes on without it."""
    stage.kis.go(TABLE.propose_at + timedelta(minutes=1))
    stage.until(lambda: stage.evidence.told("RoundProposed"), "a plan")
    bot.signal(signal.SIGSTOP)
    stage.kis.ask("DELETE", "clock/parties/bot")
    stage.kis.go(wakes)
    bot.signal(signal.SIGCONT)
    stage.until(lambda: stage.kis.ask("GET", "clock")["parties"], "the bot at the clock again")


@pytest.mark.fault(52)
def test_a_bot_that_slept_over_the_hour_of_its_orders_sends_them_once_inside_the_window(
    tmp_path: Path,
) -> None:
    with open_stage(tmp_path / "home") as stage, stage.running() as bot:
        sleep_until(stage, bot, TABLE.deadline - timedelta(minutes=20))
        stage.until(lambda: stage.evidence.told("RoundSubmitted"), "the round at KIS")
        assert len(stage.kis.orders()) == ORDERS
        stage.kis.go(AFTERWARDS)
        assert stage.evidence.told("RoundProposed") == 1
        assert_sent_before_standing(stage.home, stage.kis)
        assert_all_is_right(stage.home, stage.kis)


@pytest.mark.fault(52)
def test_a_bot_that_slept_past_the_window_sends_nothing_and_says_what_was_missed(
    tmp_path: Path,
) -> None:
    with open_stage(tmp_path / "home") as stage, stage.running() as bot:
        sleep_until(stage, bot, TABLE.deadline + timedelta(minutes=1))
        stage.until(lambda: MISSED in stage.chat(), "a word about it")
        assert stage.kis.orders() == []
        assert stage.evidence.told("OrderSent") == 0
        assert stage.evidence.told("RoundLapsed") == 1
        stage.kis.go(AFTERWARDS)
        assert stage.kis.orders() == []
        assert stage.evidence.shares() == stage.kis.shares() == SHARES
