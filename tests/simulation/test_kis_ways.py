"""Faults on the ways to the simulated KIS, one by one, as the real client meets them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.clock import NEW_YORK
from kis.errors import KisUnavailable, OrderGatewayRefused, OrderNotSent, OrderUnknown
from kis.models import Exchange
from tests.simulation.facts import FaultStruck, OrderAccepted
from tests.simulation.faults import Fault
from tests.simulation.kis_counter import Counter

Open = Callable[..., Counter]


@pytest.fixture
def opened() -> Iterator[Open]:
    made: list[Counter] = []

    def open_(*faults: Fault, seed: int = 1, **more: object) -> Counter:
        counter = Counter(seed, rates=dict.fromkeys(faults, 1.0), **more)  # type: ignore[arg-type]
        made.append(counter)
        return counter

    yield open_
    for each in made:
        each.close()


def accepted(desk: Counter) -> list[OrderAccepted]:
    return [each for each in desk.world.facts if isinstance(each, OrderAccepted)]


def back(desk: Counter) -> datetime | None:
    """Say when the broker is there again."""
    return desk.broker._ways._down_until


def test_a_lost_order_is_no_order_and_the_client_knows_nothing(opened: Open) -> None:
    desk = opened(Fault.ORDER_LOST)
    desk.until(10)
    with pytest.raises(OrderUnknown):
        desk.place()
    desk.wait(600)
    assert not accepted(desk)
    assert desk.listed().empty
    assert desk.hits(Fault.ORDER_LOST) == 1


def test_a_late_order_lives_after_its_sender_gave_up(opened: Open) -> None:
    desk = opened(Fault.ORDER_LATE)
    desk.until(10)
    with pytest.raises(OrderUnknown):
        desk.place()
    given_up = desk.world.now
    assert not accepted(desk)
    desk.wait(30)
    (late,) = accepted(desk)
    assert timedelta(seconds=4) < late.at - given_up <= timedelta(seconds=25)
    assert len(desk.listed().rows) == 1


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.ERROR_AFTER_ACCEPTANCE])
def test_an_order_without_an_answer_stands(opened: Open, fault: Fault) -> None:
    desk = opened(fault)
    desk.until(10)
    with pytest.raises(OrderUnknown):
        desk.place()
    assert len(accepted(desk)) == len(desk.listed().rows) == desk.hits(fault) == 1


def test_an_error_before_acceptance_leaves_no_order(opened: Open) -> None:
    desk = opened(Fault.ERROR_BEFORE_ACCEPTANCE)
    desk.until(10)
    with pytest.raises(OrderUnknown):
        desk.place()
    assert not accepted(desk)
    assert desk.hits(Fault.ERROR_BEFORE_ACCEPTANCE) == 1


def test_the_rate_turns_an_order_away_at_the_gateway(opened: Open) -> None:
    desk = opened(Fault.RATE_ON_ORDER)
    desk.until(10)
    with pytest.raises(OrderGatewayRefused) as refused:
        desk.place()
    assert refused.value.code == "EGW00201"
    assert not accepted(desk)


def test_the_gateway_may_let_an_order_through_that_it_turned_away(opened: Open) -> None:
    through = 0
    for seed in range(1, 20):
        desk = opened(Fault.RATE_ON_ORDER, seed=seed)
        desk.until(10)
        with pytest.raises(OrderGatewayRefused):
            desk.place()
        through += len(accepted(desk))
    assert 0 < through < 19


def test_a_straggler_comes_when_it_was_given_up_by_lists_that_lag(opened: Open) -> None:
    for seed in range(1, 20):
        desk = opened(Fault.ORDER_LATE, Fault.LISTING_LAGS, seed=seed)
        desk.until(10)
        sent = desk.world.now
        with pytest.raises(OrderUnknown):
            desk.place()
        desk.wait(605 - (desk.world.now - sent).total_seconds())
        if accepted(desk)[0].at - sent > timedelta(seconds=590):
            assert desk.listed().empty
            desk.wait(20)
            assert len(desk.listed().rows) == 1
            return
    pytest.fail("no order straggled")


def test_nobody_is_there_after_a_late_order_until_none_can_go_out(opened: Open) -> None:
    silent = 0
    for seed in range(1, 12):
        desk = opened(Fault.ANSWER_LOST, Fault.BROKER_DOWN, seed=seed)
        desk.until(15, 10)
        desk.broker._ways._down_until = desk.broker._ways._outage_ahead = None
        with pytest.raises(OrderUnknown):
            desk.place()
        desk.until(15, 35)
        until = back(desk)
        try:
            desk.listed()
        except KisUnavailable:
            silent += 1
            closes = datetime(2026, 3, 18, 16, tzinfo=NEW_YORK)
            assert until is None or until < closes + timedelta(minutes=31)
        assert len(accepted(desk)) == 1
    assert silent > 2


def test_a_killed_senders_order_lands_all_the_same(opened: Open) -> None:
    desk = opened(Fault.ORDER_LATE_AND_KILLED)
    killed: list[tuple[int, str]] = []
    desk.broker.kill_by(lambda process, why: killed.append((process, why)))
    desk.until(10)
    with pytest.raises(OrderUnknown):
        desk.place()
    desk.wait(120)
    assert [process for process, _ in killed] == [1]
    assert len(accepted(desk)) == 1


def test_without_anybody_to_kill_that_fault_does_not_come(opened: Open) -> None:
    desk = opened(Fault.ORDER_LATE_AND_KILLED)
    desk.until(10)
    desk.place()
    assert not desk.hits(Fault.ORDER_LATE_AND_KILLED)


def test_a_broker_that_is_down_takes_no_order_and_is_counted_once(opened: Open) -> None:
    desk = opened()
    desk.until(10)
    desk.ask(desk.kis.ensure_token(timedelta(hours=1)))
    desk.broker._ways.go_down(timedelta(minutes=30), "refused")
    before = desk.hits(Fault.BROKER_DOWN)
    with pytest.raises(OrderNotSent):
        desk.place()
    with pytest.raises(KisUnavailable):
        desk.listed()
    assert desk.hits(Fault.BROKER_DOWN) - before == 1
    desk.wait(30 * 60)
    assert desk.listed().empty
    assert not accepted(desk)


def test_a_storm_begins_with_a_call_and_refuses_every_call_for_a_minute(opened: Open) -> None:
    desk = opened()
    desk.until(10)
    desk.ask(desk.kis.ensure_token(timedelta(hours=1)))
    desk.broker._ways.storm()
    desk.wait(600)
    with pytest.raises(KisUnavailable, match="EGW00201"):
        desk.ask(desk.kis.prices.quote("TQQQ", Exchange.NASDAQ))
    desk.wait(61)
    assert desk.ask(desk.kis.prices.quote("TQQQ", Exchange.NASDAQ)).last > 0
    assert desk.hits(Fault.RATE_STORM) == 1


@pytest.mark.parametrize(
    ("fault", "code"), [(Fault.TOKEN_EXPIRED, "EGW00123"), (Fault.TOKEN_REVOKED, "EGW00121")]
)
def test_a_token_that_ends_early_costs_a_read_one_new_token(
    opened: Open, fault: Fault, code: str
) -> None:
    desk = opened(fault)
    desk.until(10)
    asked = 0
    while not desk.hits(fault):
        desk.ask(desk.kis.account.holdings())
        desk.wait(61)
        asked += 1
        assert asked < 80, code
    issued = [each for each in desk.wire.sent if each.path == "/oauth2/tokenP"]
    assert len(issued) == 2


def test_a_minute_has_one_token(opened: Open) -> None:
    desk = opened()
    first = desk.ask(desk.kis._tokens.get())
    desk.kis._tokens.drop(first)
    before = desk.world.now
    assert desk.ask(desk.kis._tokens.get()) == first
    assert desk.world.now - before > timedelta(seconds=59)


def test_the_same_seed_tells_the_same_story_and_another_one_another(opened: Open) -> None:
    def story(seed: int) -> tuple[str, int]:
        desk = opened(Fault.LISTING_LAGS, Fault.HAND_BUY, Fault.SPLIT, Fault.ORDER_LATE, seed=seed)
        desk.until(10)
        with pytest.raises(OrderUnknown):
            desk.place()
        desk.until(12, day=desk.world.now.date() + timedelta(days=9))
        return desk.world.trace.digest, len(desk.world.facts)

    assert story(5) == story(5)
    assert story(5) != story(6)


def test_every_strike_is_a_fact(opened: Open) -> None:
    desk = opened(*(fault for fault in Fault if fault.row <= 6))
    desk.until(10)
    for _ in range(4):
        with pytest.raises(OrderUnknown):
            desk.place(price=Decimal("11.00"))
    struck = [each for each in desk.world.facts if isinstance(each, FaultStruck)]
    assert len(struck) == sum(desk.world.swarm.hits.values()) == 4
