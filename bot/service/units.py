"""The units, filled in from the templates beside this file."""

import re
from pathlib import Path

from bot.service.errors import ServiceRefused

_FOLDER = Path(__file__).parent
_BACK_OFF = 254
"""The first systemd that lets the pause before a restart grow (RestartSteps=)."""

NAME = "muhan.service"
DASHBOARD = "muhan-dashboard.service"


def unit(
    template: str, *, program: Path, settings: Path, systemd: int, language: str = "ko"
) -> str:
    """Fill a template of this folder in.

    `program` is the `muhan` to start, `settings` the owner's file; `systemd` is the version that
    will read it: nothing is written that it does not know. Raises ServiceRefused.
    """
    places = {
        "PROGRAM": _quoted(program),
        "SETTINGS": _quoted(settings),
        "RESTART": _restart(systemd),
        "SANDBOX": _read("sandbox.in"),
        "LANGUAGE": language,
    }
    return re.sub(r"@([A-Z]+)@", lambda found: places[found[1]], _read(template))


def system_unit(*, program: Path, settings: Path, systemd: int) -> str:
    """Make the bot's unit for the whole machine."""
    return unit("muhan.service.in", program=program, settings=settings, systemd=systemd)


def user_unit(*, program: Path, settings: Path, systemd: int) -> str:
    """Make the bot's unit for one user's own manager."""
    return unit("muhan-user.service.in", program=program, settings=settings, systemd=systemd)


def dashboard_unit(*, program: Path, settings: Path, systemd: int) -> str:
    """Make the dashboard's unit for the whole machine."""
    return unit("muhan-dashboard.service.in", program=program, settings=settings, systemd=systemd)


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _restart(systemd: int) -> str:
    steps = ["RestartSec=30"]
    if systemd >= _BACK_OFF:
        steps += ["RestartSteps=5", "RestartMaxDelaySec=10min"]
    return "\n".join(steps)


def _quoted(path: Path) -> str:
    """Write a path as a unit and a shell both read it. Raises ServiceRefused for an odd one."""
    text = str(path)
    if not re.fullmatch(r"/[\w./+-]+", text):
        raise ServiceRefused(
            f"{text} 경로에는 빈칸이나 특수 문자가 있어 서비스 파일에 적을 수 없습니다: 글자, "
            "숫자, 밑줄, 점, 빼기표로 된 폴더로 옮겨 주세요.",
            f"{text} has a blank or a special character, which a unit would read otherwise: move "
            "it to a folder of letters, digits, underscores, dots and dashes.",
        )
    return text
