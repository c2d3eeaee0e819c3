"""Whatever goes wrong at the counter, the client says the truth or says that it does not know.

Every fault of the simulator that spoils a call is tried against every question that is asked of an
account: the answer is the one that was given in peace, or a typed error, or a listing that says it
is not whole. No wrong figure, and nothing quietly missing.
"""

from collections.abc import Awaitable, Callable
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kis.errors import KisError, ReadError
from kis.models import Listing, OrderRow, Side
from kis.simulator.faults import ANSWER_FAULTS, CALL_FAULTS, LISTING_FAULTS
from tests.kis.contract.venues import CENT, Venue

Question = Callable[[Venue], Awaitable[Any]]
# They need a clock that is waited for, or show another moment of the account on purpose.
OF_TIME = {"slow_answer", "lagging_listings", "lagging_balance"}
FAULTS = sorted({**CALL_FAULTS, **LISTING_FAULTS, **ANSWER_FAULTS}.keys() - OF_TIME)
TIMES = 3


async def _executions(venue: Venue) -> Listing[OrderRow]:
    today = venue.kis_today()
    return await venue.kis.orders.executions(today, today + timedelta(days=1))


QUESTIONS: dict[str, Question] = {
    "open orders": lambda venue: venue.kis.orders.open(),
    "executions": _executions,
    "holdings": lambda venue: venue.kis.account.holdings(),
    "buying power": lambda venue: venue.kis.account.buying_power(
        venue.symbol, venue.exchange, Decimal("50.00")
    ),
    "quote": lambda venue: venue.kis.prices.quote(venue.symbol, venue.exchange),
    "days": lambda venue: venue.kis.prices.daily(venue.symbol, venue.exchange),
}


async def _some_trade(venue: Venue) -> None:
    """Hold shares, and leave two orders open, so that every listing has rows."""
    await venue.at("open")
    last = await venue.last()
    await venue.kis.orders.place(venue.order(Side.BUY, 3, (last * Decimal("1.05")).quantize(CENT)))
    for step in range(2):
        price = await venue.far() - CENT * step
        await venue.kis.orders.place(venue.order(Side.BUY, 1, price))


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_fault_makes_an_answer_false(venue: Venue, fault: str) -> None:
    remote = venue.simulator("faults happen on purpose at the simulator only")
    await _some_trade(venue)
    for name, question in QUESTIONS.items():
        truth = await question(venue)
        for turn in range(TIMES):
            await remote.ask("POST", "faults", {"name": fault, "count": 2, "seed": turn})
            try:
                told = await question(venue)
            except ReadError as error:
                assert str(error), (fault, name)  # noqa: PT017  # any of the family will do
            else:
                assert _true_or_partial(told, truth, fault), (fault, name, told)
            finally:
                await remote.ask("DELETE", "faults")
        assert await question(venue) == truth, f"{fault} outlives itself in {name}"


def _true_or_partial(told: Any, truth: Any, fault: str) -> bool:
    rows = told.rows if isinstance(told, Listing) else told
    if fault == "blank_fields" and isinstance(rows, tuple | list) and not rows:
        return True  # rows of blanks are how KIS itself says that there is nothing
    if not isinstance(truth, Listing):
        return _same(told, truth)
    found = [next((row for row in truth.rows if _same(one, row)), None) for one in told.rows]
    if None in found:
        return False
    return bool(told.reason) if not told.complete else len(found) == len(truth.rows)


def _same(told: Any, truth: Any) -> bool:
    """Compare two answers; a clock may be missing, since a row is worth more than its minute."""
    if not is_dataclass(truth) or isinstance(truth, type):
        return bool(told == truth)
    clocks = {
        each.name: None
        for each in fields(truth)
        if isinstance(getattr(truth, each.name), time | datetime)
        and getattr(told, each.name, "") is None
    }
    return bool(told == replace(truth, **clocks))


async def test_no_fault_hides_an_order_or_doubles_it(venue: Venue) -> None:
    """What is unknown of a sent order is looked up afterwards: there it is once, or not at all."""
    remote = venue.simulator("faults happen on purpose at the simulator only")
    await venue.at("open")
    price = await venue.far()
    for turn, fault in enumerate(FAULTS):
        before = set(await venue.open())
        await remote.ask("POST", "faults", {"name": fault, "count": 1, "seed": turn})
        try:
            receipt = await venue.kis.orders.place(
                venue.order(Side.BUY, 1, price - CENT * (turn + 1))
            )
        except KisError:
            receipt = None
        await remote.ask("DELETE", "faults")
        new = set(await venue.open()) - before
        assert len(new) <= 1, fault
        assert receipt is None or new == {receipt.order_number}, fault
