"""What a state file says to somebody who only looks, while its writer lives or is dead."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.storage.database import DATABASE_NAME

Order = tuple[str, str, int, str]
"""What makes an order of a round different from its others: side, type, quantity, price (USD)."""


class Evidence:
    """The state file of a home."""

    def __init__(self, home: Path) -> None:
        self.path = home / DATABASE_NAME

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Answer a question; nothing where there is no such table yet."""
        if not self.path.exists():
            return []
        with _looked_at(self.path) as connection:
            try:
                return connection.execute(question).fetchall()
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):
                    return []
                raise

    def sent(self) -> list[Order]:
        """List the orders that the journal has as sent, once for each time."""
        slots = self._slots()
        return [slots[key] for (key,) in self.ask(_TYPED.format("OrderSent"))]

    def told(self, event: str) -> int:
        """Count the entries of a type."""
        return len(self.ask(_TYPED.format(event)))

    def states(self) -> list[str]:
        return [state for (state,) in self.ask("SELECT state FROM broker_order ORDER BY slot")]

    def shares(self) -> int:
        """Read how many shares the ledger has, over all cycles."""
        return sum(int(json.loads(state)["quantity"]) for (state,) in self.ask(_LEDGER))

    def _slots(self) -> dict[str, Order]:
        slots = {}
        for (body,) in self.ask("SELECT body FROM journal WHERE type = 'RoundApproved'"):
            for slot in json.loads(body)["slots"]:
                slots[slot["key"]] = order_of(slot)
        return slots


_TYPED = "SELECT slot FROM journal WHERE type = '{}'"
_LEDGER = "SELECT state FROM cycle"


def order_of(told: dict[str, Any]) -> Order:
    """Give what tells an order from others, as the journal and the simulator both have it."""
    price = f"{float(told['price'] or 0):.2f}"
    return str(told["side"]).lower(), str(told["type"]).upper(), int(told["quantity"]), price


@contextmanager
def _looked_at(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        yield connection
    finally:
        connection.close()
