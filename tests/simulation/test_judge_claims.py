"""The judge of claims about the account, and of presses, can find fault."""

from dataclasses import replace

from bot.events import LedgerMismatched, RoundVerified, TradingResumed, TradingStopped
from tests.simulation.facts import MessageShown, SharesMoved
from tests.simulation.test_judge_orders import FIRST, approved, found
from tests.simulation.testimony import OWNER, ROUND, Testimony


def test_an_order_that_stands_is_not_missing() -> None:
    told = approved()
    told.write(RoundVerified(round_id=ROUND, missing=(FIRST.key,)))
    assert "I6" not in found(told)
    told.send(FIRST)
    told.write(RoundVerified(round_id=ROUND, missing=(FIRST.key,)))
    assert "called missing" in found(told)["I6"]


def differing(told: Testimony, held: int) -> Testimony:
    event = LedgerMismatched(
        cycle_id=1, symbol="TQQQ", ledger_quantity=40, broker_quantity=held, likely_split=""
    )
    told.write(event)
    return told


def test_a_difference_that_the_account_does_not_have_is_a_lie() -> None:
    assert "said to hold 0" in found(differing(approved(), 0))["I6"]


def test_a_difference_that_the_account_has_or_just_had_is_none() -> None:
    told = approved()
    told.note(SharesMoved(at=told.now, symbol="TQQQ", before=40, after=80))
    assert "I6" not in found(differing(told, 80))
    assert "I6" not in found(differing(told, 40))


def ask(told: Testimony, number: int) -> None:
    told.show("정지할까요?")
    shown = told.facts[-1]
    assert isinstance(shown, MessageShown)
    told.facts[-1] = replace(shown, message_id=number, buttons=(("유지하고 정지", f"c:{number}"),))


def test_a_stop_carried_out_twice_for_one_question_is_found() -> None:
    told = approved()
    ask(told, 7)
    told.write(TradingStopped(cancel=False, by=OWNER))
    assert "I1" not in found(told)
    told.write(TradingStopped(cancel=False, by=OWNER))
    assert found(told)["I1"] == "TradingStopped 2 times, asked for 1 times"
    ask(told, 8)
    assert "I1" not in found(told)


def test_a_resume_that_nobody_asked_for_is_found() -> None:
    told = approved()
    told.write(TradingResumed(by=OWNER))
    assert "asked for 0 times" in found(told)["I1"]
