"""Who may press, say and answer what: every button, command and question against every role."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.storage.people import Role
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk
from bot.telegram.flood import WITHIN
from bot.telegram.handlers import ACTIONS, ANSWERS, SHOWS
from bot.telegram.handlers.press import Press
from bot.telegram.menu import COMMANDS
from bot.telegram.taps import Action, Kind, needed, packed
from tests.bot.telegram.conftest import FRIEND, OWNER, House
from tests.bot.telegram.samples import tapped

AS_FRIEND: dict[str, Any] = {"as": {"id": FRIEND, "name": "친구"}}
PRESSED = tuple(kind for kind in Kind if kind not in (Kind.SHOW, Kind.AGAIN))


async def friend_presses(house: House, action: Action) -> None:
    """Press a button that was once offered to the friend, under a message of the bot's."""
    key = await house.store.offer(FRIEND, packed(action), expires_at=None)
    asked = house.front.desk.of(FRIEND)
    house.wall.at += WITHIN  # no flood
    under = await asked.say(FRIEND, asked.words.say("상태"))
    await house.chat.update(tapped(f"c:{key}", FRIEND, under, house.wall.now()))
    await house.settle()


def test_what_each_role_may_press_besides_questions() -> None:
    may: dict[Role, list[str]] = {role: [] for role in Role}
    for kind in PRESSED:
        may[needed(kind)].append(kind.value)
    assert set(PRESSED) == set(ACTIONS), "every kind has somebody who carries it out"
    assert may[Role.VIEWER] == snapshot(
        [
            "refresh",
            "never_mind",
            "alerts",
            "backtest_run",
            "backtest_stop",
            "backtest_principal",
            "why",
            "lesson",
            "panel_close",
        ]
    )
    assert may[Role.OWNER] == snapshot(
        [
            "unlock",
            "mode_set",
            "revoke",
            "backup",
            "setting",
            "change",
            "afterwards",
            "unattended",
            "setup",
            "setup_start",
            "setup_import",
            "consent",
        ]
    )


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_a_button_acts_for_its_role_and_for_none_below(
    house: House, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Kind] = []

    async def carried_out(_: Desk, press: Press) -> None:
        done.append(press.action.kind)

    await house.pair(FRIEND, role)
    await house.chat.send("/whoami", **AS_FRIEND)
    for kind in PRESSED:
        monkeypatch.setitem(ACTIONS, kind, carried_out)
        await friend_presses(house, Action(kind=kind))
    assert done == [kind for kind in PRESSED if role >= needed(kind)]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_a_command_is_answered_to_its_role_and_to_none_below(
    house: House, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    async def shown(_: Desk, asked: Asked) -> None:
        done.append(asked.text)

    await house.pair(FRIEND, role)
    await house.chat.send("/whoami", **AS_FRIEND)
    await house.settle()
    for entry in COMMANDS:
        monkeypatch.setitem(SHOWS, entry.name, shown)
        await house.chat.send(f"/{entry.name} {entry.name}", **AS_FRIEND)
        await house.settle()
        for kind in (Kind.SHOW, Kind.AGAIN):
            action = Action(kind=kind, command=entry.name, text=entry.name)
            await friend_presses(house, action)
    assert done == [entry.name for entry in COMMANDS if role >= entry.role for _ in range(3)]


@pytest.mark.parametrize("name", sorted(ANSWERS))
async def test_who_was_asked_as_the_owner_may_not_answer_as_less(
    house: House, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Asked] = []

    async def answered(_: Desk, asked: Asked, _data: dict[str, str]) -> None:
        heard.append(asked)

    monkeypatch.setitem(ANSWERS, name, answered)
    await house.pair(FRIEND, Role.OPERATOR)
    await house.store.ask(FRIEND, name, {}, expires_at=None)
    await house.chat.send("123456", **AS_FRIEND)
    await house.settle()
    allowed = name == "backtest_principal"
    assert len(heard) == allowed
    if not allowed:
        assert (await house.chat.said(FRIEND))[-1].startswith("주인만 할 수 있는 일입니다.")
        assert await house.store.question(FRIEND, house.wall.now()) is None


async def test_a_question_of_another_version_is_no_question(house: House) -> None:
    await house.store.ask(OWNER, "gone", {}, expires_at=None)
    await house.chat.send("123")
    await house.settle()
    assert (await house.chat.said())[-1].startswith("말로 하는 지시는 받지 않습니다.")


async def test_the_owner_is_told_once_a_day_who_tried_what_he_may_not(house: House) -> None:
    await house.pair(FRIEND, Role.VIEWER)
    for word in ("/stop", "/setup"):
        await house.chat.send(word, **AS_FRIEND)
    await house.settle()
    assert await house.chat.said(FRIEND) == snapshot(
        [
            """\
보기 전용이라 할 수 없는 일입니다. 바뀐 것은 없습니다.
주인에게 알렸습니다.\
""",
            "주인만 할 수 있는 일입니다. 바뀐 것은 없습니다.",
        ]
    )
    assert await house.chat.said() == snapshot(
        [
            """\
보기 전용 5151이 권한 밖의 일을 하려고 했습니다 (번호 5151). 바뀐 것은 없습니다.
같은 사람 일은 하루에 한 번만 알려 드립니다.\
"""
        ]
    )


async def test_pairing_is_explained_to_whoever_is_in(house: House) -> None:
    await house.pair(FRIEND, Role.VIEWER)
    await house.chat.send("/pair 2346-789A", **AS_FRIEND)
    await house.chat.send("/pair 2346-789A")
    await house.settle()
    assert (await house.chat.said(FRIEND))[-1] == snapshot("""\
그 코드는 쓸 수 없습니다: 틀렸거나, 이미 썼거나, 10분이 지났습니다.
사람을 들이려면 주인이 컴퓨터에서 muhan pair --role viewer 를 합니다. \
나온 코드를 그 사람이 이 봇에 그대로 보내면 들어옵니다.
코드는 10분 동안 한 번만 쓸 수 있고, 이미 쓰는 사람은 새 코드로 권한이 바뀝니다.\
""")
    assert (await house.chat.said())[-1] == snapshot("""\
주인은 무엇이든 할 수 있어 코드를 쓰지 않습니다. 코드는 그대로 남아 있습니다.
사람을 들이려면 주인이 컴퓨터에서 muhan pair --role viewer 를 합니다. \
나온 코드를 그 사람이 이 봇에 그대로 보내면 들어옵니다.
코드는 10분 동안 한 번만 쓸 수 있고, 이미 쓰는 사람은 새 코드로 권한이 바뀝니다.\
""")
