"""The trade's words as the dashboard says them; a test holds them to the chat's own."""

from bot.dashboard.words import Both, Words
from bot.trading.model import Approval, OrderState, RoundState
from strategy.model import Cycle, Half, Leg, Phase, Plan, Side
from strategy.quarter import FIRST_ROUND, rounds

SIDES: dict[Side, Both] = {Side.BUY: ("매수", "buy"), Side.SELL: ("매도", "sell")}

APPROVALS: dict[Approval, Both] = {
    Approval.ALERT: ("알림만", "alert"),
    Approval.CONFIRM: ("확인", "confirm"),
    Approval.AUTO: ("자동", "auto"),
}

PHASES: dict[Phase, Both] = {
    Phase.NORMAL: ("일반", "normal"),
    Phase.REVERSE: ("리버스", "reverse"),
    Phase.QUARTER: ("쿼터", "quarter"),
}

HALVES: dict[Half, Both] = {
    Half.FIRST: ("전반전", "first half"),
    Half.SECOND: ("후반전", "second half"),
}

VENUES: dict[str, Both] = {
    "demo": ("데모", "demo"),
    "paper": ("리허설", "rehearsal"),
    "mock": ("한투 모의", "KIS mock"),
    "real": ("실전", "real money"),
}

TRADING: dict[str, Both] = {
    "running": ("가동 중", "running"),
    "paused": ("매수 일시정지", "buys paused"),
    "paused_all": ("매수·매도 일시정지", "all paused"),
    "stopped": ("정지", "stopped"),
    "killed": ("비상정지", "Emergency stop"),
}

ROUNDS: dict[RoundState, Both] = {
    RoundState.PROPOSED: ("계획됨", "planned"),
    RoundState.APPROVED: ("승인됨", "approved"),
    RoundState.SUBMITTING: ("보내는 중", "sending"),
    RoundState.WORKING: ("접수됨", "accepted"),
    RoundState.SETTLED: ("정산됨", "settled"),
    RoundState.SKIPPED: ("건너뜀", "skipped"),
    RoundState.LAPSED: ("주문하지 않음", "not ordered"),
    RoundState.MISSED: ("놓침", "missed"),
}

STATES: dict[OrderState, Both] = {
    OrderState.PLANNED: ("대기", "waiting"),
    OrderState.WITHHELD: ("보류", "held back"),
    OrderState.SENT: ("보내는 중", "sending"),
    OrderState.UNKNOWN: ("확인 중", "checking"),
    OrderState.OPEN: ("접수", "accepted"),
    OrderState.PARTIAL: ("일부 체결", "partly filled"),
    OrderState.FILLED: ("체결", "filled"),
    OrderState.CLOSED_PARTIAL: ("일부 체결로 끝", "ended partly filled"),
    OrderState.EXPIRED: ("미체결", "unfilled"),
    OrderState.CANCELLED: ("취소", "cancelled"),
    OrderState.REFUSED: ("거부", "refused"),
    OrderState.REJECTED_LATE: ("접수 뒤 거부", "rejected late"),
    OrderState.ABSENT: ("한투에 없음", "not at KIS"),
    OrderState.AMBIGUOUS: ("구분 필요", "ambiguous"),
    OrderState.UNKNOWN_TOLD: ("확인 못 함", "not found out"),
}

LEGS: dict[Leg, Both] = {
    Leg.FIRST: ("매수 첫LOC", "buy first LOC"),
    Leg.STAR: ("매수 별LOC", "buy star LOC"),
    Leg.AVERAGE: ("매수 평단LOC", "buy average LOC"),
    Leg.BIG: ("매수 큰수LOC", "buy big LOC"),
    Leg.MERGED: ("매수 별+평단LOC", "buy star+average LOC"),
    Leg.LADDER: ("급락 대비", "ladder"),
    Leg.FOLDED: ("매수 큰수(접기)", "buy folded LOC"),
    Leg.QUARTER: ("매도 쿼터LOC", "sell quarter LOC"),
    Leg.TARGET: ("매도 목표", "sell target"),
    Leg.NEAR_TARGET: ("매도 중간목표", "sell nearer target"),
    Leg.SELL_OUT: ("매도 전량LOC", "sell all LOC"),
    Leg.REVERSE_BUY: ("리버스 매수LOC", "reverse buy LOC"),
    Leg.REVERSE_SELL: ("리버스 매도LOC", "reverse sell LOC"),
    Leg.REVERSE_MOC: ("리버스 매도MOC", "reverse sell MOC"),
    Leg.QUARTER_BUY: ("쿼터 매수LOC", "quarter buy LOC"),
    Leg.QUARTER_MOC: ("쿼터 매도MOC", "quarter sell MOC"),
}

WEBSOCKET: dict[str, Both] = {
    "": ("아직 열지 않음", "not opened yet"),
    "connected": ("연결", "connected"),
    "disconnected": ("끊김, 다시 거는 중", "lost, trying again"),
    "refused": ("한투가 거부", "refused by KIS"),
    "subscription_refused": ("연결 (일부 종목 거부)", "connected (a symbol refused)"),
    "gap": ("연결 (잠시 끊겼음)", "connected (with a gap)"),
}

WRONG: dict[str, Both] = {
    "disk": ("디스크", "disk"),
    "clock": ("시계", "clock"),
    "restarts": ("되풀이된 시작", "repeated starts"),
    "token": ("텔레그램", "Telegram"),
    "chat": ("텔레그램", "Telegram"),
    "law": ("내부 점검", "inner checks"),
    "schedule": ("일정", "schedule"),
    "broker": ("한투 응답", "KIS's answers"),
    "letters": ("밀린 알림", "letters that wait"),
}


def rules(words: Words, cycle: Cycle) -> str:
    """Name the version and the splits: "V4.0 40분할"."""
    named = f"V{cycle.rules.method} {cycle.rules.splits}"
    return words.say(f"{named}분할", f"{named} splits")


def stage(words: Words, plan: Plan) -> str:
    """Name the half, the phase's day or its round that a plan was made in."""
    cycle = plan.cycle
    if cycle.phase is Phase.QUARTER:
        last = rounds(cycle.rules)
        if not FIRST_ROUND <= cycle.quarter_round <= last:
            return words.say("쿼터손절 MOC일", "quarter MOC day")
        which = f"{cycle.quarter_round}/{last}"
        return words.say(f"쿼터 {which}회", f"quarter {which}")
    if cycle.phase is Phase.REVERSE:
        day = cycle.reverse_day
        return words.say(f"리버스 {day}일째", f"reverse day {day}")
    if cycle.quantity == 0:
        return words.say("첫 매수", "first buy")
    return words.of(HALVES, plan.half) if plan.half else words.of(PHASES, cycle.phase)
