"""Looks at KIS: its address and clock, the keys and the token."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from bot.addresses import Venue
from bot.clock import SEOUL, SimulatorClock
from bot.console_words import both
from bot.counter import examined
from bot.doctor.findings import Finding, fingerprint, skipped, warning, well, wrong
from bot.doctor.patient import Patient
from bot.doctor.remedies import told
from kis.errors import KisAuthError, ReadError

REACH_SECONDS = 10
SKEW_WARNS = 5
SKEW_STOPS = 30
VALID_FOR = timedelta(minutes=30)


async def address(patient: Patient) -> Finding:
    """See whether KIS's REST server, or the simulator, answers at its address."""
    url = patient.settings.kis_rest_url
    limit = aiohttp.ClientTimeout(total=REACH_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as http,
            http.get(f"{url}/", allow_redirects=False) as answer,
        ):
            said = answer.headers.get("Date", "")
        await _open(patient)
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return _unreached(patient, type(error).__name__)
    patient.server_time = _server_time(said)
    return well(f"{url}에서 대답합니다", f"{url} answers")


def _server_time(said: str) -> datetime | None:
    """Read a Date header; None for one that tells no instant."""
    try:
        told = parsedate_to_datetime(said)
    except ValueError:
        return None
    return told if told.tzinfo else None


async def _open(patient: Patient) -> None:
    now = patient.wall.now
    if patient.settings.muhan_venue is Venue.DEMO:
        clock = SimulatorClock(patient.settings.kis_rest_url)
        patient.stack.push_async_callback(clock.close)
        await clock.read()
        now = clock.now
    kis = await examined(patient.settings, now=now, sleep=patient.sleep)
    patient.found_kis = await patient.stack.enter_async_context(kis)


def _unreached(patient: Patient, kind: str) -> Finding:
    url = patient.settings.kis_rest_url
    remedy = both(
        "인터넷 연결을 확인해 주세요. 모의투자 서버는 주말에 쉽니다.",
        "Look at the Internet connection. The practice server rests at weekends.",
    )
    if patient.settings.muhan_venue is Venue.DEMO:
        remedy = both(
            "muhan simulator를 먼저 켜거나 KIS_REST_URL을 고쳐 주세요.",
            "Start muhan simulator first, or mend KIS_REST_URL.",
        )
    return wrong(
        both(f"{url}에서 대답이 없습니다 ({kind})", f"{url} does not answer ({kind})"),
        why=both("한투 없이는 아무것도 할 수 없습니다.", "Nothing can be done without KIS."),
        remedy=remedy,
    )


async def clock(patient: Patient) -> Finding:
    """Compare this machine's clock with the Date that KIS answers with."""
    if patient.server_time is None:
        return skipped(
            both("서버가 시각을 말하지 않았습니다.", "The server did not tell the time.")
        )
    skew = round((patient.wall.now() - patient.server_time).total_seconds())
    if abs(skew) <= SKEW_WARNS:
        return well(f"한투 서버와 {abs(skew)}초 차이", f"{abs(skew)} s off KIS's server")
    report = wrong if abs(skew) > SKEW_STOPS else warning
    word = both("빠릅니다", "fast") if skew > 0 else both("느립니다", "slow")
    return report(
        both(
            f"이 컴퓨터의 시계가 {abs(skew)}초 {word[0]}", f"This clock is {abs(skew)} s {word[1]}"
        ),
        why=both(
            "장 시각과 토큰의 만료를 이 시계로 봅니다.",
            "The session's hours and the token's end are seen by it.",
        ),
        remedy=both(
            "시각 동기화(NTP)를 켜 주세요: timedatectl set-ntp true",
            "Turn on time synchronisation (NTP): timedatectl set-ntp true",
        ),
    )


async def keys(patient: Patient) -> Finding:
    """Ask KIS about app key and secret in a way that issues no token and sends no message."""
    mark = fingerprint(patient.settings.kis_app_key.get_secret_value())
    try:
        await patient.kis.check_keys()
    except ReadError as error:
        what = both("앱키를 확인하지 못했습니다", "The app key could not be checked")
        if isinstance(error, KisAuthError):
            what = both("한투가 앱키를 받지 않습니다", "KIS does not take the app key")
        return told(error, what)
    return well(
        f"앱키(지문 {mark})와 앱시크릿이 맞습니다",
        f"The app key (fingerprint {mark}) and its secret are right",
    )


async def token(patient: Patient) -> Finding:
    """See that an access token can be had; one that is kept is used."""
    try:
        await patient.kis.ensure_token(VALID_FOR)
    except ReadError as error:
        return told(error, both("접근토큰을 받지 못했습니다", "No access token could be had"))
    return _token_age(patient)


def _token_age(patient: Patient) -> Finding:
    ends = patient.kis.token_expires_at
    if (
        ends is None or patient.settings.muhan_venue is Venue.DEMO
    ):  # it ends by the simulator's time
        return well("접근토큰이 있습니다", "There is an access token")
    left = int((ends - patient.wall.now()).total_seconds() // 60)
    until = f"{ends.astimezone(SEOUL):%m-%d %H:%M}"
    return well(
        f"접근토큰이 {until}까지 있습니다 ({left // 60}시간 {left % 60}분 남음)",
        f"There is an access token until {until} in Seoul ({left // 60} h {left % 60} min left)",
    )
