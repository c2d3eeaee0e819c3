"""What happened, as the dashboard hears of it: numbered, in two languages, veiled, never twice."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest

from bot.commands import Pause
from bot.control.event_words import ALARM, INFO, ORDER, SENTENCES, WHYS
from bot.control.happenings import HIDDEN, KEPT
from bot.control.model import Events, Shown
from bot.events import (
    BotStarted,
    BrokerReturned,
    Event,
    FillBooked,
    OrdersFreed,
    OrdersHeld,
    TradingPaused,
    UsdShort,
)
from bot.redaction import register_secret
from bot.storage.people import Role
from bot.trading.holds import Hold
from bot.trading.model import Approval
from tests.bot.control.office import FRIEND, Office, office_at
from tests.bot.trading.floor import ALICE, DAY, table_of

FIGURES = {
    "symbol",
    "side_ko",
    "side_en",
    "shares",
    "money",
    "turn",
    "count",
    "why_ko",
    "why_en",
} | {
    "afterwards_ko",
    "afterwards_en",
}


async def after_the_close(office: Office) -> None:
    """Live through an evening and its close: plan, orders, fills, settlement."""
    await office.floor.begin(approval=Approval.AUTO)
    await office.floor.live(table_of(DAY).settle_at + timedelta(minutes=30))
    await office.floor.bus.drained()


def of_kind(events: Events, kind: type[Event]) -> list[Shown]:
    return [each for each in events.events if each.kind == kind.__name__]


async def test_an_evening_is_heard_of_from_its_plan_to_its_settlement(office: Office) -> None:
    session = await office.session()
    await after_the_close(office)
    heard = await office.ask(office.client.events, session)
    kinds = [each.kind for each in heard.events]
    for kind in ("CycleStarted", "RoundProposed", "OrderAccepted", "FillBooked", "RoundSettled"):
        assert kind in kinds
    assert kinds.index("RoundProposed") < kinds.index("FillBooked") < kinds.index("RoundSettled")
    fill = of_kind(heard, FillBooked)[0]
    order = next(each for each in await office.floor.orders() if each.filled)
    assert f"{order.filled}주 체결 · 평균 ${order.fill_price:.2f}" in fill.words("ko")
    assert f"{order.filled} sh at" in fill.words("en")
    assert (fill.level, fill.symbol) == (ORDER, "TQQQ")


async def test_a_viewer_hears_the_same_without_amounts_and_shares(office: Office) -> None:
    await office.let_in(FRIEND, Role.VIEWER)
    owner, viewer = await office.session(), await office.session(FRIEND)
    await after_the_close(office)
    shown = await office.ask(office.client.events, owner)
    veiled = await office.ask(office.client.events, viewer)
    assert [each.number for each in veiled.events] == [each.number for each in shown.events]
    assert any("$" in each.words_ko for each in shown.events)
    for each in veiled.events:
        for words in (each.words_ko, each.words_en):
            assert "$" not in words
        if each.kind in ("FillBooked", "RoundSettled"):
            assert HIDDEN in each.words_ko


async def test_what_was_heard_is_not_heard_again(office: Office) -> None:
    session = await office.session()
    await office.happens(BrokerReturned())
    first = await office.ask(office.client.events, session)
    assert [each.kind for each in first.events] == ["BrokerReturned"]
    again = await office.ask(office.client.events, session, first.last)
    assert (again.events, again.last, again.missed) == ((), first.last, False)
    await office.happens(TradingPaused(everything=True, by=ALICE))
    second = await office.ask(office.client.events, session, first.last)
    assert [each.kind for each in second.events] == ["TradingPaused"]


async def test_whoever_waits_hears_of_it_as_it_happens(office: Office) -> None:
    session = await office.session()
    last = (await office.ask(office.client.events, session)).last
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(office.ask(office.client.events, session, last, wait=20))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await office.floor.bus.ask(Pause(everything=True, by=ALICE))
    assert [each.kind for each in waiting.result().events] == ["TradingPaused"]


async def test_whoever_waits_in_vain_is_told_that_nothing_happened(office: Office) -> None:
    session = await office.session()
    last = (await office.ask(office.client.events, session)).last
    found = await office.ask(office.client.events, session, last, wait=0.05)
    assert found.events == ()


async def test_a_bot_that_ends_keeps_nobody_waiting(tmp_path: Path) -> None:
    async with asyncio.timeout(60):
        async with asyncio.TaskGroup() as group, office_at(tmp_path) as office:
            session = await office.session()
            last = (await office.ask(office.client.events, session)).last
            waiting = group.create_task(office.ask(office.client.events, session, last, wait=25))
            await asyncio.sleep(0.2)
    assert waiting.result().events == ()


async def test_whoever_was_away_too_long_is_told_that_something_is_missing(
    office: Office,
) -> None:
    session = await office.session()
    start = (await office.ask(office.client.events, session)).last
    for number in range(KEPT + 5):
        office.floor.bus.publish(
            OrdersHeld(why="clock") if number % 2 else OrdersFreed(why="clock")
        )
    await office.floor.bus.drained()
    found = await office.ask(office.client.events, session, start)
    assert found.missed
    assert len(found.events) == KEPT
    after = await office.ask(office.client.events, session, found.events[0].number)
    assert not after.missed


async def test_numbers_rise_over_a_restart(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        session = await office.session()
        await office.happens(BrokerReturned())
        last = (await office.ask(office.client.events, session)).last
        wall = office.wall
    wall.at += timedelta(seconds=30)
    async with office_at(tmp_path, wall=wall) as office:
        await office.happens(BotStarted(version="0.6.0", unresolved=0))
        found = await office.ask(office.client.events, session, last)
        assert [each.kind for each in found.events] == ["BotStarted"]
        assert found.last > last
        assert found.missed  # what the first one heard is gone with it


async def test_no_secret_is_told_by_an_event(office: Office) -> None:
    session = await office.session()
    register_secret("a-secret-of-the-bots")
    office.floor.bus.publish(OrdersHeld(why="a-secret-of-the-bots"))
    await office.floor.bus.drained()
    (held,) = (await office.ask(office.client.events, session)).events
    assert "a-secret" not in held.words_ko + held.words_en


async def test_an_event_without_an_order_or_a_cycle_is_said_all_the_same(office: Office) -> None:
    session = await office.session()
    short = UsdShort(session=DAY, needed=Decimal("812.5"), orderable=None, slots=())
    await office.happens(short)
    (shown,) = (await office.ask(office.client.events, session)).events
    assert shown.words("ko") == "달러가 모자랍니다. 필요 $812.50"


def names(text: str) -> Iterable[str]:
    return (name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize("kind", SENTENCES, ids=lambda kind: kind.__name__)
def test_a_sentence_has_only_figures_that_there_are_and_a_level(kind: type[Event]) -> None:
    sentence = SENTENCES[kind]
    assert sentence.level in (ALARM, ORDER, INFO)
    assert set(names(sentence.korean)) | set(names(sentence.english)) <= FIGURES
    amounts = {"shares", "money", "turn", "count"}
    assert amounts & set(names(sentence.korean)) == amounts & set(names(sentence.english))


def test_every_reason_that_holds_orders_back_is_said_in_words() -> None:
    assert {hold.value for hold in Hold} <= set(WHYS)
