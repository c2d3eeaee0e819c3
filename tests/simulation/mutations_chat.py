"""Mutants of what the owner hears and presses: what each replaces, and with what."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from bot.events import Event
from bot.storage import chat
from bot.storage.chat import ChatStore, Tap, TapState
from bot.storage.database import Transaction
from bot.storage.journal import QUIET, Journal, Recording
from bot.trading import agreed
from bot.trading.desk import Desk
from bot.trading.evening import Evening
from tests.simulation.mutations import Patch

_record = Recording.record
_recording = Journal.recording
_look = ChatStore.look
_troubled = Desk.troubled


def letter_apart() -> list[Patch]:
    async def record(self: Recording, event: Event) -> None:
        await _record(self, event)
        if not isinstance(event, QUIET):
            await self.transaction.execute(
                "DELETE FROM outbox WHERE seq = (SELECT max(seq) FROM journal)"
            )

    @asynccontextmanager
    async def recording(self: Journal, at: datetime) -> AsyncIterator[Recording]:
        async with _recording(self, at) as open_one:
            yield open_one
        quiet = ", ".join(f"'{kind.__name__}'" for kind in QUIET)
        async with self._database.transaction() as tx:
            await tx.execute(
                "INSERT INTO outbox (seq) SELECT seq FROM journal"  # noqa: S608 - our own names
                f" WHERE seq > (SELECT max(seq) FROM journal) - ? AND type NOT IN ({quiet})"
                " ORDER BY seq",
                (len(open_one.events),),
            )

    return [(Recording, "record", record), (Journal, "recording", recording)]


def missed_day_silent() -> list[Patch]:
    async def nothing(self: Evening, *args: Any, **how: Any) -> None:
        del self, args, how

    return [(Evening, "_note_missed", nothing)]


def button_works_twice() -> list[Patch]:
    async def look(self: ChatStore, nonce: str, user_id: int, now: datetime, **where: Any) -> Tap:
        tap = await _look(self, nonce, user_id, now, **where)
        dead = tap.state in (TapState.USED, TapState.EXPIRED)
        return Tap(state=TapState.FRESH, action=tap.action) if dead else tap

    async def use(tx: Transaction, nonce: str, at: datetime, **whose: Any) -> bool:
        del tx, nonce, at, whose
        return True

    return [
        (ChatStore, "look", look),
        (agreed, "use_tap", use),
        (chat, "use_tap", use),
    ]


def key_in_message() -> list[Patch]:
    async def troubled(self: Desk, reason: str) -> None:
        kis = getattr(self.broker, "_kis", None)
        key = kis.orders._credentials.app_key if kis is not None else ""
        await _troubled(self, f"{reason} (appkey: {key})")

    return [(Desk, "troubled", troubled)]
