"""Why the orders of an agreed round are not out, in the codes that the chat puts into words."""

from bot.storage.views import UNRESOLVED, RoundView
from bot.trading.consent import EDITION
from bot.trading.desk import Desk
from bot.trading.model import Approval, OrderState


async def why_lapsed(desk: Desk, round_: RoundView) -> str:
    """Say whose doing it was: the owner's, who did not tap, or what kept an agreed round in."""
    if desk.closed(round_.session):
        return "closed_day"
    if round_.approval is Approval.ALERT:
        return "alert"
    if round_.approval is Approval.CONFIRM:
        return "no_tap"
    return next(iter(await why_not_out(desk, round_)), "not_running")


async def why_not_out(desk: Desk, round_: RoundView) -> tuple[str, ...]:
    """List what keeps a round's orders from going out now; what the owner set himself comes first.

    A code may have figures or the broker's own words behind it. Empty when nothing is known that
    holds them: their time has not come, or they are on their way.
    """
    reasons: list[str] = []
    trading = await desk.views.trading()
    if trading in ("killed", "stopped", "paused_all", "paused"):
        reasons.append(trading)
    if desk.real and await desk.views.consent() != EDITION:
        reasons.append("consent")
    view = await desk.views.cycle(round_.cycle_id)
    if view is not None and view.held:
        reasons.append("held")
    if view is not None and view.waits:
        reasons.append("resting")
    if not desk.gate_open:
        reasons.append("gate")
    reasons += desk.holds.reasons
    symbol = round_.plan.cycle.rules.symbol if round_.plan else ""
    unresolved = await desk.views.orders_in(*UNRESOLVED)
    if any(other.slot.symbol == symbol for other in unresolved):
        reasons.append("unresolved")
    elif any(other.state is OrderState.SENT for other in unresolved):
        reasons.append("other_unresolved")
    if desk.trouble:
        reasons.append(f"broker {desk.trouble}")
    refused = {
        order.detail
        for order in round_.orders
        if order.state is OrderState.PLANNED and order.detail
    }
    reasons += [f"put_off {detail}" for detail in sorted(refused)]
    return tuple(reasons)
