"""What a simulator is started with."""

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from kis.simulator.model import Split
from kis.simulator.scenarios import Scenario

APP_KEY = "SIMULATOR-APPKEY-".ljust(35, "0") + "1"
APP_SECRET = ("simulator-secret-" * 12)[:180]
KNOWN_EXCHANGES = {"TQQQ": "NASD", "SOXL": "AMEX"}
KRX_SYMBOLS = ("005930", "069500")


class PaceKind(StrEnum):
    """Who moves time: a call, the wall clock, or the parties' idleness; WALL is live mode's own."""

    MANUAL = "manual"
    FLOW = "flow"
    JUMP = "jump"
    WALL = "wall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How market time passes.

    `speed` is simulated seconds per wall second under flow; `seconds_per_day` is wall seconds per
    simulated 24 hours under jump, 0 for as fast as the machine can.
    """

    kind: PaceKind = PaceKind.MANUAL
    speed: float = 1.0
    seconds_per_day: float = 0.0

    def described(self) -> dict[str, object]:
        described: dict[str, object] = {"kind": self.kind.value}
        if self.kind is PaceKind.FLOW:
            described["speed"] = self.speed
        if self.kind is PaceKind.JUMP:
            described["seconds_per_day"] = self.seconds_per_day
        return described


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorConfig:
    """Everything but sessions and bars.

    `account` is written 81000000-01, `cash` is USD, `fee_percent` is percent of the amount traded.
    `at` is aware; None starts three in the morning, New York, of the second session.
    `report_seconds` is market time between the close and its fills in the listings. A state file
    keeps orders, clock and tokens over a kill; None keeps them in memory.

    `market` and `splits` make the bars where none are given, and the splits hold for given bars
    too. `krx_symbols` are six-digit codes with quotes only. `ticks_per_second` pushes made-up
    ticks by the wall clock, 0 none; a websocket that leaves `outbox_frames` unread is dropped.
    """

    host: str = "127.0.0.1"
    port: int = 0
    seed: int = 7
    account: str = "81000000-01"
    app_key: str = APP_KEY
    app_secret: str = field(default=APP_SECRET, repr=False)
    hts_id: str = "SIMUSER1"
    cash: Decimal = Decimal(20000)
    fee_percent: Decimal = Decimal(0)
    state: Path | None = None
    at: datetime | None = None
    pace: Pace = Pace()
    calls_per_second: int = 20
    mock_calls_per_second: int = 2
    symbols: dict[str, str] = field(default_factory=lambda: dict(KNOWN_EXCHANGES))
    report_seconds: int = 180
    pingpong_seconds: float = 10.0
    patience_seconds: float = 60.0
    market: Scenario = Scenario.ORDINARY
    splits: tuple[Split, ...] = ()
    krx_symbols: tuple[str, ...] = KRX_SYMBOLS
    ticks_per_second: float = 0.0
    outbox_frames: int = 8192

    def __post_init__(self) -> None:
        if self.host != "localhost" and not _is_loopback(self.host):
            raise ValueError(f"the simulator listens on loopback only, not on {self.host}")
        cano, _, product = self.account.partition("-")
        if len(cano) != 8 or len(product) != 2 or not (cano + product).isdigit():
            raise ValueError(f"an account is written 81000000-01, not {self.account!r}")
        if self.at is not None and self.at.tzinfo is None:
            raise ValueError("the starting instant needs an offset, as 2026-10-07T09:30-04:00")
        if self.calls_per_second < 1 or self.mock_calls_per_second < 1:
            raise ValueError("calls per second are at least 1")
        if self.cash < 0 or self.fee_percent < 0:
            raise ValueError("cash and the fee are not negative")
        if self.pace.speed <= 0 or self.pace.seconds_per_day < 0:
            raise ValueError("a speed is above 0, and seconds per day are not negative")
        if not 0 <= self.ticks_per_second < float("inf") or self.outbox_frames < 1:
            raise ValueError("ticks per second are not negative, unread frames at least 1")
        for code in self.krx_symbols:
            if len(code) != 6 or not code.isascii() or not code.isalnum():
                raise ValueError(f"a KRX symbol has six characters, as 005930, not {code!r}")

    @property
    def account_parts(self) -> tuple[str, str]:
        cano, _, product = self.account.partition("-")
        return cano, product


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
