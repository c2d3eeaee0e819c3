"""Sessions while the bot is off: found in the state file by their digest, or nobody's."""

from datetime import timedelta
from pathlib import Path

from bot.control.client import PATIENCE, ControlClient
from bot.control.errors import BotDown
from bot.control.model import Login
from bot.dashboard.doorkeeper import Doorkeeper, Named
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
    wall, asked = WorldClock(NOON), list[str]()

    class Hanging(ControlClient):
        def whoami(self, session: str) -> Login:
            asked.append(session)
            wall.at += timedelta(seconds=PATIENCE)
            raise BotDown("답이 없습니다.", "There is no answer.")

    reading = Reading(tmp_path)
    doorkeeper = Doorkeeper(Hanging(tmp_path), reading, wall, NAMED)
    assert all(doorkeeper.known(owner) for _ in range(20))
    assert asked == [owner]
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
