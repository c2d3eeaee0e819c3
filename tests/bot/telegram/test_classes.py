"""Every event that is told of has a class."""

from bot.events import JOURNALLED, BotStarted, OrderAccepted, ReminderDue, RoundDelayed
from bot.storage.journal import QUIET
from bot.telegram.classes import CLASSES, DEFAULT_WAYS, AlertClass, Way, class_of
from bot.trading.model import OrderState


def test_every_event_that_is_told_of_has_a_class_and_no_other() -> None:
    assert set(CLASSES) == set(JOURNALLED) - set(QUIET)


def test_a_start_is_urgent_only_when_it_finds_orders_nobody_knows_of() -> None:
    assert class_of(BotStarted(version="1", unresolved=0)) is AlertClass.INFO
    assert class_of(BotStarted(version="1", unresolved=1)) is AlertClass.URGENT


def test_reminders_grow_from_silent_to_ringing_at_night() -> None:
    found = [class_of(ReminderDue(round_id="r", minutes=minutes)) for minutes in (60, 20, 5)]
    assert found == [AlertClass.ROUTINE, AlertClass.URGENT, AlertClass.URGENT]


def test_a_round_that_is_not_out_rings_at_night_when_little_time_is_left() -> None:
    found = [
        class_of(RoundDelayed(round_id="r", minutes=minutes, missing=None, reasons=()))
        for minutes in (60, 20, 5)
    ]
    assert found == [AlertClass.TRADES, AlertClass.URGENT, AlertClass.URGENT]


def test_an_order_that_was_given_up_and_stands_after_all_is_more_than_routine() -> None:
    late = OrderAccepted(slot="s", order_number="1", adopted=True, given_up=OrderState.ABSENT)
    assert class_of(late) is AlertClass.TRADES
    assert class_of(OrderAccepted(slot="s", order_number="1")) is AlertClass.ROUTINE


def test_the_urgent_rings_by_default() -> None:
    assert DEFAULT_WAYS[AlertClass.URGENT] is Way.RING
