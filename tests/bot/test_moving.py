"""A bot that moves leaves one machine shut and enters the other stopped: never two that order."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import totp
from bot.archive import SETTINGS_NAME, read
from bot.cli import app
from bot.instance import only_instance
from bot.moving import MARK_NAME, OPEN, MovedAway, exported, refuse_moved
from bot.settings import NAMES, Settings, load
from tests.bot.test_backup import NOW, WORD, trading, written

KEY = "CANARYabcdefghij0123456789KLMNOPQRSTU"
TOKEN = "123456:CANARYAAEhBP0av28abcdefghijklmnopq"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Give the `.env` of a machine on which a cycle runs."""
    folder = tmp_path / "old"
    (folder / "home").mkdir(parents=True)
    env = folder / ".env"
    env.write_text(
        f"TELEGRAM_BOT_TOKEN={TOKEN}\nTELEGRAM_OWNER_ID=4242\nKIS_APP_KEY={KEY}\n"
        f"KIS_APP_SECRET={KEY}\nKIS_ACCOUNT=50012345-01\nMUHAN_VENUE=mock\nMUHAN_LANGUAGE=en\n"
        f"MUHAN_BACKUP_PASSPHRASE='{WORD}'\nMUHAN_HOME={folder / 'home'}\n"
        f"MUHAN_BACKUP_FOLDER={folder / 'usb'}\nMUHAN_DAILY_LIMIT=2000\n",
        encoding="utf-8",
    )
    env.chmod(0o600)
    asyncio.run(written(folder / "home"))
    totp.keep(folder / "home", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    return env


def muhan(*words: str, home: Path | None = None) -> tuple[int, str]:
    environ = {"MUHAN_BACKUP_PASSPHRASE": WORD, "MUHAN_LANGUAGE": "en"}
    done = CliRunner().invoke(
        app, words, env=environ | ({"MUHAN_HOME": str(home)} if home is not None else {})
    )
    return done.exit_code, done.output


def moved(old: Path, tmp_path: Path, *words: str) -> Path:
    status, said = muhan(
        "export", "--everything", *words, "--out", str(tmp_path), "--env", str(old)
    )
    assert status == 0, said
    (archive,) = tmp_path.glob("muhan-move-*.muhan")
    return archive


def test_a_moved_bot_does_not_start_where_it_was_and_starts_stopped_where_it_went(
    old: Path, tmp_path: Path
) -> None:
    archive = moved(old, tmp_path, "--with-keys")
    assert archive.stat().st_mode & 0o777 == 0o600
    started = subprocess.run(
        [sys.executable, "-m", "bot", "run", "--env", str(old)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert started.returncode == 3
    assert MARK_NAME in started.stderr
    assert "was exported" in started.stderr, "in the language of the settings"
    assert len(started.stderr.splitlines()) == 1
    new, home = tmp_path / "new.env", tmp_path / "new"
    status, said = muhan("import", str(archive), "--yes", "--env", str(new), home=home)
    assert status == 0, said
    assert "/resume" in said
    assert asyncio.run(trading(home)) == "stopped"
    assert new.stat().st_mode & 0o777 == 0o600
    settings = load(new, {})
    assert settings.muhan_home == home, "whoever starts it without that variable finds the state"
    assert settings.kis_app_key.get_secret_value() == KEY
    assert settings.muhan_backup_passphrase.get_secret_value() == WORD
    assert settings.muhan_backup_folder is None, "a place on the old machine"
    assert totp.kept(home) == "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    refuse_moved(home)


def test_without_the_keys_none_goes_along_and_setup_finds_what_is_missing(
    old: Path, tmp_path: Path
) -> None:
    archive = moved(old, tmp_path)
    told = read(archive, WORD)
    assert all(b"CANARY" not in data for data in told.contents.values())
    assert b"50012345" not in told.contents[SETTINGS_NAME]
    assert totp.FILE_NAME not in told.contents
    new, home = tmp_path / "new.env", tmp_path / "new"
    status, said = muhan("import", str(archive), "--yes", "--env", str(new), home=home)
    assert status == 0, said
    assert "KIS_APP_SECRET" in said
    lines = new.read_text(encoding="utf-8").splitlines()
    assert "TELEGRAM_BOT_TOKEN=" in lines
    assert "MUHAN_DAILY_LIMIT=2000" in lines


def test_every_setting_that_could_be_a_secret_stays_out_of_the_open_list() -> None:
    assert set(NAMES) >= OPEN
    secret = {name.upper() for name, field in Settings.model_fields.items() if _is_secret(field)}
    assert secret >= {"TELEGRAM_BOT_TOKEN", "MUHAN_HEARTBEAT_URL", "MUHAN_BACKUP_PASSPHRASE"}
    assert not OPEN & (secret | {"KIS_ACCOUNT", "KIS_HTS_ID", "TELEGRAM_OWNER_ID"})


def _is_secret(field: object) -> bool:
    return "Secret" in str(getattr(field, "annotation", ""))


def test_nothing_is_exported_from_under_a_running_bot(old: Path, tmp_path: Path) -> None:
    home = old.parent / "home"
    with only_instance(home):
        status, said = muhan("export", "--everything", "--out", str(tmp_path), "--env", str(old))
    assert status == 3
    assert "already running" in said
    assert not list(tmp_path.glob("*.muhan"))
    refuse_moved(home)


def test_a_file_that_could_not_be_written_leaves_the_old_machine_as_it_was(old: Path) -> None:
    home = old.parent / "home"
    status, _ = muhan("export", "--everything", "--out", "/nowhere/x.muhan", "--env", str(old))
    assert status == 3
    refuse_moved(home)

    def full(_: bytes) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        exported(
            home, {}, keys=False, passphrase=WORD, now=NOW, version="1", venue="mock", keep=full
        )
    refuse_moved(home)


def test_a_machine_that_was_given_up_cannot_be_exported_again(old: Path, tmp_path: Path) -> None:
    moved(old, tmp_path)
    with pytest.raises(MovedAway):
        refuse_moved(old.parent / "home")
    status, said = muhan(
        "export", "--everything", "--out", str(tmp_path / "b.muhan"), "--env", str(old)
    )
    assert status == 3
    assert MARK_NAME in said


def test_going_back_takes_the_mark_away_and_leaves_the_env_alone(old: Path, tmp_path: Path) -> None:
    archive = moved(old, tmp_path)
    before = old.read_bytes()
    status, said = muhan("import", str(archive), "--yes", "--env", str(old))
    assert status == 0, said
    assert "muhan.before-restore-" in said
    assert old.read_bytes() == before
    refuse_moved(old.parent / "home")
    assert asyncio.run(trading(old.parent / "home")) == "stopped"


def test_a_service_that_has_its_settings_gets_the_state_alone(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `.env` beside the credentials would keep keys in the open and set what they leave out."""
    archive = moved(old, tmp_path, "--with-keys")
    (folder := tmp_path / "credentials").mkdir()
    (folder / "muhan.env").write_bytes(old.read_bytes())
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    new, home = tmp_path / "new.env", tmp_path / "new"
    status, said = muhan("import", str(archive), "--yes", "--env", str(new), home=home)
    assert (status, new.exists()) == (0, False), said
    assert "settings that were there" in said
    assert asyncio.run(trading(home)) == "stopped"


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_without_a_yes_nothing_is_taken_in(answer: str, old: Path, tmp_path: Path) -> None:
    archive = moved(old, tmp_path)
    done = CliRunner().invoke(
        app,
        ["import", str(archive), "--env", str(tmp_path / "new.env")],
        input=answer,
        env={"MUHAN_HOME": str(tmp_path / "new"), "MUHAN_BACKUP_PASSPHRASE": WORD},
    )
    assert done.exit_code == 3
    assert "Abort" not in done.output
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "new.env").exists()


def test_a_machine_of_another_venue_is_not_taken_in(old: Path, tmp_path: Path) -> None:
    archive = moved(old, tmp_path)
    env = tmp_path / "paper.env"
    env.write_text("MUHAN_VENUE=paper\n", encoding="utf-8")
    env.chmod(0o600)
    status, said = muhan("import", str(archive), "--yes", "--env", str(env), home=tmp_path / "p")
    assert status == 3
    assert "MUHAN_VENUE=mock" in said
    assert not (tmp_path / "p").exists()


def test_backup_and_move_are_told_apart_by_their_own_commands(old: Path, tmp_path: Path) -> None:
    status, said = muhan("backup", "--to", str(tmp_path / "b.muhan"), "--env", str(old))
    assert status == 0, said
    status, said = muhan(
        "import", str(tmp_path / "b.muhan"), "--yes", "--env", str(tmp_path / "n.env"),
        home=tmp_path / "n",
    )  # fmt: skip
    assert status == 3
    assert "muhan restore" in said
    archive = moved(old, tmp_path)
    status, said = muhan("restore", str(archive), "--yes", "--env", str(old))
    assert status == 3
    assert "muhan import" in said


@pytest.mark.parametrize(
    "words",
    [("export",), ("export", "--with-keys"), ("export", "--everything", "--what", "trades")],
)
def test_words_that_do_not_go_together_are_a_wrong_call(words: tuple[str, ...]) -> None:
    assert muhan(*words)[0] == 2


def test_a_mark_that_cannot_be_read_still_shuts(tmp_path: Path) -> None:
    (tmp_path / MARK_NAME).write_text(json.dumps([]), encoding="utf-8")
    with pytest.raises(MovedAway):
        refuse_moved(tmp_path)
