"""A week, a month, any span: what it brought, in words. Also the letter at a period's end."""

from decimal import Decimal

from bot.charts.model import Period
from bot.reports.completed import Completed
from bot.reports.periods import Earned, Span, before, earned
from bot.reports.record import Record
from bot.reports.standing import exhaustion
from bot.reports.worth import drawdown_percent, fall_percent
from bot.storage.views import CycleView
from bot.telegram import figures
from bot.telegram.catalogue import Words, mark
from bot.telegram.markup import Html, code, lines

TITLES = {
    Period.DAY: mark("하루 손익"),
    Period.WEEK: mark("주간 손익"),
    Period.MONTH: mark("월간 손익"),
    Period.YEAR: mark("연간 손익"),
}
BEFORE = {
    Period.DAY: mark("전날 실현 {amount}"),
    Period.WEEK: mark("지난주 실현 {amount}"),
    Period.MONTH: mark("지난달 실현 {amount}"),
    Period.YEAR: mark("지난해 실현 {amount}"),
}
MOST_FINISHED = 5


def named(words: Words, span: Span) -> str:
    """Name a span: "10월 7일(수)", "10월 5일(월) ~ 10월 11일(일)", "2026년 10월", "2026"."""
    match span.period:
        case Period.DAY:
            return figures.day(words, span.first)
        case Period.WEEK:
            return f"{figures.day(words, span.first)} ~ {figures.day(words, span.last)}"
        case Period.MONTH:
            return figures.month(words, span.first)
        case Period.YEAR:
            return f"{span.first.year}"


def summed(words: Words, sum_: Earned) -> Html:
    """Say what a span brought, in a table with the cycles that ended in it."""
    head = words.say(
        "{title} · {span}",
        title=words.plain(TITLES[sum_.span.period]),
        span=named(words, sum_.span),
    )
    if not sum_.sessions and not sum_.by_symbol:
        return lines(head, words.say("이 기간에는 정산한 회차가 없습니다."))
    ended = [_ended(words, done) for done in sum_.finished[-MOST_FINISHED:]]
    return lines(head, code(figures.table(_rows(words, sum_))), _symbols(words, sum_), *ended)


def _rows(words: Words, sum_: Earned) -> list[tuple[str, str]]:
    rows = [(words.plain("실현"), figures.gain(sum_.realized))]
    if sum_.growth_percent is not None:
        rows.append((words.plain("평가 포함"), f"{figures.signed(sum_.growth_percent)}%"))
    rows += [
        (words.plain("매수"), figures.money(sum_.bought)),
        (words.plain("매도"), figures.money(sum_.sold)),
        (words.plain("수수료"), _fees(words, sum_)),
        (words.plain("거래일"), words.plain("{count}일", count=sum_.sessions)),
    ]
    if sum_.by_hand:
        rows.append((words.plain("배당·직접"), figures.gain(sum_.by_hand)))
    if sum_.put_in:
        rows.append((words.plain("시드 증감"), figures.gain(sum_.put_in)))
    return rows


def _fees(words: Words, sum_: Earned) -> str:
    """Write the fees with whose figure they are: the broker's own, or the agreed rate's."""
    fees = figures.money(sum_.fees)
    if not sum_.fees and not sum_.agreed:
        return fees
    if not sum_.agreed:
        return words.plain("{fees} (한투)", fees=fees)
    if sum_.agreed == sum_.fees:
        return words.plain("{fees} (약정)", fees=fees)
    return words.plain("{fees} (그중 약정 {agreed})", fees=fees, agreed=figures.money(sum_.agreed))


def _symbols(words: Words, sum_: Earned) -> Html | None:
    if len(sum_.by_symbol) < 2:
        return None
    each = " · ".join(f"{symbol} {figures.gain(amount)}" for symbol, amount in sum_.by_symbol)
    return words.say("종목별 {each}", each=each)


def _ended(words: Words, done: Completed) -> Html:
    return words.say(
        "졸업 #{place} {symbol} {realized} ({gain}%)",
        place=done.place,
        symbol=done.symbol,
        realized=figures.gain(done.cycle.realized),
        gain=figures.signed(done.return_percent),
    )


def review(words: Words, span: Span, record: Record, views: tuple[CycleView, ...]) -> Html:
    """Look back on a week or a month: what it brought, beside the one before; how things stand."""
    last = earned(before(span), record)
    earlier = (
        words.say(BEFORE[span.period], amount=figures.gain(last.realized))
        if last.sessions
        else None
    )
    return lines(
        summed(words, earned(span, record)),
        earlier,
        _falls(words, record),
        *(_stands(words, view) for view in views),
    )


def _falls(words: Words, record: Record) -> Html | None:
    deepest = drawdown_percent(record.curve)
    if not deepest:
        return None
    return words.say(
        "낙폭 가장 깊게 {deepest} · 지금 고점에서 {now}",
        deepest=figures.fall(deepest),
        now=figures.fall(fall_percent(record.curve)),
    )


def _stands(words: Words, view: CycleView) -> Html:
    cycle = view.cycle
    return words.say(
        "{symbol} T {turn}/{splits} · 소진율 {percent} · 보유 {quantity}주",
        symbol=view.symbol,
        turn=figures.turn(cycle.turn),
        splits=cycle.rules.splits,
        percent=figures.percent(exhaustion(cycle)),
        quantity=cycle.quantity,
    )


def unrealized(words: Words, record: Record, views: tuple[CycleView, ...]) -> Html | None:
    """Say what is held is worth beyond its cost, at the last closes known."""
    parts: list[tuple[str, Decimal]] = []
    for view in views:
        close = record.closes.get(view.cycle_id)
        if close is not None and view.cycle.quantity:
            gain = (close - view.cycle.average) * view.cycle.quantity
            parts.append((view.symbol, gain))
    if not parts:
        return None
    total = sum((gain for _, gain in parts), Decimal(0))
    each = " · ".join(f"{symbol} {figures.gain(gain)}" for symbol, gain in parts)
    return words.say("지금 미실현 {total} ({each})", total=figures.gain(total), each=each)
