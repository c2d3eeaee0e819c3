"""Beginning, resting and ending a strategy, and the last word on a round, from the dashboard."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.commands import Stop
from bot.events import (
    AfterwardsSet,
    CycleStarted,
    RoundApproved,
    RoundSkipped,
)
from bot.trading.model import Afterwards, Approval, RoundState
from tests.bot.control.office import BY_OWNER, Office, office_at
from tests.bot.control.person import START, Person
from tests.bot.trading.floor import ALICE, DAY, holding, table_of


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
        ("skip", {"round_id": "2026-10-07.1", "sells": "yes"}),
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


async def test_a_symbol_without_a_target_is_told_where_it_is_started(owner: Person) -> None:
    refused = await owner.may_not("start", **START | {"symbol": "AAPL"})
    own = "--symbol AAPL --unofficial --target-percent 10 --method 4.0 --splits 40"
    line = f"muhan cycle start {own} --principal 20000"
    assert refused.korean.endswith(f"시작해 주세요: {line}")
    assert refused.english.endswith(f"in a terminal: {line}")


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
    done = await owner.does("skip", round_id=f"{DAY.isoformat()}.1")
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
