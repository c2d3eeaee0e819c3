"""Who is let in by a code from the console, and who is let out again."""

from bot.bus import Bus
from bot.clock import Clock
from bot.commands import Join, RevokePerson
from bot.events import PersonJoined, PersonRevoked
from bot.storage.pairing import use_code
from bot.storage.panel_sessions import end_all
from bot.trading.agreed import use
from bot.trading.desk import Desk
from bot.trading.refusal import Refusal, Why


class Membership:
    """Journal who comes and goes. `wall` is the clock that codes run by."""

    def __init__(self, desk: Desk, wall: Clock) -> None:
        self._desk = desk
        self._wall = wall

    def register(self, bus: Bus) -> None:
        bus.handle(Join, self.join)
        bus.handle(RevokePerson, self.revoke)

    async def join(self, command: Join) -> str:
        """Let somebody in, as what his code was made for."""
        async with self._desk.recording() as recording:
            role = await use_code(
                recording.transaction,
                command.code,
                command.user_id,
                command.name,
                self._wall.now(),
            )
            if role is None:
                raise Refusal(Why.PAIRING_OVER)
            await recording.record(
                PersonJoined(user_id=command.user_id, role=role.name, name=command.name)
            )
        return role.name

    async def revoke(self, command: RevokePerson) -> None:
        """Let somebody in no more, neither in the chat nor at the dashboard."""
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            await end_all(recording.transaction, command.user_id)
            await recording.record(PersonRevoked(user_id=command.user_id, by=command.by))
