"""Messages about the owner's bookkeeping: cycles begun and taken over, changes, splits."""

from bot.events import (
    AfterwardsSet,
    ChangeAgreed,
    ChangeDropped,
    CycleChanged,
    CycleEnded,
    CycleStarted,
    Event,
    RestingOrdersGone,
    RestingOrdersSeen,
    SharesSetAside,
    SplitAgreed,
)
from bot.telegram import agreements, endings, figures, texts
from bot.telegram.card import holding
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html, code, lines
from bot.trading.model import RestingOrder
from strategy.bookkeeping import figures as standing
from strategy.changes import (
    Change,
    CompoundingChange,
    Dividend,
    Figures,
    HandTrade,
    RulesChange,
    SeedChange,
    ShareSplit,
    TurnCorrection,
)


def change_name(words: Words, change: Change) -> str:
    """Name a change: 시드 +$3,000.00, T 정정 15.00, 2:1 분할."""
    match change:
        case SeedChange(amount=amount):
            return words.plain("시드 {amount}", amount=figures.gain(amount))
        case TurnCorrection(turn=turn):
            return words.plain("T 정정 {turn}", turn=figures.turn(turn))
        case CompoundingChange(compounding=compounding):
            return words.plain(
                "이자 방식 {kind}", kind=words.plain(agreements.COMPOUNDINGS[compounding])
            )
        case ShareSplit(new=new, old=old) if new > old:
            return words.plain("{ratio} 분할", ratio=f"{new}:{old}")
        case ShareSplit(new=new, old=old):
            return words.plain("{ratio} 병합", ratio=f"{new}:{old}")
        case RulesChange():
            return agreements.change_name(words, change)
        case Dividend(amount=amount):
            return words.plain("배당 {amount}", amount=figures.money(amount))
        case HandTrade():
            return words.plain(
                "직접 {side} {quantity}주 {price}",
                side=words.plain(texts.SIDES[change.side]),
                quantity=change.quantity,
                price=figures.money(change.price),
            )


def told(words: Words, event: Event) -> Html | None:
    """Put an event of the owner's bookkeeping into words; None for any other."""
    match event:
        case ChangeAgreed(change=change) | SplitAgreed(split=change):
            return _waits(words, event, change)
        case CycleChanged():
            return _changed(words, event)
        case AfterwardsSet() | CycleEnded():
            return endings.told(words, event)
        case ChangeDropped():
            return _dropped(words, event)
        case SharesSetAside():
            return _set_aside(words, event)
        case RestingOrdersSeen():
            return _resting(words, event)
        case RestingOrdersGone():
            return _gone(words, event.symbol)
        case CycleStarted():
            return _begun(words, event)
    return None


def _gone(words: Words, symbol: str) -> Html:
    return words.say(
        "{symbol}에 봇이 내지 않은 주문이 이제 없습니다. 이 사이클의 주문을 시작합니다.",
        symbol=symbol,
    )


def _waits(words: Words, event: ChangeAgreed | SplitAgreed, change: Change) -> Html:
    return words.say(
        "{symbol} {change}: {day} 회차부터 적용합니다.\n"
        "왜: 이미 나간 회차는 고치지 않습니다. 정산한 뒤 장부에 반영하고 알려 드립니다.",
        symbol=event.symbol,
        change=change_name(words, change),
        day=figures.day(words, event.from_session),
    )


def _begun(words: Words, event: CycleStarted) -> Html:
    return (_taken_over if event.cycle.quantity else _started)(words, event)


def _changed(words: Words, event: CycleChanged) -> Html:
    if isinstance(event.change, RulesChange):
        return agreements.changed(words, event)
    before, after = standing(event.before), standing(event.after)
    return words.say(
        "{symbol} {change} 반영했습니다. {day} 회차부터 적용합니다.\n{table}",
        symbol=event.after.rules.symbol,
        change=change_name(words, event.change),
        day=figures.day(words, event.from_session),
        table=code(effect_table(words, before, after)),
    )


def effect_table(words: Words, before: Figures, after: Figures) -> str:
    """Set what a change moves in columns."""
    return figures.table(_rows(words, before, after))


def _rows(words: Words, before: Figures, after: Figures) -> list[tuple[str, ...]]:
    pairs = [
        (words.plain("1회"), figures.money(before.unit), figures.money(after.unit)),
        ("T", figures.turn(before.turn), figures.turn(after.turn)),
        (words.plain("수량"), str(before.quantity), str(after.quantity)),
        (words.plain("평단"), figures.money(before.average), figures.money(after.average)),
        (words.plain("잔금"), figures.money(before.cash), figures.money(after.cash)),
        (words.plain("원금"), figures.money(before.principal), figures.money(after.principal)),
    ]
    return [(name, one if one == other else f"{one}→{other}") for name, one, other in pairs]


def _dropped(words: Words, event: ChangeDropped) -> Html:
    return words.say(
        "⚠️ {symbol} {change}: 반영하지 못했습니다.\n"
        "왜: {reason}.\n"
        "지금: 장부는 그대로입니다. 컴퓨터에서 muhan cycle 로 다시 해 주세요.",
        symbol=event.symbol,
        change=change_name(words, event.change),
        reason=event.korean if words.korean else event.english,
    )


def _set_aside(words: Words, event: SharesSetAside) -> Html:
    return words.say(
        "{symbol} {quantity}주는 봇의 것이 아닙니다. 잔고와 대조할 때 빼고 봅니다.",
        symbol=event.symbol,
        quantity=event.quantity,
    )


def _resting(words: Words, event: RestingOrdersSeen) -> Html:
    parts = []
    if event.orders:
        parts.append(
            words.say(
                "⚠️ {symbol}에 봇이 내지 않은 주문이 {count}건 걸려 있습니다.\n{orders}",
                symbol=event.symbol,
                count=len(event.orders),
                orders=code("\n".join(resting_name(words, order) for order in event.orders)),
            )
        )
    if not event.known:
        parts.append(
            words.say(
                "⚠️ {symbol}에 걸린 주문과 예약 주문을 한투에서 다 확인하지 못했습니다.",
                symbol=event.symbol,
            )
        )
    now = words.say(
        "왜: 이어받은 사이클은 남의 주문이 없는 것을 확인한 뒤에 첫 주문을 냅니다.\n"
        "지금: 한투 앱에서 걸린 주문을 취소해 주세요. 없어지면 저절로 이어집니다."
    )
    return lines(*parts, now)


def resting_name(words: Words, order: RestingOrder) -> str:
    """Name an order that is not ours: 매도 10주 $60.00 예약."""
    return words.plain(
        "{side} {quantity}주 {price}{kind}",
        side=words.plain(texts.SIDES[order.side]),
        quantity=order.quantity,
        price=figures.money(order.price) if order.price else words.plain("시장가"),
        kind=words.plain(" 예약") if order.reservation else "",
    )


def _started(words: Words, event: CycleStarted) -> Html:
    cycle = event.cycle
    started = words.say(
        "{symbol} 사이클을 시작합니다: {rules}\n원금 {principal} · 승인 방식 {approval}",
        symbol=cycle.rules.symbol,
        rules=texts.rules(words, cycle),
        principal=figures.money(cycle.principal),
        approval=words.plain(texts.APPROVALS[event.approval]),
    )
    return lines(started, *_first_session(words, event))


def _taken_over(words: Words, event: CycleStarted) -> Html:
    cycle = event.cycle
    taken = words.say(
        "{symbol} 사이클을 이어받습니다: {rules}\n"
        "T {turn} · {holding}\n"
        "잔금 {cash} · 원금 {principal} · 승인 방식 {approval}",
        symbol=cycle.rules.symbol,
        rules=texts.rules(words, cycle),
        turn=figures.turn(cycle.turn),
        holding=holding(words, cycle),
        cash=figures.money(cycle.cash),
        principal=figures.money(cycle.principal),
        approval=words.plain(texts.APPROVALS[event.approval]),
    )
    return lines(taken, *_first_session(words, event))


def _first_session(words: Words, event: CycleStarted) -> list[Html]:
    """Say from when a cycle trades, where it does not begin with the next session."""
    if event.first_session is None:
        return []
    day = figures.day(words, event.first_session)
    return [words.say("첫 회차는 {day}입니다.", day=day)]
