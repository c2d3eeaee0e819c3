"""A past for the chat's tests: rounds as the method played them, journalled as they would be."""

from collections.abc import Sequence

from bot.events import CycleStarted
from bot.storage.views import RoundView
from bot.trading.model import STARTUP, Approval
from tests.bot.reports.history import events_of
from tests.bot.telegram.conftest import House


async def journalled(house: House, rounds: Sequence[RoundView], *, begin: bool = True) -> None:
    """Write a run's beginning and its rounds into the journal, and let their letters be posted."""
    first = rounds[0].settlement
    assert first is not None
    begun = CycleStarted(
        cycle_id=first.cycle_id, cycle=first.before, approval=Approval.AUTO, by=STARTUP
    )
    async with house.service.journal.recording(house.market.now()) as recording:
        for event in [
            *([begun] if begin else []),
            *(event for each in rounds for event in events_of(each)),
        ]:
            await recording.record(event)
    await house.settle()
