"""Running the whole program from a test: the same command line and processes as anybody's."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.storage.database import DATABASE_NAME, opened
from bot.storage.views import RoundView, Views
from bot.trading.fills import fills
from bot.trading.model import RoundState
from strategy.model import Fill

SHARED = Path(__file__).resolve().parents[2] / "shared"
PATIENCE = 900


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What a headless demo answered and what its journal says, oldest round first."""

    answer: dict[str, Any]
    rounds: tuple[RoundView, ...]


def demo_command(state: Path, *options: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "bot",
        "demo",
        "--headless",
        "--json",
        "--state",
        str(state),
        *options,
    ]


def environment() -> dict[str, str]:
    """This process's environment without the settings of a bot that may run here."""
    ours = ("MUHAN_", "KIS_", "TELEGRAM_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


async def headless(state: Path, *options: str) -> Run:
    """Play a headless demo to its end and read its journal."""
    done = subprocess.run(  # noqa: ASYNC221 - nothing else runs in this loop
        demo_command(state, *options),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env=environment(),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return Run(answer=json.loads(done.stdout.splitlines()[-1]), rounds=await rounds_of(state))


async def rounds_of(state: Path) -> tuple[RoundView, ...]:
    async with opened(state / "bot" / DATABASE_NAME) as database:
        return await Views(database).rounds_in(*RoundState)


def booked(round_: RoundView) -> Sequence[Fill]:
    """The fills of a round, as its journal has them."""
    assert round_.plan is not None
    return fills(round_.plan, round_.orders)
