"""KIS's refusals of orders: the real account's words, and 모의투자's for the same thing.

Those of 모의투자 as clients met them; where nobody has told its words, the real account's stand.
"""

from kis.simulator.desks.protocol import NO_SYMBOL, KisRefusalError
from kis.simulator.model import Phase, Side

Code = tuple[str, str]
CLOSED = (
    "APBK0918",
    "장운영시간이 아닙니다.(단,주간거래시간이면 전용화면 주문가능, 주문시간 외 불가)",
)
NO_ROUTE = ("EGW00202", "GW라우팅 중 오류가 발생했습니다.")
WRONG_TYPE = ("APBK1269", "주문구분 입력오류입니다.")
WRONG_CHANGE = ("APBK1269", "정정취소구분 입력오류입니다.")
NO_PRICE = ("APBK1269", "주문단가를 입력 하십시오.")
WRONG_TICK = ("APBK1269", "주문단가가 호가단위에 맞지 않습니다.")
NO_QUANTITY = ("APBK1269", "주문수량을 확인 하십시오.")
SHORT_OF_CASH = ("APBK0952", "주문가능금액을 초과 했습니다.")
SHORT_OF_SHARES = ("APBK0400", "주문 가능한 수량을 초과하였습니다.")
NO_ORIGINAL = ("APBK0344", "원주문정보가 존재하지 않습니다.")
NOTHING_LEFT = ("APBK0344", "정정취소 가능수량이 없습니다.")
MOCK_TOO_EARLY = ("40570000", "모의투자 장시작전 입니다.")
MOCK_TOO_LATE = ("40580000", "모의투자 장종료 입니다.")
MOCK_WORDS: dict[Code, Code] = {
    WRONG_TICK: ("40030000", "모의투자 주문처리가 안되었습니다(호가단위 오류)"),
    NO_SYMBOL: ("40070000", "모의투자 주문처리가 안되었습니다(매매불가 종목)"),
    SHORT_OF_CASH: ("40250000", "모의투자 주문가능금액이 부족합니다."),
    SHORT_OF_SHARES: ("40240000", "모의투자 잔고내역이 없습니다."),
    NOTHING_LEFT: ("40330000", "모의투자 정정/취소할 수량이 없습니다."),
}
SENT = ("APBK0013", "주문 전송 완료 되었습니다.")
MOCK_SENT = {
    Side.BUY: ("40600000", "모의투자 매수주문이 완료 되었습니다."),
    Side.SELL: ("40600000", "모의투자 매도주문이 완료 되었습니다."),
}
MOCK_CHANGED = ("40600000", "모의투자 정정취소주문이 완료 되었습니다.")


def for_mock(refusal: KisRefusalError) -> KisRefusalError:
    """Word a refusal as 모의투자 does, where its words are known."""
    words = MOCK_WORDS.get((refusal.msg_cd, refusal.msg1))
    return refusal if words is None else KisRefusalError(*words, rt_cd="1")


def mock_hours(phase: Phase, *, over: bool) -> KisRefusalError | None:
    """Give 모의투자's refusal outside regular hours; it takes nothing before the open.

    `over` says whether the day's session is behind.
    """
    if phase is Phase.REGULAR:
        return None
    return KisRefusalError(*(MOCK_TOO_LATE if over else MOCK_TOO_EARLY), rt_cd="1")
