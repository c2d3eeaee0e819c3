"""/whatif: what a supposed close would do to tonight's round and to tomorrow's."""

from collections.abc import Sequence
from decimal import Decimal

from bot.commands import SupposeClose, Supposed
from bot.reports.standing import exhaustion
from bot.storage.views import CycleView
from bot.telegram import figures, texts
from bot.telegram.arguments import Misunderstood
from bot.telegram.asked import Asked
from bot.telegram.card import holding
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import again, show
from bot.telegram.handlers.family import Show
from bot.telegram.handlers.reading import given, only
from bot.telegram.markup import Html, code, lines
from bot.telegram.order_table import order_table
from bot.telegram.taps import Button
from strategy.model import Fill, Side
from strategy.what_if import Outcome

STEPS = tuple(map(Decimal, (-5, -3, 0, 3, 5)))
MOST = Decimal(90)
"""Percent that a close is supposed to move at most: no daily product of ours moves further."""


async def whatif(desk: Desk, asked: Asked) -> None:
    """Play the coming session at a close, or so many percent off the last one."""
    said = only(given(desk, asked), "symbol", "amount", "percent")
    if said.currency == "KRW":
        raise Misunderstood(
            "종가는 달러로 적어 주세요. 예: soxl 92.50",
            "Write the close in dollars, such as: soxl 92.50",
        )
    percent = _believed(said.percent)
    symbol = said.symbol or await _only(desk)
    if symbol is None:
        await _which(desk, asked)
        return
    if not await desk.views.cycles_of(symbol):
        html = desk.words.say(
            "{symbol} 종목으로 도는 사이클이 없습니다. 아래에서 골라 주세요.", symbol=symbol
        )
        await desk.answer(asked, html, [await _symbols(desk), _home(desk)])
        return
    found = await desk.bus.ask(SupposeClose(symbol=symbol, close=said.amount, percent=percent))
    for each in found:
        _believed(each.outcome.percent if each.outcome else None)
    views = {view.cycle_id: view for view in await desk.views.cycles_of(symbol)}
    parts = [_told(desk, each, views[each.cycle_id]) for each in found]
    await desk.answer(asked, lines(*parts), [_steps(desk, symbol), _home(desk)])


def _believed(percent: Decimal | None) -> Decimal | None:
    """Give back a move of a day. Raises Misunderstood for one that no day makes."""
    if percent is not None and abs(percent) > MOST:
        raise Misunderstood(
            f"하루에 그만큼 움직이지 않습니다. -{MOST}%에서 {MOST}% 사이로 적어 주세요.",
            f"No day moves that far. Write between -{MOST}% and {MOST}%.",
        )
    return percent


async def _only(desk: Desk) -> str | None:
    symbols = {view.symbol for view in await desk.views.cycles()}
    return symbols.pop() if len(symbols) == 1 else None


async def _which(desk: Desk, asked: Asked) -> None:
    words, row = desk.words, await _symbols(desk)
    html = (
        words.say("어느 종목의 종가를 가정할까요?")
        if row
        else words.say("아직 시작한 사이클이 없습니다.")
    )
    await desk.answer(asked, html, [row, _home(desk)] if row else [_home(desk)])


async def _symbols(desk: Desk) -> list[Button]:
    symbols = dict.fromkeys(view.symbol for view in await desk.views.cycles())
    return [show(desk, symbol, "whatif", symbol) for symbol in symbols]


def _steps(desk: Desk, symbol: str) -> list[Button]:
    """Make the buttons that move the close; each takes its message's place."""
    return [
        again(desk, "whatif", f"{symbol} {step:+}%", f"{step:+}%" if step else "0%")
        for step in STEPS
    ]


def _home(desk: Desk) -> list[Button]:
    return [show(desk, "미리보기", "plan"), show(desk, "오늘 주문", "today")]


def _told(desk: Desk, supposed: Supposed, view: CycleView) -> Html:
    words = desk.words
    outcome = supposed.outcome
    if outcome is None:
        return words.say(
            "{day} {symbol}: 계획할 수 없습니다.\n왜: {reason}",
            day=figures.day(words, supposed.session),
            symbol=view.symbol,
            reason=texts.unplanned(words, supposed.reason),
        )
    head = words.say(
        "{day} {symbol} 종가가 {close}이면 ({percent}%, 가정)",
        day=figures.day(words, supposed.session),
        symbol=view.symbol,
        close=figures.money(outcome.close),
        percent=figures.signed(outcome.percent),
    )
    after = outcome.settlement.cycle
    before = supposed.plan.cycle if supposed.plan else view.cycle
    stands = words.say(
        "보유 {held} · T {before}→{after} · 소진율 {exhaustion}",
        held=holding(words, after),
        before=figures.turn(before.turn),
        after=figures.turn(after.turn),
        exhaustion=figures.percent(exhaustion(after)),
    )
    return lines(
        head,
        _filled(desk, outcome.fills),
        words.say("{symbol} 사이클이 졸업합니다.", symbol=view.symbol)
        if outcome.settlement.finished
        else None,
        stands,
        words.say("실현 {realized}", realized=figures.gain(outcome.settlement.realized)),
        _tomorrow(desk, outcome),
        words.say("아무것도 보내지 않습니다. 장중 고가·저가는 두 종가 사이로 봅니다."),
    )


def _filled(desk: Desk, fills: Sequence[Fill]) -> Html:
    words = desk.words
    if not fills:
        return words.say("체결되는 주문이 없습니다.")
    rows = [
        (
            words.plain(texts.LEGS[fill.order.leg]),
            words.plain("{quantity}주", quantity=fill.quantity),
            figures.money(fill.price),
        )
        for fill in sorted(fills, key=lambda fill: fill.order.side is Side.BUY)
    ]
    return lines(words.say("체결:"), code(figures.table(rows, right=frozenset({1, 2}))))


def _tomorrow(desk: Desk, outcome: Outcome) -> Html:
    return lines(desk.words.say("그다음 회차:"), order_table(desk.words, outcome.tomorrow))


SHOWS: dict[str, Show] = {"whatif": whatif}
