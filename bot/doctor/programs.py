"""Looks at what runs Muhan: Python and packages, a Korean font, the service of systemd."""

import asyncio
import getpass
import os
import platform
import re
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from bot.console_words import both
from bot.doctor.findings import Finding, skipped, warning, well, wrong
from bot.doctor.patient import Patient

OLDEST_PYTHON = (3, 11)
SHOWN = ("aiogram", "aiohttp", "pydantic", "cryptography")
UNIT = "muhan.service"
SYSTEM_UNITS = Path("etc/systemd/system")
USER_UNITS = Path(".config/systemd/user")
LINGER = Path("var/lib/systemd/linger")
_REQUIREMENT = re.compile(r"([A-Za-z0-9_.-]+)\s*([<>=!~,.\d\s]*)")
_BOUND = re.compile(r"(>=|<)\s*([\d.]+)")


async def versions(_: Patient) -> Finding:
    """Hold Python and the packages against what this program was made for."""
    python = platform.python_version()
    if sys.version_info[:2] < OLDEST_PYTHON:
        return wrong(
            both(f"Python {python}은 너무 오래되었습니다", f"Python {python} is too old"),
            why=both("3.11부터 됩니다.", "3.11 is the oldest that will do."),
            remedy=both(
                "Python 3.11 이상으로 다시 설치해 주세요.", "Install with Python 3.11 or newer."
            ),
        )
    odd = unfit(requires("muhan") or [])
    if odd:
        return wrong(
            both(f"패키지가 맞지 않습니다: {', '.join(odd)}", f"Packages differ: {', '.join(odd)}"),
            why=both(
                "이 판이 시험된 패키지가 아닙니다.",
                "They are not what this version was tested with.",
            ),
            remedy=both(
                "pip install --require-hashes -r requirements.lock 으로 다시 설치해 주세요.",
                "Install again: pip install --require-hashes -r requirements.lock",
            ),
        )
    names = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    said = f"Muhan {version('muhan')}, Python {python}, {names}"
    return well(said, said)


def unfit(requirements: list[str]) -> list[str]:
    """Name the packages that are missing, or of a version that the requirement does not take.

    Requirements of extras are passed over. A version is compared by its numbers.
    """
    found = []
    for requirement in requirements:
        words, _, marker = requirement.partition(";")
        match = _REQUIREMENT.match(words)
        if match is None or "extra" in marker:
            continue
        try:
            have = version(match[1])
        except PackageNotFoundError:
            found.append(f"{match[1]} -")
            continue
        if not all(_fits(have, sign, bound) for sign, bound in _BOUND.findall(match[2])):
            found.append(f"{match[1]} {have}")
    return found


def _fits(have: str, sign: str, bound: str) -> bool:
    ours, limit = _numbers(have), _numbers(bound)
    return ours >= limit if sign == ">=" else ours < limit


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text.partition("+")[0])[:3])


async def fonts(_: Patient) -> Finding:
    """See whether pictures can be written in Korean."""
    from bot.laboratory.fonts import korean_family  # noqa: PLC0415 - it loads matplotlib

    family = await asyncio.to_thread(korean_family)
    if family is None:
        return warning(
            both("한글 글꼴이 없습니다", "There is no Korean font"),
            why=both(
                "그림의 글이 영어로 나옵니다: 나머지는 그대로입니다.",
                "The words in pictures are English then; nothing else changes.",
            ),
            remedy=both("sudo apt install fonts-nanum", "sudo apt install fonts-nanum"),
        )
    return well(f"그림의 글꼴: {family}", f"The font of pictures: {family}")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have a number and no name
        return str(os.getuid())


async def service(patient: Patient) -> Finding:
    """See whether systemd starts the bot by itself, also while nobody is logged in.

    Looks at files alone: nothing of systemd is asked.
    """
    user = _user()
    if (patient.root / SYSTEM_UNITS / UNIT).exists():
        return well("서비스로 설치되어 있습니다", "It is installed as a service")
    if not (patient.user_home / USER_UNITS / UNIT).exists():
        return skipped(
            both(
                "서비스로 설치되어 있지 않습니다: muhan service install 이면 컴퓨터가 켜질 때 함께 "
                "켜집니다.",
                "It is not installed as a service: with muhan service install it starts with the "
                "machine.",
            )
        )
    if (patient.root / LINGER / user).exists():
        return well(
            "이 사용자의 서비스이고, 로그아웃해도 켜져 있습니다",
            "It is this user's service, and goes on after a logout",
        )
    return wrong(
        both("로그아웃하면 봇이 꺼집니다", "The bot ends when you log out"),
        why=both(
            "사용자 서비스는 linger가 켜져 있어야 계속 돕니다.",
            "A user's service goes on only with lingering.",
        ),
        remedy=both(f"sudo loginctl enable-linger {user}", f"sudo loginctl enable-linger {user}"),
    )
