"""What may be done through the control socket: each shown before it is done, by a role."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.bus import Bus
from bot.control.arguments import Given
from bot.control.refusals import Both
from bot.storage.people import Role
from bot.storage.views import Views
from bot.trading.model import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    """What an act works with; `venue` is where orders go."""

    bus: Bus
    views: Views
    venue: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What doing it would do, and the exact arguments that the key will stand for.

    `fixed` are plain JSON values: what was shown is what will be done.
    """

    words: Both
    fixed: Mapping[str, Any] = field(default_factory=dict)
    needs_code: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A confirmed act: what was fixed, who confirmed it by which key; `code` is "" for none."""

    fixed: Given
    by: Actor
    tap: str
    code: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One thing that may be done: the least role, its preview, and the doing of it."""

    role: Role
    preview: Callable[[Tools, Given], Awaitable[Told]]
    do: Callable[[Tools, Order], Awaitable[Both]]
