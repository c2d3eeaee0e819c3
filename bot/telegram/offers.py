"""Which buttons somebody is shown: nobody is offered what would be refused."""

from collections.abc import Sequence

from bot.storage.people import Role
from bot.telegram.menu import BY_NAME
from bot.telegram.taps import QUESTIONS, Button, needed


def may(role: Role, button: Button) -> bool:
    """Tell whether somebody in a role may press a button, and would be answered."""
    action = button.action
    asked_for = BY_NAME.get(action.command) if action.kind in QUESTIONS else None
    return role >= (asked_for.role if asked_for is not None else needed(action.kind))


def offered(role: Role, rows: Sequence[Sequence[Button]]) -> list[list[Button]]:
    """Leave out what somebody in a role may not press, and rows that become empty."""
    mine = [[button for button in row if may(role, button)] for row in rows]
    return [row for row in mine if row]
