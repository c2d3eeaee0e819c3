"""`python -m tests.security.licences`: under which licence each locked runtime package stands.

pip-licenses reads what is installed; nothing is asked of the network. Exits with 1 when a package
stands under one that is not allowed, or is not installed at all.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"

ALLOWED = frozenset(
    {
        "0BSD",
        "Apache Software License",
        "Apache-2.0",
        "BSD License",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC License (ISCL)",
        "MIT",
        "MIT License",
        "MIT-0",
        "MIT-CMU",
        "Mozilla Public License 2.0 (MPL 2.0)",  # certifi: its file is used as it is
        "PSF-2.0",
        "Python Software Foundation License",
        "Zlib",
    }
)
"""Licences that ask no more of whoever runs or passes on Muhan than to keep the notice."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Licence:
    """What a package says of itself."""

    package: str
    version: str
    words: str

    @property
    def allowed(self) -> bool:
        """Tell whether every licence that binds is allowed; of a choice one is enough."""
        parts = re.split(r"\s*;\s*|\s+AND\s+", self.words)
        return all(_allowed(part) for part in parts)


def _allowed(part: str) -> bool:
    return any(one.strip("() ") in ALLOWED or one in ALLOWED for one in part.split(" OR "))


def locked(lock: Path = LOCK) -> dict[str, str]:
    """Read the versions of a lock by package."""
    found = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {name_of(name): version for name, version in found}


def name_of(name: str) -> str:
    """Spell a package's name as a lock does."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(names: Mapping[str, str]) -> list[Licence]:
    """Ask pip-licenses about packages of this environment."""
    program = Path(sys.executable).with_name("pip-licenses")
    command = [str(program), "--format=json", "--with-system", "--packages", *names]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [
        Licence(package=row["Name"], version=row["Version"], words=row["License"])
        for row in json.loads(done.stdout)
    ]


def main() -> int:
    """Print the table; answer 1 when a licence is not allowed."""
    found = installed(locked())
    for each in found:
        mark = "  " if each.allowed else "! "
        sys.stdout.write(f"{mark}{each.package:22} {each.version:14} {each.words}\n")
    bad = [each.package for each in found if not each.allowed]
    missing = len(locked()) - len(found)
    sys.stdout.write(f"{len(found)} packages, {len(bad)} not allowed, {missing} not installed\n")
    return int(bool(bad or missing))


if __name__ == "__main__":
    sys.exit(main())
