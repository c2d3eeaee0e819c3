"""The judge of the ledger and the limits can find fault, and stays quiet over what is true."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bot.events import CycleChanged, RoundProposed, RoundSettled
from bot.trading.model import Slot
from strategy.changes import ShareSplit
from strategy.model import OrderType, Side
from tests.simulation.facts import OrderFilled, SharesMoved
from tests.simulation.invariants_money import worst_close
from tests.simulation.judge import judge
from tests.simulation.test_judge_orders import approved, found
from tests.simulation.testimony import CLOSE, DAY, HELD, OWNER, SLOTS, TABLE, Testimony, evening

BUYS = [slot for slot in SLOTS if slot.side is Side.BUY]


def bent(told: Testimony, **changes: Any) -> Testimony:
    """Have the settlement say something else."""
    for number, entry in enumerate(told.entries):
        if isinstance(entry.event, RoundSettled):
            told.entries[number] = replace(entry, event=replace(entry.event, **changes))
    return told


def settled(told: Testimony) -> RoundSettled:
    return next(e.event for e in told.entries if isinstance(e.event, RoundSettled))


# -- I3 ------------------------------------------------------------------------------------------


def test_a_settlement_with_other_shares_than_the_broker_executed_is_found() -> None:
    assert "the broker executed 12+0" in found(bent(evening(), bought=11))["I3"]


def test_a_fill_that_was_never_booked_is_found() -> None:
    told = evening()
    number = next(i for i, fact in enumerate(told.facts) if isinstance(fact, OrderFilled) and i > 9)
    told.facts.insert(number, told.facts[number])
    assert "I3" in found(told)


def test_a_ledger_with_other_money_than_the_executions_cost_is_found() -> None:
    told = evening()
    after = settled(told).after
    found_ = found(bent(told, after=replace(after, cash=after.cash + 1)))
    assert "the ledger's cash" in found_["I3"]


def test_an_average_that_the_true_prices_do_not_give_is_found() -> None:
    told = evening()
    after = settled(told).after
    wrong = replace(after, average=after.average + Decimal("0.01"))
    assert "the ledger's cost" in found(bent(told, after=wrong))["I3"]


def test_a_round_planned_while_the_account_holds_something_else_is_found() -> None:
    told = Testimony()
    told.begin()
    told.note(SharesMoved(at=told.now, symbol="TQQQ", before=40, after=80))
    told.approve()
    assert "the account holds 80" in found(told)["I3"]


def test_a_change_that_the_balance_need_not_show_yet_is_no_fault() -> None:
    told = Testimony()
    told.begin()
    told.at(TABLE.propose_at)
    told.note(SharesMoved(at=told.now, symbol="TQQQ", before=40, after=80))
    told.approve()
    assert "I3" not in found(told)


# -- I4 ------------------------------------------------------------------------------------------


def slot(price: str, quantity: int, kind: OrderType = OrderType.LOC) -> Slot:
    return replace(BUYS[0], price=Decimal(price), quantity=quantity, type=kind)


def test_the_worst_close_is_the_one_at_which_most_is_paid() -> None:
    assert worst_close([slot("10", 1), slot("6", 3)]) == 24
    assert worst_close([slot("10", 4), slot("6", 1)]) == 40
    assert worst_close([slot("10", 1), slot("3", 2, OrderType.LIMIT)]) == 16
    assert worst_close([]) == 0


def test_buys_over_the_cap_are_found() -> None:
    told = approved()
    for entry in list(told.entries):
        if isinstance(entry.event, RoundProposed):
            plan = replace(entry.event.plan, unit=Decimal(400))
            told.entries[entry.seq - 1] = replace(entry, event=replace(entry.event, plan=plan))
    for one in SLOTS:
        told.send(one)
    assert "the cap is 400" in found(told)["I4"]


def test_buys_over_the_owners_daily_limit_are_found() -> None:
    told = evening()
    assert judge(replace(told.evidence(), daily_limit=Decimal(500))) == []
    found_ = judge(replace(told.evidence(), daily_limit=Decimal(499)))
    assert [(each.invariant, "owner's limit" in each.sentence) for each in found_] == [("I4", True)]


def test_a_cycle_with_less_than_no_money_is_found() -> None:
    told = evening()
    after = replace(settled(told).after, cash=Decimal(-1))
    assert "cash is -1" in found(bent(told, after=after))["I4"]


def test_what_the_owner_changed_is_the_ledgers_new_beginning() -> None:
    told = Testimony()
    told.begin()
    told.note(SharesMoved(at=told.now, symbol="TQQQ", before=40, after=80))
    told.now += timedelta(hours=0.4)
    split = ShareSplit(new=2, old=1)
    doubled = replace(HELD, quantity=80, average=Decimal(25))
    told.write(
        CycleChanged(
            cycle_id=1, change=split, from_session=DAY, before=HELD, after=doubled, by=OWNER
        )
    )
    told.approve()
    assert found(told) == {}


def test_the_evening_fills_every_buy_at_the_lowest_rung() -> None:
    assert min(buy.price or CLOSE for buy in BUYS) == CLOSE
