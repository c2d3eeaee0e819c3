"""Market time moved by hand, by itself, and held by parties."""

import asyncio
from typing import Any

import aiohttp
import pytest

from kis.simulator import Pace, PaceKind

from .desk import Desk, quick, running, week


async def wait(
    desk: Desk, party: str, until: str | None, *, hold: str | None = None, timeout_: float = 10
) -> dict[str, Any]:
    body = {"party": party, "until": until, "hold": hold, "timeout": timeout_}
    return await desk.control("POST", "clock/wait", body)


async def registered(desk: Desk, *names: str) -> None:
    """Return when these parties wait; each question gives the loop to the server."""
    async with asyncio.timeout(60):
        while True:
            clock = await desk.control("GET", "clock")
            if {p["party"] for p in clock["parties"] if p["idle"]} >= set(names):
                return


async def test_the_clock_stands_still_until_it_is_moved() -> None:
    async with running() as desk:
        clock = await desk.control("GET", "clock")
        assert clock["now"] == "2026-10-07T05:00:00-04:00"
        assert clock["phase"] == "pre"
        assert clock["session"] == "2026-10-07"
        assert clock["next_session"]["day"] == "2026-10-07"
        assert clock["pace"] == {"kind": "manual"}
        assert clock["parties"] == []
        assert not clock["last_session_over"]


@pytest.mark.parametrize(
    ("to", "now", "phase"),
    [
        ("open", "2026-10-07T09:30:00-04:00", "regular"),
        ("close", "2026-10-07T16:00:00-04:00", "after"),
        ("session", "2026-10-08T04:00:00-04:00", "pre"),
        ("2026-10-07T21:00-04:00", "2026-10-07T21:00:00-04:00", "closed"),
    ],
)
async def test_time_moves_where_it_is_sent(to: str, now: str, phase: str) -> None:
    async with running() as desk:
        clock = await desk.go(to)
        assert (clock["now"], clock["phase"]) == (now, phase)


async def test_the_offset_follows_daylight_saving_time() -> None:
    async with running(sessions=week(40)) as desk:
        clock = await desk.go("2026-11-02T09:30-05:00")
        assert clock["now"] == "2026-11-02T09:30:00-05:00"
        assert clock["phase"] == "regular"


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ("2026-10-07T04:59-04:00", 409),
        ("2027-10-07T05:00-04:00", 409),
        ("2026-10-08T05:00", 400),
        ("tomorrow", 400),
        (7, 400),
    ],
)
async def test_a_wrong_instant_is_refused_with_a_sentence(to: object, status: int) -> None:
    async with running() as desk:
        answer = await desk.request("POST", "/simulator/clock", json={"to": to})
        assert answer[0] == status
        assert answer[1]["error"].endswith(".")
        assert (await desk.control("GET", "clock"))["now"] == "2026-10-07T05:00:00-04:00"


async def test_after_the_last_close_no_session_is_left() -> None:
    async with running(sessions=week(1)) as desk:
        clock = await desk.go("close")
        assert clock["last_session_over"]
        assert clock["next_session"] is None
        status, answer, _ = await desk.request("POST", "/simulator/clock", json={"to": "open"})
        assert status == 409
        assert "last known session" in answer["error"]


async def test_a_move_stops_for_every_party_and_waits_until_all_wait_again() -> None:
    seen: list[tuple[str, str]] = []

    async def party(desk: Desk, name: str, stops: list[str]) -> None:
        for stop in stops:
            answer = await wait(desk, name, stop)
            clock = await desk.control("GET", "clock")
            assert clock["now"] == answer["now"] == stop
            seen.append((name, stop[11:16]))
        await wait(desk, name, None)

    async with running() as desk, asyncio.TaskGroup() as group:
        one = [f"2026-10-07T{hour}:00:00-04:00" for hour in ("08", "12", "16")]
        two = [f"2026-10-07T{hour}:30:00-04:00" for hour in ("09", "15")]
        tasks = [
            group.create_task(party(desk, "one", one)),
            group.create_task(party(desk, "two", two)),
        ]
        await registered(desk, "one", "two")
        clock = await desk.go("2026-10-07T17:00-04:00")
        assert clock["now"] == "2026-10-07T17:00:00-04:00"
        assert seen == [
            ("one", "08:00"),
            ("two", "09:30"),
            ("one", "12:00"),
            ("two", "15:30"),
            ("one", "16:00"),
        ]
        for task in tasks:
            task.cancel()


async def test_a_party_that_does_not_come_back_is_given_up_with_409() -> None:
    async with running(quick(patience_seconds=0.05)) as desk:
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(wait(desk, "bot", "2026-10-07T06:00-04:00"))
            await registered(desk, "bot")
            status, answer, _ = await desk.request("POST", "/simulator/clock", json={"to": "close"})
        assert status == 409
        assert "bot" in answer["error"]
        assert waiting.result()["now"] == "2026-10-07T06:00:00-04:00"
        await desk.control("DELETE", "clock/parties/bot")
        assert (await desk.go("close"))["phase"] == "after"


async def test_a_dropped_connection_counts_as_busy_until_it_is_unregistered() -> None:
    async with running(quick(patience_seconds=0.05)) as desk:
        async with aiohttp.ClientSession() as other:
            lost = Desk(other, desk.url, desk.config)
            async with asyncio.TaskGroup() as group:
                task = group.create_task(wait(lost, "bot", None))
                await registered(desk, "bot")
                task.cancel()
        while (await desk.control("GET", "clock"))["parties"][0]["idle"]:
            continue
        assert (await desk.request("POST", "/simulator/clock", json={"to": "close"}))[0] == 409
        await desk.control("DELETE", "clock/parties/bot")
        assert (await desk.go("close"))["phase"] == "after"


async def test_a_time_out_says_so_and_a_second_wait_replaces_the_first() -> None:
    async with running() as desk, asyncio.TaskGroup() as group:
        answer = await wait(desk, "bot", "2026-10-08T05:00-04:00", timeout_=0.01)
        assert answer["timed_out"] is True
        first = group.create_task(wait(desk, "bot", "2026-10-08T05:00-04:00"))
        await registered(desk, "bot")
        second = group.create_task(wait(desk, "bot", "2026-10-07T06:00-04:00"))
        assert (await first)["replaced"] is True
        await registered(desk, "bot")
        group.create_task(desk.go("2026-10-07T06:00-04:00"))
        assert (await second)["now"] == "2026-10-07T06:00:00-04:00"
        await wait(desk, "bot", None, timeout_=0.01)
        await desk.control("DELETE", "clock/parties/bot")


async def test_a_wait_for_the_past_is_answered_at_once() -> None:
    async with running() as desk:
        answer = await wait(desk, "bot", "2026-10-07T04:00-04:00")
        assert answer == {"now": "2026-10-07T05:00:00-04:00", "last_session_over": False}


async def test_a_jump_goes_to_the_wait_and_passes_the_market_on_the_way() -> None:
    async with running(quick(pace=Pace(kind=PaceKind.JUMP))) as desk:
        await desk.order("buy", "34", 5, "60.00")
        answer = await wait(desk, "bot", "2026-10-08T04:30-04:00")
        assert answer["now"] == "2026-10-08T04:30:00-04:00"
        assert [row["ft_ccld_qty"] for row in await desk.rows()] == ["5"]


async def test_a_jump_goes_to_the_earliest_of_two_waits() -> None:
    async with running(quick(pace=Pace(kind=PaceKind.JUMP))) as desk:
        await wait(desk, "bot", "2026-10-07T05:00-04:00")
        async with asyncio.TaskGroup() as group:
            late = group.create_task(wait(desk, "late", "2026-10-09T05:00-04:00"))
            await registered(desk, "late")
            answer = await wait(desk, "bot", "2026-10-08T05:00-04:00")
            assert answer["now"] == "2026-10-08T05:00:00-04:00"
            await desk.control("DELETE", "clock/parties/bot")
            assert (await late)["now"] == "2026-10-09T05:00:00-04:00"


async def test_a_jump_waits_for_the_busy_and_for_an_open_approval() -> None:
    async with running(quick(pace=Pace(kind=PaceKind.JUMP))) as desk:
        await wait(desk, "busy", "2026-10-07T05:00-04:00")
        answer = await wait(desk, "bot", "2026-10-07T06:00-04:00", timeout_=0.05)
        assert answer["timed_out"]
        await desk.control("DELETE", "clock/parties/busy")
        held = await wait(desk, "bot", "2026-10-07T06:00-04:00", hold="approval", timeout_=0.05)
        assert held["timed_out"]
        assert held["now"] == "2026-10-07T05:00:00-04:00"
        free = await wait(desk, "bot", "2026-10-07T06:00-04:00")
        assert free["now"] == "2026-10-07T06:00:00-04:00"


async def test_a_manual_move_passes_a_hold() -> None:
    async with running() as desk, asyncio.TaskGroup() as group:
        held = group.create_task(wait(desk, "bot", None, hold="approval"))
        await registered(desk, "bot")
        assert (await desk.go("open"))["phase"] == "regular"
        await desk.control("DELETE", "clock/parties/bot")
        await held


async def test_a_slow_jump_pauses_and_a_rewait_does_not_start_it_anew() -> None:
    config = quick(pace=Pace(kind=PaceKind.JUMP, seconds_per_day=0.4))
    async with running(config) as desk:
        rounds = 0
        while True:
            rounds += 1
            answer = await wait(desk, "bot", "2026-10-08T05:00-04:00", timeout_=0.05)
            if "timed_out" not in answer:
                break
        assert answer["now"] == "2026-10-08T05:00:00-04:00"
        assert 3 <= rounds <= 20


async def test_flow_moves_time_with_the_wall_and_answers_the_wait() -> None:
    config = quick(pace=Pace(kind=PaceKind.FLOW, speed=36_000))
    async with running(config) as desk:
        answer = await wait(desk, "bot", "2026-10-07T09:30-04:00")
        assert answer["now"] == "2026-10-07T09:30:00-04:00"
        busy = await desk.control("GET", "clock")
        assert busy["now"] == "2026-10-07T09:30:00-04:00"


async def test_the_pace_can_be_changed_while_running() -> None:
    async with running() as desk:
        answer = await desk.control("PUT", "clock/pace", {"kind": "jump", "seconds_per_day": 0})
        assert answer["pace"] == {"kind": "jump", "seconds_per_day": 0}
        woken = await wait(desk, "bot", "2026-10-08T05:00-04:00")
        assert woken["now"] == "2026-10-08T05:00:00-04:00"
        refused = await desk.request("PUT", "/simulator/clock/pace", json={"kind": "fast"})
        assert refused[0] == 400


async def test_sixty_headless_days_pass_in_seconds() -> None:
    config = quick(pace=Pace(kind=PaceKind.JUMP))
    async with running(config, sessions=week(60), prices=None) as desk:
        clock = await desk.control("GET", "clock")
        async with asyncio.timeout(60):
            while not clock["last_session_over"]:
                following = clock["next_session"]
                if following is None:
                    break
                await wait(desk, "bot", following["close"])
                clock = await desk.control("GET", "clock")
        assert clock["last_session_over"]
