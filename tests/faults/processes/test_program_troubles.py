"""The whole program with its disk full, and one that dies at every start."""

import signal
from datetime import timedelta
from pathlib import Path

import pytest

from bot.watching.restarts import MANY, WITHIN
from tests.faults.processes.evening import (
    AFTERWARDS,
    ORDERS,
    assert_all_is_right,
    assert_sent_before_standing,
)
from tests.faults.processes.program import Stage, open_stage
from tests.faults.processes.trader import TABLE
from tests.faults.processes.troubles import DiskFull

MINUTE = timedelta(minutes=1)
DISK_TOLD = "디스크에 적을 수 없"
RESTARTS_TOLD = "다시 시작해 주문을 멈췄습니다"


def assert_a_whole_day(stage: Stage) -> None:
    assert len(stage.kis.orders()) == ORDERS
    assert_sent_before_standing(stage.home, stage.kis)
    assert_all_is_right(stage.home, stage.kis)


@pytest.mark.fault(61)
def test_a_bot_whose_disk_is_full_orders_nothing_says_so_and_goes_on_with_room(
    small_disk: Path,
) -> None:
    full = DiskFull(small_disk / "home")
    with open_stage(small_disk / "home", chat_state=small_disk.parent) as stage:
        with stage.running() as bot:
            stage.kis.go(TABLE.propose_at + MINUTE)
            stage.until(lambda: stage.evidence.told("RoundProposed"), "a plan")
            full()
            stage.kis.go(TABLE.send_from + MINUTE)
            stage.until(lambda: DISK_TOLD in stage.chat(), "a word about the disk")
            assert stage.kis.orders() == []
            assert stage.evidence.told("OrderSent") == 0
            full.free()
            bot.signal(signal.SIGTERM)
            assert bot.ended() == 0
        with stage.running():
            stage.kis.go(AFTERWARDS)
            assert_a_whole_day(stage)


@pytest.mark.fault(57)
def test_a_bot_that_dies_at_every_start_orders_nothing_and_raises_one_alarm(
    tmp_path: Path,
) -> None:
    with open_stage(tmp_path / "home") as stage:
        stage.kis.go(TABLE.send_from - 2 * MINUTE)
        for _ in range(MANY + 1):
            with stage.running() as bot:
                bot.signal(signal.SIGKILL)
                assert bot.ended() == -signal.SIGKILL
        with stage.running():
            stage.kis.go(TABLE.send_from + 3 * MINUTE)
            assert stage.evidence.told("RoundProposed") == 1
            assert stage.kis.orders() == [], "not at this start either"
            stage.until(lambda: RESTARTS_TOLD in stage.chat(), "an alarm")
            assert stage.evidence.told("OrdersHeld") == 1
            stage.kis.go(TABLE.send_from + WITHIN + 3 * MINUTE)
            assert len(stage.kis.orders()) == ORDERS, "it lives: the round goes out"
            stage.kis.go(AFTERWARDS)
            assert_a_whole_day(stage)
            assert stage.evidence.told("OrdersHeld") == 1
