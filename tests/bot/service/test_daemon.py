"""`muhan run` as systemd sees it: real processes, a notify socket that is not systemd's."""

import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from bot.daemon import LOOKS_BY, lives
from kis.wire.codes import EXECUTIONS, ORDER
from tests.bot.service.notify_listener import PATIENCE, WATCHDOG, listening
from tests.bot.service.stalls import run_misled, run_stalling, run_unheard
from tests.faults.processes.children import started
from tests.faults.processes.program import Bot, fault, open_stage
from tests.faults.processes.trader import TABLE
from tests.stage import environment

JUST_AFTER = TABLE.send_from + timedelta(minutes=1)
SLOW = 3.0


def test_a_service_is_ready_after_recovery_beats_reads_settings_anew_and_says_that_it_stops(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    with listening(tmp_path) as (manager, told), open_stage(home) as stage:
        stage.environment = told
        bot = stage.start()
        try:
            manager.until("READY=1")
            manager.until("STATUS=10-07 18:20 계획을 기다립니다")
            manager.again("WATCHDOG=1")
            settings = home / "no.env"
            settings.touch(0o600)
            settings.write_text("MUHAN_DAILY_LIMIT=a lot\n")
            bot.signal(signal.SIGHUP)
            manager.until("READY=1", times=2)
            stage.until(
                lambda: "MUHAN_DAILY_LIMIT가 달러 금액이 아닙니다" in stage.chat(), "a word"
            )
            assert stage.evidence.told("BotStarted") == 1
            settings.write_text("MUHAN_DAILY_LIMIT=5000\n")
            bot.signal(signal.SIGHUP)
            manager.until("READY=1", times=3)
            assert stage.evidence.told("BotStarted") == 2
            manager.again("WATCHDOG=1")
            bot.signal(signal.SIGTERM)
            manager.until("STOPPING=1")
            assert bot.ended() == 0
        finally:
            bot.end()
    order = [word for word in manager.words() if word not in ("WATCHDOG", "EXTEND_TIMEOUT_USEC")]
    assert manager.words()[0] == "EXTEND_TIMEOUT_USEC"
    assert [word for at, word in enumerate(order) if at == 0 or order[at - 1] != word] == [
        "READY",
        "RELOADING",
        "READY",
        "RELOADING",
        "READY",
        "STOPPING",
    ]


def test_ready_comes_after_the_order_that_a_kill_left_open_was_looked_up(tmp_path: Path) -> None:
    with listening(tmp_path) as (manager, told), open_stage(tmp_path / "home") as stage:
        with stage.running() as bot:
            fault(stage.kis, "slow_answer", count=1, seconds=SLOW, match={"path": ORDER})
            with stage.time_passing(JUST_AFTER):
                stage.until(lambda: stage.evidence.told("OrderSent"), "an order on its way")
                bot.signal(signal.SIGKILL)
                assert bot.ended() == -signal.SIGKILL
                stage.kis.ask("DELETE", "clock/parties/bot")  # time waits for the dead one no more
        assert "sent" in stage.evidence.states()
        fault(stage.kis, "slow_answer", count=1, seconds=SLOW, match={"path": EXECUTIONS})
        stage.environment = told
        bot = stage.start()
        try:
            manager.until("READY=1")
            assert "sent" not in stage.evidence.states()
            assert manager.words()[0] == "EXTEND_TIMEOUT_USEC"
        finally:
            bot.end()


def test_settings_that_load_and_do_not_start_give_way_to_the_old_ones(tmp_path: Path) -> None:
    with listening(tmp_path) as (manager, told), open_stage(tmp_path / "home") as stage:
        stage.environment = told
        log = stage.home / "bot.log"
        bot = Bot(started(run_misled, stage.settings(), log), log)
        try:
            manager.until("READY=1")
            bot.signal(signal.SIGHUP)
            manager.until("READY=1", times=2)
            stage.until(lambda: "이 봇 토큰을 모릅니다" in stage.chat(), "a word")
            assert stage.evidence.told("BotStarted") == 2
            bot.signal(signal.SIGTERM)
            manager.until("STOPPING=1")
            assert bot.ended() == 0
        finally:
            bot.end()


def test_a_loop_that_stands_still_gives_no_more_sign_of_life(tmp_path: Path) -> None:
    with listening(tmp_path) as (manager, told), open_stage(tmp_path / "home") as stage:
        stage.environment = told
        log = stage.home / "bot.log"
        bot = Bot(started(run_stalling, stage.settings(), log), log)
        try:
            manager.until("READY=1")
            manager.again("WATCHDOG=1")
            manager.again("WATCHDOG=1")
            bot.signal(signal.SIGUSR1)
            manager.hear(within=WATCHDOG / 1e6)  # what was on its way
            heard = manager.count("WATCHDOG=1")
            manager.hear(within=2 * WATCHDOG / 1e6)
            assert manager.count("WATCHDOG=1") == heard
            assert bot.process.is_alive()
        finally:
            bot.end()


def test_a_terminal_that_goes_away_ends_the_bot_in_order(tmp_path: Path) -> None:
    with open_stage(tmp_path / "home") as stage:
        log = stage.home / "bot.log"
        bot = Bot(started(run_unheard, stage.settings(), log), log)
        try:
            bot.ready()
            bot.signal(signal.SIGHUP)
            assert bot.ended() == 0
            assert '{"well": true}' in bot.said()
        finally:
            bot.end()


def test_a_bot_that_is_told_to_end_while_it_starts_does_not_wait_for_the_chat(
    tmp_path: Path,
) -> None:
    with listening(tmp_path) as (manager, told), open_stage(tmp_path / "home") as stage:
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            deaf.settimeout(PATIENCE)
            stage.chat_url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
            stage.environment = told
            bot = stage.start()
            try:
                call, _ = deaf.accept()  # and never an answer
                with call:
                    bot.signal(signal.SIGTERM)
                    began = time.monotonic()
                    manager.until("STOPPING=1")
                    assert bot.ended() == 0
                    assert time.monotonic() - began < 30
            finally:
                bot.end()
        manager.hear()
        assert manager.words()[0] == "EXTEND_TIMEOUT_USEC"
        assert "READY" not in manager.words()
        after = manager.heard[manager.heard.index("STOPPING=1") :]
        assert not any(line.startswith("EXTEND") for line in after)


@pytest.mark.parametrize(
    ("silence", "failed", "alive"),
    [
        (timedelta(), False, True),
        (LOOKS_BY, False, True),
        (LOOKS_BY + timedelta(seconds=1), False, False),
        (timedelta(), True, False),
    ],
    ids=["looks", "looks late", "a schedule that stands still", "a mover that failed"],
)
def test_a_sign_of_life_needs_a_schedule_that_comes_round_and_movers(
    silence: timedelta, *, failed: bool, alive: bool
) -> None:
    assert lives(silence, failed=failed) is alive


def test_a_start_that_is_refused_leaves_its_sentence_with_the_service_manager(
    tmp_path: Path,
) -> None:
    with listening(tmp_path) as (manager, environ):
        own = {"MUHAN_LANGUAGE": "en", "HOME": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-m", "bot", "run", "--env", str(tmp_path / "none")],
            env=environment() | environ | own,
            capture_output=True,
            text=True,
            check=False,
        )
        manager.hear()
    assert done.returncode == 3
    assert manager.heard == [f"STATUS={done.stderr.strip()}"]
    assert "READY=1" not in manager.heard
