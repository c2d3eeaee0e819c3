"""`muhan totp` and `muhan unlock`: the authenticator's secret, and the console's own key."""

import os
from pathlib import Path
from typing import Annotated

import segno
import typer

from bot import cli_changes as changes
from bot import logs, totp
from bot.cli_options import refuse, refuse_error
from bot.clock import SystemClock
from bot.commands import Unlock
from bot.console import carried_out, room
from bot.console_words import Words
from bot.errors import MuhanError
from bot.settings import Settings, load
from bot.trading.model import CONSOLE

Env = Annotated[Path, typer.Option("--env", help="File with the settings.")]
DEFAULT_ENV = Path(".env")
TRIES = 3


def totp_(
    *,
    anew: Annotated[
        bool, typer.Option("--new", help="Make another secret; the old app's codes end.")
    ] = False,
    env: Env = DEFAULT_ENV,
) -> None:
    """Connect an authenticator app: its codes lift the emergency stop and step approvals up."""
    logs.configure("ERROR")
    try:
        settings = load(env, os.environ)
    except MuhanError as error:
        refuse_error(error)
    words = Words(settings.muhan_language.value)
    if not anew:
        _refuse_another(settings, words)
    secret = totp.new_secret()
    _show(words, secret, settings)
    if not _works(words, secret):
        refuse(
            words.say(
                "코드가 맞지 않아 아무것도 저장하지 않았습니다: 컴퓨터와 휴대폰의 시계가 맞는지 "
                "보고 다시 해 주세요.",
                "The codes were wrong, so nothing was kept: see that the clocks of computer and "
                "phone agree, and try again.",
            )
        )
    totp.keep(settings.muhan_home, secret)
    typer.echo(
        words.say(
            "인증 앱을 연결했습니다. 켜져 있는 봇에도 바로 듣습니다.",
            "The authenticator app is connected. A running bot takes its codes at once.",
        )
    )


def _refuse_another(settings: Settings, words: Words) -> None:
    try:
        there = bool(totp.kept(settings.muhan_home))
    except MuhanError as error:
        refuse(words.error(error))
    if there:
        refuse(
            words.say(
                "인증 앱이 이미 연결되어 있습니다: 다시 연결하려면 muhan totp --new 를 해 주세요. "
                "옛 코드는 듣지 않게 됩니다.",
                "An authenticator app is connected already: to connect one anew run "
                "muhan totp --new; the old codes end then.",
            )
        )


def _show(words: Words, secret: str, settings: Settings) -> None:
    account = f"{settings.muhan_venue.value} ****-{settings.kis_account[-2:]}"
    segno.make(totp.uri(secret, account), error="l").terminal(compact=True)
    typer.echo(
        words.say(
            "인증 앱(Google Authenticator 등)으로 QR을 찍거나 아래 열쇠를 적어 넣으세요.\n"
            "이 화면 말고는 어디에도 다시 보여 주지 않습니다.",
            "Scan the QR with an authenticator app, or type the secret below.\n"
            "It is shown on this screen and never again.",
        )
    )
    typer.echo(" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)))


def _works(words: Words, secret: str) -> bool:
    """Ask for a code before the secret is kept: an app that was not set up right locks nobody."""
    clock = SystemClock()
    for _ in range(TRIES):
        typed = typer.prompt(words.say("앱에 보이는 여섯 자리", "Six digits of the app"))
        if totp.step_of(secret, "".join(typed.split()), clock.now()) is not None:
            return True
        typer.echo(words.say("맞지 않습니다.", "That is wrong."), err=True)
    return False


def unlock(*, yes: changes.Yes = False, env: Env = DEFAULT_ENV) -> None:
    """Lift the emergency stop at the console; trading is stopped then, until /resume."""

    async def work(settings: Settings, words: Words) -> None:
        async with room(settings) as desk:
            if await desk.views.trading() == "killed":
                ask = words.say("비상정지를 풀까요?", "Lift the emergency stop?")
                changes.confirmed(ask, words, yes=yes)
            await desk.bus.ask(Unlock(by=CONSOLE))
        typer.echo(
            words.say(
                "비상정지를 풀었습니다. 지금은 정지 상태입니다: 대화에서 /resume 을 눌러야 주문이 "
                "나갑니다.",
                "The emergency stop is lifted. Trading is stopped now: orders go out once you "
                "press /resume in the chat.",
            )
        )

    carried_out(env, work)
