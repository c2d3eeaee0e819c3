"""Sessions while the bot is off: found in the state file by their digest, or nobody's."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from bot.control.client import ControlClient
from bot.control.listening import listening
from bot.dashboard.doorkeeper import LEFT_ALONE, Doorkeeper, Named
from bot.dashboard.reading import Reading
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.panel_sessions import IDLE
from bot.storage.people import Role
from tests.bot.control.office import FRIEND, NOON, OWNER, office_at
from tests.bot.trading.counter import WorldClock

NAMED = Named(owner_id=OWNER, operators=frozenset(), language="ko")


def keeper(home: Path, wall: WorldClock) -> tuple[Doorkeeper, Reading]:
    reading = Reading(home)
    return Doorkeeper(ControlClient(home), reading, wall, NAMED), reading


@contextmanager
def hanging(home: Path) -> Iterator[Callable[[], int]]:
    """Listen as a bot that hangs does, and answer nobody; gives how many have asked so far."""
    with listening(home) as bound:
        bound.listen()
        bound.setblocking(False)
        taken: list[socket.socket] = []

        def asked() -> int:
            while True:
                try:
                    taken.append(bound.accept()[0])
                except BlockingIOError:
                    return len(taken)

        try:
            yield asked
        finally:
            for each in taken:
                each.close()


async def test_a_session_of_the_bots_holds_while_the_bot_is_off_and_ends_with_its_time(
    tmp_path: Path,
) -> None:
    async with office_at(tmp_path) as office:
        await office.let_in(FRIEND, Role.VIEWER)
        owner, friend = await office.session(), await office.session(FRIEND)
    wall = WorldClock(NOON)
    doorkeeper, reading = keeper(tmp_path, wall)
    known = doorkeeper.known(owner)
    assert known is not None
    assert (known.user_id, known.role, known.session) == (OWNER, Role.OWNER, owner)
    guest = doorkeeper.known(friend)
    assert guest is not None
    assert guest.role is Role.VIEWER
    wall.at += IDLE + timedelta(minutes=1)
    assert doorkeeper.known(owner) is None
    reading.close()


async def test_a_bot_that_hangs_is_waited_for_once_and_not_by_every_file_of_a_page(
    tmp_path: Path,
) -> None:
    async with office_at(tmp_path) as office:
        owner = await office.session()
    wall, reading = WorldClock(NOON), Reading(tmp_path)
    with hanging(tmp_path) as waiting:
        control = ControlClient(tmp_path, glance=0.05)
        doorkeeper = Doorkeeper(control, reading, wall, NAMED)
        for _ in range(20):  # a page's files, and the looks of the next seconds
            assert doorkeeper.known(owner)
            assert doorkeeper.silent
            wall.at += LEFT_ALONE / 25
        assert waiting() == 1
        wall.at += LEFT_ALONE
        assert not doorkeeper.silent
        assert doorkeeper.known(owner)
        assert waiting() == 2
    reading.close()


async def test_a_bot_that_is_off_is_not_said_to_hang_and_is_asked_at_every_look(
    tmp_path: Path,
) -> None:
    async with office_at(tmp_path) as office:
        owner = await office.session()
    doorkeeper, reading = keeper(tmp_path, WorldClock(NOON))
    assert doorkeeper.known(owner)
    assert not doorkeeper.silent
    reading.close()


async def test_nobody_is_let_in_who_was_revoked_or_has_no_session_or_whose_file_is_gone(
    tmp_path: Path,
) -> None:
    async with office_at(tmp_path) as office:
        await office.let_in(FRIEND, Role.OPERATOR)
        friend = await office.session(FRIEND)
    async with (
        opened(tmp_path / DATABASE_NAME) as database,
        database.transaction() as tx,
    ):
        await tx.execute("DELETE FROM person WHERE user_id = ?", (FRIEND,))
    wall = WorldClock(NOON)
    doorkeeper, reading = keeper(tmp_path, wall)
    assert doorkeeper.known(friend) is None
    assert doorkeeper.known("0" * 32) is None
    assert doorkeeper.known("") is None
    reading.close()
    elsewhere, empty = keeper(tmp_path / "nowhere", wall)
    assert elsewhere.known(friend) is None
    empty.close()
