"""`muhan setup`: the wizard in the terminal."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.cli_options import REFUSED, refuse, refuse_error
from bot.console_words import Words
from bot.errors import MuhanError
from bot.setting_values import Aiogram
from bot.setup.answers import Answers
from bot.setup.sitting import Part, Sitting
from bot.setup.terminal import Terminal
from bot.telegram import lazy_aiogram

Env = Annotated[Path, typer.Option("--env", help="File with the settings.")]
DEFAULT_ENV = Path(".env")


def setup(
    *,
    again: Annotated[
        list[Part] | None,
        typer.Option(help="Ask this part although it is answered; may be repeated."),
    ] = None,
    env: Env = DEFAULT_ENV,
) -> None:
    """Set the bot up: ask what is missing, try it at once, and write .env."""
    logs.configure("CRITICAL")  # the wizard says itself what went wrong
    answers = Answers(env, os.environ)
    try:
        words = Words(answers.get("MUHAN_LANGUAGE") or "ko")
    except MuhanError as error:
        refuse_error(error)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        refuse(_no_terminal(words))
    lazy_aiogram.load(lazy=answers.get("MUHAN_AIOGRAM") in {"", Aiogram.LAZY})
    # It takes a while to import, and who is refused or asks for --help needs none of it.
    from bot.setup.wizard import walk  # noqa: PLC0415 - see above

    terminal = Terminal(words, out=sys.stdout)
    try:
        ready = walk(Sitting(terminal=terminal, answers=answers, again=frozenset(again or ())))
    except MuhanError as error:
        refuse(terminal.words.error(error))
    except (KeyboardInterrupt, EOFError):
        typer.echo("", err=True)
        refuse(_left(terminal.words, env))
    if not ready:
        raise typer.Exit(REFUSED)


def _no_terminal(words: Words) -> str:
    return words.say(
        "muhan setup 은 묻고 답하는 것이라 터미널에서만 됩니다: 파이프 없이 실행하거나, "
        ".env.example을 .env로 복사해 직접 채워 주세요.",
        "muhan setup asks questions, so it needs a terminal: run it without a pipe, or copy "
        ".env.example to .env and fill it in.",
    )


def _left(words: Words, env: Path) -> str:
    return words.say(
        f"그만두었습니다. 지금까지의 답은 {env}에 있습니다: muhan setup 을 다시 하면 이어집니다.",
        f"Left. The answers so far are in {env}: run muhan setup again to go on.",
    )
