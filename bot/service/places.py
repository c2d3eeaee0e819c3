"""Where the service lies: folders of the machine, below a root that tests set elsewhere."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.service.runner import Runner

OLDEST = 252
"""The systemd that the units are written for where none can be asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """The machine's folders; `root` is / but in tests, and stands in no file that is written."""

    root: Path = Path("/")

    def at(self, inside: Path) -> Path:
        """Say where a place of the machine lies below the root."""
        return self.root / inside.relative_to("/")


PROGRAM_FOLDER = Path("/opt/muhan")
SOURCE = PROGRAM_FOLDER / "source"
VENV = PROGRAM_FOLDER / "venv"
PROGRAM = VENV / "bin" / "muhan"
SETTINGS_FOLDER = Path("/etc/muhan")
SETTINGS = SETTINGS_FOLDER / "muhan.env"
DASHBOARD_SETTINGS = SETTINGS_FOLDER / "dashboard.env"
STATE = Path("/var/lib/muhan")
PRIVATE_STATE = Path("/var/lib/private/muhan")
"""Where systemd keeps the folder of a dynamic user; STATE is a link to it then."""
UNITS = Path("/etc/systemd/system")
COMMAND = Path("/usr/local/bin/muhan")
MARK = "Made by `muhan service install`"
"""Stands in every file of ours, so that nobody else's is overwritten or removed."""


def checkout() -> Path:
    """Give the folder that this program was started from: the clone, with the locks beside it."""
    return Path(__file__).resolve().parents[2]


def own_program() -> Path:
    """Give the `muhan` of this very environment."""
    return Path(sys.prefix) / "bin" / "muhan"


def systemd_version(runner: Runner) -> int:
    """Ask which systemd this machine has; the oldest that the units know where there is none."""
    found = re.match(r"systemd (\d+)", runner(("systemctl", "--version")).said)
    return int(found[1]) if found else OLDEST
