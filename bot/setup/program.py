"""How the owner calls this program here, and whether a service runs it already."""

import os
from pathlib import Path

from bot.service.places import UNITS, Places, own_program
from bot.service.units import NAME


def program() -> str:
    """Give the words that start this very program from here, also behind sudo: .venv/bin/muhan."""
    own = own_program()
    if not own.exists():
        return "muhan"
    return os.path.relpath(own) if own.is_relative_to(Path.cwd()) else str(own)


def installed(place: Places) -> bool:
    """Tell whether a machine has the service of systemd, with settings of its own."""
    return place.at(UNITS / NAME).exists()
