"""What is said of an order: the names of its figures, the Korean sentence, the English one."""

from strategy.sentences.codes import ReasonCode, Texts

ORDERS: Texts = {
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
}
