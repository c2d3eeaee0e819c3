"""Pairing codes: made at the console, kept as digests, each good once and for a short while.

Their time is the machine's: the console and the bot are two processes that share only that.
"""

import hashlib
from datetime import datetime

from bot.storage.database import Database, Transaction
from bot.storage.people import Role

# Nothing that is read as something else: no 0 and O, no 1 and I and L, no 5 and S, no U and V.
ALPHABET = "2346789ABCDEFGHJKMNPQRTWXYZ"
LENGTH = 8


class PairingCodes:
    """Offer codes, and see whether somebody sent one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def offer(self, code: str, role: Role, expires_at: datetime) -> None:
        """Let a code be sent until it expires; codes that are over are forgotten."""
        async with self._database.transaction() as tx:
            await tx.execute("DELETE FROM pairing_code")
            await tx.execute(
                "INSERT INTO pairing_code (digest, role, expires_at) VALUES (?, ?, ?)",
                (_digest(code), role.name, expires_at.isoformat()),
            )

    async def live(self, text: str | None, now: datetime) -> str:
        """Find the live code that a message is; "" when it is none."""
        code = code_of(text)
        if not code:
            return ""
        row = await self._database.one(
            "SELECT user_id, expires_at FROM pairing_code WHERE digest = ?", (_digest(code),)
        )
        if row is None or row["user_id"] is not None:
            return ""
        return code if datetime.fromisoformat(row["expires_at"]) > now else ""

    async def taken(self, code: str) -> tuple[int, str] | None:
        """Read who sent a code, by number and name; None when nobody has."""
        row = await self._database.one(
            "SELECT user_id, name FROM pairing_code WHERE digest = ?", (_digest(code),)
        )
        return (row["user_id"], row["name"]) if row and row["user_id"] is not None else None


async def use_code(
    tx: Transaction, code: str, user_id: int, name: str, now: datetime
) -> Role | None:
    """Use a live code up inside the transaction of its effect; None when it is dead."""
    row = await tx.one(
        "SELECT role, expires_at FROM pairing_code WHERE digest = ? AND user_id IS NULL",
        (_digest(code),),
    )
    if row is None or datetime.fromisoformat(row["expires_at"]) <= now:
        return None
    await tx.execute(
        "UPDATE pairing_code SET user_id = ?, name = ? WHERE digest = ?",
        (user_id, name, _digest(code)),
    )
    return Role[row["role"]]


def code_of(text: str | None) -> str:
    """Read a message as a code: alone, or behind /pair or /start; "" when it has no such shape."""
    words = (text or "").split()[:3]
    if words and words[0].lower() in ("/pair", "/start"):
        words = words[1:]
    code = "".join(words).upper().replace("-", "")
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def shown(code: str) -> str:
    """Write a code so that it can be read off: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
