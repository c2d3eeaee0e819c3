"""What the looks share: the settings once they are read, KIS's client once it is reached."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.clock import Clock, SystemClock
from bot.settings import Settings
from kis.client import Kis


@dataclass(kw_only=True)
class Patient:
    """One installation. `tell` shows progress; `stack` closes what a look has opened.

    `process` is the number of the bot that runs in this MUHAN_HOME, "" when none does; `symbols`
    are those of its cycles. `readable_state` tells that the state file has this program's schema.
    `root` and `user_home` are where the machine's and the user's files begin; `poll_seconds` is how
    long Telegram is asked whether somebody else listens.
    """

    env: Path
    environ: Mapping[str, str]
    tell: Callable[[str, str], None]
    stack: AsyncExitStack
    wall: Clock = field(default_factory=SystemClock)
    found_settings: Settings | None = None
    found_kis: Kis | None = None
    server_time: datetime | None = None
    process: str = ""
    symbols: tuple[str, ...] = ()
    readable_state: bool = False
    root: Path = Path("/")
    user_home: Path = field(default_factory=Path.home)
    poll_seconds: int = 4

    @property
    def settings(self) -> Settings:
        """The settings; only looks that need them ask."""
        if self.found_settings is None:
            raise RuntimeError("the settings were not read")
        return self.found_settings

    @property
    def kis(self) -> Kis:
        """KIS's client; only looks that need it ask."""
        if self.found_kis is None:
            raise RuntimeError("KIS was not reached")
        return self.found_kis

    async def sleep(self, seconds: float) -> None:
        """Wait for KIS's sake, and say so when it is long (a token comes once a minute)."""
        if seconds >= 10:
            self.tell(
                f"한투가 기다리라고 해서 {seconds:.0f}초 쉽니다",
                f"waiting {seconds:.0f} seconds, as KIS asks",
            )
        await asyncio.sleep(seconds)
