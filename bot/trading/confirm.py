"""Hold imitated orders against the official close, once KIS has done correcting it."""

from bot.events import CloseConfirmed
from bot.storage.views import CycleView
from bot.trading.desk import Desk, in_turn


class CloseConfirmer:
    """Journal the final close of each cycle's last settled round whose orders were imitated."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def confirm(self) -> None:
        """Look at every cycle's last settlement. Raises BrokerSilent."""
        if self._desk.emulation is not None:
            await in_turn(await self._desk.views.cycles(), self._one)

    async def _one(self, view: CycleView) -> None:
        desk = self._desk
        for settled in await desk.views.settlements(cycle_id=view.cycle_id, limit=1):
            round_ = await desk.views.round(settled.round_id)
            if round_ is None or not round_.emulated or round_.official_close is not None:
                continue
            if desk.clock.now() < desk.table(settled.session).closes_final_at:
                continue
            before = desk.calendar.following(settled.session).day
            bars = await desk.broker.bars(view.symbol, before=before, count=1)
            if bars and bars[-1].day == settled.session:
                async with desk.recording() as recording:
                    await recording.record(
                        CloseConfirmed(
                            round_id=settled.round_id,
                            session=settled.session,
                            close=bars[-1].close,
                        )
                    )
