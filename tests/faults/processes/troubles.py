"""What happens to a process at the step that a test names: real signals, limits and files."""

import os
import resource
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

Trouble = Callable[[], None]

FILLER = "filler"


def killed() -> None:
    """SIGKILL: no block of code runs after this one."""
    os.kill(os.getpid(), signal.SIGKILL)


def out_of_memory() -> None:
    """No page more than the process has: the next thing that needs some gets MemoryError."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize(), most))
    bytearray(64 << 20)


@dataclass(frozen=True)
class DiskFull:
    """Fill the file system of a folder to its last byte (it had better be a small one)."""

    folder: Path

    def __call__(self) -> None:
        filler = os.open(self.folder / FILLER, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with suppress(OSError):
            for size in (1 << 16, 1 << 12, 1):
                with suppress(OSError):
                    while os.write(filler, bytes(size)):
                        pass
        os.close(filler)

    def free(self) -> None:
        (self.folder / FILLER).unlink()


@dataclass(frozen=True)
class NoLargerFiles:
    """Let no file grow beyond what this one has: every write behind its end fails."""

    path: Path

    def __call__(self) -> None:
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.path.stat().st_size, most))


@dataclass(frozen=True)
class Deleted:
    """Take a file away while it is in use."""

    path: Path

    def __call__(self) -> None:
        self.path.unlink()
