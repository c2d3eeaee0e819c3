"""systemd's side of the notify socket, as far as a bot can see it."""

import contextlib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60.0
WATCHDOG = 1_500_000
"""Microseconds: a sign of life is due every half second."""


class Listener:
    """Hear what one service says."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self.heard: list[str] = []

    def hear(self, *, within: float = 0.0) -> None:
        """Take in what was said, and what is said within some seconds."""
        self._line.settimeout(within or 0.001)
        with contextlib.suppress(TimeoutError):
            while True:
                self.heard += self._line.recv(4096).decode().splitlines()
                self._line.settimeout(0.001)

    def until(self, word: str, *, times: int = 1) -> None:
        """Wait until so many lines begin with a word, from the first one on."""
        began = time.monotonic()
        while self.count(word) < times:
            assert time.monotonic() - began < PATIENCE, self.heard
            self.hear(within=1.0)

    def again(self, word: str) -> None:
        """Wait until a word is said once more."""
        self.hear()
        self.until(word, times=self.count(word) + 1)

    def count(self, word: str) -> int:
        return sum(line.startswith(word) for line in self.heard)

    def words(self) -> list[str]:
        """Give the names of what was heard, the same in a row once; STATUS and times left out."""
        names = [line.partition("=")[0] for line in self.heard]
        told = [name for name in names if name not in ("STATUS", "MONOTONIC_USEC")]
        return [name for at, name in enumerate(told) if at == 0 or told[at - 1] != name]


@contextmanager
def listening(folder: Path) -> Iterator[tuple[Listener, dict[str, str]]]:
    """Open a socket, and give what a service finds about it in its environment."""
    path = folder / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(path))
        yield Listener(line), {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": str(WATCHDOG)}
