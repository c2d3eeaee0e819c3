"""The round card: the day's one living message, from the plan to the result."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.events import RoundSettled
from bot.reports.standing import exhaustion
from bot.storage.views import OrderView, RoundView
from bot.telegram import figures, imitations, rehearsal_card, texts
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html, lines
from bot.telegram.order_table import order_table, troubles
from bot.telegram.phases import stage
from bot.telegram.reasons import skipped_legs
from bot.timetable import DEFAULT_HOURS
from bot.trading.model import Approval, OrderState, RoundState, Unattended
from strategy.model import Cycle, OrderType, Phase, Plan, Side

TAKEN = frozenset(
    {
        OrderState.OPEN,
        OrderState.PARTIAL,
        OrderState.FILLED,
        OrderState.CLOSED_PARTIAL,
        OrderState.EXPIRED,
        OrderState.CANCELLED,
        OrderState.REJECTED_LATE,
    }
)


def close_of(view: RoundView) -> datetime | None:
    """Tell when the session of a round closes; its deadline moves with a half day's close."""
    return view.deadline + DEFAULT_HOURS.deadline if view.deadline else None


def header(words: Words, session: date, plan: Plan) -> Html:
    """Say what the card is about and the figures that the plan comes from."""
    cycle = plan.cycle
    first = words.say(
        "{day} 미국장 · {symbol}",
        day=figures.day(words, session),
        symbol=cycle.rules.symbol,
    )
    second = words.say(
        "{rules} · {stage} · T {turn}",
        rules=texts.rules(words, cycle),
        stage=stage(words, plan),
        turn=figures.turn(cycle.turn),
    )
    unit = words.say("1회 {unit}", unit=figures.money(plan.unit))
    return lines(first, second, Html(" · ".join([*_star(words, plan), unit])))


def _star(words: Words, plan: Plan) -> list[Html]:
    """Name the price between buying and selling; the quarter phase's is no star but its line."""
    if plan.star_price is None:
        return []
    price = figures.money(plan.star_price)
    if plan.star_percent is None:
        return [words.say("별지점 {price}", price=price)]
    percent = figures.signed(plan.star_percent)
    if plan.cycle.phase is Phase.QUARTER:
        return [words.say("기준선 {price} ({percent}%)", price=price, percent=percent)]
    return [
        words.say("별% {percent}", percent=percent),
        words.say("별지점 {price}", price=price),
    ]


def round_card(
    words: Words,
    view: RoundView,
    *,
    venue: str = "",
    unattended: Unattended = Unattended.NOTHING,
) -> Html:
    """Render a round as it stands now, for the venue its orders go to.

    `unattended` is what its cycle lets out without a tap.
    """
    rehearsed = venue == rehearsal_card.PAPER
    if view.plan is None:
        return words.say(
            "{day} 미국장 · 놓친 회차\n이유: {reason}",
            day=figures.day(words, view.session),
            reason=texts.word(words, texts.REASONS, view.reason),
        )
    return lines(
        rehearsal_card.banner(words) if rehearsed else None,
        header(words, view.session, view.plan),
        order_table(words, view.plan, view.orders, emulated=view.emulated),
        skipped_legs(words, view.plan),
        *troubles(words, view.orders),
        *_ending(words, view, rehearsed=rehearsed, unattended=unattended),
    )


def _ending(
    words: Words, view: RoundView, *, rehearsed: bool, unattended: Unattended
) -> list[Html | None]:
    match view.state:
        case RoundState.PROPOSED:
            how = _imitated(words, view, rehearsed=rehearsed)
            return [how, _proposed(words, view, unattended)]
        case RoundState.APPROVED | RoundState.SUBMITTING:
            how = _imitated(words, view, rehearsed=True) if rehearsed else None
            first = [let_go(words, view), called_back(words, view)]
            return [*first, _count(words, view), _sending(words, view), how]
        case RoundState.WORKING:
            after = _after_close(words, view, rehearsed=rehearsed)
            first = [let_go(words, view), called_back(words, view)]
            return [*first, _count(words, view), after]
        case RoundState.SKIPPED:
            return [words.say("건너뜀: 오늘은 주문하지 않습니다. T는 그대로입니다.")]
        case RoundState.LAPSED if view.approval is Approval.ALERT:
            return [words.say("알림만 받는 설정이라 봇은 주문하지 않았습니다. T는 그대로입니다.")]
        case RoundState.LAPSED | RoundState.MISSED:
            return [
                words.say(
                    "주문하지 않음: {reason}. T는 그대로입니다.",
                    reason=texts.word(words, texts.REASONS, view.reason),
                )
            ]
        case RoundState.SETTLED:
            told = result(words, view, rehearsed=rehearsed)
            return [told, imitations.compared(words, view)]


def _imitated(words: Words, view: RoundView, *, rehearsed: bool) -> Html | None:
    """Say where LOC and MOC are not what they are at the exchange."""
    close = close_of(view)
    if close is None:
        return None
    if rehearsed:
        return rehearsal_card.ahead(words, view, close)
    return imitations.how(words, view, close) if view.emulated else None


def _sending(words: Words, view: RoundView) -> Html:
    close = close_of(view)
    unsent = [order for order in view.orders if order.state is OrderState.PLANNED]
    if view.emulated and close and any(o.slot.type is not OrderType.LIMIT for o in unsent):
        return imitations.waiting(words, close)
    return words.say("승인됨 · 주문을 보내는 중입니다.")


def _proposed(words: Words, view: RoundView, unattended: Unattended) -> Html | None:
    if view.deadline is None or (view.plan is not None and not view.plan.orders):
        return None
    deadline = figures.clock(view.deadline)
    if view.approval is Approval.CONFIRM:
        until = words.say("승인 마감 {deadline} (한국 시각).", deadline=deadline)
        return Html(f"{until} {silence(words, unattended, view.plan)}")
    if view.approval is Approval.AUTO:
        return words.say(
            "주문 시간이 되면 자동으로 보냅니다. 마감 {deadline} (한국 시각)", deadline=deadline
        )
    return words.say(
        "알림만 받는 설정입니다. 주문은 직접 내 주세요. 마감 {deadline} (한국 시각)",
        deadline=deadline,
    )


def silence(words: Words, unattended: Unattended, plan: Plan | None) -> Html:
    """Say what no tap means: where only sells would go and none is planned, nothing goes."""
    sells = plan is None or any(order.side is Side.SELL for order in plan.orders)
    if unattended is Unattended.SELLS and not sells:
        return words.say("오늘은 매도가 없어, 누르지 않으면 아무것도 보내지 않습니다.")
    match unattended:
        case Unattended.NOTHING:
            return words.say("누르지 않으면 아무것도 보내지 않습니다.")
        case Unattended.SELLS:
            return words.say("누르지 않으면 마감 10분 전에 매도만 보냅니다.")
        case Unattended.ALL:
            return words.say("누르지 않으면 마감 10분 전에 모두 보냅니다.")


def let_go(words: Words, view: RoundView) -> Html | None:
    """Say that a round went out without a tap, as its owner had chosen."""
    match view.let_go:
        case Unattended.SELLS:
            return words.say("승인이 없어, 정해 두신 대로 매도만 보냈습니다.")
        case Unattended.ALL:
            return words.say("승인이 없어, 정해 두신 대로 모두 보냈습니다.")
    return None


def called_back(words: Words, view: RoundView) -> Html | None:
    """Say what of a round its owner called back."""
    if not view.called_back:
        return None
    if Side.SELL in view.called_back:
        return words.say("오늘 회차를 접었습니다: 매수와 매도를 취소합니다. 체결된 것은 남습니다.")
    return words.say("오늘 매수를 접었습니다: 매수만 취소하고 매도는 둡니다. 체결된 것은 남습니다.")


def _count(words: Words, view: RoundView) -> Html | None:
    if not view.orders:
        return None
    taken = sum(order.state in TAKEN for order in view.orders)
    return words.say("접수 {taken}/{all}", taken=taken, all=len(view.orders))


def _after_close(words: Words, view: RoundView, *, rehearsed: bool) -> Html | None:
    close = close_of(view)
    if close is None:
        return None
    if rehearsed:
        return rehearsal_card.standing(words, view, close)
    return words.say("마감 {close} 이후 이 메시지가 결과로 바뀝니다.", close=figures.clock(close))


def result(words: Words, view: RoundView, *, rehearsed: bool = False) -> Html | None:
    """Say what the day did to the cycle; figures are net of fees."""
    settled = view.settlement
    if settled is None:
        return None
    before, after = settled.before, settled.after
    close = (
        words.say(" (종가 {close})", close=figures.money(settled.close))
        if settled.close
        else Html()
    )
    traded = words.say(
        "결과: {bought} · {sold}{close}",
        bought=_traded(words, view.orders, Side.BUY, settled.bought),
        sold=_traded(words, view.orders, Side.SELL, settled.sold),
        close=close,
    )
    held = words.say(
        "보유 {held} · T {before}→{after} · 소진율 {exhaustion}",
        held=holding(words, after),
        before=figures.turn(before.turn),
        after=figures.turn(after.turn),
        exhaustion=figures.percent(exhaustion(after)),
    )
    earned = words.say(
        "수수료 {fees} · 실현 {realized} · 사이클 {days}일째",
        fees=figures.money(settled.fees),
        realized=figures.gain(settled.realized),
        days=settled.finished.sessions if settled.finished else after.sessions,
    )
    if settled.close and after.quantity and after.average:
        paper = (settled.close / after.average - 1) * 100
        earned = words.say("{earned} · 평가 {paper}%", earned=earned, paper=figures.signed(paper))
    notes = [words.say("{note}.", note=texts.note(words, text)) for text in settled.notes]
    return lines(traded, held, earned, *notes, _whose_close(words, settled, rehearsed=rehearsed))


def _whose_close(words: Words, settled: RoundSettled, *, rehearsed: bool) -> Html | None:
    if rehearsed:
        return rehearsal_card.final(words, provisional=settled.provisional)
    if settled.provisional:
        return words.say("종가는 잠정입니다. 한투가 낮 12시까지 고칠 수 있습니다.")
    return None


def holding(words: Words, cycle: Cycle) -> str:
    """Say what a cycle holds: "39주 · 평단 $101.12", or that it holds nothing."""
    if cycle.quantity == 0:
        return words.plain("없음")
    return words.plain(
        "{quantity}주 · 평단 {average}",
        quantity=cycle.quantity,
        average=figures.money(cycle.average),
    )


def _traded(words: Words, orders: Sequence[OrderView], side: Side, quantity: int) -> str:
    name = words.plain(texts.SIDES[side])
    if quantity == 0:
        return words.plain("{side} 없음", side=name)
    filled = [o for o in orders if o.slot.side is side and o.filled and o.fill_price is not None]
    shares = sum(order.filled for order in filled)
    if shares == 0:
        return words.plain("{side} {quantity}주 체결", side=name, quantity=quantity)
    paid = sum(((o.fill_price or Decimal(0)) * o.filled for o in filled), Decimal(0))
    return words.plain(
        "{side} {quantity}주 {price} 체결",
        side=name,
        quantity=quantity,
        price=figures.money(paid / shares),
    )


def overdue(view: RoundView, now: datetime, margin: timedelta = timedelta()) -> bool:
    """Tell whether a round's deadline has passed, or will within a margin."""
    return view.deadline is not None and view.deadline - margin <= now
