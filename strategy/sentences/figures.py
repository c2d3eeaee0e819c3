"""What is said of a plan's own figures, worded as the orders' are."""

from strategy.sentences.codes import ReasonCode, Texts

FIGURES: Texts = {
    ReasonCode.FIRST_HALF: (
        "turn splits middle",
        "전반전: T {turn} < {splits} / 2 = {middle}",
        "first half: T {turn} < {splits} / 2 = {middle}",
    ),
    ReasonCode.SECOND_HALF: (
        "turn splits middle",
        "후반전: T {turn} >= {splits} / 2 = {middle}",
        "second half: T {turn} >= {splits} / 2 = {middle}",
    ),
    ReasonCode.NORMAL_DAY: (
        "turn splits",
        "일반모드: T {turn}, {splits}분할",
        "normal phase: T {turn} of {splits} splits",
    ),
    ReasonCode.REVERSE_DAY: (
        "day turn splits",
        "리버스모드 {day}일째: T {turn}, {splits}분할",
        "reverse phase, day {day}: T {turn} of {splits} splits",
    ),
    ReasonCode.QUARTER_ROUND: (
        "round rounds turn",
        "쿼터모드 {round}회차 / {rounds}회: T {turn}",
        "quarter phase, round {round} of {rounds}: T {turn}",
    ),
    ReasonCode.QUARTER_MOC_STEP: (
        "turn splits",
        "쿼터손절 날: T {turn}, {splits}분할",
        "day of the quarter stop-loss: T {turn} of {splits} splits",
    ),
    ReasonCode.UNIT_OF_CASH: (
        "unit cash splits turn",
        "1회매수금 {unit} = 잔금 {cash} / ({splits} - {turn})",
        "unit {unit} = cash {cash} / ({splits} - {turn})",
    ),
    ReasonCode.UNIT_IN_REVERSE: (
        "unit cash",
        "1회매수금 {unit} = 잔금 {cash} / 4",
        "unit {unit} = cash {cash} / 4",
    ),
    ReasonCode.UNIT_FIXED: (
        "unit principal splits",
        "1회매수금 {unit} = 원금 {principal} / {splits}",
        "unit {unit} = principal {principal} / {splits}",
    ),
    ReasonCode.UNIT_GROWN: (
        "unit principal splits",
        "1회매수금 {unit} = 원금 {principal} / {splits}에 반복리로 더한 값",
        "unit {unit} = principal {principal} / {splits} and what half compounding added",
    ),
    ReasonCode.UNIT_GIVEN: (
        "unit",
        "1회매수금 {unit} (이 사이클에 정해 둔 금액)",
        "unit {unit} (as it was set for this cycle)",
    ),
    ReasonCode.UNIT_SHARED: (
        "unit rounds",
        "쿼터 1회분 {unit} = 시작 때의 잔금 / {rounds} (1회매수금까지)",
        "unit of a round {unit} = the cash when they began / {rounds}, the cycle's unit at most",
    ),
    ReasonCode.CASH_BELOW_UNIT: (
        "cash unit",
        "잔금 {cash} < 1회매수금 {unit}: 잔금까지만 삽니다",
        "cash {cash} < unit {unit}: buys go as far as the cash",
    ),
    ReasonCode.STAR: (
        "star average factor",
        "별지점 {star} = 평단 {average} x {factor}",
        "star price {star} = average {average} x {factor}",
    ),
    ReasonCode.LINE: (
        "line average factor",
        "기준선 {line} = 평단 {average} x {factor}",
        "line {line} = average {average} x {factor}",
    ),
}
