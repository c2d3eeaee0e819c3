"""What the rooms of performance share: reading the words behind a command, and who sees amounts."""

from bot.clock import SEOUL
from bot.storage.people import Role
from bot.telegram.arguments import Arguments, read
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk

PICTURE = frozenset({"그림", "picture"})


def given(desk: Desk, asked: Asked, words: frozenset[str] = frozenset()) -> Arguments:
    """Read what stands behind a command; `words` are its own. Raises Misunderstood."""
    today = desk.clock.now().astimezone(SEOUL).date()
    return read(asked.text.replace("#", " "), today=today, words=words | PICTURE)


def sees_amounts(desk: Desk) -> bool:
    """Tell whether the person may see money and shares, in pictures too."""
    return desk.person.role is not Role.VIEWER
