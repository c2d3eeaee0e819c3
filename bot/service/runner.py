"""The one place that starts programs for the service: systemctl, loginctl, python."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MISSING = 127
"""The shell's status for a program that is not there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """How a program ended, and what it said on both streams."""

    status: int
    said: str = ""

    @property
    def last_line(self) -> str:
        lines = self.said.strip().splitlines()
        return lines[-1] if lines else ""


Runner = Callable[[Sequence[str]], Done]


def run(argv: Sequence[str]) -> Done:
    """Run a program to its end; what it makes may be read by everybody, and written by its owner.

    The service runs as another user, who has to read what root installs.
    """
    try:
        done = subprocess.run(  # noqa: S603 - words of our own, no shell
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            umask=0o022,
        )
    except FileNotFoundError:
        return Done(status=MISSING, said=f"{argv[0]}: not found")
    return Done(status=done.returncode, said=done.stdout)
