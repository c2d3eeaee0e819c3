"""The judge of orders can find fault: every invariant is broken once by hand, else it is quiet."""

from dataclasses import replace
from datetime import timedelta

from bot.events import (
    OrderAbsent,
    OrderRefused,
    OrderResent,
    OrderSent,
    OrderUnknown,
    OrderWithheld,
    RoundApproved,
    TradingKilled,
    TradingResumed,
    TradingStopped,
    TradingUnlocked,
)
from bot.trading.model import SCHEDULE, Actor, Slot
from tests.simulation.facts import FaultStruck
from tests.simulation.judge import judge
from tests.simulation.testimony import (
    DAY,
    OWNER,
    ROUND,
    SLOTS,
    TABLE,
    Testimony,
    evening,
)

FIRST, REST = SLOTS[0], SLOTS[1:]
HOUR = timedelta(hours=1)


def approved() -> Testimony:
    told = Testimony()
    told.begin()
    told.approve()
    return told


def found(told: Testimony) -> dict[str, str]:
    """Give what the judge says, by invariant; one sentence each will do."""
    return {violation.invariant: violation.sentence for violation in judge(told.evidence())}


def again(slot: Slot) -> Slot:
    return replace(slot, key=slot.key[:-1] + "2", attempt=2)


def after_the_deadline(told: Testimony) -> Testimony:
    told.at(TABLE.deadline + 2 * HOUR)
    return told


# -- I1 ------------------------------------------------------------------------------------------


def test_a_true_evening_has_no_fault() -> None:
    assert judge(evening().evidence()) == []


def test_a_post_without_a_durable_sent_is_found() -> None:
    told = approved()
    told.post(FIRST, sent=())
    assert "0 slots sent" in found(told)["I1"]


def test_a_post_under_two_sent_slots_is_found() -> None:
    told = approved()
    told.post(FIRST, sent=(FIRST.key, REST[0].key))
    assert "2 slots sent" in found(told)["I1"]


def test_a_post_of_another_order_than_the_sent_one_is_found() -> None:
    told = approved()
    told.write(OrderSent(slot=FIRST.key, tries=1, baseline=()))
    told.post(replace(FIRST, quantity=FIRST.quantity + 1))
    assert "another order" in found(told)["I1"]


def test_an_order_accepted_twice_is_found() -> None:
    told = approved()
    told.send(FIRST)
    told.accept(FIRST, told.post(FIRST))
    assert found(told)["I1"] == "accepted 2 times"


def resent(told: Testimony, by: Actor) -> Testimony:
    told.write(OrderSent(slot=FIRST.key, tries=1, baseline=()))
    told.post(FIRST)
    told.write(OrderUnknown(slot=FIRST.key, reason="no answer in time"))
    told.write(OrderAbsent(slot=FIRST.key, may_resend=True))
    told.show("TQQQ 매도 목표 30주 주문이 한투에 보이지 않습니다.")
    told.write(OrderResent(slot=again(FIRST), previous=FIRST.key, by=by))
    told.send(again(FIRST))
    told.accept(FIRST, 1)
    return told


def test_a_second_order_for_a_line_is_allowed_after_the_owners_press_only() -> None:
    assert "I1" not in found(resent(approved(), OWNER))
    assert "owner's press" in found(resent(approved(), SCHEDULE))["I1"]


# -- I2 ------------------------------------------------------------------------------------------


def test_a_slot_that_nobody_decides_about_is_found_an_hour_after_the_deadline() -> None:
    told = approved()
    assert "I2" not in found(told)
    assert "still planned" in found(after_the_deadline(told))["I2"]


def test_a_slot_that_waits_while_the_program_is_down_is_nobodys_fault() -> None:
    told = approved()
    told.kill(7)
    assert "I2" not in found(after_the_deadline(told))


def test_a_refusal_that_the_phone_never_showed_is_found() -> None:
    told = approved()
    told.write(OrderSent(slot=FIRST.key, tries=1, baseline=()))
    told.post(FIRST)
    told.write(OrderRefused(slot=FIRST.key, code="APBK0952", message="주문가능금액을 초과"))
    assert "the phone shows none" in found(told)["I2"]
    told.show("⚠️ <b>TQQQ</b> 매도 목표 30주 주문을 한투가 거부했습니다.")
    assert "I2" not in found(told)


def test_a_letter_may_wait_while_the_chat_is_in_trouble_only() -> None:
    told = approved()
    reasons = ("outside_window",)
    told.write(*(OrderWithheld(slot=slot.key, reasons=reasons) for slot in SLOTS), letter="waiting")
    told.at(told.now + HOUR)
    assert "nothing in its way" in found(told)["I2"]
    told.note(FaultStruck(at=told.now, fault="chat_down", detail="2 h"))
    assert "I2" not in found(told)


def test_a_letter_given_up_is_found_unless_the_owner_blocked_the_bot() -> None:
    told = approved()
    told.write(*(OrderWithheld(slot=slot.key, reasons=("cap",)) for slot in SLOTS), letter="dead")
    assert "given up" in found(told)["I2"]
    told.note(FaultStruck(at=told.now, fault="blocked", detail="for ever"))
    assert "I2" not in found(told)


def test_an_order_that_the_journal_calls_open_and_the_broker_never_took_is_found() -> None:
    told = evening()
    told.facts = [fact for fact in told.facts if getattr(fact, "request", 0) != 1]
    assert "the broker never took it" in found(told)["I2"]


# -- I5 ------------------------------------------------------------------------------------------


def stopped(told: Testimony) -> Testimony:
    told.write(TradingStopped(cancel=False, by=OWNER))
    return told


def test_an_order_sent_after_a_stop_is_found() -> None:
    told = stopped(approved())
    told.send(FIRST)
    assert "durable" in found(told)["I5"]


def test_an_order_sent_after_an_emergency_stop_is_found_and_unlocking_lets_none_go() -> None:
    told = approved()
    told.write(TradingKilled(cancel=False, by=OWNER))
    told.write(TradingUnlocked(by=OWNER))
    told.send(FIRST)
    assert "durable" in found(told)["I5"]


def test_an_order_that_was_sent_before_the_stop_may_still_leave_until_it_is_acknowledged() -> None:
    told = approved()
    told.write(OrderSent(slot=FIRST.key, tries=1, baseline=()))
    stopped(told)
    told.post(FIRST)
    assert "I5" not in found(told)
    told.show("정지했습니다 · 18:31:02")
    told.post(FIRST)
    assert "acknowledged" in found(told)["I5"]


def test_orders_go_again_after_a_resume() -> None:
    told = stopped(approved())
    told.write(TradingResumed(by=OWNER))
    told.send(FIRST)
    assert "I5" not in found(told)


# -- I10 -----------------------------------------------------------------------------------------


def test_a_round_that_goes_out_twice_is_found() -> None:
    told = approved()
    told.write(RoundApproved(round_id=ROUND, slots=SLOTS, by=OWNER))
    assert "went out twice" in found(told)["I10"]


def test_an_order_of_another_days_session_is_found() -> None:
    told = approved()
    told.write(OrderSent(slot=FIRST.key, tries=1, baseline=()))
    told.accept(FIRST, told.post(FIRST), session=DAY + timedelta(days=1))
    assert "another day" in found(told)["I10"]


def test_a_violation_names_the_last_kill_before_it() -> None:
    told = approved()
    told.kill(41)
    told.post(FIRST, sent=())
    assert [each.point for each in judge(told.evidence()) if each.invariant == "I1"] == [41]
