"""What installing and uninstalling take, step by step; nothing is done before it is shown."""

import os
import pwd
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import settings as written_settings
from bot.console_words import Both
from bot.instance import running_process
from bot.service import places, refusals
from bot.service.places import MARK, Places
from bot.service.runner import Runner
from bot.service.steps import Step, call, copy_folders, move, remove, write
from bot.service.units import DASHBOARD, NAME, dashboard_unit, system_unit, unit
from bot.settings import DEFAULT_HOME, Settings

PARTS = ("bot", "kis", "strategy", "pyproject.toml", "README.md", "LICENSE")
RUNTIME_LOCK, WHOLE_LOCK = "requirements.lock", "requirements-dev.lock"
PIP_LOCK = "pip.lock"
EXTRA = ("streamlit", "plotly", "starlette")
"""The dashboard's own packages; which versions and with which hashes, the whole lock says."""
# What the dashboard has to know; no key is among it.
SHOWN = (
    "TELEGRAM_OWNER_ID",
    "TELEGRAM_ALLOWED_IDS",
    "MUHAN_VENUE",
    "MUHAN_LANGUAGE",
    "MUHAN_DASHBOARD_URL",
)
SYSTEMCTL = "systemctl"
DEFAULT_ENV = Path(".env")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What is to be installed: from which clone, with which settings, and the dashboard or not."""

    env: Path
    dashboard: bool = False
    source: Path
    base_python: Path


def wish(env: Path | None, place: Places, *, dashboard: bool) -> Wish:
    """Name this program's own clone, its Python, and what an update leaves as it is.

    Without `env` the settings that are installed stay in force; a dashboard that is, stays too.
    """
    installed = place.at(places.SETTINGS)
    if env is None:
        env = installed if os.access(installed, os.F_OK) else DEFAULT_ENV
    return Wish(
        env=env.absolute(),
        dashboard=dashboard or place.at(places.UNITS / DASHBOARD).exists(),
        source=places.checkout(),
        base_python=Path(getattr(sys, "_base_executable", sys.executable)),
    )


def install(wish: Wish, place: Places, runner: Runner, environ: Mapping[str, str]) -> list[Step]:
    """List the steps of the system-wide service. Raises ServiceRefused, and SettingsError."""
    if place.root == Path("/") and os.geteuid() != 0:
        raise refusals.not_root()
    settings = written_settings.checked(wish.env, {})
    refusals.check_program(wish.source, wish.base_python)
    refusals.check_own(place.at(places.COMMAND))
    refusals.check_backups(settings.muhan_backup_folder)
    home = _state(settings, environ, place)
    names = [NAME, DASHBOARD] if wish.dashboard else [NAME]
    steps = _stopped(place, runner)
    steps += _program(wish, place, runner)
    steps += _settings(wish, place)
    if home is not None:
        what = ("지금까지의 기록 옮기기", "Move the state as it is")
        steps.append(move(home, place.at(places.STATE), what))
    steps += _units(names, place, runner)
    steps.append(_command(place, settings))
    reload = ("systemd에 알리기", "Tell systemd")
    steps.append(call(runner, (SYSTEMCTL, "daemon-reload"), reload))
    start = ("켤 때마다 시작하게 하고 지금 시작", "Start it now and at every boot")
    steps.append(call(runner, (SYSTEMCTL, "enable", *names), start))
    steps.append(call(runner, (SYSTEMCTL, "restart", *names), start))
    return steps


def _units(names: Sequence[str], place: Places, runner: Runner) -> list[Step]:
    version = places.systemd_version(runner)
    texts = {
        NAME: system_unit(program=places.PROGRAM, settings=places.SETTINGS, systemd=version),
        DASHBOARD: dashboard_unit(
            program=places.PROGRAM, settings=places.DASHBOARD_SETTINGS, systemd=version
        ),
    }
    what = ("서비스 파일 쓰기", "Write the unit")
    return [write(place.at(places.UNITS / name), texts[name], what) for name in names]


def _stopped(place: Places, runner: Runner) -> list[Step]:
    """A second installation is an update: no program is taken away under one that runs."""
    units = [name for name in (NAME, DASHBOARD) if place.at(places.UNITS / name).exists()]
    stop = ("바꾸는 동안 끄기", "Stop it while it is replaced")
    return [call(runner, (SYSTEMCTL, "stop", *units), stop)] if units else []


def uninstall(place: Places, runner: Runner) -> list[Step]:
    """List the steps back; settings and state stay where they are. Raises ServiceRefused."""
    if place.root == Path("/") and os.geteuid() != 0:
        raise refusals.not_root()
    units = [name for name in (NAME, DASHBOARD) if place.at(places.UNITS / name).exists()]
    command = place.at(places.COMMAND)
    if not units and not command.exists() and not place.at(places.PROGRAM_FOLDER).exists():
        raise refusals.nothing_installed()
    steps: list[Step] = []
    if units:
        stop = ("끄고 다음에도 시작하지 않게 하기", "Stop it, and start it no more")
        steps.append(call(runner, (SYSTEMCTL, "disable", "--now", *units), stop))
    no_unit = ("서비스 파일 지우기", "Remove the unit")
    steps += [remove(place.at(places.UNITS / name), no_unit) for name in units]
    if units:
        reload = ("systemd에 알리기", "Tell systemd")
        steps.append(call(runner, (SYSTEMCTL, "daemon-reload"), reload))
    if command.exists():
        refusals.check_own(command)
        steps.append(remove(command, ("명령 지우기", "Remove the command")))
    gone = ("프로그램 지우기", "Remove the program")
    steps.append(remove(place.at(places.PROGRAM_FOLDER), gone))
    return steps


def kept(place: Places) -> Both:
    """Say what an uninstallation leaves, and how it is taken up again."""
    state = place.at(places.PRIVATE_STATE)
    settings = place.at(places.SETTINGS)
    return (
        f"설정({settings})과 기록({state})은 남겨 두었습니다. 다시 설치하면 이어서 합니다.",
        f"Settings ({settings}) and state ({state}) were kept: install again and it goes on.",
    )


def _program(wish: Wish, place: Places, runner: Runner) -> list[Step]:
    locks = (RUNTIME_LOCK, WHOLE_LOCK) if wish.dashboard else (RUNTIME_LOCK,)
    python = str(place.at(places.VENV / "bin" / "python"))
    source = place.at(places.SOURCE)
    pip = (python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet")
    steps = [
        copy_folders((*PARTS, *locks), wish.source, source, ("프로그램 복사", "Copy the program")),
        call(
            runner,
            (str(wish.base_python), "-m", "venv", "--clear", str(place.at(places.VENV))),
            ("파이썬 환경 만들기", "Make an environment"),
        ),
        call(
            runner,
            (*pip, "--require-hashes", "-r", str(source / RUNTIME_LOCK)),
            ("잠긴 패키지 설치(해시 확인)", "Install the locked packages by hash"),
        ),
        call(
            runner,
            (*pip, "--no-deps", "--no-build-isolation", str(source)),
            ("무한 설치", "Install Muhan"),
        ),
    ]
    if wish.dashboard:
        pin = source / PIP_LOCK
        text = pip_pin((wish.source / WHOLE_LOCK).read_text(encoding="utf-8"))
        steps.append(write(pin, text, ("pip의 판 적기", "Write down which pip")))
        newer = ("잠긴 pip 설치(해시 확인)", "Install the locked pip by hash")
        steps.append(call(runner, (*pip, "--require-hashes", "-r", str(pin)), newer))
        words = ("--require-hashes", "-c", str(source / WHOLE_LOCK), *EXTRA)
        extra = ("대시보드 패키지 설치(해시 확인)", "Install the dashboard's packages by hash")
        steps.append(call(runner, (*pip, *words), extra))
    return steps


def pip_pin(lock: str) -> str:
    """Cut pip's own lines out of a lock.

    The pip that Python 3.11 and 3.12 bring takes no hash from a constraint: this one comes first.
    """
    found = re.search(r"^pip==(?:.*\\\n)*.*\n", lock, re.MULTILINE)
    return found[0] if found else ""


def _settings(wish: Wish, place: Places) -> list[Step]:
    steps: list[Step] = []
    if wish.env != place.at(places.SETTINGS):
        text = wish.env.read_text(encoding="utf-8")
        what = ("설정 복사(root만 읽음)", "Copy the settings, for root alone")
        steps.append(write(place.at(places.SETTINGS), text, what, mode=0o600, folder=0o700))
    if wish.dashboard:
        found = written_settings.written(wish.env, {})
        lines = "".join(f"{name}={found[name]}\n" for name in SHOWN if name in found)
        what = ("대시보드의 설정 쓰기(열쇠 없음)", "Write the dashboard's settings, without keys")
        path = place.at(places.DASHBOARD_SETTINGS)
        steps.append(write(path, f"# {MARK}\n{lines}", what, mode=0o600, folder=0o700))
    return steps


def _command(place: Places, settings: Settings) -> Step:
    text = unit(
        "muhan.sh.in",
        program=places.PROGRAM,
        settings=places.SETTINGS,
        systemd=places.OLDEST,
        language=settings.muhan_language.value,
    )
    what = ("명령 만들기", "Make the command")
    return write(place.at(places.COMMAND), text, what, mode=0o755)


def _state(settings: Settings, environ: Mapping[str, str], place: Places) -> Path | None:
    """Find the state to move: None when there is none, or the service has one already.

    Raises ServiceRefused while a bot works with it.
    """
    home = settings.muhan_home
    asker = environ.get("SUDO_USER", "")
    if home == DEFAULT_HOME.expanduser().absolute() and asker:
        # Under sudo, "~" is root's; what the owner has been using is his own.
        home = Path(pwd.getpwnam(asker).pw_dir) / DEFAULT_HOME.relative_to("~")
    taken = any(place.at(path).exists() for path in (places.STATE, places.PRIVATE_STATE))
    if not home.exists():
        return None
    if (process := running_process(home)) and not taken:
        raise refusals.bot_running(process, home)
    return None if taken else home
