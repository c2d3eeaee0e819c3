"""The owner's consent: in venue real no order goes out before the risks were read and agreed to."""

from bot.bus import Bus
from bot.commands import GiveConsent
from bot.events import ConsentGiven
from bot.storage.database import Transaction
from bot.storage.lock_projections import consent_of
from bot.trading.agreed import use
from bot.trading.desk import Desk
from bot.trading.model import CONSOLE, Actor, Approval, Unattended
from bot.trading.refusal import Refusal, Why

EDITION = "1"
"""Of the risks as they are shown. Another one has to be agreed to before orders go out again."""


async def consented(desk: Desk, tx: Transaction) -> bool:
    """Read, inside a transaction, whether orders may go out: where no money is real, they may."""
    return not desk.real or await consent_of(tx) == EDITION


async def may_begin(
    desk: Desk, tx: Transaction, approval: Approval, unattended: Unattended, by: Actor
) -> None:
    """Refuse a cycle that begins with real money unread, or by itself from the start.

    By itself it would go, too, where something goes out without a tap.

    The console alone may begin it: its orders wait for the consent like all others.
    """
    if not desk.real or by == CONSOLE:
        return
    if not await consented(desk, tx):
        raise Refusal(Why.CONSENT_NEEDED)
    if approval is Approval.AUTO:
        raise Refusal(Why.AUTO_LATER)
    if unattended is not Unattended.NOTHING:
        raise Refusal(Why.UNATTENDED_LATER)


class Consent:
    """Take the owner's word that he has read what may happen."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, bus: Bus) -> None:
        bus.handle(GiveConsent, self.give)

    async def give(self, command: GiveConsent) -> None:
        """Journal a consent. Raises Refusal for one to a text that is not the present one."""
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            if command.edition != EDITION:
                raise Refusal(Why.CONSENT_OLD)
            await recording.record(
                ConsentGiven(edition=command.edition, method=command.method, by=command.by)
            )
