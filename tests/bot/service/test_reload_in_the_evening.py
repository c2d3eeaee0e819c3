"""SIGHUP while a round is going out: nothing is lost by it, and nothing goes out twice."""

import signal
from datetime import timedelta
from pathlib import Path

from kis.wire.codes import ORDER
from tests.faults.processes.evening import (
    AFTERWARDS,
    ORDERS,
    assert_all_is_right,
    assert_sent_before_standing,
)
from tests.faults.processes.program import fault, open_stage
from tests.faults.processes.trader import TABLE

JUST_AFTER = TABLE.send_from + timedelta(minutes=1)
SLOW = 2.0


def test_settings_read_anew_while_an_order_is_on_its_way_lose_nothing_of_the_evening(
    tmp_path: Path,
) -> None:
    with open_stage(tmp_path / "home") as stage, stage.running() as bot:
        settings = stage.home / "no.env"
        settings.touch(0o600)
        settings.write_text("MUHAN_DAILY_LIMIT=90000\n")
        fault(stage.kis, "slow_answer", count=1, seconds=SLOW, match={"path": ORDER})
        with stage.time_passing(JUST_AFTER):
            stage.until(lambda: stage.evidence.told("OrderSent"), "an order on its way")
            bot.signal(signal.SIGHUP)
            stage.until(lambda: stage.evidence.told("BotStarted") == 2, "a second life")
            assert stage.evidence.told("OrderUnknown") == 0, "its answer was waited for"
        settings.write_text("MUHAN_DAILY_LIMIT=95000\n")
        bot.signal(signal.SIGHUP)  # and once more, with all of them out
        stage.until(lambda: stage.evidence.told("BotStarted") == 3, "a third life")
        stage.kis.go(AFTERWARDS)
        assert len(stage.kis.orders()) == ORDERS
        assert_sent_before_standing(stage.home, stage.kis)
        assert_all_is_right(stage.home, stage.kis)
        assert bot.process.is_alive()
