"""Getting in at the dashboard: keys that open once, sessions that outlive the bot, who is out."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands import RevokePerson
from bot.commands.panel import ClosePanel, OfferPanel
from bot.control.logins import GOOD_FOR, RESTS, TRIES, Logins
from bot.events import PanelLocked, PanelOpened
from bot.storage.chat import ChatStore
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.panel_sessions import IDLE, LONGEST, MOST, holder
from bot.storage.people import Role
from bot.trading.model import Actor
from bot.trading.refusal import Refusal
from tests.bot.control.office import ADDRESS, FRIEND, NOON, OWNER, Office, office_at
from tests.bot.trading.counter import WorldClock

SECOND = timedelta(seconds=1)


async def test_a_key_of_the_chat_opens_the_dashboard_as_its_owner(office: Office) -> None:
    login = await office.login()
    assert (login.user_id, login.role, login.language) == (OWNER, Role.OWNER, "ko")
    assert await office.floor.all(PanelOpened) == [PanelOpened(user_id=OWNER)]
    assert await office.ask(office.client.whoami, login.session) == login


async def test_a_key_and_a_session_are_128_bits_each_and_no_two_are_the_same(
    office: Office,
) -> None:
    made = [await office.key(), await office.key(), await office.session(), await office.session()]
    assert len(set(made)) == len(made)
    assert all(len(bytes.fromhex(secret)) == 16 for secret in made)


async def test_a_key_opens_once(office: Office) -> None:
    key = await office.key()
    await office.ask(office.client.login, key)
    assert (await office.refused(office.client.login, key)).code == "key_over"


async def test_a_key_opens_for_five_minutes(office: Office) -> None:
    late, in_time = await office.key(FRIEND), await office.key()
    office.wall.at += GOOD_FOR - SECOND
    await office.ask(office.client.login, in_time)
    await office.let_in(FRIEND, Role.VIEWER)
    office.wall.at += SECOND
    assert (await office.refused(office.client.login, late)).code == "key_over"


async def test_a_new_key_kills_the_one_before_and_nobody_elses(office: Office) -> None:
    await office.let_in(FRIEND, Role.VIEWER)
    friends, first, second = await office.key(FRIEND), await office.key(), await office.key()
    assert (await office.refused(office.client.login, first)).code == "key_over"
    assert (await office.ask(office.client.login, second)).user_id == OWNER
    assert (await office.ask(office.client.login, friends)).user_id == FRIEND


async def test_after_five_wrong_keys_within_a_minute_no_key_opens_until_it_is_over(
    office: Office,
) -> None:
    key = await office.key()
    for number in range(TRIES):
        assert (await office.refused(office.client.login, f"{number:032x}")).code == "key_over"
        office.wall.at += SECOND
    assert (await office.refused(office.client.login, key)).code == "locked_out"
    assert await office.floor.all(PanelLocked) == [PanelLocked()]
    office.wall.at += RESTS - TRIES * SECOND
    assert (await office.ask(office.client.login, key)).user_id == OWNER


async def test_a_session_lasts_over_a_restart_of_the_bot(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        session = await office.session()
    async with office_at(tmp_path, wall=WorldClock(NOON + timedelta(days=1))) as office:
        assert (await office.ask(office.client.whoami, session)).user_id == OWNER


async def test_a_session_ends_a_week_after_its_last_use(office: Office) -> None:
    session = await office.session()
    office.wall.at += IDLE - SECOND
    await office.ask(office.client.whoami, session)
    office.wall.at += IDLE - SECOND
    await office.ask(office.client.whoami, session)
    office.wall.at += IDLE
    assert (await office.refused(office.client.whoami, session)).code == "session_over"


async def test_a_session_ends_after_a_month_however_much_it_is_used(office: Office) -> None:
    session = await office.session()
    end = NOON + LONGEST
    while office.wall.at + timedelta(days=5) < end:
        office.wall.at += timedelta(days=5)
        login = await office.ask(office.client.whoami, session)
        assert login.valid_until <= end
    office.wall.at = end
    assert (await office.refused(office.client.whoami, session)).code == "session_over"


async def test_a_person_has_so_many_sessions_and_the_oldest_makes_room(office: Office) -> None:
    sessions = []
    for _ in range(MOST + 1):
        sessions.append(await office.session())
        office.wall.at += timedelta(hours=1)
    assert (await office.refused(office.client.whoami, sessions[0])).code == "session_over"
    for session in sessions[1:]:
        await office.ask(office.client.whoami, session)
    assert await office.sessions.count(OWNER, office.wall.now()) == MOST


async def test_a_logout_ends_one_session_and_says_nothing_of_one_that_is_over(
    office: Office,
) -> None:
    here, there = await office.session(), await office.session()
    await office.ask(office.client.logout, here)
    await office.ask(office.client.logout, here)
    assert (await office.refused(office.client.whoami, here)).code == "session_over"
    assert (await office.ask(office.client.whoami, there)).user_id == OWNER


async def test_the_chat_can_end_all_of_a_persons_sessions_by_a_button_that_works_once(
    office: Office,
) -> None:
    session, store = await office.session(), ChatStore(office.floor.database)
    key, tap = await office.key(), await store.offer(OWNER, "{}", expires_at=None)
    assert await office.floor.bus.ask(ClosePanel(user_id=OWNER, tap=tap)) == 1
    assert (await office.refused(office.client.whoami, session)).code == "session_over"
    assert (await office.refused(office.client.login, key)).code == "key_over"
    again = await office.session()
    with pytest.raises(Refusal, match="tap used"):
        await office.floor.bus.ask(ClosePanel(user_id=OWNER, tap=tap))
    assert (await office.ask(office.client.whoami, again)).user_id == OWNER


async def test_who_is_let_out_is_out_at_once_and_stays_out_when_he_comes_back(
    office: Office,
) -> None:
    await office.let_in(FRIEND, Role.OPERATOR)
    session, key = await office.session(FRIEND), await office.key(FRIEND)
    by = Actor(kind="owner", user_id=OWNER)
    await office.floor.bus.ask(RevokePerson(user_id=FRIEND, by=by))
    assert (await office.refused(office.client.whoami, session)).code == "session_over"
    await office.let_in(FRIEND, Role.OPERATOR)
    assert (await office.refused(office.client.whoami, session)).code == "session_over"
    assert (await office.refused(office.client.login, key)).code == "key_over"


async def test_somebody_whom_nobody_knows_any_more_does_not_get_in(office: Office) -> None:
    await office.let_in(FRIEND, Role.OPERATOR)
    session = await office.session(FRIEND)
    office.people.shut_out(FRIEND)
    assert (await office.refused(office.client.whoami, session)).code == "session_over"


async def test_a_role_counts_as_it_is_now(office: Office) -> None:
    await office.let_in(FRIEND, Role.OPERATOR)
    session = await office.session(FRIEND)
    await office.let_in(FRIEND, Role.VIEWER)
    assert (await office.ask(office.client.whoami, session)).role is Role.VIEWER
    refusal = await office.refused(office.client.preview, session, "stop", cancel=False)
    assert refusal.code == "not_allowed"


async def test_neither_key_nor_session_can_be_read_from_the_state_file(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        session, unused = await office.session(), await office.key()
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob(f"{DATABASE_NAME}*"))
    assert kept
    for secret in (session, unused):
        assert secret.encode() not in kept
        assert bytes.fromhex(secret) not in kept


async def test_while_no_bot_runs_a_session_is_known_from_the_state_file_alone(
    tmp_path: Path,
) -> None:
    async with office_at(tmp_path) as office:
        session = await office.session()
    async with opened(tmp_path / DATABASE_NAME) as database:
        assert await holder(database, session, NOON + IDLE - SECOND) == OWNER
        assert await holder(database, session, NOON + IDLE) is None
        assert await holder(database, "f" * 32, NOON) is None


async def test_the_link_says_whether_only_this_machine_opens_it(office: Office) -> None:
    here = await office.floor.bus.ask(OfferPanel(user_id=OWNER))
    assert here.here
    assert here.link.startswith(f"{ADDRESS}/login#")
    logins = Logins(
        office.floor.trading.desk.recording,
        office.sessions,
        office.people,
        office.wall,
        address="https://home.tail1234.ts.net",
    )
    elsewhere = await logins.offer(OfferPanel(user_id=OWNER))
    assert not elsewhere.here
    assert elsewhere.link.startswith("https://home.tail1234.ts.net/login#")


async def test_a_login_and_a_link_do_not_show_their_secrets_when_they_are_printed(
    office: Office,
) -> None:
    offered = await office.floor.bus.ask(OfferPanel(user_id=OWNER))
    key = offered.link.partition("#")[2]
    login = await office.ask(office.client.login, key)
    assert key not in repr(offered)
    assert login.session not in repr(login)
