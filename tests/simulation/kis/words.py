"""How KIS answers: replies as the client's line hands them on, and KIS's own words of refusal."""

from datetime import UTC, datetime
from typing import Any

from kis.transport import Reply

SENT = ("APBK0013", "주문 전송 완료 되었습니다.")
READ = ("KIOK0510", "조회가 완료되었습니다")
NOTHING = ("KIOK0560", "조회할 내용이 없습니다")
DONE = ("MCA00000", "정상처리 되었습니다.")

CLOSED = (
    "APBK0918",
    "장운영시간이 아닙니다.(단,주간거래시간이면 전용화면 주문가능, 주문시간 외 불가)",
)
WRONG_TYPE = ("APBK1269", "주문구분 입력오류입니다.")
NO_PRICE = ("APBK1269", "주문단가를 입력 하십시오.")
NO_SYMBOL = ("APBK0656", "해당종목정보가 없습니다.")
HALTED = ("APBK1058", "거래정지 종목입니다.")
SHORT_OF_CASH = ("APBK0952", "주문가능금액을 초과 했습니다.")
SHORT_OF_SHARES = ("APBK0400", "주문 가능한 수량을 초과하였습니다.")
CROSSED = ("APBK1672", "자전거래 위험이 있는 주문입니다.")
BAND = ("APBK1507", "주문단가가 가격제한 범위를 벗어났습니다.")
NOT_APPLIED = ("APBK0529", "해외증권 거래 신청이 되어 있지 않은 계좌입니다.")
NO_ORIGINAL = ("APBK0344", "원주문정보가 존재하지 않습니다.")
NOTHING_LEFT = ("APBK0344", "정정취소 가능수량이 없습니다.")

NO_ROUTE = ("EGW00202", "GW라우팅 중 오류가 발생했습니다.")
RATE = ("EGW00201", "초당 거래건수를 초과하였습니다.")
EXPIRED = ("EGW00123", "기간이 만료된 token 입니다.")
STRANGE = ("EGW00121", "유효하지 않은 token 입니다.")
NO_SERVICE = ("OPSQ0002", "없는 서비스 코드 입니다.")
TOO_OFTEN = {
    "error_code": "EGW00133",
    "error_description": "접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)",
}

LATE_REFUSAL = "해외거래소 주문거부"
DIED_AT_THE_CLOSE = "DFD 장종료로 취소"

Words = tuple[str, str]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def http_date(instant: datetime) -> str:
    """Write an instant as the Date header does (RFC 7231): whole seconds of GMT."""
    at = instant.astimezone(UTC)
    return f"{_DAYS[at.weekday()]}, {at:%d} {_MONTHS[at.month - 1]} {at:%Y %H:%M:%S} GMT"


def answered(
    now: datetime, words: Words, *, status: int = 200, tr_cont: str = "", **tables: Any
) -> Reply:
    """Answer with success."""
    body = {"rt_cd": "0", "msg_cd": words[0], "msg1": words[1].ljust(80), **tables}
    return _reply(now, status, body, tr_cont)


def refused(now: datetime, words: Words, *, rt_cd: str = "7", status: int = 200) -> Reply:
    """Answer with a refusal."""
    return _reply(now, status, {"rt_cd": rt_cd, "msg_cd": words[0], "msg1": words[1]}, "")


def plain(now: datetime, body: dict[str, Any] | None, *, status: int = 200) -> Reply:
    """Answer with a body of its own kind, or with one that is no JSON."""
    return _reply(now, status, body, "")


def _reply(now: datetime, status: int, body: dict[str, Any] | None, tr_cont: str) -> Reply:
    headers = {"tr_id": "", "tr_cont": tr_cont, "date": http_date(now)}
    return Reply(status=status, headers=headers, body=body)
