"""The last word on tonight's round: let it go out, or let it pass."""

from bot.commands import ApproveRound, SkipRound
from bot.control.acts import Act, Order, Told, Tools
from bot.control.arguments import Given
from bot.control.order_words import listed, real_money
from bot.control.refusals import Both, both
from bot.storage.people import Role
from bot.storage.views import RoundView
from bot.trading.refusal import Refusal, Why


async def _ask_approve(tools: Tools, given: Given) -> Told:
    given.only({"round_id"})
    view = await _round(tools, given)
    if view.plan is None:
        raise Refusal(Why.ROUND_CHANGED)
    symbol, legs = view.plan.cycle.rules.symbol, view.plan.orders
    words = both(
        f"{symbol} {view.session} 회차의 주문 {len(legs)}건을 냅니다: {listed(legs)[0]}",
        f"{symbol}, {view.session}: {len(legs)} orders go out: {listed(legs)[1]}",
    )
    real = real_money(tools.venue)
    if real is not None:
        words = both(f"{words[0]}\n{real[0]}", f"{words[1]}\n{real[1]}")
    return Told(words=words, fixed={"round_id": view.round_id, "digest": view.digest})


async def _approve(tools: Tools, order: Order) -> Both:
    await tools.bus.ask(
        ApproveRound(
            round_id=order.fixed.text("round_id"),
            digest=order.fixed.text("digest"),
            by=order.by,
            tap=order.tap,
        )
    )
    return both("승인했습니다. 주문 시간에 나갑니다.", "Approved. It goes out in the order window.")


async def _ask_skip(tools: Tools, given: Given) -> Told:
    given.only({"round_id", "sells"})
    view, sells = await _round(tools, given), given.flag("sells", default=False)
    symbol = view.plan.cycle.rules.symbol if view.plan else ""
    what = both("매수와 매도를 모두", "buys and sells") if sells else both("매수를", "the buys")
    words = both(
        f"{symbol} {view.session} 회차를 건너뜁니다. 이미 나간 주문은 {what[0]} 취소합니다.",
        f"{symbol}, {view.session}: the round is skipped. Of what is out, {what[1]} are cancelled.",
    )
    fixed = {"round_id": view.round_id, "digest": view.digest, "sells": sells}
    return Told(words=words, fixed=fixed)


async def _skip(tools: Tools, order: Order) -> Both:
    answer = await tools.bus.ask(
        SkipRound(
            round_id=order.fixed.text("round_id"),
            digest=order.fixed.text("digest"),
            sells=order.fixed.flag("sells"),
            by=order.by,
            tap=order.tap,
        )
    )
    if answer.void or answer.cancelled is None:
        return both("건너뛰었습니다. 나간 주문은 없습니다.", "Skipped. Nothing had gone out.")
    seen = answer.cancelled
    return both(
        f"건너뛰었습니다. 취소 {seen.confirmed}/{seen.asked}건 확인.",
        f"Skipped. {seen.confirmed} of {seen.asked} cancels confirmed.",
    )


async def _round(tools: Tools, given: Given) -> RoundView:
    view = await tools.views.round(given.text("round_id"))
    if view is None:
        raise Refusal(Why.ROUND_UNKNOWN)
    return view


ACTS = {
    "approve": Act(role=Role.OPERATOR, preview=_ask_approve, do=_approve),
    "skip": Act(role=Role.OPERATOR, preview=_ask_skip, do=_skip),
}
