"""The chat's own tables: living messages, one-use taps, updates already seen."""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.storage.database import Database, Transaction
from bot.storage.pairing import PairingCodes


class TapState(StrEnum):
    FRESH = "fresh"
    UNKNOWN = "unknown"
    FOREIGN = "foreign"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tap:
    """What a pressed button meant and whether it may act; `action` is the chat's own text."""

    state: TapState
    action: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a person was asked to type; `name` and `data` are the chat's own."""

    name: str
    data: dict[str, str]


def random_nonce() -> str:
    """Make a key that nobody guesses: 128 bits in 22 characters."""
    return secrets.token_urlsafe(16)


class ChatStore:
    """Remember what the chat needs over restarts; `nonce` makes the keys of buttons."""

    def __init__(self, database: Database, *, nonce: Callable[[], str] = random_nonce) -> None:
        self._database = database
        self._nonce = nonce
        self.pairing = PairingCodes(database)

    async def card(self, round_id: str, chat_id: int) -> int | None:
        """Find the living message of a round in a chat."""
        row = await self._database.one(
            "SELECT message_id FROM chat_card WHERE round_id = ? AND chat_id = ?",
            (round_id, chat_id),
        )
        return int(row["message_id"]) if row else None

    async def remember_card(self, round_id: str, chat_id: int, message_id: int) -> None:
        async with self._database.transaction() as tx:
            await tx.execute(
                "INSERT INTO chat_card VALUES (?, ?, ?) ON CONFLICT (round_id, chat_id)"
                " DO UPDATE SET message_id = excluded.message_id",
                (round_id, chat_id, message_id),
            )

    async def offer(self, user_id: int, action: str, *, expires_at: datetime | None) -> str:
        """Make a one-use key (22 characters, 128 bits) for a button that means `action`."""
        (nonce,) = await self.offer_all(user_id, [action], expires_at=expires_at)
        return nonce

    async def offer_all(
        self, user_id: int, actions: Sequence[str], *, expires_at: datetime | None
    ) -> list[str]:
        """Make the keys of a keyboard, one for each action, in one transaction."""
        until = expires_at.isoformat() if expires_at else None
        made = [(self._nonce(), action) for action in actions]
        async with self._database.transaction() as tx:
            for nonce, action in made:
                await tx.execute(
                    "INSERT INTO tap (nonce, user_id, action, expires_at) VALUES (?, ?, ?, ?)",
                    (nonce, user_id, action, until),
                )
        return [nonce for nonce, _ in made]

    async def bind(self, nonces: Sequence[str], message_id: int) -> None:
        """Tie keys to the message that their buttons stand under: they act from there alone."""
        async with self._database.transaction() as tx:
            for nonce in nonces:
                await tx.execute(
                    "UPDATE tap SET message_id = ? WHERE nonce = ? AND message_id IS NULL",
                    (message_id, nonce),
                )

    async def look(
        self, nonce: str, user_id: int, now: datetime, *, message_id: int | None = None
    ) -> Tap:
        """Say what a tap means and whether it may act, without using it up.

        One that is tied to another message than `message_id` is unknown.
        """
        row = await self._database.one("SELECT * FROM tap WHERE nonce = ?", (nonce,))
        if row is None:
            return Tap(state=TapState.UNKNOWN)
        if row["user_id"] != user_id:
            return Tap(state=TapState.FOREIGN)
        if message_id is not None and row["message_id"] not in (None, message_id):
            return Tap(state=TapState.UNKNOWN)
        if row["used_at"]:
            return Tap(state=TapState.USED, action=row["action"])
        if row["expires_at"] and datetime.fromisoformat(row["expires_at"]) <= now:
            return Tap(state=TapState.EXPIRED, action=row["action"])
        return Tap(state=TapState.FRESH, action=row["action"])

    async def ask(
        self, user_id: int, name: str, data: dict[str, str], *, expires_at: datetime | None
    ) -> None:
        """Keep what the next plain text of a person answers; a new question ends the one before."""
        async with self._database.transaction() as tx:
            await tx.execute(
                "INSERT OR REPLACE INTO chat_question VALUES (?, ?, ?, ?)",
                (user_id, name, json.dumps(data), expires_at.isoformat() if expires_at else None),
            )

    async def question(self, user_id: int, now: datetime) -> Question | None:
        """Read what a person was asked and has not answered; None when nothing, or too long ago."""
        row = await self._database.one("SELECT * FROM chat_question WHERE user_id = ?", (user_id,))
        if row is None:
            return None
        if row["expires_at"] and datetime.fromisoformat(row["expires_at"]) <= now:
            return None
        return Question(name=row["name"], data=json.loads(row["data"]))

    async def end_question(self, user_id: int) -> None:
        """Forget what a person was asked; a tap of who was asked nothing pays for no write."""
        asked = "SELECT 1 FROM chat_question WHERE user_id = ?"
        if await self._database.one(asked, (user_id,)) is None:
            return
        async with self._database.transaction() as tx:
            await tx.execute("DELETE FROM chat_question WHERE user_id = ?", (user_id,))

    async def use(self, nonce: str, at: datetime) -> bool:
        """Use a tap up on its own, for actions that are not commands."""
        async with self._database.transaction() as tx:
            return await use_tap(tx, nonce, at)

    async def seen(self, update_id: int) -> bool:
        """Tell whether an update was handled before, without noting it."""
        row = await self._database.one(
            "SELECT 1 FROM chat_update WHERE update_id = ?", (update_id,)
        )
        return row is not None

    async def first_sight(self, update_id: int) -> bool:
        """Note an update; answers False when it was seen before (redelivered after a crash)."""
        async with self._database.transaction() as tx:
            changed = await tx.execute("INSERT OR IGNORE INTO chat_update VALUES (?)", (update_id,))
            await tx.execute("DELETE FROM chat_update WHERE update_id < ?", (update_id - 1000,))
        return changed > 0


async def use_tap(tx: Transaction, nonce: str, at: datetime, *, user_id: int | None = None) -> bool:
    """Use a tap up inside the transaction of its effect; False when it was used before.

    With `user_id`, a tap that was offered to somebody else is not used.
    """
    changed = await tx.execute(
        "UPDATE tap SET used_at = ? WHERE nonce = ? AND used_at IS NULL"
        " AND user_id = coalesce(?, user_id)",
        (at.isoformat(), nonce, user_id),
    )
    return changed > 0
