from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from bot.bus import Bus
from bot.clock import SystemClock
from bot.commands import FetchPrices
from bot.counter import CounterSilent
from bot.errors import AnotherInstance
from bot.instance import only_instance
from bot.laboratory.price_source import DailySource
from bot.laboratory.price_store import FOLDER, PriceStore
from bot.nursery import Nursery
from bot.price_room import PriceRoom, PricesUnwritten
from tests.bot.laboratory.price_table import CALENDAR, LAST, NOON_AFTER, Table, sessions, traded


class Noon(SystemClock):
    def now(self) -> datetime:
        return NOON_AFTER


@asynccontextmanager
async def room(home: Path, table: Table) -> AsyncIterator[Bus]:
    @asynccontextmanager
    async def source(symbol: str) -> AsyncIterator[DailySource]:
        assert symbol == "TQQQ"
        yield table

    async with Nursery() as nursery:
        bus = Bus(nursery)
        PriceRoom(home, source, Noon(), CALENDAR).register(bus)
        yield bus


async def test_what_is_asked_for_is_stored_and_told(tmp_path: Path) -> None:
    days = sessions(30)
    async with room(tmp_path, Table(bars=traded(days))) as bus:
        first = await bus.ask(FetchPrices(symbol="TQQQ"))
        again = await bus.ask(FetchPrices(symbol="TQQQ"))
    assert (first.first, first.last, first.days, first.added) == (days[0], LAST, 30, 30)
    assert (again.days, again.added, again.reason) == (30, 0, "")
    stored = PriceStore(tmp_path).read("TQQQ")
    assert stored is not None
    assert len(stored.bars) == 30


async def test_an_answer_that_was_cut_short_says_so(tmp_path: Path) -> None:
    days = sessions(30)
    async with room(tmp_path, Table(bars=traded(days), cut_at=days[10])) as bus:
        told = await bus.ask(FetchPrices(symbol="TQQQ"))
    assert told.days == 20
    assert told.reason


async def test_a_silent_broker_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    table = Table(bars=traded(sessions(30)))
    async with room(tmp_path, table) as bus:
        await bus.ask(FetchPrices(symbol="TQQQ"))
        before = PriceStore(tmp_path).path("TQQQ").read_bytes()
        table.silent = CounterSilent("한투가 답하지 않습니다.")
        with pytest.raises(CounterSilent):
            await bus.ask(FetchPrices(symbol="TQQQ"))
    assert PriceStore(tmp_path).path("TQQQ").read_bytes() == before


async def test_two_do_not_fetch_at_once(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    async with room(tmp_path, Table(bars=traded(sessions(30)))) as bus:
        with only_instance(folder), pytest.raises(AnotherInstance, match="지금 시세를 받는"):
            await bus.ask(FetchPrices(symbol="TQQQ"))


async def test_a_disk_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file where the folder should be", encoding="utf-8")
    async with room(tmp_path, Table(bars=traded(sessions(30)))) as bus:
        with pytest.raises(PricesUnwritten, match="디스크"):
            await bus.ask(FetchPrices(symbol="TQQQ"))
