"""What is said to the service manager, on a real socket."""

import os
import re
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.systemd import ServiceManager
from tests.bot.service.notify_listener import WATCHDOG, listening

MANY = 600
"""More than any kernel lets wait in a queue of datagrams by itself."""


def test_every_word_is_spelled_as_systemd_reads_it(tmp_path: Path) -> None:
    with listening(tmp_path) as (manager, environ), closing(ServiceManager(environ)) as said:
        said.extend(timedelta(seconds=60))
        said.ready()
        said.status("one\ntwo")
        said.alive()
        manager.hear()
        said.reloading()
        said.stopping()
        manager.hear()
    expected = ["EXTEND_TIMEOUT_USEC=60000000", "READY=1", "STATUS=one two", "WATCHDOG=1"]
    assert manager.heard[:4] == expected
    assert manager.heard[4] == "RELOADING=1"
    assert re.fullmatch(r"MONOTONIC_USEC=\d+", manager.heard[5])
    assert manager.heard[6:] == ["STOPPING=1"]


def test_a_full_queue_costs_signs_of_life_and_not_the_word_that_systemd_waits_for(
    tmp_path: Path,
) -> None:
    with listening(tmp_path) as (manager, environ), closing(ServiceManager(environ)) as said:
        for _ in range(MANY):
            said.alive()
        ready = threading.Thread(target=said.ready)
        ready.start()
        manager.until("READY=1")
        ready.join()
    assert 0 < manager.count("WATCHDOG=1") < MANY


def test_without_a_socket_nobody_is_told(tmp_path: Path) -> None:
    with closing(ServiceManager({})) as nobody:
        assert not nobody.listens
        nobody.ready()
    with closing(ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")})) as gone:
        assert gone.listens
        gone.ready()


@pytest.mark.parametrize(
    ("of", "waits"),
    [
        ("", timedelta(microseconds=WATCHDOG)),
        ("own", timedelta(microseconds=WATCHDOG)),
        ("1", None),
    ],
)
def test_a_watchdog_is_ours_when_it_names_nobody_else(of: str, waits: timedelta | None) -> None:
    pid = str(os.getpid()) if of == "own" else of
    environ = {"WATCHDOG_USEC": str(WATCHDOG), "WATCHDOG_PID": pid}
    with closing(ServiceManager(environ)) as manager:
        assert manager.watchdog == waits
