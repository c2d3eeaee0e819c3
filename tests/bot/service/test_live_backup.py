"""The daily backup where it is made: in the running program, beside its own work."""

import signal
from pathlib import Path

from bot.archive import read
from bot.storage.database import DATABASE_NAME
from tests.bot.service.stalls import run_hasty
from tests.faults.processes.children import started
from tests.faults.processes.program import Bot, open_stage

WORD = "rain coat seven lamp"


def test_a_running_bot_makes_proves_and_keeps_its_backup_and_ends_in_order(tmp_path: Path) -> None:
    with open_stage(tmp_path / "home") as stage:
        stage.environment = {"MUHAN_VENUE": "mock", "MUHAN_BACKUP_PASSPHRASE": WORD}
        log = stage.home / "bot.log"
        bot = Bot(started(run_hasty, stage.settings(), log), log)
        try:
            bot.ready()
            stage.until(lambda: "the daily backup is made and proved" in bot.said(), "a backup")
            (made,) = (stage.home / "backups").iterdir()
            archive = read(made, WORD)
            assert (archive.manifest.venue, set(archive.contents)) == ("mock", {DATABASE_NAME})
            assert bot.process.is_alive()
            bot.signal(signal.SIGTERM)
            assert bot.ended() == 0
        finally:
            bot.end()
        left = {path.name for path in stage.home.iterdir() if path.is_dir()}
        assert not {name for name in left if name.startswith(("backup-", "proof-"))}
        assert WORD not in bot.said()
