"""/today, /plan, /orders: what goes out, and what stands at the broker."""

from datetime import date

from bot.commands import PlanPreview, PreviewPlan
from bot.storage.views import AT_THE_BROKER, UNRESOLVED, OrderView
from bot.telegram import figures, imitations, rehearsal_card, texts
from bot.telegram.asked import Asked
from bot.telegram.card import header
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.family import Show
from bot.telegram.markup import Html, code, lines
from bot.telegram.noted import noted
from bot.telegram.order_table import order_table
from bot.telegram.reasons import explained, skipped_legs


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
            await desk.say(asked.user_id, pointer, reply_to=there)


async def plan(desk: Desk, asked: Asked) -> None:
    """Preview the next session's orders and where they come from; nothing is sent."""
    previews = await desk.bus.ask(PreviewPlan())
    html = lines(
        desk.words.say("다음 회차 미리보기입니다. 아무것도 보내지 않습니다."),
        *[await _preview(desk, preview) for preview in previews],
        None if previews else desk.words.say("아직 시작한 사이클이 없습니다."),
    )
    await desk.answer(
        asked, html, [[show(desk, "오늘 주문", "today"), show(desk, "상태", "status")]]
    )


async def _preview(desk: Desk, preview: PlanPreview) -> Html:
    words = desk.words
    if preview.plan is None:
        view = await desk.views.cycle(preview.cycle_id)
        return words.say(
            "\n{session} · {symbol}: 계획할 수 없습니다.\n이유: {reason}",
            session=figures.day(words, date.fromisoformat(preview.session)),
            symbol=view.symbol if view else "",
            reason=noted(words, preview.reason),
        )
    made = preview.plan
    rehearsed = rehearsal_card.banner(words) if desk.venue == rehearsal_card.PAPER else None
    return lines(
        Html(f"\n{lines(rehearsed, header(words, date.fromisoformat(preview.session), made))}"),
        order_table(words, made, emulated=desk.venue == imitations.MOCK),
        explained(words, made),
        skipped_legs(words, made),
    )


async def orders(desk: Desk, asked: Asked) -> None:
    """List what stands at the broker and what is not certain."""
    words = desk.words
    standing = await desk.views.orders_in(*AT_THE_BROKER)
    unsure = await desk.views.orders_in(*UNRESOLVED)
    html = lines(
        words.say("미체결 주문 {count}건", count=len(standing)),
        _table(desk, standing),
        words.say("\n⚠️ 확인되지 않은 주문 {count}건 (다시 보내지 않습니다)", count=len(unsure))
        if unsure
        else None,
        _table(desk, unsure),
    )
    await desk.answer(
        asked, html, [[show(desk, "오늘 주문", "today"), show(desk, "정지하기", "stop")]]
    )


def _table(desk: Desk, found: tuple[OrderView, ...]) -> Html | None:
    words = desk.words
    rows = [
        (
            order.slot.symbol,
            texts.leg(words, order.slot.leg, imitated=order.emulated is not None),
            words.plain("{quantity}주", quantity=order.slot.quantity),
            figures.money(price) if (price := order.as_sent.price) else words.plain("종가"),
            words.plain(texts.STATES[order.state]),
        )
        for order in found
    ]
    return code(figures.table(rows, right=frozenset({2, 3}))) if rows else None


SHOWS: dict[str, Show] = {"today": today, "plan": plan, "orders": orders}
