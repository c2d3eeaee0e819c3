"""The service in one user's own manager: no root, no copy of the program, and a weaker sandbox."""

import os
from collections.abc import Mapping
from pathlib import Path

from bot import settings as written_settings
from bot.service import places, refusals
from bot.service.installer import SYSTEMCTL
from bot.service.runner import Runner
from bot.service.steps import Step, call, remove, write
from bot.service.units import NAME, user_unit


def install(env: Path, program: Path, runner: Runner, environ: Mapping[str, str]) -> list[Step]:
    """List the steps of a user's own service. Raises ServiceRefused, and SettingsError."""
    if environ.get("SUDO_USER"):
        raise refusals.not_by_sudo()
    written_settings.checked(env, {})
    if not program.exists():
        raise refusals.no_program(program)
    text = user_unit(
        program=program, settings=env.absolute(), systemd=places.systemd_version(runner)
    )
    user = (SYSTEMCTL, "--user")
    start = ("켤 때마다 시작하게 하고 지금 시작", "Start it now and at every boot")
    return [
        write(_unit(environ), text, ("서비스 파일 쓰기", "Write the unit")),
        call(
            runner,
            ("loginctl", "enable-linger"),
            ("로그인하지 않아도 켜져 있게 하기", "Let it run while nobody is logged in"),
        ),
        call(runner, (*user, "daemon-reload"), ("systemd에 알리기", "Tell systemd")),
        call(runner, (*user, "enable", NAME), start),
        call(runner, (*user, "restart", NAME), start),
    ]


def uninstall(runner: Runner, environ: Mapping[str, str]) -> list[Step]:
    """List the steps back; lingering stays, others may need it. Raises ServiceRefused."""
    if environ.get("SUDO_USER"):
        raise refusals.not_by_sudo()
    path = _unit(environ)
    if not path.exists():
        raise refusals.nothing_installed()
    user = (SYSTEMCTL, "--user")
    stop = ("끄고 다음에도 시작하지 않게 하기", "Stop it, and start it no more")
    return [
        call(runner, (*user, "disable", "--now", NAME), stop),
        remove(path, ("서비스 파일 지우기", "Remove the unit")),
        call(runner, (*user, "daemon-reload"), ("systemd에 알리기", "Tell systemd")),
    ]


def _unit(environ: Mapping[str, str]) -> Path:
    home = environ.get("HOME") or os.path.expanduser("~")  # noqa: PTH111 - the same rule, by name
    folder = Path(environ.get("XDG_CONFIG_HOME") or f"{home}/.config")
    return folder / "systemd" / "user" / NAME
