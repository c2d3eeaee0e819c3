"""What everybody else is told of what guards the account: who set, lifted, changed, came, went."""

from bot.events import (
    ApprovalSet,
    CodeRefused,
    Event,
    PanelLocked,
    PanelOpened,
    PersonJoined,
    PersonRevoked,
    TradingKilled,
    TradingUnlocked,
)
from bot.telegram import texts
from bot.telegram.catalogue import Words, mark
from bot.telegram.message import Message
from bot.telegram.taps import Action, Button, Kind

ROLES = {"OWNER": mark("주인"), "OPERATOR": mark("운영자"), "VIEWER": mark("보기 전용")}


def told(words: Words, event: Event) -> Message | None:
    """Put such an event into words; None for all others."""
    return _of_the_lock(words, event) or _of_people(words, event) or _of_the_panel(words, event)


def _of_the_lock(words: Words, event: Event) -> Message | None:
    status = _button(words, mark("상태"), "status")
    match event:
        case TradingKilled():
            html = words.say(
                "🛑 비상정지가 켜졌습니다. 풀 때까지 주문이 나가지 않습니다.\n"
                "이미 낸 주문은 아래에서 볼 수 있습니다."
            )
            orders = _button(words, mark("미체결 보기"), "orders")
            return Message(html=html, buttons=(status, orders), not_to=event.by.answered)
        case TradingUnlocked():
            html = words.say(
                "비상정지가 풀렸습니다. 지금은 정지 상태이고, 다시 시작해야 주문이 나갑니다."
            )
            resume = _button(words, mark("다시 시작"), "resume")
            return Message(html=html, buttons=(resume, status), not_to=event.by.answered)
        case CodeRefused():
            html = words.say(
                "⚠️ 누가 틀린 인증 코드를 보냈습니다 (번호 {number}).\n"
                "왜: 비상정지를 풀거나 승인 방식을 올리려고 했습니다. 바뀐 것은 없습니다.\n"
                "지금: 모르는 일이면 비상정지를 켜고 사람 목록을 봐 주세요.",
                number=str(event.by.user_id),
            )
            kill = _button(words, mark("비상정지"), "kill")
            users = _button(words, mark("사람 보기"), "users")
            return Message(html=html, buttons=(kill, users), not_to=event.by.answered)
        case ApprovalSet():
            html = words.say(
                "{symbol} 승인 방식이 바뀌었습니다: {before} → {after}",
                symbol=event.symbol,
                before=words.plain(texts.APPROVALS[event.before]),
                after=words.plain(texts.APPROVALS[event.after]),
            )
            mode = _button(words, mark("방식 보기"), "mode")
            return Message(html=html, buttons=(mode, status), not_to=event.by.answered)
    return None


def _of_people(words: Words, event: Event) -> Message | None:
    users = _button(words, mark("사람 보기"), "users")
    match event:
        case PersonJoined():
            html = words.say(
                "새 사람이 들어왔습니다: {role} {name} (번호 {number}).\n"
                "지금: 모르는 사람이면 바로 내보내 주세요.",
                role=words.plain(ROLES.get(event.role, event.role)),
                name=event.name,
                number=str(event.user_id),
            )
            return Message(html=html, buttons=(users,), not_to=event.user_id)
        case PersonRevoked():
            html = words.say("한 사람을 내보냈습니다 (번호 {number}).", number=str(event.user_id))
            return Message(html=html, buttons=(users,), not_to=event.by.answered)
    return None


def _of_the_panel(words: Words, event: Event) -> Message | None:
    panel = _button(words, mark("대시보드"), "panel")
    match event:
        case PanelOpened():
            html = words.say(
                "대시보드에 로그인했습니다 (번호 {number}).\n"
                "모르는 일이면 /panel 의 [모두 로그아웃]을 눌러 주세요.",
                number=str(event.user_id),
            )
            return Message(html=html, buttons=(panel,))
        case PanelLocked():
            html = words.say(
                "⚠️ 대시보드에 틀린 링크가 1분에 다섯 번 왔습니다.\n"
                "왜: 누가 주소를 알고 시험하고 있을 수 있습니다. 들어온 사람은 없습니다.\n"
                "지금: 직접 한 일이 아니면 대시보드를 여는 주소가 밖에 열려 있지 않은지 봐 주세요."
            )
            return Message(html=html, buttons=(panel,))
    return None


def _button(words: Words, caption: str, command: str) -> Button:
    return Button(caption=words.plain(caption), action=Action(kind=Kind.SHOW, command=command))
