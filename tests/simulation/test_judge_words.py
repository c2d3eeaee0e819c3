"""The judge of what the program claims, and of the run itself, can find fault."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.events import (
    BrokerTroubled,
    FillBooked,
    LawBroken,
    OrderAbsent,
    OrderAccepted,
    OrderAmbiguous,
    OrderClosed,
    OrderRecognised,
    OrderRefused,
    OrderSent,
    RoundMissed,
    RoundSettled,
)
from bot.trading.model import OrderState, Slot
from tests.simulation import facts
from tests.simulation.judge import judge
from tests.simulation.test_judge_orders import FIRST, approved, found
from tests.simulation.testimony import CALENDAR, DAY, OWNER, ROUND, SLOTS, TABLE, Testimony, evening

ABSENT = "TQQQ 주문이 한투에 보이지 않습니다."
QUIET = timedelta(minutes=11)


def posted(told: Testimony, slot: Slot = FIRST) -> int:
    told.write(OrderSent(slot=slot.key, tries=1, baseline=()))
    return told.post(slot)


def absent(told: Testimony) -> Testimony:
    told.at(told.now + QUIET)
    told.write(OrderAbsent(slot=FIRST.key, may_resend=True))
    told.show(ABSENT)
    return told


# -- I6: absent, refused -------------------------------------------------------------------------


def test_absent_is_no_lie_about_an_order_that_never_arrived() -> None:
    told = approved()
    posted(told)
    assert "I6" not in found(absent(told))


def test_absent_is_a_lie_about_an_order_that_stands() -> None:
    told = approved()
    told.accept(FIRST, posted(told))
    assert "stood at the broker" in found(absent(told))["I6"]


def test_absent_is_no_lie_after_the_owner_said_that_none_of_the_candidates_is_the_bots() -> None:
    told = approved()
    number = told.accept(FIRST, posted(told))
    none = OrderRecognised(slot=FIRST.key, order_number=None, others=(number,), by=OWNER)
    told.write(OrderAmbiguous(slot=FIRST.key, candidates=(number,)))
    told.write(none)
    assert "I6" not in found(absent(told))


def test_absent_about_an_order_that_came_after_has_to_be_taken_back() -> None:
    told = approved()
    request = posted(told)
    absent(told)
    number = told.accept(FIRST, request)
    assert "I6" not in found(told)
    told.at(TABLE.settle_at + timedelta(hours=2))
    assert "never taken back" in found(told)["I6"]
    told.write(OrderAccepted(slot=FIRST.key, order_number=number, adopted=True))
    assert "I6" not in found(told)


def test_refused_is_a_lie_about_an_order_that_was_taken() -> None:
    told = approved()
    told.accept(FIRST, posted(told))
    told.write(OrderRefused(slot=FIRST.key, code="EGW00201", message=""))
    told.at(TABLE.settle_at + timedelta(hours=2))
    assert "called refused" in found(told)["I6"]


# -- I6: whose order, which fills, which end -----------------------------------------------------


def test_a_strangers_order_taken_for_our_own_is_found() -> None:
    told = approved()
    posted(told)
    twin = told.accept(replace(FIRST, key="by hand"), None)
    told.write(OrderAccepted(slot=FIRST.key, order_number=twin, adopted=True))
    assert "not the program's" in found(told)["I6"]


def test_an_order_given_to_the_wrong_slot_is_found() -> None:
    told = approved()
    number = told.accept(FIRST, posted(told))
    told.write(OrderAccepted(slot=SLOTS[1].key, order_number=number))
    assert f"{FIRST.key}'s" in found(told)["I6"]


def test_fills_added_up_twice_are_found() -> None:
    told = approved()
    told.send(FIRST)
    told.fill(FIRST, 2, Decimal(60))
    told.write(FillBooked(slot=FIRST.key, quantity=4, price=Decimal(60)))
    assert found(told)["I6"] == "4 shares booked, 2 executed"


def test_a_fill_at_another_price_is_found() -> None:
    told = approved()
    told.send(FIRST)
    told.fill(FIRST, 2, Decimal(60))
    told.write(FillBooked(slot=FIRST.key, quantity=2, price=Decimal(61)))
    assert "executed at 60" in found(told)["I6"]


def test_an_order_called_over_that_still_stands_is_found() -> None:
    told = approved()
    told.send(FIRST)
    told.write(OrderClosed(slot=FIRST.key, state=OrderState.CANCELLED, reason=""))
    assert "still open" in found(told)["I6"]


def test_an_order_that_filled_and_is_called_expired_is_found() -> None:
    told = approved()
    told.send(FIRST)
    told.end(FIRST, "filled")
    told.write(OrderClosed(slot=FIRST.key, state=OrderState.EXPIRED, reason=""))
    assert "called expired, and it is filled" in found(told)["I6"]


def test_a_card_that_counts_more_orders_than_were_taken_is_found() -> None:
    told = approved()
    told.send(FIRST)
    told.show("10월 7일(수) 미국장 · TQQQ\n접수 1/6")
    assert "I6" not in found(told)
    told.show("10월 7일(수) 미국장 · TQQQ\n접수 2/6")
    assert "the broker took 1" in found(told)["I6"]


# -- I7 ------------------------------------------------------------------------------------------


def without_a_report() -> Testimony:
    told = evening()
    told.entries = [e for e in told.entries if not isinstance(e.event, RoundSettled)]
    return told


def test_a_day_without_a_report_is_found() -> None:
    assert "no report" in found(without_a_report())["I7"]


def test_a_missed_day_that_is_told_of_is_no_silent_one() -> None:
    told = without_a_report()
    told.at(CALENDAR.following(DAY).open - timedelta(minutes=1))
    missed = RoundMissed(round_id=ROUND, cycle_id=1, session=DAY, reason="not_running")
    event = replace(told.entries[-1], seq=len(told.entries) + 5, event=missed)
    told.entries.append(event)
    told.letters[event.seq] = "sent"
    opens = CALENDAR.following(DAY).open
    told.facts.insert(-1, facts.JournalWritten(at=opens, process=1, seq=event.seq))
    told.show("⚠️ 10월 7일(수) 미국장 TQQQ 회차를 놓쳤습니다.")
    assert "I7" not in found(told)


def test_a_day_is_not_owed_by_a_program_that_was_down() -> None:
    told = without_a_report()
    down = next(i for i, fact in enumerate(told.facts) if fact.at >= TABLE.session.close)
    told.facts.insert(down, facts.Died(at=told.facts[down].at, process=1, point=3, why="killed"))
    assert "I7" not in found(told)


def test_a_day_is_not_owed_while_the_machine_slept() -> None:
    told = without_a_report()
    told.note(facts.Slept(at=told.now, process=1, since=TABLE.session.close))
    assert "I7" not in found(told)


def test_a_broker_that_cannot_be_asked_explains_a_missing_report() -> None:
    told = without_a_report()
    entry = replace(told.entries[-1], event=BrokerTroubled(reason="no connection"))
    told.entries[-1] = entry
    assert "no report" in found(told)["I7"]  # it answers again before the night is over
    told.note(facts.Slept(at=told.now, process=1, since=TABLE.settle_at + timedelta(hours=5)))
    assert "I7" not in found(told)


def test_a_report_that_never_reached_the_phone_is_a_silent_day() -> None:
    told = evening()
    told.facts = [fact for fact in told.facts if not isinstance(fact, facts.MessageShown)]
    assert "the phone shows none" in found(told)["I7"]


# -- I8 and I9 -----------------------------------------------------------------------------------


def test_a_standstill_and_a_crash_are_found_and_a_kill_is_not() -> None:
    told = approved()
    told.kill(3)
    assert "I8" not in found(told)
    told.kill(4, "ValueError: nothing")
    assert "ended by itself" in found(told)["I8"]
    told.facts.insert(0, facts.FaultStruck(at=told.now, fault="disk_full", detail="5 s"))
    assert "I8" not in found(told)
    told = approved()
    told.note(facts.Stuck(at=told.now, process=1, why="no timer"))
    assert "no timer" in found(told)["I8"]


def test_a_broken_law_of_the_programs_own_is_found() -> None:
    told = approved()
    told.write(LawBroken(law="turn", subject=FIRST.key, detail=""))
    assert "in the wrong" in found(told)["I8"]


def test_a_secret_is_found_in_a_message_in_the_log_and_in_the_file() -> None:
    told = evening()
    told.secrets = {"app key": "PSkey-canary"}
    assert found(told) == {}
    told.logs = ["GET /oauth2?appkey=PSkey-canary"]
    assert found(told)["I9"] == "app key stands in the log"
    told.logs = []
    told.show("appkey PSkey-canary")
    assert found(told)["I9"] == "app key stands in a message"
    evidence = replace(evening().evidence(), secrets=told.secrets, state=b"x PSkey-canary y")
    assert [each.sentence for each in judge(evidence)] == ["app key stands in the state file"]


def test_a_message_to_anybody_but_the_owner_is_found() -> None:
    told = evening()
    told.note(facts.MessageElsewhere(at=told.now, process=1, chat_id=77, text="TQQQ 40주"))
    assert "somebody else" in found(told)["I9"]
