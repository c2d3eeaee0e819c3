"""What a family of commands brings: commands, buttons, and answers that somebody types."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from bot.telegram.asked import Asked
from bot.telegram.desk import Desk
from bot.telegram.handlers.press import Press
from bot.telegram.taps import Kind

Show = Callable[[Desk, Asked], Awaitable[None]]
Do = Callable[[Desk, Press], Awaitable[None]]
Answer = Callable[[Desk, Asked, dict[str, str]], Awaitable[None]]


class Family(Protocol):
    """A module of handlers: what it shows by command, does by button, makes of typed answers."""

    SHOWS: Mapping[str, Show]
    ACTIONS: Mapping[Kind, Do]
    ANSWERS: Mapping[str, Answer]
