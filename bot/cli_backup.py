"""`muhan backup` and `muhan restore`: the state in one file, and the way back."""

import os
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.backup import backed_up, backup_name, manifest_of, restore
from bot.cli_options import refuse, refuse_error
from bot.clock import SEOUL, SystemClock
from bot.console_words import Words
from bot.errors import MuhanError
from bot.settings import Settings, load

Env = Annotated[Path, typer.Option("--env", help="File with the settings.")]
DEFAULT_ENV = Path(".env")


def backup(
    *,
    to: Annotated[
        Path | None, typer.Option(help="File or folder to write to.", show_default="this folder")
    ] = None,
    env: Env = DEFAULT_ENV,
) -> None:
    """Write a backup of the bot's state, also while it runs; it holds no keys."""
    settings, words = _settings(env)
    now = SystemClock().now()
    place = to or Path()
    path = place / backup_name(now) if place.is_dir() else place
    if path.exists():
        refuse(
            words.say(f"{path}이 이미 있습니다. 덮어쓰지 않았습니다.", f"{path} exists already.")
        )
    try:
        data = backed_up(
            settings.muhan_home,
            now=now,
            version=version("muhan"),
            venue=settings.muhan_venue.value,
        )
        path.touch(mode=0o600)
        path.write_bytes(data)
    except MuhanError as error:
        refuse(words.error(error))
    except OSError as error:
        refuse(
            words.say(
                f"{path}에 쓸 수 없습니다 ({error.strerror}).",
                f"{path} cannot be written ({error.strerror}).",
            )
        )
    typer.echo(
        words.say(
            f"{path} ({len(data):,} 바이트). 매매 기록이 들어 있고 열쇠는 없습니다. "
            "안전한 곳에 두세요.",
            f"{path} ({len(data):,} bytes). It holds your trading record and no keys: keep it "
            "safe.",
        )
    )


def restore_(
    archive: Annotated[Path, typer.Argument(help="A zip that muhan backup or /backup made.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    env: Env = DEFAULT_ENV,
) -> None:
    """Put a backup in the place of the bot's state; the bot must be off, and starts stopped."""
    settings, words = _settings(env)
    try:
        manifest = manifest_of(archive)
        made = f"{manifest.made_at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
        question = words.say(
            f"{made}의 상태로 되돌립니다 (버전 {manifest.version}). 그 뒤의 주문·체결은 이 장부에 "
            "없게 됩니다. 지금 상태는 이름을 바꿔 남깁니다. 되돌릴까요?",
            f"This goes back to the state of {made} in Seoul (version {manifest.version}). What "
            "was ordered and filled since will not be in the ledger. The present state is kept "
            "under another name. Go back?",
        )
        if not yes and not typer.confirm(question):
            refuse(words.say("바뀐 것은 없습니다.", "Nothing was changed."))
        done = restore(
            settings.muhan_home,
            archive,
            venue=settings.muhan_venue.value,
            now=SystemClock().now,
        )
    except MuhanError as error:
        refuse(words.error(error))
    kept = ", ".join(path.name for path in done.aside) or words.say("없음", "none")
    typer.echo(
        words.say(
            f"되돌렸습니다. 매매는 정지되어 있습니다. 전의 파일: {kept}.\n"
            "할 일: muhan cycle list --check 로 한투의 주문·잔고와 맞는지 보고, 봇을 켠 뒤 "
            "/resume 으로 다시 시작하세요.",
            f"Restored. Trading is stopped. The files from before: {kept}.\n"
            "Do: hold it against KIS with muhan cycle list --check, start the bot, then /resume.",
        )
    )


def _settings(env: Path) -> tuple[Settings, Words]:
    logs.configure("ERROR")
    try:
        settings = load(env, os.environ)
    except MuhanError as error:
        refuse_error(error)
    return settings, Words(settings.muhan_language.value)
