"""Two steps for everything: what is shown is what is done, once, within a minute, by its asker."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyotp
import pytest

from bot.commands import Kill, Stop
from bot.control.client import ControlClient
from bot.control.confirming import ACTS, CONFIRM_FOR
from bot.control.errors import BotDown, ControlRefused
from bot.control.listening import listening
from bot.control.model import Outcome, Preview
from bot.events import (
    AfterwardsSet,
    CodeRefused,
    CycleStarted,
    RoundApproved,
    RoundSkipped,
    TradingKilled,
    TradingPaused,
    TradingResumed,
    TradingStopped,
    TradingUnlocked,
)
from bot.storage.chat import ChatStore, TapState
from bot.storage.people import Role
from bot.trading.model import Afterwards, Approval, OrderState, RoundState
from tests.bot.control.office import BY_OWNER, FRIEND, OWNER, SECRET, Office, office_at
from tests.bot.trading.floor import ALICE, DAY, holding, table_of

SECOND = timedelta(seconds=1)
START: dict[str, Any] = {
    "symbol": "TQQQ",
    "method": "4.0",
    "splits": 40,
    "principal": Decimal(20000),
    "approval": "confirm",
}


class Person:
    """Somebody logged in at the dashboard."""

    def __init__(self, office: Office, session: str) -> None:
        self.office = office
        self.session = session
        self.client: ControlClient = office.client

    async def preview(self, name: str, /, **arguments: Any) -> Preview:
        return await self.office.ask(self.client.preview, self.session, name, **arguments)

    async def confirm(self, preview: Preview, *, code: str = "") -> Outcome:
        return await self.office.ask(self.client.confirm, self.session, preview.key, code=code)

    async def does(self, name: str, /, *, code: str = "", **arguments: Any) -> Outcome:
        return await self.confirm(await self.preview(name, **arguments), code=code)

    async def may_not(self, name: str, /, **arguments: Any) -> ControlRefused:
        return await self.office.refused(self.client.preview, self.session, name, **arguments)

    async def is_refused(self, preview: Preview, *, code: str = "") -> ControlRefused:
        return await self.office.refused(self.client.confirm, self.session, preview.key, code=code)


@pytest.fixture
async def owner(office: Office) -> Person:
    return Person(office, await office.session())


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


async def test_a_cycle_begins_with_exactly_what_was_shown(office: Office, owner: Person) -> None:
    shown = await owner.preview("start", **START)
    for told in ("TQQQ", "V4.0", "40분할", "$20,000.00", "첫 회차"):
        assert told in shown.words("ko")
    assert await office.floor.all(CycleStarted) == []
    await owner.confirm(shown)
    (started,) = await office.floor.all(CycleStarted)
    assert started.by == BY_OWNER
    assert started.approval is Approval.CONFIRM
    rules = started.cycle.rules
    assert (rules.symbol, rules.method, rules.splits) == ("TQQQ", "4.0", 40)
    assert started.cycle.principal == 20000
    (cycle,) = (await office.ask(office.client.status)).cycles
    assert (cycle.symbol, cycle.cash, cycle.quantity) == ("TQQQ", Decimal(20000), 0)


async def test_a_symbol_that_runs_is_not_begun_again(owner: Person) -> None:
    await owner.does("start", **START)
    assert (await owner.may_not("start", **START)).code == "symbol_runs"


async def test_two_previews_of_one_beginning_begin_one(office: Office, owner: Person) -> None:
    first, second = await owner.preview("start", **START), await owner.preview("start", **START)
    await owner.confirm(first)
    assert (await owner.is_refused(second)).code == "symbol_runs"
    assert len(await office.floor.all(CycleStarted)) == 1


async def test_shares_that_no_cycle_has_are_warned_of_before_a_beginning(
    office: Office, owner: Person
) -> None:
    office.floor.counter.holdings["TQQQ"] = 7
    assert "7주" in (await owner.preview("start", **START)).words("ko")
    assert "⚠️" not in (await owner.preview("start", **START, not_ours=7)).words("ko")


async def test_real_money_begins_after_the_consent_and_never_on_automatic(tmp_path: Path) -> None:
    async with office_at(tmp_path, real=True) as office:
        owner = Person(office, await office.session())
        shown = await owner.preview("start", **START)
        assert "진짜 돈" in shown.words("ko")
        assert (await owner.is_refused(shown)).code == "consent_needed"
        assert await office.floor.all(CycleStarted) == []


async def test_the_broker_that_is_silent_begins_nothing(office: Office, owner: Person) -> None:
    office.floor.counter.bars_known = False
    refusal = await owner.may_not("start", **START)
    assert refusal.code == "broker_silent"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("pause", {}),
        ("pause", {"everything": "yes"}),
        ("pause", {"everything": True, "more": 1}),
        ("stop", {"cancel": 1}),
        ("kill", {}),
        ("resume", {"now": True}),
        ("start", {}),
        ("start", START | {"symbol": "TQ QQ"}),
        ("start", START | {"symbol": "티큐"}),
        ("start", START | {"symbol": "T" * 300}),
        ("start", START | {"splits": -40}),
        ("start", START | {"splits": True}),
        ("start", START | {"principal": "many"}),
        ("start", START | {"principal": "NaN"}),
        ("start", START | {"principal": "1e30"}),
        ("start", START | {"principal": True}),
        ("start", START | {"approval": "always"}),
        ("start", START | {"not_ours": -1}),
        ("afterwards", {"cycle_id": 1, "wanted": "fly"}),
        ("afterwards", {"wanted": "rest"}),
        ("approve", {"round_id": ""}),
        ("skip", {"round_id": "2026-10-07.1"}),
    ],
)
async def test_an_argument_that_cannot_be_used_is_named_in_one_sentence(
    office: Office, owner: Person, name: str, arguments: dict[str, Any]
) -> None:
    if name == "skip":
        await office.floor.begin(approval=Approval.CONFIRM)
        await office.floor.live(table_of(DAY).send_from)
    refusal = await owner.may_not(name, **arguments)
    assert refusal.code == "argument"
    assert "\n" not in refusal.korean


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (START | {"method": "9.9"}, "agreement"),
        (START | {"splits": 17}, "agreement"),
        (START | {"symbol": "AAPL"}, "agreement"),
        (START | {"principal": "-5"}, "principal_too_small"),
        (START | {"principal": "0"}, "principal_too_small"),
    ],
)
async def test_an_agreement_that_no_version_knows_is_refused(
    owner: Person, arguments: dict[str, Any], code: str
) -> None:
    assert (await owner.may_not("start", **arguments)).code == code


async def test_a_command_that_is_none_is_refused(owner: Person) -> None:
    assert (await owner.may_not("transfer")).code == "unknown_act"


async def test_a_cycle_that_holds_nothing_is_put_to_rest_goes_on_and_ends(
    office: Office, owner: Person
) -> None:
    await office.floor.begin(holding(quantity=0))
    shown = await owner.preview("afterwards", cycle_id=1, wanted="rest")
    assert "지금부터 쉽니다" in shown.words("ko")
    await owner.confirm(shown)
    assert (await office.ask(office.client.status)).cycles[0].rests
    await owner.does("afterwards", cycle_id=1, wanted="go_on")
    await owner.does("afterwards", cycle_id=1, wanted="end")
    said = await office.floor.all(AfterwardsSet)
    assert [each.afterwards for each in said] == [
        Afterwards.REST,
        Afterwards.GO_ON,
        Afterwards.END,
    ]
    assert {each.by for each in said} == {BY_OWNER}
    assert (await office.ask(office.client.status)).cycles == ()
    assert (await owner.may_not("afterwards", cycle_id=1, wanted="rest")).code == "cycle_over"


async def test_a_cycle_that_holds_shares_is_said_to_end_after_them(
    office: Office, owner: Person
) -> None:
    await office.floor.begin()
    shown = await owner.preview("afterwards", cycle_id=1, wanted="end")
    assert "다 팔고 나면 끝냅니다" in shown.words("ko")
    assert "once all that it holds is sold it ends" in shown.words("en")
    assert (await owner.may_not("afterwards", cycle_id=1, wanted="go_on")).code == "agreed_already"
    assert (await owner.may_not("afterwards", cycle_id=9, wanted="end")).code == "cycle_unknown"


async def test_a_round_is_approved_as_it_was_shown(office: Office, owner: Person) -> None:
    await office.floor.begin(approval=Approval.CONFIRM)
    await office.floor.live(table_of(DAY).send_from)
    round_id = f"{DAY.isoformat()}.1"
    shown = await owner.preview("approve", round_id=round_id)
    assert "LOC" in shown.words("ko")
    await owner.confirm(shown)
    (approved,) = await office.floor.all(RoundApproved)
    assert approved.by == BY_OWNER
    late = await owner.preview("approve", round_id=round_id)
    assert (await owner.is_refused(late)).code == "round_decided"
    assert (await owner.may_not("approve", round_id="2026-01-01.9")).code == "round_unknown"


async def test_a_round_is_skipped(office: Office, owner: Person) -> None:
    await office.floor.begin(approval=Approval.CONFIRM)
    await office.floor.live(table_of(DAY).send_from)
    done = await owner.does("skip", round_id=f"{DAY.isoformat()}.1", sells=False)
    assert "건너뛰었습니다" in done.words("ko")
    assert (await office.floor.round()).state is RoundState.SKIPPED
    (skipped,) = await office.floor.all(RoundSkipped)
    assert skipped.by == BY_OWNER


async def test_a_stop_by_the_chat_meanwhile_is_what_an_approval_meets(
    office: Office, owner: Person
) -> None:
    await office.floor.begin(approval=Approval.CONFIRM)
    await office.floor.live(table_of(DAY).send_from)
    shown = await owner.preview("approve", round_id=f"{DAY.isoformat()}.1")
    await office.floor.bus.ask(Stop(cancel=False, by=ALICE))
    assert (await owner.is_refused(shown)).code == "stopped"
    assert await office.floor.all(RoundApproved) == []


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
