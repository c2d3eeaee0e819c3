"""When USD do not last for a session's buys: said once, and left out or tried, as the owner set.

The order of sending decides who lacks them: main legs come first, then rungs by rising distance
from the market (settled.md, "The day"). Nothing is made smaller.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import structlog

from bot.events import UsdShort
from bot.setting_values import UsdShort as WhenShort
from bot.storage.journal import Recording
from bot.storage.watch_projections import told_already, usd_short
from bot.trading.desk import Desk
from bot.trading.due import Due
from bot.trading.limits import reserved
from bot.trading.ports import BrokerSilent
from strategy.model import ZERO, Side

log = structlog.get_logger(__name__)


class Purse:
    """Hold what is about to be bought against the account's orderable USD."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def look(self, due: Sequence[Due]) -> list[Due]:
        """Bar the buys that USD do not reach to where they are to be left out; tell of it once.

        A venue that imitates has no call to spare in its minutes: there the broker's refusal tells.
        """
        buys = [each for each in due if not each.barred and each.slot.side is Side.BUY]
        if not buys or self._desk.emulation is not None or not self._sending(buys):
            return list(due)
        try:
            orderable = await self._desk.broker.orderable_usd(buys[0].symbol)
        except BrokerSilent as silence:
            log.info("orderable USD not known", reason=str(silence))
            return list(due)
        short = {each.order.slot.key for each in _beyond(buys, orderable)}
        if not short:
            return list(due)
        needed = sum((reserved(each.slot) for each in buys), ZERO)
        drop = self._desk.limits.usd_short is WhenShort.DROP
        async with self._desk.recording() as recording:
            await self._tell(
                recording,
                UsdShort(
                    session=buys[0].order.session,
                    needed=needed,
                    orderable=orderable,
                    slots=tuple(
                        each.order.slot.key for each in buys if each.order.slot.key in short
                    ),
                    dropped=drop,
                ),
            )
        why = f"usd_short {needed} {orderable}"
        return [
            replace(each, barred=why) if drop and each.order.slot.key in short else each
            for each in due
        ]

    async def refused(self, recording: Recording, each: Due) -> None:
        """Tell, once a session, that the broker refused a buy for want of USD."""
        await self._tell(
            recording,
            UsdShort(
                session=each.order.session,
                needed=reserved(each.slot),
                orderable=None,
                slots=(each.order.slot.key,),
            ),
        )

    async def _tell(self, recording: Recording, event: UsdShort) -> None:
        if not await told_already(recording.transaction, _key(event.session)):
            await recording.record(event)

    def _sending(self, buys: Sequence[Due]) -> bool:
        return any(self._desk.may_send(each.order.slot, each.table) for each in buys)


def _beyond(buys: Sequence[Due], orderable: Decimal) -> list[Due]:
    """List, in the order of sending, the buys from the first one on that USD do not reach to."""
    left = orderable
    for number, each in enumerate(buys):
        left -= reserved(each.slot)
        if left < 0:
            return list(buys[number:])
    return []


def _key(session: date) -> str:
    return usd_short(session.isoformat())
