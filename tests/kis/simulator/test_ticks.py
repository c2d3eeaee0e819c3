"""Made-up ticks for load: rates, bursts, readers that do not read, and the same again by seed."""

import asyncio
from itertools import pairwise

import pytest

from kis.simulator.sockets.columns import US_TRADE

from .desk import Desk, quick, running
from .wire import Wire, code, split, wired

WANTED = [
    ("HDFSCNT0", "DNASTQQQ"),
    ("HDFSASP0", "DNASTQQQ"),
    ("HDFSCNT0", "DAMSSOXL"),
    ("H0STCNT0", "005930"),
    ("H0STASP0", "069500"),
    ("H0GSCNI0", "SIMUSER1"),
]
EVOL, TVOL, LAST = US_TRADE.index("EVOL"), US_TRADE.index("TVOL"), US_TRADE.index("LAST")


async def ticks(desk: Desk, count: int) -> int:
    return int((await desk.control("POST", "ticks", {"count": count}))["pushed"])


async def test_ticks_go_to_all_registrations_in_turn_and_some_frames_have_several_records() -> None:
    async with running() as desk, wired(desk) as wire:
        for wanted in WANTED:
            await wire.ask(*wanted)
        assert await ticks(desk, 1000) == 1000
        texts = await wire.texts()
        assert sum(int(text.split("|")[2]) for text in texts) == 1000
        assert {text.split("|")[2] for text in texts} == {"001", "002", "003"}
        assert {(text.split("|")[1], text.split("|")[3].split("^")[0]) for text in texts} == {
            wanted for wanted in WANTED if wanted[0] != "H0GSCNI0"
        }
        assert (await desk.price())["output"]["tvol"] == "1000000"  # REST knows none of them


async def test_the_days_volume_grows_by_each_tick_so_that_a_lost_one_is_seen() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask(*WANTED[0])
        await ticks(desk, 500)
        records = await wire.records()
        for before, after in pairwise(records):
            assert int(after[TVOL]) == int(before[TVOL]) + int(after[EVOL])
            assert abs(float(after[LAST]) - float(before[LAST])) < 0.011
        assert len({record[LAST] for record in records}) > 5


async def test_the_same_seed_and_the_same_calls_give_the_same_frames() -> None:
    async def played(seed: int) -> list[str]:
        async with running(quick(seed=seed), prices=None) as desk, wired(desk) as wire:
            for wanted in WANTED:
                await wire.ask(*wanted)
            texts = [str(wire.keys)]
            await desk.go("2026-10-07T10:00-04:00")
            await desk.order("buy", "34", 1, "500.00")
            await ticks(desk, 300)
            await desk.go("close")
            await desk.go("2026-10-08T03:00-04:00")
            return texts + await wire.texts()

    first = await played(7)
    assert len(first) > 400
    assert {text.split("|")[1] for text in first[1:]} == {tr_id for tr_id, _ in WANTED}
    assert first == await played(7)
    assert first != await played(8)


async def test_a_reader_that_does_not_read_is_dropped_and_its_session_is_free_again() -> None:
    async with running(quick(outbox_frames=200)) as desk:
        async with wired(desk) as wire:
            await wire.ask(*WANTED[0])
            pushed = await ticks(desk, 1_000_000)
            assert 1000 < pushed < 1_000_000
            assert (await desk.control("GET", "ticks"))["registrations"] == 0
        async with wired(desk) as wire:
            assert code(await wire.ask(*WANTED[0])) == ("0", "OPSP0000")


async def test_a_reader_that_reads_loses_nothing_of_far_more_than_its_outbox_holds() -> None:
    async with running(quick(outbox_frames=20, seed=8)) as desk, wired(desk) as wire:
        await wire.ask(*WANTED[0])
        async with asyncio.TaskGroup() as group:
            pushing = group.create_task(ticks(desk, 20_000))
            records = await _read(wire, 20_000)
        assert pushing.result() == len(records) == 20_000
        prices = [float(record[LAST]) for record in records]
        assert 0.6 < max(prices) - min(prices) < 1.25  # wandering, but not away
        for before, after in pairwise(records):
            assert int(after[TVOL]) == int(before[TVOL]) + int(after[EVOL])


async def _read(wire: Wire, count: int) -> list[list[str]]:
    records: list[list[str]] = []
    while len(records) < count:
        records += split(await wire.read())
    return records


async def test_ticks_a_second_are_kept_by_the_wall_until_they_are_set_to_none() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask(*WANTED[0])
        await desk.control("PUT", "ticks", {"per_second": 2000})
        records = await _read(wire, 500)
        told = await desk.control("PUT", "ticks", {"per_second": 0})
        records += await wire.records()
        assert len(records) == told["made_before"]
        assert (told["per_second"], told["made"]) == (0, 0)
        assert await wire.records() == []


async def test_ticks_from_the_start_wait_for_a_registration() -> None:
    async with running(quick(ticks_per_second=1000)) as desk, wired(desk) as wire:
        assert (await desk.control("GET", "ticks"))["made"] == 0
        await wire.ask(*WANTED[2])
        assert (await _read(wire, 100))[0][0] == "DAMSSOXL"


async def test_without_registrations_no_tick_is_pushed() -> None:
    async with running() as desk:
        assert await ticks(desk, 10) == 0


async def test_a_key_of_the_daytime_market_gets_no_ticks() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask("HDFSCNT0", "RBAQTQQQ")
        await ticks(desk, 10)
        assert await wire.texts() == []


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("PUT", {}),
        ("PUT", {"per_second": -1}),
        ("PUT", {"per_second": True}),
        ("PUT", {"per_second": 1e6}),
        ("PUT", {"per_second": "9"}),
        ("POST", {}),
        ("POST", {"count": 0}),
        ("POST", {"count": 1.5}),
        ("POST", {"count": 1_000_001}),
    ],
)
async def test_a_wrong_number_of_ticks_is_refused_with_a_sentence(
    method: str, body: dict[str, object]
) -> None:
    async with running() as desk:
        assert "is a" in (await desk.control(method, "ticks", body))["error"]
