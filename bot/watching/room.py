"""Everything that watches over a running bot, joined to its looks."""

from collections.abc import Awaitable, Callable

from bot.clock import Clock
from bot.storage.database import Database
from bot.storage.keeping import Keeping
from bot.storage.outbox import Outbox
from bot.storage.starts import Starts
from bot.trading.holds import Hold
from bot.trading.service import Trading
from bot.watching.calendar_end import CalendarGuard
from bot.watching.clocks import ClockGuard
from bot.watching.disk import DiskGuard
from bot.watching.escalation import Escalation
from bot.watching.heartbeat import Pulse
from bot.watching.housekeeping import Housekeeping
from bot.watching.laws import Laws
from bot.watching.reconciliation import Reconciliation
from bot.watching.restarts import RestartGuard


class Watching:
    """The guards of one bot. `say` tells the owner of a hold without the state file."""

    def __init__(
        self,
        trading: Trading,
        database: Database,
        wall: Clock,
        *,
        say: Callable[[Hold, str], Awaitable[None]],
        stands_still: bool = False,
    ) -> None:
        desk = trading.desk
        self.laws = Laws(desk)
        self.disk = DiskGuard(desk, database, wall, say)
        self.restarts = RestartGuard(desk, Starts(database))
        self.pulse = Pulse(desk, Outbox(database), wall, stands_still=stands_still)
        self.reconciliation = Reconciliation(desk, self.laws, trading.settler)
        escalation = Escalation(desk)
        desk.hearing += [self.laws.heard, self.reconciliation.heard, escalation.heard]
        trading.turned_wrong = self.laws.turned_wrong
        trading.before += [
            self.laws.tell,
            ClockGuard(desk).look,
            self.restarts.look,
            CalendarGuard(desk).look,
        ]
        trading.after += [
            escalation.look,
            self.reconciliation.look,
            self.laws.tell,
            self.pulse.look,
            Housekeeping(desk, Keeping(database, database.path)).look,
        ]

    async def begin(self) -> None:
        """Count this start and the journal as it stands, before anything is done."""
        await self.restarts.begin()
        await self.laws.catch_up()
