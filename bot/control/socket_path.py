"""Where the control socket stands, and how it is reached when its path is too long for one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "control.sock"
LONGEST = 100
"""Bytes: the kernel takes 107, other systems 103."""


@contextmanager
def reachable(home: Path) -> Iterator[str]:
    """Give a path of MUHAN_HOME's socket that fits into a socket's address.

    A long one is reached through the folder's descriptor, which lasts as long as the context.
    """
    path = home / NAME
    if len(os.fsencode(path)) <= LONGEST:
        yield str(path)
        return
    folder = os.open(home, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{NAME}"
    finally:
        os.close(folder)
