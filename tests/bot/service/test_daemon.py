"""`muhan run` as systemd sees it: real processes, a notify socket that is not systemd's."""

import signal
from pathlib import Path

from tests.bot.service.manager import listening
from tests.faults.processes.program import open_stage


def test_a_service_is_ready_after_recovery_beats_reads_settings_anew_and_says_that_it_stops(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    with listening(tmp_path) as (manager, environment), open_stage(home) as stage:
        stage.environment = environment
        with stage.running() as bot:
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
            assert bot.ended() == 0
        manager.hear()
    said = [word for word in manager.words() if word != "EXTEND_TIMEOUT_USEC"]
    assert manager.words()[0] == "EXTEND_TIMEOUT_USEC"
    order = [word for word in said if word != "WATCHDOG"]
    assert order == ["READY", "RELOADING", "READY", "RELOADING", "READY", "STOPPING"]
