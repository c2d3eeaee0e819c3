"""`muhan export --everything` and `muhan import`: the bot leaves one machine and enters another."""

import os
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.archive import Archive, archive_name
from bot.cli_backup import unwritable, write_new
from bot.cli_options import agreed, refuse, refuse_error
from bot.cli_passphrase import new_passphrase, opened_archive
from bot.clock import SEOUL, SystemClock
from bot.console_words import Words
from bot.errors import MuhanError, SettingsError
from bot.moving import Imported, exported, imported, settings_of
from bot.settings import home, language, load, written

Env = Annotated[Path, typer.Option("--env", help="File with the settings.")]
DEFAULT_ENV = Path(".env")
KIND = "move"


def export_everything(env: Path, out: Path | None, *, keys: bool) -> None:
    """Write the whole bot into one encrypted file and shut it on this machine."""
    logs.configure("ERROR")
    try:
        settings = load(env, os.environ)
    except MuhanError as error:
        refuse_error(error)
    words = Words(settings.muhan_language.value)
    secret = new_passphrase(settings.muhan_backup_passphrase.get_secret_value(), words)
    now = SystemClock().now()
    place = out or Path()
    path = place / archive_name(KIND, now, secret=True) if place.is_dir() else place
    try:
        exported(
            settings.muhan_home,
            written(env, os.environ),
            keys=keys,
            passphrase=secret,
            now=now,
            version=version("muhan"),
            venue=settings.muhan_venue.value,
            keep=lambda data: write_new(path, data, words),
        )
    except MuhanError as error:
        refuse(words.error(error))
    except OSError as error:
        refuse(unwritable(words, settings.muhan_home, error))
    along = (
        words.say("열쇠도 들어 있습니다", "The keys are in it")
        if keys
        else words.say(
            "열쇠는 들어 있지 않아 새 컴퓨터에서 muhan setup이 묻습니다",
            "It holds no keys: muhan setup asks for them on the new machine",
        )
    )
    typer.echo(
        words.say(
            f"{path}: 기록과 설정을 암호화해 담았습니다. {along}.\n"
            "이 컴퓨터에서는 이제 봇이 시작하지 않습니다.\n"
            f"할 일: 파일을 새 컴퓨터로 옮기고 거기서 muhan import {path.name}",
            f"{path}: state and settings, encrypted. {along}.\n"
            "The bot does not start on this machine any more.\n"
            f"Do: take the file to the new machine, and there muhan import {path.name}",
        )
    )


def import_(
    archive: Annotated[Path, typer.Argument(help="A file of muhan export --everything.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    env: Env = DEFAULT_ENV,
) -> None:
    """Take in a bot that was exported on another machine; it starts stopped."""
    logs.configure("ERROR")
    words = Words(language(env, os.environ))
    try:
        there = written(env, os.environ)
        opened = opened_archive(archive, there.get("MUHAN_BACKUP_PASSPHRASE", ""), words)
        _same_venue(opened, there)
        settings_of(opened)
        if not agreed(_question(words, opened), words, yes=yes):
            refuse(words.say("바뀐 것은 없습니다.", "Nothing was changed."))
        place = home(env, os.environ)
        done = imported(opened, env, place, there=there, now=SystemClock().now)
    except MuhanError as error:
        refuse(words.error(error))
    except OSError as error:
        refuse(unwritable(words, home(env, os.environ), error))
    typer.echo(_taken_in(words, done, env))


def _same_venue(archive: Archive, there: dict[str, str]) -> None:
    ours, theirs = there.get("MUHAN_VENUE"), archive.manifest.venue
    if ours and ours != theirs:
        raise SettingsError(
            f"이 파일은 MUHAN_VENUE={theirs}의 것인데 여기 설정은 {ours}입니다: 설정을 맞추거나 "
            "다른 --env와 MUHAN_HOME을 적어 주세요. 바뀐 것은 없습니다.",
            f"This file is of MUHAN_VENUE={theirs}, and the settings here say {ours}: make them "
            "agree, or name another --env and MUHAN_HOME. Nothing was changed.",
        )


def _question(words: Words, archive: Archive) -> str:
    made = f"{archive.manifest.made_at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
    return words.say(
        f"{made}에 내보낸 봇을 이 컴퓨터에 들입니다 (버전 {archive.manifest.version}). 두 곳에서 "
        "주문하지 않도록 옛 컴퓨터의 봇이 꺼져 있어야 합니다. 여기 있던 기록은 이름을 바꿔 "
        "남깁니다. 꺼져 있고, 들일까요?",
        f"This takes in the bot that was exported at {made} in Seoul (version "
        f"{archive.manifest.version}). So that two do not order, the bot on the old machine has to "
        "be off. A state that is here is kept under another name. Is the other bot off, and shall "
        "this one be taken in?",
    )


def _taken_in(words: Words, done: Imported, env: Path) -> str:
    if done.env_left:
        about = words.say(
            "설정은 있던 그대로 두었습니다.", "The settings that were there are left as they are."
        )
    elif done.lacking:
        names = ", ".join(done.lacking)
        about = words.say(
            f"{env}를 적었고, 열쇠({names})는 비어 있습니다: muhan setup이 묻습니다.",
            f"{env} is written; the keys ({names}) are empty: muhan setup asks for them.",
        )
    else:
        about = words.say(f"{env}를 적었습니다.", f"{env} is written.")
    kept = ", ".join(path.name for path in done.restored.aside)
    if kept:
        about += words.say(
            f" 여기 있던 기록은 이름을 바꿔 남겼습니다: {kept}.",
            f" The state that was here is kept under another name: {kept}.",
        )
    return words.say(
        f"들였습니다. 매매는 정지되어 있습니다. {about}\n"
        "할 일: muhan doctor 로 이 컴퓨터를 보고, muhan cycle list --check 로 한투의 주문·잔고와 "
        "맞는지 본 뒤, 봇을 켜고 /resume 으로 다시 시작하세요.",
        f"Taken in. Trading is stopped. {about}\n"
        "Do: look at this machine with muhan doctor, hold the ledger against KIS with muhan cycle "
        "list --check, start the bot, then /resume.",
    )
