"""/today and /plan: the round's living message, and what the next session would be."""

from datetime import date

from bot.commands import PlanPreview, PreviewPlan
from bot.storage.views import CycleView
from bot.telegram import figures, imitations, rehearsal_card, texts
from bot.telegram.asked import Asked
from bot.telegram.card import header
from bot.telegram.desk import Desk
from bot.telegram.hand_table import hand_table
from bot.telegram.handlers.buttons import again, show
from bot.telegram.handlers.family import Show
from bot.telegram.handlers.reading import given, only
from bot.telegram.markup import Html, lines
from bot.telegram.order_table import order_table
from bot.telegram.reasons import explained, skipped_legs
from bot.trading.model import Approval


async def today(desk: Desk, asked: Asked) -> None:
    """Bring the latest session's cards to the end of the chat, or point at them."""
    rounds = await desk.views.today()
    if not rounds:
        await desk.answer(
            asked,
            desk.words.say("아직 회차가 없습니다. 저녁에 계획이 서면 알려 드립니다."),
            [[show(desk, "미리보기", "plan")]],
        )
    for view in rounds:
        there = await desk.sender.patiently(lambda view=view: desk.cards.show(view, asked.user_id))  # type: ignore[misc]  # the loop's own round, bound now
        if there is not None:
            pointer = desk.words.say("오늘 회차는 이 메시지에 있습니다. 계속 고쳐집니다.")
            rows = [[show(desk, "미체결 보기", "orders"), show(desk, "미리보기", "plan")]]
            await desk.say(asked.user_id, pointer, rows, reply_to=there)


async def plan(desk: Desk, asked: Asked) -> None:
    """Preview the next session's orders and where they come from; nothing is sent.

    A cycle that only tells has its orders as a table to type from.
    """
    words = desk.words
    symbol = only(given(desk, asked), "symbol").symbol
    views = {view.cycle_id: view for view in await desk.views.cycles()}
    previews = [
        preview
        for preview in await desk.bus.ask(PreviewPlan())
        if preview.cycle_id in views and symbol in (None, views[preview.cycle_id].symbol)
    ]
    none = (
        words.say("아직 시작한 사이클이 없습니다.")
        if symbol is None
        else words.say("{symbol} 종목으로 도는 사이클이 없습니다.", symbol=symbol)
    )
    html = lines(
        words.say("다음 회차 미리보기입니다. 아무것도 보내지 않습니다."),
        *[_preview(desk, preview, views[preview.cycle_id]) for preview in previews],
        None if previews else none,
    )
    symbols = dict.fromkeys(view.symbol for view in views.values())
    each = [show(desk, name, "plan", name) for name in symbols] if len(symbols) > 1 else []
    rows = [
        each,
        [again(desk, "plan", symbol or ""), show(desk, "이 종가라면?", "whatif", symbol or "")],
        [show(desk, "오늘 주문", "today"), show(desk, "상태", "status")],
    ]
    await desk.answer(asked, html, [row for row in rows if row])


def _preview(desk: Desk, preview: PlanPreview, view: CycleView) -> Html:
    words = desk.words
    session = date.fromisoformat(preview.session)
    if preview.plan is None:
        return words.say(
            "\n{session} · {symbol}: 계획할 수 없습니다.\n이유: {reason}",
            session=figures.day(words, session),
            symbol=view.symbol,
            reason=texts.unplanned(words, preview.reason),
        )
    made = preview.plan
    rehearsed = rehearsal_card.banner(words) if desk.venue == rehearsal_card.PAPER else None
    table = (
        hand_table(words, made)
        if view.approval is Approval.ALERT
        else order_table(words, made, emulated=desk.venue == imitations.MOCK)
    )
    return lines(
        Html(f"\n{lines(rehearsed, header(words, session, made))}"),
        table,
        explained(words, made),
        skipped_legs(words, made),
    )


SHOWS: dict[str, Show] = {"today": today, "plan": plan}
