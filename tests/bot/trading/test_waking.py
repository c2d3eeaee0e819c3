"""The next look comes when something is due, also for a symbol that is held."""

from bot.events import LedgerMismatched, RoundMissed
from tests.bot.trading.floor import DAY, Floor, table_of

TABLE = table_of(DAY)


async def test_a_session_that_a_held_symbol_misses_is_told_at_its_deadline(floor: Floor) -> None:
    await floor.begin()
    (view,) = await floor.views.cycles()
    async with floor.trading.desk.recording() as recording:
        await recording.record(
            LedgerMismatched(
                cycle_id=view.cycle_id, symbol="TQQQ", ledger_quantity=0, broker_quantity=4
            )
        )
    wake = await floor.look(TABLE.send_from)
    assert wake.at <= TABLE.deadline
    await floor.live(TABLE.deadline)
    assert [event.session for event in await floor.all(RoundMissed)] == [DAY]
