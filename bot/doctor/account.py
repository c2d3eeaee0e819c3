"""Looks at the owner's account at KIS: what it may trade, its USD, its fill notices."""

import asyncio
from decimal import Decimal

from bot.addresses import Venue
from bot.console_words import both
from bot.doctor.findings import Finding, skipped, warning, well, wrong
from bot.doctor.patient import Patient
from bot.doctor.remedies import told
from kis import codes
from kis.errors import ReadError
from kis.models import Exchange, StreamState, StreamStateKind

NOTICE_SECONDS = 20
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
