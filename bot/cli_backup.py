"""`muhan backup` and `muhan restore`: the state in one file, and the way back."""

import os
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.archive import BackupRefused, Kind
from bot.backup import Restored, backed_up, backup_name, restore
from bot.cli_options import agreed, refuse, refuse_error
from bot.cli_passphrase import new_passphrase, opened_archive
from bot.clock import SEOUL, SystemClock
from bot.console_words import Words
from bot.errors import MuhanError
from bot.settings import Settings, load

Env = Annotated[Path, typer.Option("--env", help="File with the settings.")]
Plain = Annotated[bool, typer.Option("--plain", help="Do not encrypt it.")]
DEFAULT_ENV = Path(".env")


def backup(
    *,
    to: Annotated[
        Path | None, typer.Option(help="File or folder to write to.", show_default="this folder")
    ] = None,
    plain: Plain = False,
    env: Env = DEFAULT_ENV,
) -> None:
    """Write an encrypted backup of the bot's state, also while it runs; it holds no keys."""
    settings, words = _settings(env)
    secret = "" if plain else new_passphrase(_set(settings), words)
    now = SystemClock().now()
    place = to or Path()
    path = place / backup_name(now, secret=bool(secret)) if place.is_dir() else place
    try:
        data = backed_up(
            settings.muhan_home,
            now=now,
            version=version("muhan"),
            venue=settings.muhan_venue.value,
            passphrase=secret,
        )
    except MuhanError as error:
        refuse(words.error(error))
    except OSError as error:
        refuse(unwritable(words, settings.muhan_home, error))
    write_new(path, data, words)
    typer.echo(_written(words, path, len(data), encrypted=bool(secret)))


def _written(words: Words, path: Path, size: int, *, encrypted: bool) -> str:
    if encrypted:
        return words.say(
            f"{path} ({size:,} 바이트). 암호화했고 열쇠는 없습니다. 암호 없이는 아무도 열 수 "
            "없으니 파일과 암호를 이 컴퓨터 밖에도 두세요.",
            f"{path} ({size:,} bytes). It is encrypted and holds no keys. Nobody can open it "
            "without the passphrase: keep both somewhere else too.",
        )
    return words.say(
        f"{path} ({size:,} 바이트). 매매 기록이 들어 있고 열쇠는 없습니다. 암호화하지 않았으니 "
        "안전한 곳에 두세요.",
        f"{path} ({size:,} bytes). It holds your trading record and no keys. It is not encrypted: "
        "keep it safe.",
    )


def write_new(path: Path, data: bytes, words: Words) -> None:
    """Write a file for its owner alone (0600), whole or not at all; refuse to replace one."""
    if path.exists():
        refuse(
            words.say(
                f"{path}이 이미 있습니다. 덮어쓰지 않았습니다: 다른 이름을 적어 주세요.",
                f"{path} exists already and was left alone: name another file.",
            )
        )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        refuse(unwritable(words, path, error))
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        refuse(unwritable(words, path, error))


def unwritable(words: Words, path: Path, error: OSError) -> str:
    """Say that a place cannot be written, and what to look at."""
    return words.say(
        f"{path}에 쓸 수 없습니다 ({error.strerror}): 남은 공간과 권한을 확인해 주세요.",
        f"{path} cannot be written ({error.strerror}): look at the disk and at its permissions.",
    )


def restore_(
    archive: Annotated[Path, typer.Argument(help="A file that muhan backup or /backup made.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    env: Env = DEFAULT_ENV,
) -> None:
    """Put a backup in the place of the bot's state; the bot must be off, and starts stopped."""
    settings, words = _settings(env)
    try:
        opened = opened_archive(archive, _set(settings), words)
        if opened.manifest.kind is not Kind.BACKUP:
            raise _to_be_imported(archive)
        made = f"{opened.manifest.made_at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
        question = words.say(
            f"{made}의 상태로 되돌립니다 (버전 {opened.manifest.version}). 그 뒤의 주문·체결은 이 "
            "장부에 없게 됩니다. 지금 상태는 이름을 바꿔 남깁니다. 되돌릴까요?",
            f"This goes back to the state of {made} in Seoul (version {opened.manifest.version}). "
            "What was ordered and filled since will not be in the ledger. The present state is "
            "kept under another name. Go back?",
        )
        if not agreed(question, words, yes=yes):
            refuse(words.say("바뀐 것은 없습니다.", "Nothing was changed."))
        done = restore(
            settings.muhan_home,
            opened,
            venue=settings.muhan_venue.value,
            now=SystemClock().now,
        )
    except MuhanError as error:
        refuse(words.error(error))
    except OSError as error:
        refuse(unwritable(words, settings.muhan_home, error))
    typer.echo(_back(words, done))


def _to_be_imported(path: Path) -> BackupRefused:
    return BackupRefused(
        f"{path}은 컴퓨터를 옮기는 파일입니다: muhan import {path} 로 들여 주세요.",
        f"{path} is a machine to be moved: take it in with muhan import {path}.",
    )


def _back(words: Words, done: Restored) -> str:
    kept = ", ".join(path.name for path in done.aside) or words.say("없음", "none")
    return words.say(
        f"되돌렸습니다. 매매는 정지되어 있습니다. 전의 파일: {kept}.\n"
        "할 일: muhan cycle list --check 로 한투의 주문·잔고와 맞는지 보고, 봇을 켠 뒤 /users 로 "
        "누가 들어오는지 보고(그 뒤에 내보낸 사람도 돌아와 있습니다) /resume 으로 다시 시작하세요.",
        f"Restored. Trading is stopped. The files from before: {kept}.\n"
        "Do: hold it against KIS with muhan cycle list --check, start the bot, see with /users who "
        "is let in (whoever was let out since is back), then /resume.",
    )


def _set(settings: Settings) -> str:
    return settings.muhan_backup_passphrase.get_secret_value()


def _settings(env: Path) -> tuple[Settings, Words]:
    logs.configure("ERROR")
    try:
        settings = load(env, os.environ)
    except MuhanError as error:
        refuse_error(error)
    return settings, Words(settings.muhan_language.value)
