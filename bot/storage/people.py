"""Who may use the chat, as what, and what each person has chosen for himself.

The settings name the owner and the operators; whoever was paired later stands in the state file.
All of it is kept in memory: every message asks, and few change it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from bot.storage.database import Database

LANGUAGE = "language"


class Role(IntEnum):
    """What a person may do; each role may do what those before it may."""

    VIEWER = 1
    OPERATOR = 2
    OWNER = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who uses the chat. `since` is None for a person of the settings."""

    user_id: int
    role: Role
    language: str
    name: str = ""
    since: datetime | None = None


class People:
    """Know everybody who is let in. `load` reads the state file once, before the first question."""

    def __init__(
        self, database: Database, *, owner_id: int, operators: Iterable[int], language: str
    ) -> None:
        self._database = database
        self.owner_id = owner_id
        self._language = language
        self._named = dict.fromkeys(operators, Role.OPERATOR) | {owner_id: Role.OWNER}
        self._paired: dict[int, tuple[Role, str, datetime]] = {}
        self._revoked: frozenset[int] = frozenset()
        self._settings: dict[tuple[int, str], str] = {}

    async def load(self) -> None:
        """Read what the state file knows, anew whenever somebody came or went."""
        paired, settings = {}, {}
        for row in await self._database.all("SELECT * FROM person"):
            since = datetime.fromisoformat(row["since"])
            paired[row["user_id"]] = (Role[row["role"]], row["name"], since)
        for row in await self._database.all("SELECT * FROM person_setting"):
            settings[row["user_id"], row["name"]] = row["value"]
        gone = await self._database.all("SELECT user_id FROM person_revoked")
        self._paired, self._settings = paired, settings
        self._revoked = frozenset(row["user_id"] for row in gone) - {self.owner_id}

    def of(self, user_id: int) -> Person | None:
        """Find a person; None for everybody who is not let in.

        The owner is the settings'. Anybody else is what a code made him, or the settings' operator
        until he is let out.
        """
        if user_id in self._revoked:
            return None
        paired = self._paired.get(user_id) if user_id != self.owner_id else None
        role = paired[0] if paired else self._named.get(user_id)
        if role is None:
            return None
        return Person(
            user_id=user_id,
            role=role,
            language=self.language(user_id),
            name=paired[1] if paired else "",
            since=paired[2] if paired else None,
        )

    def shut_out(self, user_id: int) -> None:
        """Know somebody no longer, from now until `load` reads what was written of it."""
        self._revoked |= {user_id} - {self.owner_id}

    def all(self) -> tuple[Person, ...]:
        """List everybody: the owner first, then by role and number."""
        found = [person for id_ in {*self._named, *self._paired} if (person := self.of(id_))]
        return tuple(sorted(found, key=lambda person: (-person.role, person.user_id)))

    def language(self, user_id: int) -> str:
        """Say in which language a person reads; the settings' where he chose none."""
        return self._settings.get((user_id, LANGUAGE), self._language)

    def setting(self, user_id: int, name: str) -> str | None:
        """Read what a person has chosen; None where he has not."""
        return self._settings.get((user_id, name))

    async def set(self, user_id: int, name: str, value: str) -> None:
        """Keep what a person has chosen."""
        async with self._database.transaction() as tx:
            await tx.execute(
                "INSERT INTO person_setting VALUES (?, ?, ?) ON CONFLICT (user_id, name)"
                " DO UPDATE SET value = excluded.value",
                (user_id, name, value),
            )
        self._settings[user_id, name] = value
