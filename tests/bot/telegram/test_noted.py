"""Every reason that the client or the rehearsal room can give has its Korean."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.trading
import kis
from bot.events import BrokerTroubled, OrderRefused, OrderUnknown, RehearsalTroubled
from bot.telegram import alarms, doubts, rehearsal, texts
from bot.telegram.catalogue import Words
from bot.telegram.noted import UNCLEAR, noted
from bot.telegram.order_table import troubles
from bot.trading.model import OrderState
from kis.simulator.live.exchange import NO_CLOSE, NO_OPENING
from kis.stream_connection import HUNG_UP, HUNG_UP_AGAIN
from tests.bot.telegram.samples import SLOTS
from tests.bot.telegram.test_meanings import _order

KOREAN, ENGLISH = Words(), Words("en")
RAISED = {"BrokerSilent", "KisUnavailable", "KisBadAnswer", "KisAuthError", "OrderNotSent"}
TOLD = {*RAISED, "OrderUnknown", "NotSent", "End", "Tables", "Broken", "Unreached"}
SAMPLES = {
    "wanted": "access_token",
    "words": "HTTP 500 EGW00300 처리 오류",
    "call": "price (HHDFS00000300)",
    "reply.code": "EGW00133",
    "code": "APBK0001",
    "message": "처리 오류",
    "error": "no answer in time",
    "outcome.reason": "no answer in time",
    "listing.reason": "page 2 failed: HTTP 502",
    "type(error).__name__": "KisUnavailable",
    "path.rpartition('/')[2]": "tokenP",
    "symbol": "TQQQ",
    "slot.symbol": "TQQQ",
    "previous": "2026-10-06",
    "first": "2026-10-06",
    "ratio": "2:1",
    "name": "output",
    "code_name": "sll_buy_dvsn_cd",
}
ENGLISH_WORD = re.compile(r"\b[a-z]{2,}\b")
FIELDS = {*SAMPLES.values()}


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    parts = [
        str(each.value)
        if isinstance(each, ast.Constant)
        else SAMPLES.get(ast.unparse(each.value), "7")  # type: ignore[attr-defined]
        for each in node.values
    ]
    return "".join(parts).strip()


def reasons() -> Iterator[str]:
    """Read the sources for what is given as a reason."""
    folders = [Path(kis.__path__[0]), Path(bot.trading.__path__[0])]
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        if "simulator" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if not isinstance(node, ast.Call) or name not in TOLD:
                continue
            given = [each.value for each in node.keywords if each.arg == "reason"]
            for argument in [*node.args[:1], *given]:
                text = _text(argument)
                if text:
                    yield text


def test_the_sources_give_their_reasons() -> None:
    assert len(set(reasons())) > 50


@pytest.mark.parametrize("reason", sorted(set(reasons()) - texts.REASONS.keys()))
def test_every_reason_of_the_client_has_korean(reason: str) -> None:
    told = noted(KOREAN, reason)
    assert told != UNCLEAR
    assert re.search("[가-힣]", told), told
    left = set(ENGLISH_WORD.findall(told)) - {"ft", "ord"}
    names = {word for field in FIELDS for word in ENGLISH_WORD.findall(field)}
    assert left <= names | set(re.findall(r"\w+", reason.partition(" ")[0])), told


@pytest.mark.parametrize(
    ("reason", "korean", "english"),
    [
        (
            "the rehearsal room ended (-9); it is opened again",
            "리허설 방이 꺼져 다시 여는 중입니다 (종료 코드 -9)",
            "the rehearsal room ended (-9); it is opened again",
        ),
        (NO_CLOSE, "공식 종가가 오지 않음", "no official close came"),
        (NO_OPENING, "시가 단일가 주문은 리허설에 없음", "no opening auction in rehearsal"),
        (
            "시세 끊김, feed gap 23:41-23:49 +2",
            "시세 끊김 23:41-23:49 +2",
            "feed gap 23:41-23:49 +2",
        ),
        ("액면분할, split 2:1", "액면분할 2:1", "split 2:1"),
        (HUNG_UP, "한투가 접속을 바로 끊었습니다: HTS ID를 확인해 주세요", HUNG_UP),
        (HUNG_UP_AGAIN, "한투가 접속을 바로 끊었습니다: HTS ID를 확인해 주세요", HUNG_UP_AGAIN),
        (
            "TQQQ: no connection (OSError), 10:32 NY",
            "TQQQ · 연결되지 않았습니다 (뉴욕 10:32부터)",
            "TQQQ: no connection (OSError), 10:32 NY",
        ),
        (
            "the list of orders is incomplete: page 2 failed: inquire-ccnl (TTTS3035R): HTTP 502",
            "주문 목록을 끝까지 읽지 못했습니다 (2쪽에서 막힘: 오류 HTTP 502)",
            "the list of orders is incomplete: page 2 failed: inquire-ccnl (TTTS3035R): HTTP 502",
        ),
    ],
)
def test_a_reason_is_said_in_the_owners_language(reason: str, korean: str, english: str) -> None:
    assert noted(KOREAN, reason) == korean
    assert noted(ENGLISH, reason) == english


@pytest.mark.parametrize(
    "reason",
    [
        "매수증거금 부족",
        "DFD 장종료로 취소",
        "APBK0918 장운영시간이 아닙니다",
        "OPSP8996 ALREADY IN USE appkey",
    ],
)
def test_the_words_of_kis_stay_as_they_are(reason: str) -> None:
    assert noted(KOREAN, reason) == reason
    assert noted(KOREAN, f"ReadRefused: HTTP 200 {reason}") == reason


def test_what_nobody_foresaw_is_left_to_the_log() -> None:
    assert noted(KOREAN, "something quite new") == UNCLEAR
    assert noted(ENGLISH, "something quite new") == "something quite new"


def test_no_message_to_a_korean_owner_holds_the_clients_english() -> None:
    timed_out = "KisUnavailable: inquire-ccnl (TTTS3035R): no answer in time"
    ended = "the rehearsal room ended (-9); it is opened again"
    slot = SLOTS[4].key
    limits = "모의투자 takes limit orders only"
    told = [
        alarms.troubled(KOREAN, BrokerTroubled(reason=timed_out)),
        doubts.unknown(KOREAN, OrderUnknown(slot=slot, reason="no answer in time"), _order()),
        alarms.refused(KOREAN, OrderRefused(slot=slot, code="", message=limits), _order()),
        alarms.rejected_late(KOREAN, _order(OrderState.REJECTED_LATE, "no connection (OSError)")),
        rehearsal.told(KOREAN, RehearsalTroubled(reason=ended)) or "",
        rehearsal.unfilled(KOREAN, NO_CLOSE, [_order()]),
        *troubles(KOREAN, [_order(OrderState.PLANNED, "no connection (OSError)")]),
    ]
    for message in told:
        without_commands = re.sub(r"/[a-z]+", "", message)
        assert not ENGLISH_WORD.search(without_commands), message
        assert "()" not in message
