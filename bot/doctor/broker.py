"""Looks at KIS: address and clock, keys, token, account, money, prices, fill notices."""

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime

import aiohttp

from bot.addresses import Venue
from bot.clock import SEOUL, SimulatorClock
from bot.console_words import both
from bot.counter import examined
from bot.doctor.findings import Finding, fingerprint, skipped, warning, well, wrong
from bot.doctor.patient import Patient
from bot.doctor.remedies import told
from kis import codes
from kis.errors import KisAuthError, ReadError
from kis.models import Exchange, StreamState, StreamStateKind

REACH_SECONDS = 10
NOTICE_SECONDS = 20
SKEW_WARNS = 5
SKEW_STOPS = 30
VALID_FOR = timedelta(minutes=30)
GENERAL_ACCOUNT = "01"
_PRODUCTS = {
    "03": both("선물옵션", "futures and options"),
    "08": both("해외선물옵션", "overseas futures and options"),
    "22": both("개인연금저축", "a personal pension"),
    "29": both("퇴직연금 IRP", "a retirement pension (IRP)"),
    "55": both("퇴직연금 DC", "a retirement pension (DC)"),
}
_HTS_ID = both(
    "KIS_HTS_ID에는 한투 홈페이지와 앱에 로그인할 때 쓰는 ID를 적습니다: KIS Developers의 "
    "'고객 ID'와 같고, 잊었다면 한투 홈페이지의 ID 찾기에서 볼 수 있습니다.",
    "KIS_HTS_ID is the id you log in with at KIS's site and app: KIS Developers calls it the "
    "customer id (고객 ID), and KIS's site can look a forgotten one up.",
)
_REHEARSED = both(
    "리허설의 계좌와 주문은 시뮬레이터에 있습니다.",
    "A rehearsal keeps its account and orders in the simulator.",
)


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


async def account(patient: Patient) -> Finding:
    """See that the account is one that can trade US stocks, and that the key may use it."""
    if patient.settings.muhan_venue is Venue.PAPER:
        return skipped(_REHEARSED)
    product = patient.settings.kis_account[-2:]
    if product != GENERAL_ACCOUNT:
        return _wrong_product(product)
    try:
        listing = await patient.kis.account.holdings()
    except ReadError as error:
        return told(error, both("계좌를 볼 수 없습니다", "The account cannot be seen"))
    shown = f"***-{product}"
    if not listing.complete:
        return warning(
            both(f"계좌 {shown}의 잔고가 일부만 보입니다", f"Account {shown} is seen in part only"),
            why=both(f"한투의 대답: {listing.reason}", f"KIS's answer: {listing.reason}"),
            remedy=both("잠시 뒤 다시 실행해 주세요.", "Run it again in a while."),
        )
    count = len(listing.rows)
    return well(
        f"{shown} 계좌가 보입니다, 보유 {count}종목",
        f"Account {shown} is seen, {count} symbols held",
    )


def _wrong_product(product: str) -> Finding:
    known = _PRODUCTS.get(product)
    named = both(f" ({known[0]})", f" ({known[1]})") if known else both("", "")
    return wrong(
        both(
            f"계좌의 뒤 두 자리가 {product}{named[0]}입니다",
            f"The account ends in {product}{named[1]}",
        ),
        why=both(
            "이 API로 미국 주식을 사고팔 수 있는 계좌는 01(종합)뿐입니다.",
            "Only an account that ends in 01 (종합) can trade US stocks by this API.",
        ),
        remedy=both(
            "종합 계좌의 번호 8자리와 -01을 KIS_ACCOUNT에 적고, 그 계좌로 받은 앱키를 써 주세요.",
            "Write the 8 digits of a general account and -01 into KIS_ACCOUNT, and use the app key "
            "that was issued for it.",
        ),
    )


async def money(patient: Patient) -> Finding:
    """See how many USD could be ordered, without and with 통합증거금."""
    if patient.settings.muhan_venue is Venue.PAPER:
        return skipped(_REHEARSED)
    try:
        power = await patient.kis.account.buying_power("TQQQ", Exchange.NASDAQ, Decimal(0))
    except ReadError as error:
        return told(
            error, both("주문가능 달러를 볼 수 없습니다", "The orderable USD cannot be seen")
        )
    sums = f"${power.orderable:,.2f}", f"${power.orderable_integrated:,.2f}"
    what = both(
        f"주문가능 {sums[0]}, 통합증거금이면 {sums[1]}",
        f"Orderable {sums[0]}, with 통합증거금 {sums[1]}",
    )
    if power.orderable or power.orderable_integrated:
        return Finding(status=well("", "").status, what=what)
    return warning(
        what,
        why=both("달러가 없으면 매수가 거부됩니다.", "Without USD every buy is refused."),
        remedy=both(
            "한투 앱에서 환전하거나 통합증거금을 신청해 주세요.",
            "Exchange money in KIS's app, or apply for 통합증거금.",
        ),
    )


async def notices(patient: Patient) -> Finding:
    """Open the websocket once and register for fill notices; a running bot's is left alone."""
    if patient.settings.muhan_venue is Venue.PAPER:
        return skipped(_REHEARSED)
    if not patient.settings.kis_hts_id:
        return wrong(
            both("KIS_HTS_ID가 비어 있습니다", "KIS_HTS_ID is empty"),
            why=both(
                "체결통보는 로그인 ID로 등록합니다: 없으면 체결을 목록으로만 늦게 압니다.",
                "Fill notices are registered by the login id: without it fills are seen late, in "
                "listings.",
            ),
            remedy=_HTS_ID,
        )
    if patient.process:
        return skipped(
            both(
                "돌고 있는 봇이 실시간 연결을 쓰고 있어 두 번째를 열지 않았습니다: 한투는 앱키마다 "
                "하나만 받습니다.",
                "The bot that runs has the websocket, and a second was not opened: KIS takes one "
                "per app key.",
            )
        )
    state = await _first_state(patient)
    if state is not None and state.kind is StreamStateKind.CONNECTED:
        return well("체결통보가 등록됩니다", "Fill notices can be registered")
    return _no_notices(state)


async def _first_state(patient: Patient) -> StreamState | None:
    try:
        async with (
            asyncio.timeout(NOTICE_SECONDS),
            patient.kis.stream(notices=True) as stream,
        ):
            async for item in stream:
                if isinstance(item, StreamState):
                    return item
    except TimeoutError:
        return None
    return None


def _no_notices(state: StreamState | None) -> Finding:
    reason = "" if state is None else state.reason
    meaning = codes.explain(reason)
    if meaning is not None:
        return wrong(
            both(
                f"실시간 연결이 거절되었습니다 ({reason})", f"The websocket was refused ({reason})"
            ),
            why=both(*meaning.cause),
            remedy=both(*meaning.remedy),
        )
    if "at once" in reason or (state and state.kind is StreamStateKind.SUBSCRIPTION_REFUSED):
        return wrong(
            both("등록하자마자 한투가 연결을 끊었습니다", "KIS hung up as soon as it was asked"),
            why=both(
                "한투는 HTS ID가 틀리면 말없이 끊습니다.",
                "KIS hangs up without a word when the HTS id is wrong.",
            ),
            remedy=_HTS_ID,
        )
    return wrong(
        both(
            f"실시간 서버에 잇지 못했습니다 ({reason or '대답 없음'})",
            f"The websocket server was not reached ({reason or 'no answer'})",
        ),
        why=both("체결통보와 시세가 오지 않습니다.", "Neither fill notices nor prices would come."),
        remedy=both(
            "KIS_WEBSOCKET_URL과 방화벽(21000·31000 포트)을 확인해 주세요.",
            "Look at KIS_WEBSOCKET_URL and the firewall (ports 21000 and 31000).",
        ),
    )
