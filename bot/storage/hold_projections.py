"""What the chat holds orders back for, kept over a restart: a reason and its words each."""

from datetime import datetime

from bot.events import Event, OrdersFreed, OrdersHeld
from bot.storage.cycle_projections import Projection
from bot.storage.database import Transaction
from bot.trading.holds import Hold

LASTING = frozenset({Hold.CHAT, Hold.TOKEN})
_NAME = "held "


async def chat_holds(tx: Transaction) -> dict[Hold, str]:
    """Read, inside a transaction, what the chat holds orders back for."""
    rows = await tx.all("SELECT name, value FROM preference WHERE name LIKE ?", (f"{_NAME}%",))
    return {Hold(row["name"].removeprefix(_NAME)): str(row["value"]) for row in rows}


async def _held(tx: Transaction, _at: datetime, event: OrdersHeld) -> None:
    if event.why in LASTING:
        await tx.execute(
            "INSERT INTO preference (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (f"{_NAME}{event.why}", event.detail),
        )


async def _freed(tx: Transaction, _at: datetime, event: OrdersFreed) -> None:
    await tx.execute("DELETE FROM preference WHERE name = ?", (f"{_NAME}{event.why}",))


OF_HOLDS: dict[type[Event], Projection] = {OrdersHeld: _held, OrdersFreed: _freed}
