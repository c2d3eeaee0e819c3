"""The rehearsal room's own keys and account: made up once, kept in a file for the owner alone."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bot.logs import register_secret
from bot.paper.errors import keys_unreadable

KEYS_NAME = "paper-keys.json"
STATE_NAME = "paper.sqlite3"
"""The room's account and orders."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomKeys:
    """What the bot shows our simulator; KIS has never seen any of it."""

    app_key: str = field(repr=False)
    app_secret: str = field(repr=False)
    account: str
    hts_id: str


def room_keys(home: Path) -> RoomKeys:
    """Read the keys of the room in MUHAN_HOME, or make them (0600).

    Raises RoomFailed for a file that cannot be read as keys: the account is kept under them.
    """
    path = home / KEYS_NAME
    if path.exists():
        try:
            keys = RoomKeys(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            raise keys_unreadable(path) from None
    else:
        keys = _made_up()
        write_for_the_owner(path, json.dumps(asdict(keys)))
    register_secret(keys.app_key)
    register_secret(keys.app_secret)
    return keys


def _made_up() -> RoomKeys:
    return RoomKeys(
        app_key=f"PAPER{secrets.token_hex(16)}"[:36],
        app_secret=secrets.token_urlsafe(180)[:180],
        account=f"8{secrets.randbelow(10**7):07d}-01",
        hts_id="PAPERUSER",
    )


def write_for_the_owner(path: Path, text: str) -> None:
    """Put a file that nobody else may read (0600) in its place at once."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
