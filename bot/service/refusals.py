"""Why the service is not installed, in one sentence each: nothing was changed by then."""

from pathlib import Path

from bot.service.errors import ServiceRefused
from bot.service.places import MARK, STATE

HIDDEN = tuple(Path(each) for each in ("/home", "/root", "/run/user"))
"""What ProtectHome= hides from the service."""


def not_root() -> ServiceRefused:
    return ServiceRefused(
        "이 컴퓨터 전체의 서비스는 관리자만 설치하고 지웁니다: sudo를 붙여 다시 실행하거나 "
        "--user로 내 계정에만 설치해 주세요.",
        "Only the administrator installs or removes a service of the whole machine: run it with "
        "sudo, or use --user for your own account.",
    )


def not_by_sudo() -> ServiceRefused:
    return ServiceRefused(
        "--user는 봇을 쓸 계정으로 설치합니다: sudo 없이 다시 실행해 주세요.",
        "--user installs for the account that it runs as: run it without sudo.",
    )


def nothing_installed() -> ServiceRefused:
    return ServiceRefused(
        "설치된 서비스가 없어 지울 것이 없습니다: muhan service install로 설치합니다.",
        "No service is installed, so there is nothing to remove: muhan service install makes one.",
    )


def no_program(program: Path) -> ServiceRefused:
    return ServiceRefused(
        f"{program}이 없습니다: make로 환경을 만든 뒤 다시 실행해 주세요.",
        f"There is no {program}: make the environment with make, then run this again.",
    )


def bot_running(process: str, home: Path) -> ServiceRefused:
    return ServiceRefused(
        f"봇이 {home}에서 실행 중이라(프로세스 {process}) 기록을 옮길 수 없습니다: 그 봇을 끈 뒤 "
        "다시 실행해 주세요.",
        f"A bot works in {home} (process {process}), so its state cannot be moved: stop it, then "
        "run this again.",
    )


def check_program(source: Path, python: Path) -> None:
    """Raise ServiceRefused where the service could not be made from here, or not be read."""
    if not (source / "requirements.lock").exists():
        raise ServiceRefused(
            f"{source}에 requirements.lock이 없습니다: 내려받은 무한 폴더에서 실행해 주세요.",
            f"There is no requirements.lock in {source}: run this from a clone of Muhan.",
        )
    if any(python.resolve().is_relative_to(hidden) for hidden in HIDDEN):
        raise ServiceRefused(
            f"파이썬({python})이 홈 폴더에 있어 서비스가 읽을 수 없습니다: 배포판의 python3(3.11 "
            "이상)을 설치하고 make clean, make PYTHON=/usr/bin/python3 뒤에 다시 실행해 주세요.",
            f"The Python ({python}) lies in a home folder, which the service cannot read: install "
            "your distribution's python3 (3.11 or newer), run make clean and "
            "make PYTHON=/usr/bin/python3, then this again.",
        )


def check_backups(folder: Path | None) -> None:
    """Raise ServiceRefused when backups would go where the service may not write."""
    if folder is not None and not folder.is_relative_to(STATE):
        raise ServiceRefused(
            f"MUHAN_BACKUP_FOLDER({folder})는 서비스가 쓸 수 없는 곳입니다: 비우거나 "
            f"{STATE} 아래로 적고, 다른 디스크에는 거기서 옮겨 담아 주세요.",
            f"The service cannot write to MUHAN_BACKUP_FOLDER ({folder}): leave it empty or name a "
            f"folder below {STATE}, and copy from there to another disk.",
        )


def check_own(path: Path) -> None:
    """Raise ServiceRefused when a file stands there that the installer did not make."""
    if path.exists() and MARK not in path.read_text(encoding="utf-8", errors="replace"):
        raise ServiceRefused(
            f"{path}는 다른 프로그램의 것이라 건드리지 않습니다: 옮기거나 지운 뒤 다시 실행해 "
            "주세요.",
            f"{path} is somebody else's and stays as it is: move it away, then run this again.",
        )
