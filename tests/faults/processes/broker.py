"""KIS in a process of its own: the simulator on loopback, and what truly stands there."""

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from kis.simulator import SimulatorConfig, serve
from kis.simulator.config import APP_KEY, APP_SECRET
from kis.simulator.model import NEW_YORK
from tests.faults.processes.children import PATIENCE, ended, pipe, started
from tests.kis.simulator.desk import WEDNESDAY, flat_bars, week

ACCOUNT = "81000000-01"
HTS_ID = "SIMUSER1"
SYMBOL = "TQQQ"
BEGINS = datetime(WEDNESDAY.year, WEDNESDAY.month, WEDNESDAY.day, 4, 5, tzinfo=NEW_YORK)
PRICES = "50 52 48 51"


def serve_kis(ready: Any) -> None:
    """Serve until SIGTERM; the address goes into the pipe."""
    sessions = week()
    config = SimulatorConfig(
        account=ACCOUNT,
        app_key=APP_KEY,
        app_secret=APP_SECRET,
        hts_id=HTS_ID,
        cash=Decimal(30000),
        at=BEGINS,
        calls_per_second=100_000,
    )
    bars = {SYMBOL: flat_bars(sessions, PRICES)}
    asyncio.run(
        serve(
            config,
            sessions=sessions,
            bars=bars,
            on_ready=lambda told: ready.send(told["listening"]),
        )
    )


class Kis:
    """What a test asks and tells the simulator from outside, beside the bot's own calls."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - our own server on loopback
            f"{self.url}/simulator/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - as above
            return json.load(answer)

    def orders(self) -> list[dict[str, Any]]:
        """List every order that was ever taken, as it truly is."""
        orders: list[dict[str, Any]] = self.ask("GET", "state")["orders"]
        return orders

    def shares(self) -> int:
        holdings = self.ask("GET", "state")["holdings"]
        return sum(int(each["quantity"]) for each in holdings)

    def now(self) -> datetime:
        return datetime.fromisoformat(self.ask("GET", "clock")["now"])

    def go(self, to: datetime) -> None:
        self.ask("POST", "clock", {"to": to.isoformat()})


@contextmanager
def open_kis(*, shares: int, average: str) -> Iterator[Kis]:
    """Run a simulator whose account holds so many shares."""
    ours, theirs = pipe()
    process = started(serve_kis, theirs)
    theirs.close()
    try:
        kis = Kis(ours.recv())
        kis.ask("PUT", f"holdings/{SYMBOL}", {"quantity": shares, "average": average})
        yield kis
    finally:
        ours.close()
        process.terminate()
        ended(process)
