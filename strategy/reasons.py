"""Why an order is what it is, or why there is none: a code, its figures, and the sentence in words.

An order carries a `Reason`; the words are made only when somebody reads them. In a sentence the
figures stand in the order of the formula that they come from (method.md, section 2 on).
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from strategy.price import CENT, round_half_up, shown

Figure = Decimal | int


class ReasonCode(StrEnum):
    """What a reason is about. The first block explains orders, the second skipped legs."""

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


_TEXTS: dict[ReasonCode, tuple[str, str, str]] = {
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
        "highest band close lines cap percent",
        (
            "가장 높은 매수 {highest}가 종가 {close} x {band}보다 높아 {lines}줄을 "
            "{cap} = 종가 x {percent} 한 줄로"
        ),
        (
            "the highest buy {highest} is above the close {close} x {band}: {lines} lines become "
            "one at {cap} = close x {percent}"
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
            "쿼터 {round}회: 기준선 {line} = 평단 {average} x {factor}, 매수는 0.01 아래; "
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
        "1회매수금 {unit}로 {price}에 1주를 살 수 없어 매수와 급락 대비 주문이 없습니다",
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
        "T {turn} > {splits} - 1: 리버스 첫날은 종가에 팔기만 하고 사지 않습니다",
        (
            "T {turn} > {splits} - 1: the first day of the reverse phase sells at the close and "
            "buys nothing"
        ),
    ),
    ReasonCode.REVERSE_UNIT_TOO_SMALL: (
        "unit price",
        "잔금의 1/4 {unit}로 {price}에 1주를 살 수 없습니다",
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
        "남은 {unit}로 {price}에 1주를 살 수 없어 다음 거래일에 다시 1/4을 팝니다",
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
_NAMES = {code: tuple(names.split()) for code, (names, _, _) in _TEXTS.items()}
_IN_CENTS = frozenset({"price", "star", "line", "unit", "cap", "highest", "dearer", "floor"})


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its figures, in the order that the code's sentence names them.

    Prices and sums are USD, factors plain (1.19 is 19 % more), quantities shares.
    """

    code: ReasonCode
    figures: tuple[Figure, ...] = ()

    def sentence(self, language: str) -> str:
        """Put the reason into words, "ko" or "en", with its figures; no full stop."""
        _, korean, english = _TEXTS[self.code]
        named = self.named()
        shown_ = {name: _shown(name, value) for name, value in named.items()}
        return (korean if language == "ko" else english).format(**shown_)

    def named(self) -> dict[str, Figure]:
        """Give the figures by the names that the sentences use."""
        return dict(zip(_NAMES[self.code], self.figures, strict=True))


NO_REASON = Reason(ReasonCode.NONE)


def _shown(name: str, value: Figure) -> str:
    if isinstance(value, int):
        return str(value)
    return f"{round_half_up(value, CENT):f}" if name in _IN_CENTS else shown(value)
