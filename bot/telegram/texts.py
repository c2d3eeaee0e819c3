"""The words of the trade: venues, phases, legs, states and reasons, Korean first.

Every table is marked for the English catalogue; a code without a word is shown as it is.
"""

from bot.telegram.catalogue import Words, mark
from bot.telegram.markup import Html
from bot.telegram.noted import noted
from bot.trading.model import Approval, OrderState
from bot.trading.refusal import Refusal, Why
from strategy.model import Cycle, Half, Leg, OrderType, Phase, Side
from strategy.versions import is_official

VENUES = {
    "demo": mark("데모"),
    "paper": mark("리허설"),
    "mock": mark("한투 모의"),
    "real": mark("실전"),
}
APPROVALS = {
    Approval.ALERT: mark("알림만"),
    Approval.CONFIRM: mark("확인"),
    Approval.AUTO: mark("자동"),
}
TRADING = {
    "running": mark("가동 중"),
    "paused": mark("매수 일시정지"),
    "paused_all": mark("매수·매도 일시정지"),
    "stopped": mark("정지"),
    "killed": mark("비상정지"),
}
PHASES = {
    Phase.NORMAL: mark("일반"),
    Phase.REVERSE: mark("리버스"),
    Phase.QUARTER: mark("쿼터"),
}
HALVES = {Half.FIRST: mark("전반전"), Half.SECOND: mark("후반전")}
LEGS = {
    Leg.FIRST: mark("매수 첫LOC"),
    Leg.STAR: mark("매수 별LOC"),
    Leg.AVERAGE: mark("매수 평단LOC"),
    Leg.BIG: mark("매수 큰수LOC"),
    Leg.MERGED: mark("매수 별+평단LOC"),
    Leg.LADDER: mark("급락 대비"),
    Leg.FOLDED: mark("매수 큰수(접기)"),
    Leg.QUARTER: mark("매도 쿼터LOC"),
    Leg.TARGET: mark("매도 목표"),
    Leg.NEAR_TARGET: mark("매도 중간목표"),
    Leg.SELL_OUT: mark("매도 전량LOC"),
    Leg.REVERSE_BUY: mark("리버스 매수LOC"),
    Leg.REVERSE_SELL: mark("리버스 매도LOC"),
    Leg.REVERSE_MOC: mark("리버스 매도MOC"),
    Leg.QUARTER_BUY: mark("쿼터 매수LOC"),
    Leg.QUARTER_MOC: mark("쿼터 매도MOC"),
}
SIDES = {Side.BUY: mark("매수"), Side.SELL: mark("매도")}
STATES = {
    OrderState.PLANNED: mark("대기"),
    OrderState.WITHHELD: mark("보류"),
    OrderState.SENT: mark("보내는 중"),
    OrderState.UNKNOWN: mark("확인 중"),
    OrderState.OPEN: mark("접수"),
    OrderState.PARTIAL: mark("일부 체결"),
    OrderState.FILLED: mark("체결"),
    OrderState.CLOSED_PARTIAL: mark("일부 체결로 끝"),
    OrderState.EXPIRED: mark("미체결"),
    OrderState.CANCELLED: mark("취소"),
    OrderState.REFUSED: mark("거부"),
    OrderState.REJECTED_LATE: mark("접수 뒤 거부"),
    OrderState.ABSENT: mark("한투에 없음"),
    OrderState.AMBIGUOUS: mark("구분 필요"),
    OrderState.UNKNOWN_TOLD: mark("확인 못 함"),
}
WHYS = {
    Why.ROUND_UNKNOWN: mark("그 회차를 찾을 수 없습니다. /today 로 오늘 회차를 봐 주세요."),
    Why.ROUND_CHANGED: mark(
        "그사이 계획이 바뀌어 이 버튼은 무효입니다. /today 에서 새 계획을 봐 주세요."
    ),
    Why.ROUND_DECIDED: mark("이 회차는 이미 결정되었습니다. 더 할 일은 없습니다."),
    Why.ROUND_TOO_LATE: mark("주문 마감이 지나 처리하지 않았습니다. 다음 회차를 기다려 주세요."),
    Why.ROUND_GOING: mark("이 회차는 이미 나가고 있습니다. 두 번 주문하지 않습니다."),
    Why.ALERT_ONLY: mark(
        "알림만 받는 설정이라 봇은 주문하지 않습니다. /mode 에서 바꾸거나 표를 보고 직접 내 주세요."
    ),
    Why.ROUND_CALLED_BACK: mark("오늘 접은 회차의 주문입니다. 되돌린 뒤에 다시 보내 주세요."),
    Why.NOT_SKIPPED: mark("건너뛴 회차가 아닙니다. 되돌릴 것이 없습니다."),
    Why.CANCEL_PENDING: mark(
        "취소가 아직 확인되지 않은 주문이 있습니다. 두 번 나가지 않게 확인된 뒤 다시 눌러 주세요."
    ),
    Why.NOTHING_TO_RESTORE: mark("다시 낼 수 있는 주문이 없습니다. /orders 로 확인해 주세요."),
    Why.NOTHING_TO_CANCEL: mark("취소할 주문이 없습니다. 이미 체결되었거나 끝난 주문입니다."),
    Why.CANNOT_PLAN: mark("지금은 회차를 계획할 수 없습니다. /status 로 까닭을 확인해 주세요."),
    Why.TOO_EARLY: mark("아직 계획할 시간이 아닙니다. 저녁 6시 20분에 계획하고 알려 드립니다."),
    Why.NO_PRICE: mark("종가는 0.01달러 이상의 숫자로 적어 주세요 (예: 92.50)."),
    Why.TAP_USED: mark("이미 누른 버튼입니다. 두 번 처리하지 않았습니다."),
    Why.STOPPED: mark("정지 중이라 주문을 내지 않습니다. 다시 시작하려면 /resume 을 눌러 주세요."),
    Why.SYMBOL_RUNS: mark("이 종목은 이미 사이클이 돌고 있습니다."),
    Why.PRINCIPAL_TOO_SMALL: mark("원금이 적어 1회 매수금으로 한 주도 살 수 없습니다."),
    Why.ORDER_UNKNOWN: mark("그 주문을 찾을 수 없습니다. /orders 로 확인해 주세요."),
    Why.ORDER_NOT_ABSENT: mark("이 주문은 다시 보낼 수 없습니다. /orders 로 상태를 봐 주세요."),
    Why.ORDER_DECIDED: mark("이 주문은 이미 가려졌습니다. /orders 로 상태를 봐 주세요."),
    Why.ROUND_OUT: mark(
        "회차가 나가 있어 지금은 장부를 고칠 수 없습니다. 정산 메시지가 온 뒤 다시 눌러 주세요."
    ),
    Why.LEDGER_MOVED: mark(
        "그 뒤에 장부가 바뀌어 저절로 고칠 수 없습니다. 컴퓨터에서 muhan cycle 로 맞춰 주세요."
    ),
    Why.BROKER_SILENT: mark("한투가 응답하지 않아 처리하지 못했습니다. 잠시 뒤 다시 눌러 주세요."),
    Why.GATE_SHUT: mark("아직 시작 점검 중이라 주문을 내지 않습니다. 점검이 끝나면 알려 드립니다."),
    Why.CYCLE_UNKNOWN: mark("그런 사이클이 없습니다. /status 로 확인해 주세요."),
    Why.SYMBOL_UNKNOWN: mark("이 종목으로 도는 사이클이 없습니다. /status 로 확인해 주세요."),
    Why.CHANGE_REFUSED: mark("이 사이클은 그렇게 바꿀 수 없습니다. 값을 확인해 주세요."),
    Why.CHANGE_DIFFERS: mark("그사이 장부가 바뀌어 효과가 달라졌습니다. 다시 확인해 주세요."),
    Why.SPLIT_TOO_LATE: mark(
        "분할 뒤 가격으로 체결된 주문이 이미 있어 처리하지 않았습니다. 장부를 확인해 주세요."
    ),
    Why.SPLIT_TWICE: mark("이 종목의 분할은 이미 받아 두었습니다. 두 번 반영하지 않습니다."),
    Why.DATE_PASSED: mark("지난 날짜입니다. 오늘이나 그 뒤의 날짜를 적어 주세요."),
    Why.IMPORT_QUANTITY: mark(
        "적은 수량이 한투 잔고와 달라 이어받지 않았습니다. 수량을 확인해 주세요."
    ),
    Why.IMPORT_AVERAGE: mark(
        "평단이 한투와 0.5센트 넘게 달라 이어받지 않았습니다. 평단을 확인해 주세요."
    ),
    Why.IMPORT_DIFFERS: mark("그사이 잔고나 걸린 주문이 바뀌었습니다. 다시 확인해 주세요."),
    Why.NOT_OURS: mark("봇의 것이 아닌 주식 수는 0 이상이어야 합니다. 다시 적어 주세요."),
    Why.TRADE_DECIDED: mark("이 거래는 이미 정하셨거나 봇의 주문으로 확인되었습니다."),
    Why.NOT_SET_ASIDE: mark("따로 둔 주식이 그만큼 없습니다. 장부에 넣거나 나중에 정해 주세요."),
    Why.MONEY_DECIDED: mark("이 돈은 이미 정하셨습니다. 두 번 넣지 않았습니다."),
    Why.NOTHING_DIFFERS: mark("이제 장부와 계좌가 같습니다. 바뀐 것은 없습니다."),
    Why.NOT_LISTED: mark(
        "한투의 미국 거래소에 그런 종목이 없습니다. 종목 코드(예: SOXL)를 확인해 주세요."
    ),
    Why.NO_RATE: mark(
        "아직 환율을 하나도 받지 못해 원화로 바꿀 수 없습니다. 환율을 조회한 뒤 다시 눌러 주세요."
    ),
    Why.NO_SPLIT: mark("기다리는 분할 공시가 없습니다. 바뀐 것은 없습니다."),
    Why.CYCLE_OVER: mark("이 사이클은 끝났습니다. 새 사이클은 /setup 에서 시작해 주세요."),
    Why.AGREED_ALREADY: mark("이미 그렇게 정해져 있습니다. 바뀐 것은 없습니다."),
    Why.KILLED: mark(
        "비상정지 중이라 주문과 재개를 모두 막았습니다. 먼저 /unlock 으로 풀어 주세요."
    ),
    Why.NOT_KILLED: mark("비상정지가 켜져 있지 않습니다. 바뀐 것은 없습니다."),
    Why.NO_SECRET: mark(
        "인증 앱을 아직 연결하지 않아 코드를 확인할 수 없습니다. 컴퓨터에서 muhan totp 로 연결해 "
        "주세요. 비상정지는 컴퓨터에서 muhan unlock 으로도 풀립니다."
    ),
    Why.CODE_SHAPE: mark(
        "인증 코드는 여섯 자리 숫자입니다. 인증 앱에 보이는 코드를 다시 보내 주세요."
    ),
    Why.CODE_WRONG: mark(
        "인증 코드가 맞지 않아 아무것도 바꾸지 않았습니다. 앱에 새 코드가 뜨면 다시 보내 주세요."
    ),
    Why.CODE_LATER: mark(
        "틀린 코드가 여러 번 와서 잠시 받지 않습니다. 10분 뒤에 하거나 컴퓨터에서 해 주세요."
    ),
    Why.CODE_USED: mark(
        "이미 쓴 코드입니다. 코드마다 한 번만 받습니다. 30초쯤 뒤 새 코드를 다시 보내 주세요."
    ),
    Why.CONSENT_NEEDED: mark(
        "실전은 위험 안내를 읽고 동의한 뒤에 시작할 수 있습니다. /guide 에서 읽어 주세요."
    ),
    Why.CONSENT_OLD: mark("그사이 위험 안내가 바뀌었습니다. /guide 에서 다시 읽어 주세요."),
    Why.AUTO_LATER: mark(
        "실전 사이클은 처음부터 자동으로 시작할 수 없습니다. 확인으로 시작하고 첫 정산 뒤 "
        "/mode 에서 올려 주세요."
    ),
    Why.UNATTENDED_LATER: mark(
        "실전 사이클은 승인 없이 나가도록 시작할 수 없습니다. 시작한 뒤 /settings 에서 인증 코드로 "
        "켜 주세요."
    ),
    Why.APPROVAL_CHANGED: mark("그사이 승인 방식이 바뀌었습니다. /mode 에서 다시 봐 주세요."),
    Why.APPROVAL_SAME: mark("이미 그 방식입니다. 바뀐 것은 없습니다."),
    Why.CHECKLIST: mark(
        "점검표에 아직 안 된 것이 있어 올리지 않았습니다. /mode 에서 확인해 주세요."
    ),
    Why.PAIRING_OVER: mark(
        "이 코드는 이미 쓰였거나 10분이 지났습니다. 컴퓨터에서 muhan pair 를 다시 해 주세요."
    ),
    Why.TURN_NEEDED: mark("이 버전은 T를 직접 적어야 합니다. T를 알려 주세요."),
}
NOTES = {
    "partial_without_credit": mark("절반 미만 체결이라 T에 더하지 않았습니다"),
}
WITHHELD = {
    "killed": mark("비상정지 중입니다. 풀려면 /unlock"),
    "consent": mark("실전 위험 안내에 아직 동의하지 않았습니다. /guide 에서 읽어 주세요"),
    "stopped": mark("정지 중입니다. 다시 시작하려면 /resume"),
    "held": mark("장부와 잔고가 달라 이 종목을 멈췄습니다. 확인한 뒤 /resume"),
    "round": mark("회차가 취소되었습니다"),
    "paused": mark("일시정지 중입니다. 다시 시작하려면 /resume"),
    "outside_window": mark("주문 시간이 아닙니다"),
    "no_price": mark("현재가를 몰라 가격 범위를 확인하지 못했습니다"),
    "band": mark("현재가에서 너무 먼 가격입니다"),
    "closed_day": mark("그날은 미국장이 쉽니다"),
    "quote": mark(
        "현재가가 어제 종가의 두 배나 절반을 벗어나 믿지 않았습니다. 한투 앱에서 확인해 주세요"
    ),
    "cap": mark("하루 매수 한도를 넘습니다"),
    "daily": mark("MUHAN_DAILY_LIMIT(하루 한도)를 넘습니다"),
    "total": mark("MUHAN_TOTAL_LIMIT(전체 한도)를 넘습니다"),
    "usd_short": mark("달러가 모자라 뺐습니다"),
    "crossing_foreign": mark(
        "봇이 내지 않은 반대 주문과 가격이 겹쳐 자전거래가 됩니다. 한투 앱에서 그 주문을 보세요"
    ),
    "crossing": mark("우리 반대 주문과 가격이 겹칩니다"),
    "resting": mark("봇이 내지 않은 주문이 걸려 있어 기다렸습니다"),
    "not_crossed": mark("마감 5분 전 시세가 지정가에 닿지 않았습니다"),
    "no_time": mark("모의투자는 1초에 한 번만 받아, 마감까지 낼 시간이 모자랐습니다"),
    "emulation_over": mark("마감 1분 전까지 내지 못했습니다"),
    "no_imitation": mark("모의투자에서 흉내 낼 수 없는 주문입니다"),
    "skipped": mark("오늘 회차를 접어 내지 않았습니다"),
    "called_off": mark("직접 취소하셔서 내지 않았습니다"),
    "replanned": mark("회차를 새로 계획했습니다"),
    "already_stands": mark("보이지 않던 주문이 한투에 있어 다시 내지 않았습니다"),
    "stood_before": mark(
        "봇의 기록에 없는 똑같은 주문이 켜기 전부터 한투에 있어 내지 않았습니다. 백업을 되돌렸다면 "
        "한투 앱과 맞춰 보세요"
    ),
}
LATE = {
    "killed": mark("비상정지 중입니다. 풀려면 /unlock"),
    "consent": mark("실전 위험 안내에 아직 동의하지 않았습니다. /guide 에서 읽어 주세요"),
    "stopped": mark("정지 중입니다. 다시 시작하려면 /resume"),
    "paused": mark("매수 일시정지 중입니다. 다시 시작하려면 /resume"),
    "paused_all": mark("일시정지 중입니다. 다시 시작하려면 /resume"),
    "held": mark("장부와 잔고가 달라 이 종목을 멈췄습니다. 확인한 뒤 /resume"),
    "resting": mark("봇이 내지 않은 주문이 걸려 있어 기다립니다"),
    "closed_day": mark("그날은 미국장이 쉽니다"),
    "gate": mark("시작 점검이 끝나지 않았습니다"),
    "disk": mark("디스크에 적을 수 없습니다"),
    "clock": mark("이 컴퓨터의 시계가 한투와 다릅니다"),
    "restarts": mark("봇이 되풀이해 다시 시작했습니다"),
    "chat": mark("대화가 막혀 알릴 수 없습니다"),
    "token": mark("다른 프로그램이 이 봇 토큰을 쓰고 있습니다"),
    "law": mark("지켜야 할 규칙이 깨진 것이 보여 멈췄습니다"),
    "unresolved": mark("이 종목에 확인되지 않은 주문이 있습니다. /orders"),
    "other_unresolved": mark("다른 종목의 주문이 답을 기다립니다. /orders"),
    "shares_differ": mark("장부와 잔고의 주식 수가 다릅니다"),
    "rests": mark("쉬고 있는 사이클입니다"),
    "not_planned": mark("아직 계획하지 못했습니다"),
    "not_yet": mark("이 사이클의 첫 회차는 다음 거래일부터입니다"),
    "hand_sale": mark("직접 판 주식을 장부에 어떻게 넣을지 정해 주셔야 합니다. /status"),
    "split": mark("분할 공시를 정해 주셔야 합니다. /status"),
    "unsettled": mark("앞선 거래일이 아직 정산되지 않았습니다"),
}
REASONS = {
    "killed": mark("비상정지 중이었습니다"),
    "no_tap": mark("마감까지 승인이 없었습니다"),
    "alert": mark("알림만 받는 설정입니다"),
    "paused": mark("일시정지 중이었습니다"),
    "paused_all": mark("일시정지 중이었습니다"),
    "stopped": mark("정지 중이었습니다"),
    "not_running": mark("봇이 꺼져 있었습니다"),
    "held": mark("장부와 잔고가 달라 멈춰 있었습니다"),
    "hand_sale": mark("직접 판 주식을 장부에 어떻게 넣을지 정해 주시기를 기다렸습니다"),
    "split": mark("분할을 반영해 주시기를 기다렸습니다"),
    "unsettled": mark("앞선 거래일이 아직 정산되지 않았습니다"),
    "stands": mark("거절됐던 주문과 똑같은 주문이 한투에 있습니다"),
    "restart": mark("보내는 도중에 봇이 다시 시작했습니다"),
}


def word(words: Words, table: dict[str, str], code: str) -> str:
    """Put a code into words; one without a word is shown as it is."""
    return words.plain(table[code]) if code in table else code


def unanswered(words: Words, reason: str) -> str:
    """Say why no clear answer came; what the client noted stands beside it."""
    if reason in REASONS:
        return words.plain(REASONS[reason])
    return words.plain("한투의 응답을 받지 못했습니다 ({detail})", detail=noted(words, reason))


def refusal(words: Words, error: Refusal) -> Html:
    """Say why a command was not carried out; the book's own refusals in its own sentence."""
    if error.why is Why.CHANGE_REFUSED and error.korean != error.english:
        return words.say("{reason}.", reason=error.korean if words.korean else error.english)
    return words.say(WHYS[error.why])


def leg(words: Words, name: Leg, *, imitated: bool) -> str:
    """Name a leg, and say so where a limit order near the close stands for its LOC or MOC."""
    named = words.plain(LEGS[name])
    if not imitated:
        return named
    for kind in (OrderType.LOC, OrderType.MOC):
        if kind in named:
            marked = named.replace(kind, f" {words.plain('모의 {type}', type=kind)}")
            return " ".join(marked.split())
    return words.plain("{leg} (모의)", leg=named)


def withheld(words: Words, reason: str) -> str:
    """Say one of the risk checks' reasons; its figures follow the first word and are left out."""
    code = reason.partition(" ")[0]
    return word(words, WITHHELD, code) if code in WITHHELD else late(words, reason)


def unplanned(words: Words, reason: str) -> str:
    """Say why a session cannot be planned: a code of ours, or what the broker was asked for."""
    return words.plain(LATE[reason]) if reason in LATE else noted(words, reason)


def late(words: Words, reason: str) -> str:
    """Say why a round is not out, or was missed; the broker's own words stand beside the code."""
    code, _, detail = reason.partition(" ")
    if code == "broker":
        return words.plain("한투가 응답하지 않습니다 ({detail})", detail=noted(words, detail))
    if code == "put_off":
        return words.plain(
            "한투가 받지 않아 다시 시도합니다 ({detail})", detail=noted(words, detail)
        )
    return word(words, LATE if code in LATE else REASONS, code)


def note(words: Words, text: str) -> str:
    """Say a note of the settlement: a leg's name and a code."""
    leg, _, code_ = text.partition(" ")
    if leg not in set(Leg) or code_ not in NOTES:
        return text
    return f"{words.plain(LEGS[Leg(leg)])}: {words.plain(NOTES[code_])}"


def method(cycle: Cycle) -> str:
    return f"V{cycle.rules.method}"


def rules(words: Words, cycle: Cycle) -> str:
    """Name the version and the splits, and say so where its author does not name them."""
    named = words.plain("{method} {splits}분할", method=method(cycle), splits=cycle.rules.splits)
    if is_official(cycle.rules):
        return named
    return words.plain("{rules} (비공식)", rules=named)
