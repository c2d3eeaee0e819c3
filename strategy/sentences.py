"""The words of every reason: the names of its figures, the Korean sentence and the English one."""

from collections.abc import Mapping
from enum import StrEnum


class ReasonCode(StrEnum):
    """What a reason is about: orders, then skipped legs, then a plan's own figures."""

    NONE = "none"
    FIRST_BUY = "first_buy"
    STAR_HALF = "star_half"
    STAR_WHOLE = "star_whole"
    AVERAGE_REST = "average_rest"
    AVERAGE_HALF = "average_half"
    ALONE = "alone"
    AVERAGE_WHOLE = "average_whole"
    MET = "met"
    RUNG = "rung"
    FOLD = "fold"
    QUARTER_SALE = "quarter_sale"
    TARGET_SALE = "target_sale"
    NEAR_TARGET_SALE = "near_target_sale"
    SELL_OUT = "sell_out"
    BIG_HALF = "big_half"
    BIG_REST = "big_rest"
    NEAR_HALF = "near_half"
    REVERSE_BUY = "reverse_buy"
    REVERSE_SALE = "reverse_sale"
    REVERSE_MOC = "reverse_moc"
    QUARTER_BUY = "quarter_buy"
    LINE_SALE = "line_sale"
    QUARTER_MOC = "quarter_moc"

    UNKNOWN_CLOSE = "previous_close_unknown"
    UNIT_TOO_SMALL = "unit_under_one_share"
    HALF_UNIT_TOO_SMALL = "half_unit_under_one_share"
    QUARTER_TOO_SMALL = "quarter_under_one_share"
    REVERSE_QUARTER_TOO_SMALL = "reverse_quantity_under_one_share"
    REVERSE_FIRST_DAY = "reverse_first_day"
    REVERSE_UNIT_TOO_SMALL = "reverse_unit_under_one_share"
    QUARTER_MOC_DAY = "quarter_moc_day"
    QUARTER_UNIT_TOO_SMALL = "quarter_unit_under_one_share"
    USED_UP = "units_used_up"
    RUNGS_BELOW_FLOOR = "rungs_below_floor"

    FIRST_HALF = "first_half"
    SECOND_HALF = "second_half"
    NORMAL_DAY = "normal_day"
    REVERSE_DAY = "reverse_day"
    QUARTER_ROUND = "quarter_round"
    QUARTER_MOC_STEP = "quarter_moc_step"
    UNIT_OF_CASH = "unit_of_cash"
    UNIT_IN_REVERSE = "unit_in_reverse"
    UNIT_FIXED = "unit_fixed"
    UNIT_GROWN = "unit_grown"
    UNIT_GIVEN = "unit_given"
    UNIT_SHARED = "unit_shared"
    CASH_BELOW_UNIT = "cash_below_unit"
    STAR = "star"
    LINE = "line"


TEXTS: Mapping[ReasonCode, tuple[str, str, str]] = {
    ReasonCode.NONE: ("", "", ""),
    ReasonCode.FIRST_BUY: (
        "price close factor unit quantity",
        "첫 매수 {price} = 전일 종가 {close} x {factor}; 1회매수금 {unit} / {price} = {quantity}주",
        (
            "first buy {price} = previous close {close} x {factor}; unit {unit} / {price} = "
            "{quantity} shares"
        ),
    ),
    ReasonCode.STAR_HALF: (
        "star average factor unit price quantity",
        (
            "별지점 {star} = 평단 {average} x {factor}, 매수는 0.01 아래; "
            "1회매수금 {unit}의 절반 / {price} = {quantity}주"
        ),
        (
            "star price {star} = average {average} x {factor}, buys 0.01 under it; half of unit "
            "{unit} / {price} = {quantity} shares"
        ),
    ),
    ReasonCode.STAR_WHOLE: (
        "star average factor unit price quantity",
        (
            "별지점 {star} = 평단 {average} x {factor}, 매수는 0.01 아래; "
            "1회매수금 {unit} / {price} = {quantity}주"
        ),
        (
            "star price {star} = average {average} x {factor}, buys 0.01 under it; unit {unit} / "
            "{price} = {quantity} shares"
        ),
    ),
    ReasonCode.AVERAGE_REST: (
        "average unit price total other quantity",
        "평단 {average}; 1회매수금 {unit} / {price} = {total}주 - 위 주문 {other}주 = {quantity}주",
        (
            "average {average}; unit {unit} / {price} = {total} shares - {other} of the dearer leg "
            "= {quantity}"
        ),
    ),
    ReasonCode.AVERAGE_HALF: (
        "average unit price quantity",
        "평단 {average}; 1회매수금 {unit}의 절반 / {price} = {quantity}주",
        "average {average}; half of unit {unit} / {price} = {quantity} shares",
    ),
    ReasonCode.ALONE: (
        "unit dearer price quantity",
        (
            "1회매수금 {unit}의 절반으로 {dearer}에 1주를 살 수 없어 모두 {price}에; "
            "{unit} / {price} = {quantity}주"
        ),
        (
            "half of unit {unit} buys no share at {dearer}, so all of it stands at {price}; {unit} "
            "/ {price} = {quantity} shares"
        ),
    ),
    ReasonCode.AVERAGE_WHOLE: (
        "average unit price quantity",
        "평단 {average}, 매수는 0.01 아래; 1회매수금 {unit} / {price} = {quantity}주",
        "average {average}, buys 0.01 under it; unit {unit} / {price} = {quantity} shares",
    ),
    ReasonCode.MET: (
        "price unit quantity",
        "두 매수 가격이 {price}에서 만나 한 주문으로; 1회매수금 {unit} / {price} = {quantity}주",
        "both buys meet at {price} and are one order; unit {unit} / {price} = {quantity} shares",
    ),
    ReasonCode.RUNG: (
        "unit shares price",
        "급락 대비; 1회매수금 {unit} / {shares}주 = {price} (센트 아래 버림)",
        "for a sharp drop; unit {unit} / {shares} shares = {price} (cut to the cent)",
    ),
    ReasonCode.FOLD: (
        "highest band close lines quantity cap percent",
        (
            "가장 높은 매수 {highest} > 종가 {close} x {band}: {lines}줄 {quantity}주를 "
            "{cap} = 종가 x {percent} 한 줄로"
        ),
        (
            "the highest buy {highest} is above the close {close} x {band}: {lines} lines of "
            "{quantity} shares become one at {cap} = close x {percent}"
        ),
    ),
    ReasonCode.QUARTER_SALE: (
        "star average factor held quantity",
        "별지점 {star} = 평단 {average} x {factor}; 보유 {held}주의 1/4 = {quantity}주",
        "star price {star} = average {average} x {factor}; a quarter of {held} shares = {quantity}",
    ),
    ReasonCode.TARGET_SALE: (
        "price average factor held other quantity",
        "목표 {price} = 평단 {average} x {factor}; 보유 {held}주 - {other}주 = {quantity}주",
        "target {price} = average {average} x {factor}; {held} shares - {other} = {quantity}",
    ),
    ReasonCode.NEAR_TARGET_SALE: (
        "price average factor held quantity",
        "중간 목표 {price} = 평단 {average} x {factor}; 보유 {held}주의 1/4 = {quantity}주",
        (
            "nearer target {price} = average {average} x {factor}; a quarter of {held} shares = "
            "{quantity}"
        ),
    ),
    ReasonCode.SELL_OUT: (
        "price average factor quantity",
        "소진 뒤 {price} = 평단 {average} x {factor} 이상이면 {quantity}주 모두 매도",
        "used up: all {quantity} shares at {price} = average {average} x {factor} or above",
    ),
    ReasonCode.BIG_HALF: (
        "price close factor unit quantity",
        (
            "큰수 {price} (전일 종가 {close} x {factor}, 목표가 아래); "
            "1회매수금 {unit}의 절반 = {quantity}주"
        ),
        (
            "big number {price} (previous close {close} x {factor}, under the target); half of "
            "unit {unit} = {quantity} shares"
        ),
    ),
    ReasonCode.BIG_REST: (
        "price close factor unit total other quantity",
        (
            "큰수 {price} (전일 종가 {close} x {factor}, 목표가 아래); "
            "1회매수금 {unit} / {price} = {total}주 - 위 주문 {other}주 = {quantity}주"
        ),
        (
            "big number {price} (previous close {close} x {factor}, under the target); unit {unit} "
            "/ {price} = {total} shares - {other} of the dearer leg = {quantity}"
        ),
    ),
    ReasonCode.NEAR_HALF: (
        "line average factor unit price quantity",
        (
            "{line} = 평단 {average} x {factor}, 매수는 0.01 아래; "
            "1회매수금 {unit}의 절반 / {price} = {quantity}주"
        ),
        (
            "{line} = average {average} x {factor}, buys 0.01 under it; half of unit {unit} / "
            "{price} = {quantity} shares"
        ),
    ),
    ReasonCode.REVERSE_BUY: (
        "star closes unit price quantity",
        (
            "별지점 {star} = 최근 종가 {closes}개 평균, 매수는 0.01 아래; "
            "잔금의 1/4 {unit} / {price} = {quantity}주"
        ),
        (
            "star price {star} = mean of the last {closes} closes, buys 0.01 under it; a quarter "
            "of cash {unit} / {price} = {quantity} shares"
        ),
    ),
    ReasonCode.REVERSE_SALE: (
        "star closes held parts quantity",
        "별지점 {star} = 최근 종가 {closes}개 평균; 보유 {held}주 / {parts} = {quantity}주",
        (
            "star price {star} = mean of the last {closes} closes; {held} shares / {parts} = "
            "{quantity}"
        ),
    ),
    ReasonCode.REVERSE_MOC: (
        "day held parts quantity",
        "리버스 {day}일째: 보유 {held}주 / {parts} = {quantity}주를 종가에",
        (
            "day {day} of the reverse phase: {held} shares / {parts} = {quantity} at the close, "
            "whatever it is"
        ),
    ),
    ReasonCode.QUARTER_BUY: (
        "line average factor round unit price quantity",
        (
            "쿼터 {round}회차: 기준선 {line} = 평단 {average} x {factor}, 매수는 0.01 아래; "
            "{unit} / {price} = {quantity}주"
        ),
        (
            "round {round} of the quarter phase: line {line} = average {average} x {factor}, buys "
            "0.01 under it; {unit} / {price} = {quantity} shares"
        ),
    ),
    ReasonCode.LINE_SALE: (
        "line average factor held quantity",
        "기준선 {line} = 평단 {average} x {factor}; 보유 {held}주의 1/4 = {quantity}주",
        "line {line} = average {average} x {factor}; a quarter of {held} shares = {quantity}",
    ),
    ReasonCode.QUARTER_MOC: (
        "held quantity",
        "쿼터손절: 보유 {held}주의 1/4 = {quantity}주를 종가에",
        "quarter stop-loss: a quarter of {held} shares = {quantity} at the close, whatever it is",
    ),
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
