"""Looks at what lies in MUHAN_HOME: who may read it, the state file, the daily backups."""

import asyncio
import os
import stat
from datetime import timedelta
from pathlib import Path

from bot.addresses import Venue
from bot.amounts import counted
from bot.console_words import both
from bot.daily_backup import folder_of, kept
from bot.doctor.findings import Finding, skipped, warning, well, wrong
from bot.doctor.patient import Patient
from bot.sessions import OVERRIDES_NAME
from bot.storage.copies import NEWER, format_of, objection
from bot.storage.damage import copies
from bot.storage.database import DATABASE_NAME, known_format

OTHERS = stat.S_IRWXG | stat.S_IRWXO
OLD_BACKUP = timedelta(hours=48)


async def permissions(patient: Patient) -> Finding:
    """See that nobody else may read what lies in MUHAN_HOME: state, token, secrets, backups."""
    home, env = patient.settings.muhan_home, patient.env
    found = [path for path in home.iterdir() if path.name != OVERRIDES_NAME]  # holds no secret
    found += [env] if env.exists() else []
    open_to_others = [path for path in found if path.is_file() and _open(path)]
    foreign = [path for path in found if path.is_file() and path.stat().st_uid != os.geteuid()]
    if open_to_others:
        names = ", ".join(sorted(path.name for path in open_to_others))
        places = " ".join(str(path) for path in sorted(open_to_others))
        return wrong(
            both(f"다른 사용자도 읽을 수 있습니다: {names}", f"Other users can read {names}"),
            why=both(
                "열쇠와 토큰, 매매 기록이 들어 있습니다.",
                "Keys, tokens and your trading record are in there.",
            ),
            remedy=both(f"chmod 600 {places}", f"chmod 600 {places}"),
        )
    if foreign:
        names = ", ".join(sorted(path.name for path in foreign))
        return warning(
            both(f"다른 사용자의 파일이 있습니다: {names}", f"Another user owns {names}"),
            why=both(
                "봇을 다른 사용자로 켠 적이 있으면 봇이 파일을 고치지 못합니다.",
                "If the bot once ran as another user, it cannot write them now.",
            ),
            remedy=both(
                f"봇과 같은 사용자로 실행하거나 chown -R $USER {home}",
                f"Run this as the user of the bot, or chown -R $USER {home}",
            ),
        )
    if _open(home):
        return warning(
            both(
                f"{home} 폴더를 다른 사용자도 볼 수 있습니다", f"Other users can look into {home}"
            ),
            why=both(
                "안의 파일은 잠겨 있지만 이름과 크기가 보입니다.",
                "The files are closed, but their names and sizes show.",
            ),
            remedy=both(f"chmod 700 {home}", f"chmod 700 {home}"),
        )
    return well(f"{len(found)}개 파일 모두 본인만", f"All {len(found)} files are the owner's alone")


def _open(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & OTHERS)


async def state(patient: Patient) -> Finding:
    """Hold the state file against SQLite's own check and this program's schema; change nothing."""
    path = patient.settings.muhan_home / DATABASE_NAME
    if not path.exists():
        return well(
            "상태 파일은 처음 켤 때 만들어집니다", "The state file is made at the first start"
        )
    found = await asyncio.to_thread(objection, path)
    if found == NEWER:
        return wrong(
            both(
                "상태 파일이 더 새로운 프로그램의 것입니다",
                "The state file is a newer program's",
            ),
            why=both(
                "옛 프로그램은 새 형식을 읽을 수 없습니다.",
                "An old program cannot read the new format.",
            ),
            remedy=both("프로그램을 올려 주세요.", "Update Muhan."),
        )
    if found:
        return _damaged(path, found)
    have, known = await asyncio.to_thread(format_of, path), known_format()
    size = f"{path.stat().st_size / 10**6:.1f} MB"
    patient.readable_state = have == known
    if have < known:
        return well(
            f"온전합니다 ({size}). 다음에 봇을 켤 때 형식을 {have}에서 {known}으로 올리고 "
            "사본을 남깁니다",
            f"Whole ({size}). The next start brings it from format {have} to {known} and leaves a "
            "copy",
        )
    return well(f"온전합니다 ({size}, 형식 {have})", f"Whole ({size}, format {have})")


def _damaged(path: Path, found: str) -> Finding:
    there = copies(path)
    copy = both(f" 사본: {there[0].name}", f" A copy: {there[0].name}") if there else both("", "")
    return wrong(
        both(f"상태 파일이 손상되었습니다 ({found})", f"The state file is damaged ({found})"),
        why=both(
            "믿을 수 없는 장부로는 주문하지 않습니다.",
            "Nothing is ordered on a ledger that cannot be believed.",
        ),
        remedy=both(
            f"{path.parent} 폴더를 통째로 복사해 둔 뒤 muhan restore 로 마지막 백업을 되돌려 "
            f"주세요.{copy[0]}",
            f"Copy the folder {path.parent} as a whole, then go back to the last backup with muhan "
            f"restore.{copy[1]}",
        ),
    )


async def backup(patient: Patient) -> Finding:
    """See how old the latest daily backup is, and whether it would outlive this machine."""
    settings = patient.settings
    folder = folder_of(settings)
    if settings.muhan_venue is Venue.DEMO:
        return skipped(both("데모는 백업하지 않습니다.", "A demo is not backed up."))
    if not settings.muhan_backup_keep:
        return warning(
            both("매일 백업이 꺼져 있습니다", "The daily backup is off"),
            why=both("MUHAN_BACKUP_KEEP=0입니다.", "MUHAN_BACKUP_KEEP is 0."),
            remedy=both("그 줄을 지우면 7개를 남깁니다.", "Without that line seven are kept."),
        )
    found = await asyncio.to_thread(kept, folder)
    if not found:
        return warning(
            both("아직 백업이 없습니다", "There is no backup yet"),
            why=both(
                "봇이 켜져 있는 동안 하루 한 번 만듭니다.", "A running bot makes one every day."
            ),
            remedy=both(
                "봇을 켜 두거나 지금 muhan backup 을 실행해 주세요.",
                "Keep the bot running, or run muhan backup now.",
            ),
        )
    age = patient.wall.now() - found[0].made_at
    hours = int(age.total_seconds() // 3600)
    if age > OLD_BACKUP:
        return warning(
            both(
                f"마지막 백업이 {hours}시간 전입니다",
                f"The latest backup is {counted(hours, 'hour')} old",
            ),
            why=both(
                "봇이 꺼져 있었거나 백업이 실패했습니다.", "The bot was off, or backups failed."
            ),
            remedy=both(
                f"{folder}에 자리와 권한이 있는지 보고 muhan backup 을 실행해 주세요.",
                f"See that {folder} has room and can be written, and run muhan backup.",
            ),
        )
    why = both("", "")
    if not settings.muhan_backup_passphrase.get_secret_value():
        why = both(
            "암호(MUHAN_BACKUP_PASSPHRASE)가 없어 이 컴퓨터 안에만 둡니다: 디스크가 죽으면 함께 "
            "잃습니다.",
            "There is no MUHAN_BACKUP_PASSPHRASE, so they stay on this machine and die with its "
            "disk.",
        )
    return well(
        f"{len(found)}개, 마지막은 {hours}시간 전 ({folder})",
        f"{len(found)} kept, the latest {counted(hours, 'hour')} old ({folder})",
        why=why,
    )
