"""Emergency stop, codes, modes, consent: read in the transaction that writes "sent"."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from bot.commands import (
    ApproveRound,
    AskLock,
    GiveConsent,
    Kill,
    LockState,
    OrderNow,
    Pause,
    PreviewApproval,
    PreviewNow,
    Resume,
    SetApproval,
    SetUnattended,
    SkipRound,
    StartCycle,
    Stop,
    StopAnswer,
    Unlock,
)
from bot.events import (
    ApprovalSet,
    CodeRefused,
    ConsentGiven,
    LawBroken,
    OrderSent,
    OrderWithheld,
    RoundApproved,
    RoundLapsed,
    UnattendedSet,
)
from bot.totp import FILE_NAME, SecretUnreadable, keep, kept
from bot.trading.consent import EDITION
from bot.trading.model import CONSOLE, Approval, RoundState, Unattended
from bot.trading.refusal import Refusal
from bot.trading.safeguards import Safeguards
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import ALICE, DAY, Floor, holding, on_floor, table_of

TABLE = table_of(DAY)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
KILL = Kill(cancel=False, by=ALICE)


class Guarded:
    """The floor with its safeguards on; `secret` is the authenticator's."""

    def __init__(self, floor: Floor, *, secret: str = SECRET) -> None:
        self.secret = secret
        self.floor = floor
        self.guards = Safeguards(floor.trading, wall=floor.clock, secret=lambda: self.secret)
        self.guards.register(floor.bus)

    def code(self, *, ago: timedelta = timedelta()) -> str:
        return pyotp.TOTP(SECRET).at(self.floor.clock.now() - ago)

    async def consent(self) -> None:
        await self.floor.bus.ask(GiveConsent(edition=EDITION, method="4.0", by=ALICE))


@pytest.fixture
def guarded(floor: Floor) -> Guarded:
    return Guarded(floor)


@pytest.fixture
def real(guarded: Guarded) -> Iterator[Guarded]:
    guarded.floor.trading.desk.real = True
    yield guarded
    guarded.floor.trading.desk.real = False


async def test_nothing_leaves_after_the_emergency_stop(guarded: Guarded) -> None:
    floor = guarded.floor
    await floor.begin()
    await floor.bus.ask(KILL)
    await floor.live(TABLE.verify_at)
    assert floor.counter.placed == []
    assert {event.reasons for event in await floor.all(OrderWithheld)} == {("killed",)}


async def test_the_emergency_stop_is_read_where_sent_is_written(guarded: Guarded) -> None:
    """Between two orders of one round: the first is out, and no other follows."""
    floor = guarded.floor
    await floor.begin()
    placing = floor.counter.place

    async def place(*args: object) -> object:
        answer = await placing(*args)  # type: ignore[arg-type] # handed on as it came
        if len(floor.counter.placed) == 1:
            await floor.bus.ask(KILL)
        return answer

    floor.counter.place = place  # type: ignore[method-assign,assignment]
    await floor.live(TABLE.verify_at)
    assert len(floor.counter.placed) == len(await floor.all(OrderSent)) == 1
    assert {event.reasons for event in await floor.all(OrderWithheld)} == {("killed",)}


async def test_the_emergency_stop_cancels_what_stands_when_asked(guarded: Guarded) -> None:
    floor = guarded.floor
    await floor.begin()
    await floor.live(TABLE.verify_at)
    live = len(await floor.orders())
    answer = await floor.bus.ask(Kill(cancel=True, by=ALICE))
    assert answer == StopAnswer(asked=live, confirmed=live)


async def test_neither_resume_nor_pause_nor_approval_gets_past_the_emergency_stop(
    guarded: Guarded,
) -> None:
    floor = guarded.floor
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    await floor.bus.ask(KILL)
    round_ = await floor.round()
    for command in (
        Resume(by=ALICE),
        Pause(everything=True, by=ALICE),
        ApproveRound(round_id=round_.round_id, digest=round_.digest, by=ALICE),
    ):
        with pytest.raises(Refusal, match=r"^killed"):
            await floor.bus.ask(command)
    await floor.live(TABLE.settle_at)
    assert floor.counter.placed == []


async def test_a_stop_or_a_broken_law_does_not_make_less_of_an_emergency_stop(
    guarded: Guarded,
) -> None:
    floor = guarded.floor
    await floor.bus.ask(KILL)
    await floor.bus.ask(Stop(cancel=False, by=ALICE))
    async with floor.trading.desk.recording() as recording:
        await recording.record(LawBroken(law="sent_twice", subject="a", detail=""))
    assert await floor.views.trading() == "killed"
    with pytest.raises(Refusal, match=r"^killed"):
        await floor.bus.ask(Resume(by=ALICE))


async def test_it_outlives_the_process(tmp_path: Path, counter: Counter) -> None:
    async with on_floor(tmp_path / "a.sqlite3", counter) as floor:
        await floor.begin()
        guarded = Guarded(floor)
        await floor.bus.ask(KILL)
    async with on_floor(tmp_path / "a.sqlite3", counter) as floor:
        guarded = Guarded(floor)
        await floor.live(TABLE.settle_at)
        assert counter.placed == []
        assert await floor.bus.ask(AskLock()) == LockState(
            killed=True, needs_code=True, has_secret=True
        )
        await floor.bus.ask(Unlock(code=guarded.code(), by=ALICE))


async def test_a_code_lifts_it_to_a_stop_and_no_further(guarded: Guarded) -> None:
    floor = guarded.floor
    await floor.bus.ask(KILL)
    code = guarded.code()
    await floor.bus.ask(Unlock(code=f" {code[:3]} {code[3:]}", by=ALICE))
    assert await floor.views.trading() == "stopped"
    await floor.bus.ask(Resume(by=ALICE))
    assert await floor.views.trading() == "running"


async def test_a_code_is_good_once_and_so_is_no_older_one(guarded: Guarded) -> None:
    floor = guarded.floor
    for _ in range(2):
        await floor.bus.ask(KILL)
        code, older = guarded.code(), guarded.code(ago=timedelta(seconds=30))
        await floor.bus.ask(Unlock(code=code, by=ALICE))
        await floor.bus.ask(KILL)
        for used in (code, older):
            with pytest.raises(Refusal, match=r"^code used"):
                await floor.bus.ask(Unlock(code=used, by=ALICE))
        floor.clock.at += timedelta(minutes=1)
    assert await floor.views.trading() == "killed"


async def test_five_wrong_codes_shut_the_door_for_ten_minutes(guarded: Guarded) -> None:
    floor = guarded.floor
    await floor.bus.ask(KILL)
    right = guarded.code()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(Refusal, match=r"^code wrong"):
            await floor.bus.ask(Unlock(code=wrong, by=ALICE))
    with pytest.raises(Refusal, match=r"^code later"):
        await floor.bus.ask(Unlock(code=guarded.code(), by=ALICE))
    assert await floor.all(CodeRefused) == [CodeRefused(by=ALICE)] * 5
    floor.clock.at += timedelta(minutes=10)
    await floor.bus.ask(Unlock(code=guarded.code(), by=ALICE))
    assert await floor.views.trading() == "stopped"


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "12a456", "😀" * 6, "1" * 4000, "-12345"]
)
async def test_what_is_no_code_is_not_counted_as_a_wrong_one(guarded: Guarded, typed: str) -> None:
    floor = guarded.floor
    await floor.bus.ask(KILL)
    with pytest.raises(Refusal, match=r"^code shape"):
        await floor.bus.ask(Unlock(code=typed, by=ALICE))
    assert await floor.all(CodeRefused) == []


async def test_the_console_lifts_it_without_a_code(guarded: Guarded) -> None:
    guarded.secret = ""
    floor = guarded.floor
    await floor.bus.ask(KILL)
    await floor.bus.ask(Unlock(by=CONSOLE))
    assert await floor.views.trading() == "stopped"
    with pytest.raises(Refusal, match=r"^not killed"):
        await floor.bus.ask(Unlock(by=CONSOLE))


async def test_with_real_money_and_no_secret_the_chat_cannot_lift_it(real: Guarded) -> None:
    real.secret = ""
    await real.floor.bus.ask(KILL)
    with pytest.raises(Refusal, match=r"^no secret"):
        await real.floor.bus.ask(Unlock(code="123456", by=ALICE))
    assert await real.floor.views.trading() == "killed"


async def test_without_real_money_and_secret_a_second_tap_is_enough(guarded: Guarded) -> None:
    guarded.secret = ""
    await guarded.floor.bus.ask(KILL)
    await guarded.floor.bus.ask(Unlock(by=ALICE))
    assert await guarded.floor.views.trading() == "stopped"


async def test_a_secret_that_cannot_be_read_keeps_nobody_from_stopping_and_lifts_nothing(
    floor: Floor, tmp_path: Path
) -> None:
    keep(tmp_path, SECRET)
    (tmp_path / FILE_NAME).chmod(0o644)
    guards = Safeguards(floor.trading, wall=floor.clock, secret=lambda: kept(tmp_path))
    guards.register(floor.bus)
    await floor.bus.ask(KILL)
    assert await floor.bus.ask(AskLock()) == LockState(
        killed=True, needs_code=True, has_secret=False
    )
    for code in ("", pyotp.TOTP(SECRET).at(floor.clock.now())):
        with pytest.raises(SecretUnreadable):
            await floor.bus.ask(Unlock(code=code, by=ALICE))
    assert await floor.views.trading() == "killed"


async def test_no_order_goes_out_for_real_money_before_the_consent(real: Guarded) -> None:
    floor = real.floor
    await floor.begin()
    await floor.live(TABLE.send_from + timedelta(minutes=30))
    assert floor.counter.placed == []
    assert {event.reasons for event in await floor.all(OrderWithheld)} == {("consent",)}
    await real.consent()
    await floor.live(TABLE.verify_at)
    assert len(floor.counter.placed) == len(await floor.orders())


async def test_a_consent_to_another_text_is_none(real: Guarded) -> None:
    with pytest.raises(Refusal, match=r"^consent old"):
        await real.floor.bus.ask(GiveConsent(edition="0", method="4.0", by=ALICE))
    assert await real.floor.all(ConsentGiven) == []


async def test_the_chat_begins_no_real_cycle_unread_or_by_itself(real: Guarded) -> None:
    floor, rules = real.floor, holding().rules

    def begin(approval: Approval) -> StartCycle:
        return StartCycle(rules=rules, principal=holding().principal, approval=approval, by=ALICE)

    with pytest.raises(Refusal, match=r"^consent needed"):
        await floor.bus.ask(begin(Approval.CONFIRM))
    await real.consent()
    with pytest.raises(Refusal, match=r"^auto later"):
        await floor.bus.ask(begin(Approval.AUTO))
    assert await floor.bus.ask(begin(Approval.CONFIRM)) == 1


def up(after: Approval, before: Approval, code: str = "") -> SetApproval:
    return SetApproval(cycle_id=1, before=before, after=after, by=ALICE, code=code)


async def test_a_step_down_needs_nothing_and_counts_for_what_only_was_proposed(
    real: Guarded,
) -> None:
    floor = real.floor
    await real.consent()
    real.secret = ""
    await floor.begin(approval=Approval.AUTO)
    await floor.look(TABLE.propose_at)
    await floor.bus.ask(up(Approval.ALERT, Approval.AUTO))
    await floor.live(TABLE.settle_at)
    assert floor.counter.placed == []
    assert [event.reason for event in await floor.all(RoundLapsed)] == ["alert"]


async def test_a_step_down_between_look_and_agreement_keeps_the_round_in(
    guarded: Guarded,
) -> None:
    """The schedule read "auto"; the owner lowered it before the agreement was written."""
    floor = guarded.floor
    await floor.begin(approval=Approval.AUTO)
    await floor.look(TABLE.propose_at)
    views = floor.views
    rounds_in = views.rounds_in

    async def stale(*states: RoundState) -> object:
        found = await rounds_in(*states)
        if states == (RoundState.PROPOSED,) and found and floor.clock.at >= TABLE.send_from:
            await floor.bus.ask(up(Approval.CONFIRM, Approval.AUTO))
            views.rounds_in = rounds_in  # type: ignore[method-assign]
        return found

    views.rounds_in = stale  # type: ignore[method-assign,assignment]
    floor.clock.at = TABLE.send_from
    await floor.trading.sender.send()
    assert await floor.all(RoundApproved) == []
    assert (await floor.round()).approval is Approval.CONFIRM


async def test_a_step_up_waits_for_the_next_round(guarded: Guarded) -> None:
    floor = guarded.floor
    await floor.begin(approval=Approval.ALERT)
    await floor.look(TABLE.propose_at)
    await floor.bus.ask(up(Approval.CONFIRM, Approval.ALERT))
    round_ = await floor.round()
    assert round_.approval is Approval.ALERT
    view = await floor.views.cycle(1)
    assert view is not None
    assert view.approval is Approval.CONFIRM


async def test_auto_comes_after_a_settled_round_only(guarded: Guarded) -> None:
    floor = guarded.floor
    await floor.begin(approval=Approval.CONFIRM)
    shown = await floor.bus.ask(PreviewApproval(cycle_id=1, approval=Approval.AUTO))
    assert [check.name for check in shown.checks if not check.passed] == ["settled"]
    with pytest.raises(Refusal, match=r"^checklist"):
        await floor.bus.ask(up(Approval.AUTO, Approval.CONFIRM))
    await floor.look(TABLE.propose_at)
    round_ = await floor.round()
    await floor.bus.ask(ApproveRound(round_id=round_.round_id, digest=round_.digest, by=ALICE))
    await floor.live(TABLE.settle_at + timedelta(minutes=5))
    await floor.bus.ask(up(Approval.AUTO, Approval.CONFIRM))
    assert [event.after for event in await floor.all(ApprovalSet)] == [Approval.AUTO]


async def test_a_step_up_for_real_money_takes_consent_and_a_code(real: Guarded) -> None:
    floor = real.floor
    await floor.begin(approval=Approval.ALERT)
    with pytest.raises(Refusal, match=r"^checklist"):
        await floor.bus.ask(up(Approval.CONFIRM, Approval.ALERT, real.code()))
    await real.consent()
    with pytest.raises(Refusal, match=r"^code shape"):
        await floor.bus.ask(up(Approval.CONFIRM, Approval.ALERT))
    await floor.bus.ask(up(Approval.CONFIRM, Approval.ALERT, real.code()))
    await floor.bus.ask(KILL)
    with pytest.raises(Refusal, match=r"^code used"):
        await floor.bus.ask(Unlock(code=real.code(), by=ALICE))


async def test_what_is_not_what_was_shown_is_not_changed(guarded: Guarded) -> None:
    floor = guarded.floor
    await floor.begin(approval=Approval.CONFIRM)
    with pytest.raises(Refusal, match=r"^approval changed"):
        await floor.bus.ask(up(Approval.ALERT, Approval.AUTO))
    with pytest.raises(Refusal, match=r"^approval same"):
        await floor.bus.ask(up(Approval.CONFIRM, Approval.CONFIRM))
    with pytest.raises(Refusal, match=r"^cycle unknown"):
        await floor.bus.ask(
            SetApproval(cycle_id=9, before=Approval.AUTO, after=Approval.ALERT, by=ALICE)
        )


async def test_a_stop_keeps_a_step_up_waiting(guarded: Guarded) -> None:
    floor = guarded.floor
    await floor.begin(approval=Approval.ALERT)
    await floor.bus.ask(KILL)
    shown = await floor.bus.ask(PreviewApproval(cycle_id=1, approval=Approval.CONFIRM))
    assert [check.name for check in shown.checks if not check.passed] == ["running"]
    assert not shown.passed
    assert (shown.up, shown.needs_code) == (True, False)


async def test_a_step_down_while_the_evening_asks_for_closes_counts(guarded: Guarded) -> None:
    """The plan was begun on automatic; no round of that approval may be proposed any more."""
    floor = guarded.floor
    await floor.begin(approval=Approval.AUTO)
    asked = floor.counter.bars

    async def bars(*args: object, **more: object) -> object:
        floor.counter.bars = asked  # type: ignore[method-assign]
        await floor.bus.ask(up(Approval.ALERT, Approval.AUTO))
        return await asked(*args, **more)  # type: ignore[arg-type] # handed on as it came

    floor.counter.bars = bars  # type: ignore[method-assign,assignment]
    await floor.live(TABLE.settle_at)
    assert floor.counter.placed == []
    assert (await floor.round()).approval is Approval.ALERT


async def test_a_step_down_while_an_order_now_is_planned_refuses_it(guarded: Guarded) -> None:
    floor = guarded.floor
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    round_ = await floor.round()
    await floor.bus.ask(SkipRound(round_id=round_.round_id, digest=round_.digest, by=ALICE))
    (now,) = await floor.bus.ask(PreviewNow())
    asked = floor.counter.bars

    async def bars(*args: object, **more: object) -> object:
        await floor.bus.ask(up(Approval.ALERT, Approval.CONFIRM))
        return await asked(*args, **more)  # type: ignore[arg-type] # handed on as it came

    floor.counter.bars = bars  # type: ignore[method-assign,assignment]
    with pytest.raises(Refusal, match=r"^round changed"):
        await floor.bus.ask(OrderNow(cycle_id=1, session=now.session, digest=now.digest, by=ALICE))
    assert await floor.all(RoundApproved) == []


def without_a_tap(choice: Unattended, code: str = "") -> SetUnattended:
    return SetUnattended(cycle_id=1, choice=choice, by=ALICE, code=code)


async def test_more_without_a_tap_takes_a_code_and_the_checklist_with_real_money(
    real: Guarded,
) -> None:
    floor = real.floor
    await floor.begin(approval=Approval.CONFIRM)
    with pytest.raises(Refusal, match=r"^code shape"):
        await floor.bus.ask(without_a_tap(Unattended.SELLS))
    with pytest.raises(Refusal, match=r"^checklist"):  # the consent lacks
        await floor.bus.ask(without_a_tap(Unattended.SELLS, real.code()))
    await real.consent()
    with pytest.raises(Refusal, match=r"^checklist"):  # no round was settled
        await floor.bus.ask(without_a_tap(Unattended.ALL, real.code()))
    code = real.code()
    await floor.bus.ask(without_a_tap(Unattended.SELLS, code))
    await floor.bus.ask(without_a_tap(Unattended.NOTHING))
    with pytest.raises(Refusal, match=r"^code used"):
        await floor.bus.ask(without_a_tap(Unattended.SELLS, code))
    assert [event.choice for event in await floor.all(UnattendedSet)] == [
        Unattended.SELLS,
        Unattended.NOTHING,
    ]
    await floor.live(TABLE.deadline)
    assert floor.counter.placed == []


async def test_the_chat_begins_no_real_cycle_that_goes_out_without_a_tap(real: Guarded) -> None:
    await real.consent()
    with pytest.raises(Refusal, match=r"^unattended later"):
        await real.floor.bus.ask(
            StartCycle(
                rules=holding().rules,
                principal=holding().principal,
                approval=Approval.CONFIRM,
                unattended=Unattended.SELLS,
                by=ALICE,
            )
        )
