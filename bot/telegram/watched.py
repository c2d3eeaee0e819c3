"""What the watching tells: orders held and let go, late rounds, USD short, a broken law."""

from collections.abc import Sequence

from bot.events import (
    BotStarted,
    CalendarEnding,
    Event,
    ForeignFillSeen,
    LawBroken,
    OrderRefused,
    OrdersFreed,
    OrdersHeld,
    RoundDelayed,
    UsdShort,
)
from bot.storage.outbox import Letter
from bot.storage.views import RoundView
from bot.telegram import figures, texts
from bot.telegram.catalogue import Words, mark
from bot.telegram.markup import Html, lines

HELD = {
    "disk": mark(
        "⚠️ 디스크에 적을 수 없어 주문을 멈췄습니다.\n"
        "왜: 적지 못한 주문은 내지 않습니다 ({detail}).\n"
        "지금: 컴퓨터의 남은 공간과 권한을 확인해 주세요. 다시 적을 수 있게 되면 이어서 합니다. "
        "이미 낸 주문은 한투에 그대로 있습니다."
    ),
    "clock": mark(
        "⚠️ 이 컴퓨터의 시계가 한투와 {detail}초 달라 주문을 멈췄습니다.\n"
        "왜: 마감 시각을 시계로 정하므로, 30초 넘게 다르면 주문을 내지 않습니다.\n"
        "지금: 컴퓨터의 시간 자동 맞춤을 켜 주세요. 맞으면 이어서 하고 알려 드립니다."
    ),
    "restarts": mark(
        "⚠️ 봇이 10분 안에 {detail}번 다시 시작해 주문을 멈췄습니다.\n"
        "왜: 시작할 때마다 주문이 나가지 않게 합니다.\n"
        "지금: 10분 동안 그대로 켜져 있으면 이어서 합니다. 로그(journalctl)에서 까닭을 봐 주세요."
    ),
}
FREED = {
    "disk": mark("디스크에 다시 적을 수 있습니다. 하던 일을 이어서 합니다."),
    "clock": mark("시계가 다시 맞습니다. 하던 일을 이어서 합니다."),
    "restarts": mark("봇이 10분 동안 그대로 켜져 있어 주문을 다시 냅니다."),
}
DISK = {
    "full": mark("디스크가 가득 찼습니다"),
    "readonly": mark("읽기 전용입니다"),
    "io": mark("디스크 오류입니다"),
    "gone": mark("상태 파일이 옮겨지거나 지워졌습니다"),
    "locked": mark("다른 프로그램이 상태 파일을 붙들고 있습니다"),
}
LAWS = {
    "one_sent": mark("답을 기다리는 주문이 있는데 다른 주문을 냈습니다"),
    "sent_twice": mark("같은 주문을 두 번 내려 했습니다"),
    "one_number": mark("한 주문번호가 두 주문의 것이 되었습니다"),
    "fill_shrank": mark("체결 수량이 줄었습니다"),
    "fill_beyond": mark("주문보다 많이 체결되었습니다"),
    "shares": mark("체결과 장부의 주식 수가 다릅니다"),
    "overspent": mark("하루 매수 한도보다 많이 샀습니다"),
    "cash": mark("장부의 현금이 0 아래로 내려갔습니다"),
    "ledger": mark("기록과 장부가 다릅니다"),
    "fills": mark("기록과 주문표의 체결이 다릅니다"),
    "turn": mark("주문의 상태가 있을 수 없는 쪽으로 바뀌려 했습니다"),
}
BEATS = {
    "disk": mark("디스크"),
    "clock": mark("시계"),
    "restarts": mark("되풀이된 시작"),
    "token": mark("텔레그램"),
    "chat": mark("텔레그램"),
    "law": mark("내부 점검"),
    "schedule": mark("일정"),
    "broker": mark("한투 응답"),
    "letters": mark("밀린 알림"),
}


def told(words: Words, event: Event) -> Html | None:
    """Say what the watching saw; None for every other event."""
    match event:
        case OrdersHeld() if event.why in HELD:
            return held(words, event.why, event.detail)
        case OrdersFreed() if event.why in FREED:
            return words.say(FREED[event.why])
        case UsdShort():
            return _usd_short(words, event)
        case CalendarEnding():
            return _calendar(words, event)
        case LawBroken():
            return words.say(
                "🛑 지켜야 할 규칙이 깨진 것이 보여 매매를 정지했습니다.\n"
                "왜: {law} ({subject}: {detail}).\n"
                "지금: 한투 앱의 주문·잔고와 /orders 를 견주세요. 걸린 주문은 그대로 있습니다. "
                "까닭을 알고 나서 /resume 으로 다시 시작합니다.",
                law=texts.word(words, LAWS, event.law),
                subject=event.subject,
                detail=event.detail,
            )
    return None


def told_elsewhere(event: Event, later: Sequence[Letter] = ()) -> bool:
    """Tell whether another event tells the same: USD short for several, many starts.

    Of several starts, or growths of one hand trade, that wait together the last speaks.
    """
    match event:
        case OrderRefused(lacks="usd") | BotStarted(again=True):
            return True
        case BotStarted():
            return any(isinstance(one.event, BotStarted) for one in later)
        case ForeignFillSeen(session=session, number=number):
            return any(
                isinstance(one.event, ForeignFillSeen)
                and (one.event.session, one.event.number) == (session, number)
                for one in later
            )
    return False


def held(words: Words, why: str, detail: str) -> Html:
    """Say why no order goes out now and what to do."""
    shown = texts.word(words, DISK, detail) if why == "disk" else detail
    return words.say(HELD[why], detail=shown)


def delayed(words: Words, event: RoundDelayed, view: RoundView) -> Html:
    """Say that an agreed round is not out, and why."""
    symbol = view.plan.cycle.rules.symbol if view.plan else ""
    first = words.say(
        "⚠️ 마감 {minutes}분 전인데 {symbol} 주문이 다 나가지 않았습니다.",
        minutes=event.minutes,
        symbol=symbol,
    )
    missing = (
        words.say("아직 나가지 않은 주문: {count}건", count=event.missing)
        if event.missing is not None
        else words.say("아직 한 건도 나가지 않았습니다.")
    )
    why = [words.say("왜: {reason}", reason=texts.late(words, each)) for each in event.reasons]
    now = words.say(
        "지금: 마감까지 계속 시도합니다. 직접 주문하시려면 두 번 나가지 않게 먼저 /skip 으로 "
        "봇의 회차를 건너뛴 다음 한투 앱에서 주문해 주세요."
    )
    return lines(first, missing, *why, now)


def _usd_short(words: Words, event: UsdShort) -> Html:
    figure = (
        words.plain("주문 가능 {orderable}", orderable=figures.money(event.orderable))
        if event.orderable is not None
        else words.plain("한투가 금액 부족으로 거부")
    )
    first = words.say(
        "⚠️ 달러가 모자랍니다: 오늘 매수에 {needed} 필요, {figure}.",
        needed=figures.money(event.needed),
        figure=figure,
    )
    if event.dropped:
        what = words.say("맨 아래 매수 {count}건을 뺐습니다.", count=len(event.slots))
    else:
        what = words.say(
            "순서대로 다 내 보고, 모자란 것은 한투가 거부합니다. 오늘은 한 번만 알립니다."
        )
    return lines(first, what, words.say("지금: 다음 회차부터 다 사려면 달러를 채워 주세요."))


def _calendar(words: Words, event: CalendarEnding) -> Html:
    if event.days:
        return words.say(
            "⚠️ 이 판의 미국장 달력이 {day}에 끝납니다 ({days}일 안).\n"
            "왜: 모르는 날에는 거래하지 않습니다.\n"
            "지금: 그 전에 무한을 새 판으로 올려 주세요.",
            day=event.last_day.isoformat(),
            days=event.days,
        )
    return words.say(
        "🛑 이 판의 미국장 달력이 {day}에 끝나 새 주문을 내지 않습니다.\n"
        "지금: 무한을 새 판으로 올려 주세요.",
        day=event.last_day.isoformat(),
    )


def unread(words: Words, why: str) -> Html:
    """Say that the settings were read anew and are not in force."""
    return words.say("⚠️ 새 설정을 쓰지 않고 전 설정으로 계속합니다.\n왜: {why}", why=why)


def beat(words: Words, at: str, wrong: tuple[str, ...]) -> Html:
    """Show the last sign of life, for the second chat."""
    if not wrong:
        return words.say(
            "🟢 {at} 살아 있습니다. 5분마다 고쳐 씁니다: 이 시각이 오래되면 봇을 확인해 주세요.",
            at=at,
        )
    found = ", ".join(texts.word(words, BEATS, each.partition(" ")[0]) for each in wrong)
    return words.say("🔴 {at} 이상이 있습니다: {found}.", at=at, found=found)
