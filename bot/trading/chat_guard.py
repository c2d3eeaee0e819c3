"""When the chat gives reason to hold orders back: nobody can be told, or the token is not ours.

A hold of the chat's is journalled and outlives a restart, unlike those that find their reason anew.
"""

from bot.bus import Bus
from bot.commands import FreeOrders, HoldOrders, NoteWebhook
from bot.events import OrdersFreed, OrdersHeld, WebhookFound
from bot.storage.hold_projections import chat_holds
from bot.trading.desk import Desk


class ChatGuard:
    """Carry out what the front end asks about holding orders back."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, bus: Bus) -> None:
        bus.handle(HoldOrders, self.hold)
        bus.handle(FreeOrders, self.free)
        bus.handle(NoteWebhook, self.note_webhook)

    async def restore(self) -> None:
        """Put up again what stood when the last process ended."""
        async with self._desk.recording() as recording:
            standing = await chat_holds(recording.transaction)
        for why, detail in standing.items():
            self._desk.holds.put(why, detail)

    async def hold(self, command: HoldOrders) -> None:
        """Hold orders back at once, and tell it when it can be written down."""
        self._desk.holds.put(command.why, command.detail)
        async with self._desk.recording() as recording:
            if command.why not in await chat_holds(recording.transaction):
                await recording.record(OrdersHeld(why=command.why.value, detail=command.detail))

    async def free(self, command: FreeOrders) -> None:
        """Take a hold back, and tell it."""
        async with self._desk.recording() as recording:
            if command.why in await chat_holds(recording.transaction):
                await recording.record(OrdersFreed(why=command.why.value))
        self._desk.holds.lift(command.why)

    async def note_webhook(self, command: NoteWebhook) -> None:
        """Journal a webhook that was not ours."""
        async with self._desk.recording() as recording:
            await recording.record(WebhookFound(host=command.host))
