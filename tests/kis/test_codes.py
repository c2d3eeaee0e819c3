"""The dictionary of message codes: by code and words, whole, and one sentence each."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis import codes
from kis.codes import Kind, Meaning, OnOrder, OnStream
from kis.codes.vocabulary import Entry

MEANINGS: list[Meaning] = list({id(one.meaning): one.meaning for one in codes.ENTRIES}.values())

# Codes and words as they were met: domain/kis.md 7 and 8, recorded answers, KIS's own table.
MET: list[tuple[str, str, Kind]] = [
    ("APBK0013", "주문 전송 완료 되었습니다.", Kind.OK),
    ("APBK1711", "취소주문이 접수되었습니다.", Kind.OK),
    ("40600000", "모의투자 매수주문이 완료 되었습니다.", Kind.OK),
    ("KIOK0510", "조회가 완료되었습니다", Kind.OK),
    ("KIOK0530", "조회되었습니다", Kind.OK),
    ("MCA00000", "정상처리 되었습니다.", Kind.OK),
    ("20310000", "모의투자 조회가 완료되었습니다.", Kind.OK),
    ("KIOK0560", "조회할 내용이 없습니다", Kind.NOTHING_FOUND),
    ("70070000", "모의투자 조회할 내역(자료)이 없습니다.", Kind.NOTHING_FOUND),
    ("EGW00121", "유효하지 않은 token 입니다.", Kind.TOKEN),
    ("EGW00122", "token을 찾을 수 없습니다.", Kind.TOKEN),
    ("EGW00123", "기간이 만료된 token 입니다.", Kind.TOKEN),
    ("EGW00133", "접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)", Kind.TOKEN_TOO_OFTEN),
    ("EGW00103", "유효하지 않은 AppKey입니다.", Kind.KEYS),
    ("EGW00105", "유효하지 않은 AppSecret입니다.", Kind.KEYS),
    ("EGW00304", "고객식별키(개인 appSecret)가 유효하지 않습니다.", Kind.KEYS),
    ("EGW00131", "유효하지 않은 hashkey입니다.", Kind.INPUT),
    ("EGW00201", "초당 거래건수를 초과하였습니다.", Kind.RATE),
    ("EGW00202", "GW라우팅 중 오류가 발생했습니다.", Kind.GATEWAY),
    ("EGW00203", "OPS라우팅 중 오류가 발생했습니다.", Kind.GATEWAY),
    ("EGW00206", "API 사용 권한이 없습니다.", Kind.PERMISSION),
    ("EGW00213", "모의투자 tr이 아닙니다.", Kind.NOT_OFFERED),
    ("EGW00300", "Gateway 라우팅 오류가 발생했습니다.", Kind.GATEWAY),
    ("EGW00301", "연결 시간이 초과되었습니다. 직전 거래를 반드시 확인하세요.", Kind.GATEWAY),
    ("EGW00302", "거래시간이 초과되었습니다. 직전 거래를 반드시 확인하세요.", Kind.GATEWAY),
    ("EGW00002", "서버 에러가 발생했습니다.", Kind.MAINTENANCE),
    ("OPSQ0002", "없는 서비스 코드 입니다.", Kind.NOT_OFFERED),
    ("OPSQ1002", "세션 연결 오류", Kind.MAINTENANCE),
    ("OPSQ2000", "ERROR : INPUT INVALID_CHECK_ACNO", Kind.ACCOUNT),
    ("APBK0917", "ERROR : INPUT INVALID_CHECK_ACNO", Kind.ACCOUNT),
    ("OPSQ2001", "ERROR INPUT FIELD NOT FOUND [PDNO]", Kind.INPUT),
    ("APBK1271", "Not Found", Kind.ACCOUNT),
    ("APAC0489", "위탁계좌인 경우만 조회가능", Kind.ACCOUNT),
    (
        "APBK0918",
        "장운영시간이 아닙니다.(단,주간거래시간이면 전용화면 주문가능, 주문시간 외 불가)",
        Kind.HOURS,
    ),
    ("APBK0918", "매수가능금액이 부족합니다", Kind.CASH),
    ("APBK0918", "매도가능수량이 부족합니다.", Kind.QUANTITY),
    ("APBK0918", "", Kind.UNCLEAR),
    ("APBK0919", "장운영일자가 주문일과 상이합니다", Kind.HOURS),
    ("APBK0919", "예수금이 부족합니다", Kind.CASH),
    ("APBK1664", "장운영시간이 아닙니다.", Kind.HOURS),
    ("APBK1664", "주문가능수량을 초과하였습니다.", Kind.QUANTITY),
    ("APBK1664", "", Kind.UNCLEAR),
    ("APBK0952", "주문가능금액을 초과 했습니다", Kind.CASH),
    ("APBK0400", "주문 가능한 수량을 초과했습니다", Kind.QUANTITY),
    ("APBK1234", "보유수량 부족", Kind.QUANTITY),
    ("APBK1269", "주문구분 입력오류", Kind.ORDER_TYPE),
    ("APBK3013", "[애프터마켓]지정가 및 최유리/최우선지정가 주문만 가능합니다.", Kind.ORDER_TYPE),
    ("APBK0656", "해당 종목 없음", Kind.SYMBOL),
    ("", "주문단가를 입력 하십시오", Kind.PRICE),
    ("40100000", "모의투자 영업일이 아닙니다.", Kind.HOURS),
    ("40580000", "모의투자 장종료 입니다.", Kind.HOURS),
    ("90000000", "", Kind.NOT_OFFERED),
    ("RC000000", "모의투자에서는 해당업무가 제공되지 않습니다.", Kind.NOT_OFFERED),
    ("APBK9999", "시스템 점검 중입니다", Kind.MAINTENANCE),
    ("", "매수증거금 부족", Kind.CASH),
    ("EGW02006", "모의투자 TR 이 아닙니다.", Kind.NOT_OFFERED),
    ("EGW00120", "예수금이 부족합니다", Kind.CASH),
    ("OPSQ9999", "서비스 점검 중입니다. 잠시 후 다시 이용하시기 바랍니다.", Kind.MAINTENANCE),
    ("OPSQ9999", "JSON PARSING ERROR : tr_id not found", Kind.INPUT),
    ("KIOK0460", "조회 되었습니다. (마지막 자료)", Kind.OK),
    ("40570000", "모의투자 장시작전 입니다.", Kind.HOURS),
    ("40030000", "모의투자 주문처리가 안되었습니다(호가단위 오류)", Kind.PRICE),
    ("40070000", "모의투자 주문처리가 안되었습니다(매매불가 종목)", Kind.SYMBOL),
    ("40250000", "모의투자 주문가능금액이 부족합니다.", Kind.CASH),
    ("40240000", "모의투자 잔고내역이 없습니다.", Kind.QUANTITY),
    ("40330000", "모의투자 정정/취소할 수량이 없습니다.", Kind.GONE),
    ("APBK0344", "원주문정보가 존재하지 않습니다.", Kind.GONE),
    ("APBK0344", "정정취소 가능수량이 없습니다.", Kind.GONE),
    ("APBK0656", "해당종목정보가 없습니다.", Kind.SYMBOL),
    ("OPSP0000", "SUBSCRIBE SUCCESS", Kind.OK),
    ("OPSP0008", "MAX SUBSCRIBE OVER", Kind.STREAM),
    ("OPSP0010", "SUBSCRIBE WARNING : invalid appkey", Kind.KEYS),
    ("OPSP8996", "ALREADY IN USE appkey", Kind.STREAM),
    ("OPSP9991", "JSON PARSING ERROR : input not found", Kind.INPUT),
]


@pytest.mark.parametrize(("code", "message", "kind"), MET)
def test_a_message_that_was_met_is_known_by_its_code_and_words(
    code: str, message: str, kind: Kind
) -> None:
    meaning = codes.lookup(code, message)
    assert meaning is not None
    assert meaning.kind is kind


@pytest.mark.parametrize("code", ["EGW00999", "EGW00120", "OPSQ9990", "OPSP1234", "APBK4711", ""])
def test_what_the_tables_do_not_know_gets_no_made_up_meaning(code: str) -> None:
    assert codes.lookup(code, "처음 보는 말") is None


def test_the_words_of_a_gateway_code_cannot_make_it_a_refusal_of_the_order_system() -> None:
    meaning = codes.lookup("EGW00302", "거래시간 외: 예수금 부족, 점검 중")
    assert meaning is not None
    assert (meaning.kind, meaning.on_order) == (Kind.GATEWAY, OnOrder.UNKNOWN)


@pytest.mark.parametrize("meaning", MEANINGS)
def test_cause_and_remedy_are_one_sentence_each_in_both_languages(meaning: Meaning) -> None:
    for said in (*meaning.cause, *meaning.remedy):
        assert said == said.strip()
        assert said.endswith(".")
        assert not re.search(r"[.!?]\s", said), "one sentence"
    for korean in (meaning.cause.of("ko"), meaning.remedy.of("ko")):
        assert re.search("[가-힣]", korean)
    for english in (meaning.cause.of("en"), meaning.remedy.of("en")):
        assert not re.search(
            "[가-힣]", english.replace("통합증거금", "").replace("위탁", "").replace("모의투자", "")
        )


def test_every_code_of_kis_own_websocket_table_is_known() -> None:
    numbers = [0, 1, 2, 3, 7, 8, 9, 10, 11, *range(8991, 9000), *range(9990, 10000)]
    assert [number for number in numbers if codes.lookup(f"OPSP{number:04d}", "") is None] == []


def test_a_stream_stops_for_a_taken_key_alone_and_for_an_app_key_that_is_not_accepted() -> None:
    assert {"OPSP0000", "OPSP0001", "OPSP0002"} == codes.STREAM_FINE
    assert {"OPSP8996", "OPSP0010"} <= codes.STREAM_FATAL
    assert {"OPSP0011"} == codes.STREAM_NEW_KEY
    assert not codes.STREAM_FATAL & (codes.STREAM_FINE | codes.STREAM_NEW_KEY)
    assert all(code.startswith("OPSP") for code in codes.STREAM_FATAL | codes.STREAM_FINE)


@pytest.mark.parametrize(
    ("code", "means"),
    [
        ("EGW00201", OnOrder.GATEWAY),
        ("EGW00123", OnOrder.GATEWAY),
        ("EGW00121", OnOrder.REFUSED),
        ("EGW00213", OnOrder.REFUSED_AT_500),
        ("EGW00202", OnOrder.UNKNOWN),
        ("EGW00300", OnOrder.UNKNOWN),
        ("EGW00301", OnOrder.UNKNOWN),
        ("EGW00302", OnOrder.UNKNOWN),
        ("EGW00133", OnOrder.UNKNOWN),
        ("EGW00002", OnOrder.UNKNOWN),
        ("EGW07777", OnOrder.UNKNOWN),
        ("OPSQ1002", OnOrder.UNKNOWN),
        ("OPSQ9999", OnOrder.UNKNOWN),
        ("EGW00120", OnOrder.UNKNOWN),
        ("EGW02006", OnOrder.REFUSED_AT_500),
        ("OPSP0000", OnOrder.UNKNOWN),
        ("OPSQ2000", OnOrder.REFUSED),
        ("APBK0918", OnOrder.REFUSED),
        ("APBK4711", OnOrder.REFUSED),
        ("APBK0013", OnOrder.UNKNOWN),
        ("KIOK0560", OnOrder.UNKNOWN),
    ],
)
def test_what_a_code_means_for_an_order(code: str, means: OnOrder) -> None:
    assert codes.on_order(code, "") is means


@pytest.mark.parametrize("code", ["APBK4711", "APBK0918", "40100000"])
@pytest.mark.parametrize(
    "words", ["연결 시간 초과. 직전 거래를 반드시 확인하세요", "처리시간이 초과되었습니다."]
)
def test_words_that_say_to_look_up_the_last_trade_leave_an_order_unknown(
    code: str, words: str
) -> None:
    assert codes.on_order(code, words) is OnOrder.UNKNOWN


def test_only_the_rate_and_an_ended_token_let_an_order_go_again() -> None:
    turned_away = {
        code
        for entry in codes.ENTRIES
        for code in entry.codes
        if entry.meaning.on_order is OnOrder.GATEWAY
    }
    assert turned_away == {"EGW00201", "EGW00123"}


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("ReadRefused: APBK0656 해당 종목 없음", Kind.SYMBOL),
        ("KisUnavailable: HTTP 500 EGW00201 초당 거래건수를 초과하였습니다.", Kind.RATE),
        ("KisAuthError: no access_token: HTTP 403 EGW00105 유효하지 않은 AppSecret", Kind.KEYS),
        ("40580000 모의투자 장종료 입니다.", Kind.HOURS),
        ("매수증거금 부족", Kind.CASH),
        ("HTTP 500 EGW00302 거래시간이 초과되었습니다.", Kind.GATEWAY),
    ],
)
def test_a_reason_that_was_written_down_is_explained(reason: str, kind: Kind) -> None:
    meaning = codes.explain(reason)
    assert meaning is not None
    assert meaning.kind is kind


@pytest.mark.parametrize(
    "reason", ["", "KisUnavailable: no answer in time", "HTTP 502 ", "20261123 12345678-01"]
)
def test_a_reason_without_a_code_is_not_explained(reason: str) -> None:
    assert codes.explain(reason) is None


@given(st.text(max_size=12), st.text(max_size=300))
def test_any_code_and_any_words_are_looked_up_without_a_fault(code: str, words: str) -> None:
    codes.lookup(code, words)
    codes.explain(words)
    codes.on_order(code, words)


def test_a_row_that_would_mean_everything_is_no_row() -> None:
    with pytest.raises(ValueError, match="everything"):
        Entry(meaning=MEANINGS[0])


def test_no_code_stands_in_the_tables_twice() -> None:
    listed = [code for entry in codes.ENTRIES if entry.words is None for code in entry.codes]
    assert len(listed) == len(set(listed))
    assert all(
        entry.meaning.on_stream is OnStream.DECLINED
        for entry in codes.ENTRIES
        if not any(c.startswith("OPSP") for c in entry.codes)
    )
