"""Two steps for everything: what is shown is what is done, once, within a minute, by its asker."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from bot.commands import Kill
from bot.control.client import ControlClient
from bot.control.confirming import ACTS, CONFIRM_FOR
from bot.control.errors import BotDown, ControlRefused
from bot.control.listening import listening
from bot.events import (
    CodeRefused,
    TradingKilled,
    TradingPaused,
    TradingResumed,
    TradingStopped,
    TradingUnlocked,
)
from bot.storage.chat import ChatStore, TapState
from bot.storage.people import Role
from bot.trading.model import Approval, OrderState
from tests.bot.control.office import BY_OWNER, FRIEND, OWNER, SECRET, Office, office_at
from tests.bot.control.person import START, Person
from tests.bot.trading.floor import ALICE, DAY, table_of

SECOND = timedelta(seconds=1)


async def test_a_pause_reaches_the_journal_with_the_dashboard_as_its_cause(
    office: Office, owner: Person
) -> None:
    shown = await owner.preview("pause", everything=True)
    assert await office.floor.all(TradingPaused) == []
    done = await owner.confirm(shown)
    assert await office.floor.all(TradingPaused) == [TradingPaused(everything=True, by=BY_OWNER)]
    assert await office.floor.views.trading() == "paused_all"
    assert "일시정지했습니다" in done.words("ko")
    assert "Paused" in done.words("en")


async def test_a_stop_and_a_resume_reach_the_journal_too(office: Office, owner: Person) -> None:
    await owner.does("stop", cancel=False)
    await owner.does("resume")
    assert await office.floor.all(TradingStopped) == [TradingStopped(cancel=False, by=BY_OWNER)]
    assert await office.floor.all(TradingResumed) == [TradingResumed(by=BY_OWNER)]
    assert (await office.ask(office.client.status)).trading == "running"


async def test_what_was_confirmed_is_not_done_twice(office: Office, owner: Person) -> None:
    shown = await owner.preview("pause", everything=False)
    await owner.confirm(shown)
    assert (await owner.is_refused(shown)).code == "key_over"
    assert len(await office.floor.all(TradingPaused)) == 1


async def test_a_key_confirms_for_sixty_seconds(office: Office, owner: Person) -> None:
    in_time = await owner.preview("pause", everything=False)
    office.wall.at += CONFIRM_FOR - SECOND
    await owner.confirm(in_time)
    late = await owner.preview("stop", cancel=False)
    office.wall.at += CONFIRM_FOR
    assert (await owner.is_refused(late)).code == "key_over"
    assert await office.floor.all(TradingStopped) == []


async def test_a_key_is_no_use_in_another_session_of_the_same_person(
    office: Office, owner: Person
) -> None:
    shown = await owner.preview("stop", cancel=False)
    elsewhere = Person(office, await office.session())
    assert (await elsewhere.is_refused(shown)).code == "key_over"
    assert await office.floor.all(TradingStopped) == []
    await owner.confirm(shown)


async def test_a_key_is_no_use_to_somebody_else(office: Office, owner: Person) -> None:
    await office.let_in(FRIEND, Role.OPERATOR)
    friend = Person(office, await office.session(FRIEND))
    shown = await owner.preview("stop", cancel=False)
    assert (await friend.is_refused(shown)).code == "key_over"
    assert await office.floor.all(TradingStopped) == []


async def test_a_key_that_nobody_was_shown_does_nothing(owner: Person) -> None:
    refusal = await owner.office.refused(owner.client.confirm, owner.session, "x" * 22)
    assert refusal.code == "key_over"


async def test_a_button_of_the_chat_confirms_nothing_here_and_the_other_way_round(
    office: Office, owner: Person
) -> None:
    store = ChatStore(office.floor.database)
    button = await store.offer(OWNER, '{"kind": "stop_keep"}', expires_at=None)
    refusal = await office.refused(owner.client.confirm, owner.session, button)
    assert refusal.code == "key_over"
    assert (await store.look(button, OWNER, office.wall.now())).state is TapState.FRESH
    shown = await owner.preview("stop", cancel=False)
    tap = await store.look(shown.key, OWNER, office.wall.now())
    assert '"kind"' not in tap.action  # by which the chat knows its own buttons (taps.unpacked)


async def test_a_person_who_may_only_look_can_do_nothing(office: Office) -> None:
    await office.let_in(FRIEND, Role.VIEWER)
    viewer = Person(office, await office.session(FRIEND))
    for name in ACTS:
        assert (await viewer.may_not(name)).code == "not_allowed", name


async def test_an_operator_stops_and_approves_and_the_owner_alone_begins_ends_and_unlocks(
    office: Office,
) -> None:
    await office.let_in(FRIEND, Role.OPERATOR)
    operator = Person(office, await office.session(FRIEND))
    for name in ("start", "afterwards", "unlock"):
        assert (await operator.may_not(name)).code == "not_allowed", name
    await operator.does("stop", cancel=False)
    (stopped,) = await office.floor.all(TradingStopped)
    assert (stopped.by.kind, stopped.by.user_id) == ("dashboard", FRIEND)


async def test_a_role_that_was_taken_away_after_the_preview_counts(office: Office) -> None:
    await office.let_in(FRIEND, Role.OPERATOR)
    operator = Person(office, await office.session(FRIEND))
    shown = await operator.preview("pause", everything=True)
    await office.let_in(FRIEND, Role.VIEWER)
    assert (await operator.is_refused(shown)).code == "not_allowed"
    assert await office.floor.all(TradingPaused) == []


async def test_an_emergency_stop_is_lifted_by_a_code_of_the_app_alone(tmp_path: Path) -> None:
    async with office_at(tmp_path, secret=SECRET) as office:
        owner = Person(office, await office.session())
        await owner.does("kill", cancel=False)
        assert await office.floor.all(TradingKilled) == [TradingKilled(cancel=False, by=BY_OWNER)]
        shown = await owner.preview("unlock")
        assert shown.needs_code
        assert (await owner.is_refused(shown)).code == "code_shape"
        assert (await owner.is_refused(shown, code="000000")).code == "code_wrong"
        assert await office.floor.views.trading() == "killed"
        code = pyotp.TOTP(SECRET).at(office.wall.now())
        await owner.confirm(shown, code=code)
        assert await office.floor.views.trading() == "stopped"
        (unlocked,) = await office.floor.all(TradingUnlocked)
        assert unlocked.by == BY_OWNER
        assert await office.floor.all(CodeRefused) == [CodeRefused(by=BY_OWNER)]


async def test_wrong_codes_are_counted_with_the_chats(tmp_path: Path) -> None:
    async with office_at(tmp_path, secret=SECRET) as office:
        owner = Person(office, await office.session())
        await office.floor.bus.ask(Kill(cancel=False, by=ALICE))
        shown = await owner.preview("unlock")
        for _ in range(5):
            assert (await owner.is_refused(shown, code="000000")).code == "code_wrong"
        code = pyotp.TOTP(SECRET).at(office.wall.now())
        assert (await owner.is_refused(shown, code=code)).code == "code_later"
        assert await office.floor.views.trading() == "killed"


async def test_with_real_money_and_no_app_the_dashboard_cannot_lift_it(tmp_path: Path) -> None:
    async with office_at(tmp_path, real=True) as office:
        owner = Person(office, await office.session())
        shown = await owner.preview("kill", cancel=False)
        assert "muhan unlock" in shown.words("en")
        await owner.confirm(shown)
        refusal = await owner.may_not("unlock")
        assert refusal.code == "no_secret"
        assert "muhan unlock" in refusal.korean


async def test_a_resume_does_not_lift_an_emergency_stop(office: Office, owner: Person) -> None:
    await owner.does("stop", cancel=False)
    shown = await owner.preview("resume")
    await office.floor.bus.ask(Kill(cancel=False, by=ALICE))
    assert (await owner.is_refused(shown)).code == "killed"
    assert (await owner.may_not("resume")).code == "killed"
    assert await office.floor.views.trading() == "killed"


async def test_what_goes_on_already_is_not_resumed(owner: Person) -> None:
    assert (await owner.may_not("resume")).code == "already"


async def test_a_stop_that_cancels_says_how_many_are_gone(office: Office, owner: Person) -> None:
    await office.floor.begin()
    await office.floor.live(table_of(DAY).send_from + timedelta(minutes=5))
    open_orders = (await office.ask(office.client.status)).open_orders
    assert open_orders
    shown = await owner.preview("stop", cancel=True)
    assert str(open_orders) in shown.words("ko")
    done = await owner.confirm(shown)
    assert f"{open_orders}/{open_orders}" in done.words("ko")
    assert OrderState.CANCELLED in await office.floor.states()


async def test_every_act_uses_its_key_up_with_its_effect(tmp_path: Path) -> None:
    """The chat's own law: the key is spent in the transaction that does it."""
    async with office_at(tmp_path, secret=SECRET) as office:
        owner, store = Person(office, await office.session()), ChatStore(office.floor.database)
        await office.floor.begin(approval=Approval.CONFIRM)
        await office.floor.live(table_of(DAY).send_from)
        round_id = f"{DAY.isoformat()}.1"
        done: dict[str, TapState] = {}
        for name, arguments in (
            ("approve", {"round_id": round_id}),
            ("skip", {"round_id": round_id, "sells": True}),
            ("start", START | {"symbol": "SOXL"}),
            ("afterwards", {"cycle_id": 1, "wanted": "rest"}),
            ("pause", {"everything": True}),
            ("stop", {"cancel": False}),
            ("resume", {}),
            ("kill", {"cancel": True}),
            ("unlock", {}),
        ):
            shown = await owner.preview(name, **arguments)
            code = pyotp.TOTP(SECRET).at(office.wall.now()) if shown.needs_code else ""
            await owner.confirm(shown, code=code)
            done[name] = (await store.look(shown.key, OWNER, office.wall.now())).state
        assert done == dict.fromkeys(ACTS, TapState.USED)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 2", b"nonsense\r\n\r\n"])
def test_a_confirmed_command_whose_answer_does_not_come_is_told_as_unknown(
    tmp_path: Path, said: bytes
) -> None:
    """A bot that dies in the middle of it: nobody may say that nothing was done."""
    client = ControlClient(tmp_path, patience=20)
    with listening(tmp_path) as bound:
        bound.listen()

        def dies() -> None:
            caller, _ = bound.accept()
            with caller:
                caller.recv(65_536)
                caller.sendall(said)

        with ThreadPoolExecutor(1) as bot:
            bot.submit(dies)
            with pytest.raises(ControlRefused) as unknown:
                client.confirm("s" * 32, "k" * 22)
            bot.submit(dies)
            with pytest.raises(BotDown):
                client.status()
    assert unknown.value.code == "unknown_outcome"
