"""`muhan service`: the bot as a service of systemd, shown before it is done, and undone again."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.cli_options import REFUSED, Json, agreed, refuse
from bot.console_words import Words
from bot.errors import MuhanError
from bot.service import installer, places, user_installer
from bot.service.places import Places
from bot.service.runner import Runner, run
from bot.service.standing import Standing, standing
from bot.service.steps import Step
from bot.service.units import dashboard_unit, system_unit, user_unit
from bot.settings import language

service = typer.Typer(
    help="Run the bot as a service of systemd.", no_args_is_help=True, add_completion=False
)

User = Annotated[bool, typer.Option("--user", help="For this account alone, without root.")]
Dashboard = Annotated[bool, typer.Option("--dashboard", help="The dashboard's unit too.")]
Env = Annotated[Path, typer.Option("--env", help="File with the settings.")]
OwnEnv = Annotated[
    Path | None,
    typer.Option(
        "--env",
        help="File with the settings.",
        show_default=".env; in an update the settings that are installed",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Root = Annotated[Path, typer.Option(hidden=True, help="Where the machine's folders lie.")]
DEFAULT_ENV = installer.DEFAULT_ENV
MACHINE = Path("/")


@service.command("print")
def print_(*, user: User = False, dashboard: Dashboard = False, env: Env = DEFAULT_ENV) -> None:
    """Print one unit, as it would be installed."""
    version = places.systemd_version(run)
    try:
        if user:
            text = user_unit(program=places.own_program(), settings=env.absolute(), systemd=version)
        elif dashboard:
            text = dashboard_unit(
                program=places.PROGRAM, settings=places.DASHBOARD_SETTINGS, systemd=version
            )
        else:
            text = system_unit(program=places.PROGRAM, settings=places.SETTINGS, systemd=version)
    except MuhanError as error:
        refuse(_words(env).error(error))
    typer.echo(text, nl=False)


@service.command()
def install(
    *,
    user: User = False,
    dashboard: Dashboard = False,
    env: OwnEnv = None,
    yes: Yes = False,
    root: Root = MACHINE,
) -> None:
    """Install the service, after showing every step; again, with a newer program, to update it."""
    place = Places(root=root)
    wish = installer.wish(env, place, dashboard=dashboard)
    words = _words(wish.env)

    def steps(runner: Runner) -> list[Step]:
        if user:
            own = env or DEFAULT_ENV
            return user_installer.install(own, places.own_program(), runner, os.environ)
        return installer.install(wish, place, runner, os.environ)

    _carry_out(words, steps, yes=yes)
    flag = " --user" if user else ""
    typer.echo(
        words.say(
            f"설치했습니다. 상태: muhan service status{flag}",
            f"Installed. How it stands: muhan service status{flag}",
        )
    )


@service.command()
def uninstall(
    *, user: User = False, env: Env = DEFAULT_ENV, yes: Yes = False, root: Root = MACHINE
) -> None:
    """Remove the service, after showing every step; settings and state stay."""
    words, place = _words(env), Places(root=root)

    def steps(runner: Runner) -> list[Step]:
        if user:
            return user_installer.uninstall(runner, os.environ)
        return installer.uninstall(place, runner)

    _carry_out(words, steps, yes=yes)
    if not user:
        typer.echo(words.both(installer.kept(place)))


@service.command()
def status(*, user: User = False, env: Env = DEFAULT_ENV, as_json: Json = False) -> None:
    """Say how the service stands; exit status 3 when it does not run."""
    words = _words(env)
    try:
        found = standing(run, user=user)
    except MuhanError as error:
        refuse(words.error(error))
    typer.echo(_json(found) if as_json else _text(words, found, user=user))
    if not found.well:
        raise typer.Exit(REFUSED)


def _carry_out(words: Words, plan: Callable[[Runner], list[Step]], *, yes: bool) -> None:
    """Show what will be done, ask, and do it; the first step that fails is the last one."""
    try:
        steps = plan(run)
    except MuhanError as error:
        refuse(words.error(error))
    typer.echo(words.say("이렇게 합니다:", "This will be done:"))
    for number, step in enumerate(steps, 1):
        typer.echo(f"  {number}. {words.both(step.what)}")
    question = words.say("계속할까요?", "Go on?")
    if not agreed(question, words, yes=yes):
        refuse(words.say("아무것도 바꾸지 않았습니다.", "Nothing was changed."))
    for number, step in enumerate(steps, 1):
        typer.echo(f"[{number}/{len(steps)}] {words.both(step.what)}", err=True)
        try:
            step.do()
        except MuhanError as error:
            refuse(words.error(error))


def _words(env: Path) -> Words:
    logs.configure("ERROR")
    return Words(language(env, os.environ))


def _json(found: Standing) -> str:
    told = {
        "installed": found.installed,
        "state": found.state,
        "doing": found.doing,
        "since": found.since,
        "restarts": found.restarts,
        "memory": found.memory,
        "result": found.result,
    }
    return json.dumps(told, ensure_ascii=False)


def _text(words: Words, found: Standing, *, user: bool) -> str:
    if not found.installed:
        return words.say(
            "서비스가 설치되지 않았습니다: muhan service install",
            "No service is installed: muhan service install",
        )
    lines = [
        words.say(f"상태: {found.state} ({found.result})", f"State: {found.state} ({found.result})")
    ]
    if found.doing:
        lines.append(words.say(f"하는 일: {found.doing}", f"Doing: {found.doing}"))
    if found.well:
        lines.append(words.say(f"시작: {found.since}", f"Since: {found.since}"))
    if found.memory is not None:
        size = f"{found.memory / 2**20:.0f} MiB"
        lines.append(words.say(f"메모리: {size}", f"Memory: {size}"))
    lines.append(
        words.say(f"스스로 다시 시작한 횟수: {found.restarts}", f"Restarts: {found.restarts}")
    )
    if not found.well:
        look = f"journalctl{' --user' if user else ''} -u muhan -n 50"
        lines.append(words.say(f"까닭: {look}", f"Why: {look}"))
    return "\n".join(lines)
