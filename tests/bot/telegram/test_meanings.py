"""KIS's refusals in the chat: its own words, what they mean, what to do; old journals too."""

import pytest

from bot.console_words import Words as ConsoleWords
from bot.events import BrokerTroubled, OrderRefused
from bot.storage.codec import event_of
from bot.storage.views import OrderView
from bot.telegram import alarms
from bot.telegram.catalogue import Words
from bot.telegram.order_table import troubles
from bot.trading.broker import meaning
from bot.trading.model import OrderState
from bot.trading.refusal import Refusal, Why
from tests.bot.telegram.samples import ROUND, SESSION, SLOTS

KOREAN, ENGLISH = Words(explain=meaning), Words("en", explain=meaning)
CASH = "환전"


def _order(state: OrderState = OrderState.REFUSED, detail: str = "") -> OrderView:
    return OrderView(
        slot=SLOTS[4],
        round_id=ROUND,
        session=SESSION,
        state=state,
        tries=1,
        order_number=None,
        sent_at=None,
        answered_at=None,
        unknown_at=None,
        retry_at=None,
        cancel_asked=None,
        baseline=(),
        detail=detail,
        filled=0,
        fill_price=None,
        may_resend=False,
    )


def _refused(code: str, message: str) -> OrderRefused:
    return OrderRefused(slot=SLOTS[4].key, code=code, message=message)


def test_a_refused_order_is_told_in_kis_words_with_their_meaning_and_remedy() -> None:
    event = _refused("APBK0952", "주문가능금액을 초과 했습니다")
    told = alarms.refused(KOREAN, event, _order())
    assert "왜: 주문가능금액을 초과 했습니다 (APBK0952)" in told
    assert "뜻: 주문할 수 있는 달러가 모자랍니다" in told
    assert CASH in told.rpartition("할 일: ")[2]
    assert "To do: Exchange or pay in USD" in alarms.refused(ENGLISH, event, _order())


def test_one_code_means_what_its_words_say() -> None:
    short = alarms.refused(KOREAN, _refused("APBK0918", "매수가능금액이 부족합니다"), _order())
    closed = alarms.refused(KOREAN, _refused("APBK0918", "장운영시간이 아닙니다."), _order())
    assert CASH in short
    assert CASH not in closed
    assert "시간이 아닙니다" in closed.partition("뜻: ")[2]


@pytest.mark.parametrize(
    ("code", "message"), [("APBK4711", "처음 보는 말"), ("", "또 처음 보는 말")]
)
def test_what_nobody_knows_is_told_as_kis_said_it_and_no_more(code: str, message: str) -> None:
    told = alarms.refused(KOREAN, _refused(code, message), _order())
    assert message in told
    assert "뜻:" not in told


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        ("ReadRefused: OPSQ2000 ERROR : INPUT INVALID_CHECK_ACNO", "KIS Developers"),
        ("KisAuthError: no access_token (HTTP 403 EGW00105 유효하지 않은 AppSecret)", "앱시크릿"),
        ("KisUnavailable: HTTP 500 EGW00201 초당 거래건수를 초과하였습니다.", "잠시 쉬고"),
    ],
)
def test_a_silent_kis_is_told_with_the_remedy_of_its_code(reason: str, remedy: str) -> None:
    told = alarms.troubled(KOREAN, BrokerTroubled(reason=reason))
    assert remedy in told.rpartition("할 일: ")[2]


def test_a_silence_without_a_code_is_told_as_before() -> None:
    event = BrokerTroubled(reason="KisUnavailable: no answer in time")
    assert alarms.troubled(KOREAN, event) == alarms.troubled(Words(), event)


def test_an_order_that_is_turned_down_later_gets_its_remedy_from_the_words_alone() -> None:
    order = _order(OrderState.REJECTED_LATE, "매수증거금 부족")
    assert CASH in alarms.rejected_late(KOREAN, order)
    assert "뜻:" not in alarms.rejected_late(KOREAN, _order(OrderState.REJECTED_LATE))


def test_the_card_adds_the_remedy_to_a_refused_order_and_to_no_other() -> None:
    detail = "APBK0952 주문가능금액을 초과 했습니다"
    (refused,) = troubles(KOREAN, [_order(detail=detail)])
    assert CASH in refused.partition("\n→ ")[2]
    (waiting,) = troubles(KOREAN, [_order(OrderState.PLANNED, detail)])
    assert "→" not in waiting


def test_a_refusal_of_an_old_journal_is_explained_like_a_new_one() -> None:
    text = f'{{"slot":"{SLOTS[4].key}","code":"APBK0952","message":"주문가능금액을 초과"}}'
    event = event_of("OrderRefused", text)
    assert isinstance(event, OrderRefused)
    assert CASH in alarms.refused(KOREAN, event, _order())


def test_words_of_kis_are_text_in_the_chat_and_no_markup() -> None:
    told = alarms.refused(KOREAN, _refused("APBK0952", "<b>주문가능금액</b>을 초과"), _order())
    assert "<b>" not in told


def test_the_console_adds_the_remedy_too() -> None:
    error = Refusal(Why.BROKER_SILENT, reason="ReadRefused: OPSQ2000 INVALID_CHECK_ACNO")
    said = ConsoleWords("ko", explain=meaning).error(error)
    assert said.startswith("한투에 물어볼 수 없습니다 (ReadRefused: OPSQ2000")
    assert "8자리-01" in said
    assert "8 digits and -01" in ConsoleWords("en", explain=meaning).error(error)
    plain = ConsoleWords("ko").error(error)
    assert said.startswith(plain)


@pytest.mark.parametrize("code", ["APBK0013", "KIOK0560", "OPSP0000"])
def test_a_success_explains_nothing(code: str) -> None:
    assert meaning(f"{code} 주문 전송 완료") is None
