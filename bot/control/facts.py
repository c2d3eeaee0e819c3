"""How the bot stands, from the state file alone: for the socket, and for when nobody answers."""

from datetime import datetime

from bot.control.model import BotStatus, LatestRound, RunningCycle
from bot.control.refusals import Both
from bot.storage.views import AT_THE_BROKER, UNRESOLVED, CycleView, RoundView, Views


async def facts(
    views: Views,
    *,
    running: bool,
    version: str,
    venue: str,
    at: datetime,
    gate_open: bool = False,
    doing: Both = ("", ""),
    next_orders: datetime | None = None,
) -> BotStatus:
    """Read the cycles, tonight's rounds and what is open; what only a process knows is handed in.

    `at` is market time.
    """
    return BotStatus(
        running=running,
        version=version,
        venue=venue,
        at=at,
        trading=await views.trading(),
        gate_open=gate_open,
        doing_ko=doing[0],
        doing_en=doing[1],
        next_orders=next_orders,
        open_orders=len(await views.orders_in(*AT_THE_BROKER)),
        unresolved=len(await views.orders_in(*UNRESOLVED)),
        cycles=tuple(_cycle(view) for view in await views.cycles()),
        rounds=tuple(_round(view) for view in await views.today()),
    )


def _cycle(view: CycleView) -> RunningCycle:
    cycle = view.cycle
    return RunningCycle(
        cycle_id=view.cycle_id,
        symbol=view.symbol,
        method=cycle.rules.method,
        splits=cycle.rules.splits,
        approval=view.approval.value,
        phase=cycle.phase.value,
        turn=cycle.turn,
        quantity=cycle.quantity,
        average=cycle.average,
        cash=cycle.cash,
        held=view.held is not None,
        rests=view.rests,
        afterwards=view.afterwards.value,
    )


def _round(view: RoundView) -> LatestRound:
    return LatestRound(
        round_id=view.round_id,
        cycle_id=view.cycle_id,
        symbol=view.plan.cycle.rules.symbol if view.plan else "",
        session=view.session,
        state=view.state.value,
        orders=len(view.plan.orders) if view.plan else 0,
        deadline=view.deadline,
    )
