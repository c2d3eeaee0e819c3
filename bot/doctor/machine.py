"""Looks at this machine: settings, venue, folder, disk, a running bot, the calendar."""

import shutil
import tempfile

from bot.addresses import Venue
from bot.amounts import counted
from bot.clock import NEW_YORK
from bot.console_words import both
from bot.doctor.findings import Finding, fingerprint, warning, well, wrong
from bot.doctor.patient import Patient
from bot.errors import MuhanError
from bot.instance import running_process
from bot.moving import MovedAway, refuse_moved
from bot.sessions import load_calendar
from bot.settings import load

LEAST_DISK = 100 * 2**20
LITTLE_DISK = 2**30
CALENDAR_SOON = 60
_VENUES = {
    Venue.DEMO: both("데모", "the demo"),
    Venue.PAPER: both("리허설", "rehearsal"),
    Venue.MOCK: both("한투 모의", "KIS's practice account"),
    Venue.REAL: both("실전", "real money"),
}


async def settings(patient: Patient) -> Finding:
    """Read the settings; the file's mode is among what `load` refuses."""
    try:
        found = load(patient.env, patient.environ)
    except MuhanError as error:
        return wrong(
            both(
                "설정을 읽을 수 없어 나머지는 보지 못합니다",
                "The settings cannot be read, so nothing else can be looked at",
            ),
            why=both(error.korean, error.english),
            remedy=both(
                "위 문장대로 고친 뒤 muhan doctor를 다시 실행해 주세요.",
                "Mend what it says, and run muhan doctor again.",
            ),
        )
    patient.found_settings = found
    place = patient.env if patient.env.exists() else None
    where = (
        both(f"{place} (0600)", f"{place} (0600)") if place else both("환경 변수", "environment")
    )
    mark = fingerprint(found.kis_app_key.get_secret_value())
    return well(
        f"{where[0]}에서 읽었습니다, 앱키 지문 {mark}",
        f"Read from {where[1]}, app key's fingerprint {mark}",
    )


async def venue(patient: Patient) -> Finding:
    """Say where orders would go."""
    found = patient.settings
    korean, english = _VENUES[found.muhan_venue]
    where = found.kis_rest_url
    return well(
        f"{korean} ({found.muhan_venue}), 주소 {where}",
        f"{english} ({found.muhan_venue}), at {where}",
    )


async def home(patient: Patient) -> Finding:
    """See whether the state folder can be written."""
    folder = patient.settings.muhan_home
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"muhan")
    except OSError as error:
        return wrong(
            both(
                f"{folder}에 쓸 수 없습니다 ({error.strerror})",
                f"{folder} cannot be written ({error.strerror})",
            ),
            why=both(
                "장부를 적지 못하면 주문을 내지 않습니다.",
                "Without its ledger written the bot sends no order.",
            ),
            remedy=both(
                "폴더의 주인과 권한을 고치거나 MUHAN_HOME을 바꿔 주세요.",
                "Mend the folder's owner and mode, or set another MUHAN_HOME.",
            ),
        )
    return well(f"{folder}에 쓸 수 있습니다", f"{folder} can be written")


async def disk(patient: Patient) -> Finding:
    """See whether the journal has room."""
    free = shutil.disk_usage(patient.settings.muhan_home).free
    size = f"{free / 2**30:.1f} GB" if free >= LITTLE_DISK else f"{free / 2**20:.0f} MB"
    if free >= LITTLE_DISK:
        return well(f"{size} 남았습니다", f"{size} free")
    report = wrong if free < LEAST_DISK else warning
    return report(
        both(f"디스크가 {size}만 남았습니다", f"Only {size} of disk are free"),
        why=both(
            "디스크가 차면 장부를 적지 못하고, 그러면 주문도 나가지 않습니다.",
            "With a full disk the ledger cannot be written, and then no order goes out.",
        ),
        remedy=both("필요 없는 파일을 지워 주세요.", "Delete files that are not needed."),
    )


async def instance(patient: Patient) -> Finding:
    """See whether a bot runs in this MUHAN_HOME."""
    patient.process = running_process(patient.settings.muhan_home)
    try:
        refuse_moved(patient.settings.muhan_home)
    except MovedAway as error:
        return wrong(
            both("다른 컴퓨터로 옮긴 봇입니다", "The bot was moved to another machine"),
            why=both(error.korean, error.english),
            remedy=both(
                "옮긴 컴퓨터에서 쓰시고, 여기서는 서비스를 지워 주세요: muhan service uninstall",
                "Use it where it went, and remove the service here: muhan service uninstall",
            ),
        )
    if patient.process:
        return well(
            f"무한이 돌고 있습니다 (프로세스 {patient.process})",
            f"Muhan is running (process {patient.process})",
        )
    return well("지금 돌고 있는 무한은 없습니다", "No Muhan is running")


async def calendar(patient: Patient) -> Finding:
    """See how long the session calendar lasts, and that the owner's overrides can be read."""
    today = patient.wall.now().astimezone(NEW_YORK).date()
    try:
        found = load_calendar(patient.settings.muhan_home)
        session = found.current_or_next(patient.wall.now())
    except MuhanError as error:
        return wrong(
            both("거래일 달력을 쓸 수 없습니다", "The session calendar cannot be used"),
            why=both(error.korean, error.english),
            remedy=both(
                "sessions.csv를 고치거나 새 버전으로 올려 주세요.",
                "Mend sessions.csv, or update Muhan.",
            ),
        )
    left = (today.replace(year=found.last_year, month=12, day=31) - today).days
    if left < CALENDAR_SOON:
        return warning(
            both(
                f"달력이 {left}일 뒤에 끝납니다 ({found.last_year}년까지)",
                f"The calendar ends in {counted(left, 'day')} (with {found.last_year})",
            ),
            why=both(
                "휴장일을 모르는 날에는 주문하지 않습니다.",
                "The bot orders on no day of which it does not know whether it is a session.",
            ),
            remedy=both("새 버전으로 올려 주세요.", "Update Muhan."),
        )
    return well(
        f"{found.last_year}년까지 있고, 다음 거래일은 {session.day}입니다",
        f"Reaches to the end of {found.last_year}; the next session is {session.day}",
    )
