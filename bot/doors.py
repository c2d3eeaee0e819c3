"""What of the program touches the world: its clocks, its file, KIS, Telegram, chance, pictures.

The composition root takes everything of that kind from here, and nothing else. In production the
doors are these defaults; whoever runs the program in a world of his own hands in others.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.charts.child import drawing
from bot.charts.model import Draw
from bot.clock import Clock, SystemClock
from bot.control.listening import listening
from bot.control.room import Listen
from bot.counter import OpenCounter, counter
from bot.storage.chat import random_nonce
from bot.storage.database import Connect, connected

if TYPE_CHECKING:
    from bot.telegram.front import OpenSession


def _chat(api_url: str | None) -> Any:
    # The console goes through doors too and opens no chat: it need not wait for aiogram.
    from bot.telegram.session import brief_session  # noqa: PLC0415 - see above

    return brief_session(api_url)


@dataclass(frozen=True, kw_only=True, slots=True)
class Doors:
    """The ways into and out of the program.

    `wall` is the machine's clock, and market time too wherever no simulator owns that; `connect`
    opens a connection to the state file; `nonce` makes the one-use keys of buttons; `draw` is
    handed MUHAN_HOME and answers with what draws pictures; `listen` binds the control socket.
    """

    wall: Clock = field(default_factory=SystemClock)
    connect: Connect = connected
    counter: OpenCounter = counter
    chat: "OpenSession" = _chat
    nonce: Callable[[], str] = random_nonce
    draw: Callable[[Path], Draw] = drawing
    listen: Listen = listening
