"""Tell systemd how the bot is, where systemd asked to be told (sd_notify(3)).

What cannot be told is logged and holds nothing up: the unit's own time-outs decide then.
"""

import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import structlog
from systemd_watchdog.systemd_watchdog import WatchDog

PATIENCE = 1.0
"""Seconds."""

log = structlog.get_logger(__name__)


class ServiceManager:
    """The NOTIFY_SOCKET of the unit; silent when there is none."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        line.setblocking(False)  # a manager that does not listen must not hold the loop up
        self._line = line
        self._watchdog = _Line(sock=line, addr=environ.get("NOTIFY_SOCKET"))
        self.watchdog = _watchdog(environ)
        """How long the manager waits for a sign of life; None where it waits for none."""

    @property
    def listens(self) -> bool:
        """Whether anybody asked to be told."""
        return bool(self._watchdog.is_enabled)

    def ready(self) -> None:
        """Say READY=1: recovery is done, or settings were read anew."""
        with self._waiting():
            self._watchdog.ready()

    def status(self, line: str) -> None:
        """Say what the bot is doing, in one line for `systemctl status`."""
        self._watchdog.status(line.replace("\n", " "))

    def alive(self) -> None:
        """Say WATCHDOG=1."""
        self._watchdog.notify()

    def extend(self, by: timedelta) -> None:
        """Ask for more time to start or to stop, counted from now."""
        self._watchdog.say(f"EXTEND_TIMEOUT_USEC={by // timedelta(microseconds=1)}")

    def reloading(self) -> None:
        """Say RELOADING=1; READY=1 has to follow."""
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        with self._waiting():
            self._watchdog.say(f"RELOADING=1\nMONOTONIC_USEC={now}")

    def stopping(self) -> None:
        """Say STOPPING=1."""
        with self._waiting():
            self._watchdog.say("STOPPING=1")

    def close(self) -> None:
        self._line.close()

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Wait for a full queue, a moment: this is said once, and systemd acts on it."""
        self._line.settimeout(PATIENCE)
        yield
        self._line.setblocking(False)


def _watchdog(environ: Mapping[str, str]) -> timedelta | None:
    asked, of = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    ours = asked.isdigit() and of in ("", str(os.getpid()))
    return timedelta(microseconds=int(asked)) if ours else None


class _Line(WatchDog):
    """Says also what the package has no word for."""

    def say(self, words: str) -> None:
        self._send(f"{words}\n")

    def _send(self, msg: str) -> None:
        try:
            super()._send(msg)
        except OSError as error:
            log.warning("the service manager could not be told", error=type(error).__name__)
