"""`muhan pair`: a code that lets one person in, once and for ten minutes."""

import asyncio
import os
import secrets
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import segno
import typer
from pydantic import SecretStr

from bot import env_file, logs
from bot.addresses import TELEGRAM, telegram_address
from bot.cli_options import refuse, refuse_error
from bot.clock import SystemClock
from bot.commands import Join
from bot.console import room
from bot.console_words import Words
from bot.errors import MuhanError, SettingsError
from bot.instance import running_process
from bot.redaction import register_secret
from bot.setting_values import Aiogram
from bot.settings import Settings, load, written
from bot.storage.chat import ChatStore
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.pairing import ALPHABET, LENGTH, PairingCodes, code_of, shown
from bot.storage.people import Role
from bot.telegram import lazy_aiogram

if TYPE_CHECKING:
    from bot.telegram.listening import Heard

GOOD_FOR = timedelta(minutes=10)
LOOK = 1.0


class As(StrEnum):
    """What somebody may be let in as."""

    OWNER = "owner"
    OPERATOR = "operator"
    VIEWER = "viewer"


ROLES = {As.OWNER: ("주인", "owner"), As.OPERATOR: ("운영자", "operator")}


def pair(
    *,
    role: Annotated[
        As | None,
        typer.Option(help="What the person may do.", show_default="viewer; owner if none yet"),
    ] = None,
    env: Annotated[Path, typer.Option("--env", help="File with the settings.")] = Path(".env"),
) -> None:
    """Print a code and a QR; whoever sends it to the bot within ten minutes is let in."""
    logs.configure("ERROR")
    try:
        given = written(env, os.environ)
    except MuhanError as error:
        refuse_error(error)
    words = Words(given.get("MUHAN_LANGUAGE") or "ko")
    known = bool(given.get("TELEGRAM_OWNER_ID") or given.get("TELEGRAM_ALLOWED_IDS"))
    role = role or (As.VIEWER if known else As.OWNER)
    if known == (role is As.OWNER):
        refuse(_not_so(words, known=known))
    token = given.get("TELEGRAM_BOT_TOKEN", "")
    if not token:
        refuse(
            words.say(
                f"TELEGRAM_BOT_TOKEN이 없습니다: BotFather에게 받은 토큰을 {env}에 적어 주세요.",
                f"TELEGRAM_BOT_TOKEN is missing: write the token from BotFather into {env}.",
            )
        )
    register_secret(token)
    lazy_aiogram.load(lazy=given.get("MUHAN_AIOGRAM", "") in {"", Aiogram.LAZY})
    try:
        if role is As.OWNER:
            api = telegram_address(given.get("TELEGRAM_API_URL") or TELEGRAM)
            asyncio.run(find_owner(env, SecretStr(token), api, words))
            typer.echo(words.say("muhan run 으로 봇을 켜세요.", "Start the bot with muhan run."))
        else:
            asyncio.run(_another(load(env, os.environ), Role[role.name], words))
    except MuhanError as error:
        refuse(words.error(error))


def _not_so(words: Words, *, known: bool) -> str:
    if known:
        return words.say(
            "주인은 이미 정해져 있습니다: 다른 사람은 --role operator나 viewer로 들이고, 주인을 "
            "바꾸려면 .env의 TELEGRAM_OWNER_ID를 고쳐 주세요.",
            "There is an owner already: let others in with --role operator or viewer; to change "
            "the owner, edit TELEGRAM_OWNER_ID in .env.",
        )
    return words.say(
        "아직 주인이 없습니다: 먼저 --role 없이 muhan pair 를 해서 주인부터 정해 주세요.",
        "There is no owner yet: run muhan pair without --role first, to find the owner.",
    )


async def find_owner(
    env: Path, token: SecretStr, api_url: str, words: Words, *, out: TextIO | None = None
) -> None:
    """Find the owner's numeric id and write it down; no state file is needed for that.

    The code is shown on `out`, else on stdout. Raises MuhanError when nobody sends it in time or
    nobody can be heard.
    """
    # aiogram takes seconds to import, and only who listens needs it.
    from bot.telegram.listening import listening  # noqa: PLC0415 - see above

    code, wall = new_code(), SystemClock()
    async with listening(token, api_url, wall) as ear:
        _show(words, code, await ear.username(), official=api_url == TELEGRAM, out=out)
        heard = await ear.hear(lambda text: code_of(text) == code, wall.now() + GOOD_FOR)
        if heard is None:
            raise _nobody()
        env_file.write(env, "TELEGRAM_OWNER_ID", str(heard.user_id))
        await ear.forget(heard)
        await ear.answer(heard, _welcome(words))
    _tell(words, heard.user_id, heard.name, out=out)
    said = words.say(
        f"TELEGRAM_OWNER_ID를 {env}에 적었습니다.", f"TELEGRAM_OWNER_ID is in {env} now."
    )
    typer.echo(said, file=out)


async def _another(settings: Settings, role: Role, words: Words) -> None:
    """Let somebody in beside the owner: by the running bot, or by listening in its place."""
    from bot.telegram.listening import listening  # noqa: PLC0415 - see find_owner

    code, wall = new_code(), SystemClock()
    until = wall.now() + GOOD_FOR
    async with opened(settings.muhan_home / DATABASE_NAME) as database:
        codes = PairingCodes(database)
        await codes.offer(code, role, until)
        async with listening(settings.telegram_bot_token, settings.telegram_api_url, wall) as ear:
            official = settings.telegram_api_url == TELEGRAM
            _show(words, code, await ear.username(), official=official)
            if not running_process(settings.muhan_home):
                heard = await ear.hear(lambda text: code_of(text) == code, until)
                if heard is not None:
                    await _join(settings, code, heard)
                    await ChatStore(database).first_sight(heard.update_id)
                    await ear.answer(heard, _welcome(words))
        while (taken := await codes.taken(code)) is None and wall.now() < until:
            await wall.sleep(LOOK)
    if taken is None:
        raise _nobody()
    _tell(words, *taken)


async def _join(settings: Settings, code: str, heard: "Heard") -> None:
    async with room(settings) as desk:
        await desk.bus.ask(Join(user_id=heard.user_id, name=heard.name[:40], code=code))


def new_code() -> str:
    """Make a code that nobody guesses in ten minutes (27^8)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def _show(
    words: Words, code: str, username: str, *, official: bool, out: TextIO | None = None
) -> None:
    link = f"https://t.me/{username}?start={code}" if username and official else code
    segno.make(link, error="l").terminal(out=out, compact=True)
    name = f"@{username}" if username else words.say("이 봇", "the bot")
    typer.echo(
        words.say(
            f"{name}에게 이 코드를 보내세요 (10분, 한 번): {shown(code)}",
            f"Send this code to {name} (10 minutes, once): {shown(code)}",
        ),
        file=out,
    )
    if link != code:
        said = words.say(f"또는 휴대폰에서 QR이나 링크로: {link}", f"Or by QR or link: {link}")
        typer.echo(said, file=out)


def _welcome(words: Words) -> str:
    return words.say(
        "들어오셨습니다. 봇이 켜지면 /start 로 시작하세요.",
        "You are let in. Begin with /start when the bot runs.",
    )


def _tell(words: Words, user_id: int, name: str, *, out: TextIO | None = None) -> None:
    said = words.say(f"등록했습니다: {name} ({user_id})", f"Let in: {name} ({user_id})")
    typer.echo(said, file=out)


def _nobody() -> SettingsError:
    return SettingsError(
        "10분 동안 코드를 보낸 사람이 없습니다: muhan pair 를 다시 해 주세요.",
        "Nobody sent the code within ten minutes: run muhan pair again.",
    )
