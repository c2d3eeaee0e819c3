"""What all looks of this process share: the line to the bot, the reading room, the doorkeeper.

Streamlit runs its script anew for every look, in this same process; what lives longer stands here.
"""

from dataclasses import dataclass
from pathlib import Path

from bot.clock import Clock
from bot.control.client import ControlClient
from bot.dashboard.doorkeeper import Doorkeeper
from bot.dashboard.reading import Reading
from bot.sessions import Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """The dashboard of one MUHAN_HOME."""

    home: Path
    venue: str
    clock: Clock
    calendar: Calendar
    reading: Reading
    control: ControlClient
    doorkeeper: Doorkeeper


_houses: list[House] = []


def open_house(house: House) -> None:
    """Make a house the one of this process; a process has one."""
    _houses[:] = [house]


def this_house() -> House:
    """Give the house of this process. Raises LookupError before one was opened."""
    if not _houses:
        raise LookupError("the dashboard is started by muhan dashboard")
    return _houses[0]
