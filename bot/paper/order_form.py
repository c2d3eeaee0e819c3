"""What the bot tells its rehearsal room at the start: one line of JSON on the child's stdin.

Keys go over a pipe, not over the command line or the environment, where others may look.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot.paper.keys import RoomKeys


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderForm:
    """Where prices come from and by which key, whose account it is, how much it begins with.

    `cash` is USD as a decimal word, `calls_per_second` how often a simulator may be asked.
    `clock_url` is the simulator whose market time counts when prices come from one on this
    machine; empty for the machine's own clock. `sockets` is where processes share KIS's websocket.
    The room opens without past prices after `wait_for_past` seconds.
    """

    app_key: str = field(repr=False)
    app_secret: str = field(repr=False)
    rest_url: str
    websocket_url: str
    clock_url: str
    calls_per_second: float | None
    home: str
    sockets: str
    cash: str
    port: int
    symbols: tuple[str, ...]
    room: RoomKeys
    wait_for_past: float = 20.0

    def on(self, port: int) -> "OrderForm":
        """Ask for a port; 0 is a free one."""
        return replace(self, port=port)

    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"


def read(line: bytes) -> OrderForm:
    """Read a form back. Raises ValueError or TypeError for anything else."""
    raw: dict[str, Any] = json.loads(line)
    return OrderForm(**raw | {"room": RoomKeys(**raw["room"]), "symbols": tuple(raw["symbols"])})
