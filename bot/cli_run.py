"""`muhan run`: the daemon."""

import asyncio
import os
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot import cli_options as options
from bot import logs
from bot.cli_options import refuse
from bot.errors import MuhanError
from bot.garbage import collect_as_usual, wait_while_importing
from bot.setting_values import Aiogram
from bot.settings import language, load
from bot.systemd import ServiceManager
from bot.telegram import lazy_aiogram

Env = Annotated[Path, typer.Option("--env", help="File with the settings.")]
DEFAULT_ENV = Path(".env")


def run(*, env: Env = DEFAULT_ENV, as_json: options.Json = False) -> None:
    """Run the bot until it is told to stop."""
    wait_while_importing()
    logs.configure()
    settings = partial(load, env, os.environ)
    try:
        given = settings()
        lazy_aiogram.load(lazy=given.muhan_aiogram is Aiogram.LAZY)
        # After the settings, which say how aiogram is imported; only the daemon needs it.
        from bot import daemon  # noqa: PLC0415 - see above

        collect_as_usual()
        well = asyncio.run(daemon.run(given, again=settings, as_json=as_json))
    except MuhanError as error:
        sentence = error.sentence(language(env, os.environ))
        # `systemctl status` shows the sentence long after the process is gone.
        with closing(ServiceManager()) as manager:
            manager.status(sentence)
        refuse(sentence)
    if not well:
        raise typer.Exit(1)
