"""What is said of a leg that is left out, worded as the orders' are."""

from strategy.sentences.codes import ReasonCode, Texts

SKIPPED: Texts = {
    ReasonCode.UNKNOWN_CLOSE: (
        "",
        "전일 종가를 몰라 아무것도 주문하지 않습니다",
        "the previous close is unknown, so nothing is ordered",
    ),
    ReasonCode.UNIT_TOO_SMALL: (
        "unit price",
        "1회매수금 {unit}: {price}에 1주를 살 수 없어 매수와 급락 대비 주문이 없습니다",
        "unit {unit} buys no share at {price}, so neither a main leg nor a ladder",
    ),
    ReasonCode.HALF_UNIT_TOO_SMALL: (
        "unit price",
        "1회매수금 {unit}의 절반으로 {price}에 1주를 살 수 없습니다",
        "half of unit {unit} buys no share at {price}",
    ),
    ReasonCode.QUARTER_TOO_SMALL: (
        "held",
        "보유 {held}주의 1/4은 1주가 안 되어 모두 목표가에 둡니다",
        "a quarter of {held} shares is no whole share: all stands at the target",
    ),
    ReasonCode.REVERSE_QUARTER_TOO_SMALL: (
        "held parts",
        "보유 {held}주 / {parts}는 1주가 안 되어 팔지 않습니다",
        "{held} shares / {parts} is no whole share, so nothing is sold",
    ),
    ReasonCode.REVERSE_FIRST_DAY: (
        "turn splits",
        "T {turn}, {splits}분할: 리버스 첫날은 종가에 팔기만 하고 사지 않습니다",
        (
            "T {turn} of {splits} splits: the first day of the reverse phase sells at the close "
            "and buys nothing"
        ),
    ),
    ReasonCode.REVERSE_UNIT_TOO_SMALL: (
        "unit price",
        "잔금의 1/4 {unit}: {price}에 1주를 살 수 없습니다",
        "a quarter of cash, {unit}, buys no share at {price}",
    ),
    ReasonCode.QUARTER_MOC_DAY: (
        "turn splits",
        "T {turn}, {splits}분할: 쿼터손절 날은 종가에 1/4을 팔고 사지 않습니다",
        (
            "T {turn} of {splits} splits: a day of the quarter stop-loss sells at the close and "
            "buys nothing"
        ),
    ),
    ReasonCode.QUARTER_UNIT_TOO_SMALL: (
        "unit price",
        "남은 {unit}: {price}에 1주를 살 수 없어 다음 거래일에 다시 1/4을 팝니다",
        "{unit} left buys no share at {price}: the next session sells a quarter at the close again",
    ),
    ReasonCode.USED_UP: (
        "turn splits",
        "T {turn}, {splits}분할을 모두 써서 매수하지 않고 기다립니다",
        "T {turn} of {splits} splits: the units are used up, so it waits without buying",
    ),
    ReasonCode.RUNGS_BELOW_FLOOR: (
        "floor close percent",
        "{floor} (종가 {close}의 {percent}% 아래)보다 낮은 급락 대비 주문은 내지 않습니다",
        "rungs under {floor} ({percent}% below the close {close}) are left out",
    ),
}
