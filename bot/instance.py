"""One instance per MUHAN_HOME: a lock that the kernel lets go of, however the process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import AnotherInstance

LOCK_NAME = "lock"


@contextmanager
def only_instance(home: Path) -> Iterator[None]:
    """Hold MUHAN_HOME for this process while the context lasts.

    The lock is `flock` on `home/lock`, so kill -9 frees it; the file itself stays, and holds the
    number of the process that last had it. Children started with `subprocess` do not inherit it.
    Raises `AnotherInstance` at once when another process has it.
    """
    path = home / LOCK_NAME
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _another(home, os.pread(descriptor, 32, 0)) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def running_process(home: Path) -> str:
    """Name the process that holds MUHAN_HOME: its number, "?" if it wrote none, "" for nobody.

    Looks without taking the lock for longer than the look.
    """
    try:
        descriptor = os.open(home / LOCK_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return ""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _number(os.pread(descriptor, 32, 0))
    finally:
        os.close(descriptor)
    return ""


def _number(content: bytes) -> str:
    digits = content.strip().decode("ascii", "replace")
    return digits if digits.isdigit() else "?"


def _another(home: Path, content: bytes) -> AnotherInstance:
    process = _number(content)
    return AnotherInstance(
        f"이미 실행 중인 무한이 있어 시작하지 않습니다 (프로세스 {process}, {home}): "
        "그쪽을 먼저 끄거나 MUHAN_HOME을 따로 정해 주세요.",
        f"Muhan is already running (process {process}, {home}), so this one does not start: "
        "stop that one first, or give this one a MUHAN_HOME of its own.",
    )
