"""`muhan update-check`: say whether there is a newer release; it is never installed by itself."""

import asyncio
import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bot import cli_options as options
from bot import logs
from bot.addresses import update_address
from bot.cli_options import refuse
from bot.console_words import Words
from bot.errors import MuhanError, SettingsError
from bot.settings import language, written
from bot.updates import Release, latest_release

Env = Annotated[Path, typer.Option("--env", help="File with the settings.")]
DEFAULT_ENV = Path(".env")


def update_check(
    *,
    at: Annotated[
        str,
        typer.Option("--at", metavar="URL", help="Whom to ask.", show_default="MUHAN_UPDATE_URL"),
    ] = "",
    as_json: options.Json = False,
    env: Env = DEFAULT_ENV,
) -> None:
    """Ask whether there is a newer release, and say how it would be installed."""
    logs.configure("ERROR")
    words = Words(language(env, os.environ))
    try:
        there = written(env, os.environ)
        release = asyncio.run(latest_release(_address(at, there.get("MUHAN_UPDATE_URL", ""))))
    except MuhanError as error:
        refuse(words.error(error))
    here = version("muhan")
    typer.echo(_json(release, here) if as_json else _text(words, release, here))


def _address(given: str, setting: str) -> str:
    if not given and not setting:
        raise SettingsError(
            "어디에 물어볼지 모릅니다: .env의 MUHAN_UPDATE_URL이나 --at에 최신 릴리스의 주소를 "
            "적어 주세요 (예: https://api.github.com/repos/이름/muhan/releases/latest).",
            "Nobody is named to be asked: write the address of the latest release into "
            "MUHAN_UPDATE_URL in .env or after --at (such as "
            "https://api.github.com/repos/NAME/muhan/releases/latest).",
        )
    return update_address(given, "--at") if given else update_address(setting)


def _json(release: Release, here: str) -> str:
    return json.dumps(
        {
            "installed": here,
            "latest": release.version,
            "newer": release.newer_than(here),
            "page": release.page,
            "published": release.day,
        }
    )


def _text(words: Words, release: Release, here: str) -> str:
    if not release.newer_than(here):
        return words.say(
            f"가장 새로운 판입니다 (설치 {here}, 최신 {release.version}).",
            f"This is the latest (installed {here}, latest {release.version}).",
        )
    came = f" ({release.day})" if release.day else ""
    page = f"\n{release.page}" if release.page else ""
    return words.say(
        f"새 판 {release.version}{came}이 있습니다 (설치 {here}).{page}\n"
        "스스로 바꾸지 않습니다. 올리려면: muhan backup, 장이 없는 낮에 봇을 끄고, 새 소스를 받아 "
        "다시 설치한 뒤 muhan doctor.",
        f"There is a newer release, {release.version}{came} (installed {here}).{page}\n"
        "Nothing is changed by itself. To update: muhan backup, stop the bot by day while there is "
        "no session, get the new source, install it again, then muhan doctor.",
    )
