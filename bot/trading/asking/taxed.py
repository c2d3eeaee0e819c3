"""The sales as they are taxed, for whoever wants them in a file."""

from bot.bus import Bus
from bot.clock import SEOUL
from bot.commands.asking import AskTaxed
from bot.tax import Gain
from bot.tax_books import NoRate, tax_books
from bot.trading.desk import Desk


class Taxed:
    """Answer `AskTaxed` from the journal, with the session calendar for the settlement days."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, bus: Bus) -> None:
        bus.handle(AskTaxed, self.gains)

    async def gains(self, command: AskTaxed) -> tuple[Gain, ...]:
        """Give the sales of all years, oldest first."""
        del command
        today = self._desk.clock.now().astimezone(SEOUL).date()
        try:
            return (await tax_books(self._desk.views, self._desk.calendar, today)).gains
        except NoRate:
            return ()
