"""What goes wrong on the websocket when a fault asks for it, and that nothing else does."""

import asyncio
import re
from typing import Any

import aiohttp
import pytest

from kis.simulator.sockets.columns import US_BOOK, US_NOTICE, US_TRADE

from .desk import Desk, quick, running
from .wire import Wire, code, wired

TRADES = ("HDFSCNT0", "DNASTQQQ")
NOTICES = ("H0GSCNI0", "SIMUSER1")
WHOLE = re.compile(r"0\|HDFSCNT0\|\d{3}\|DNASTQQQ\^.*")


async def fault(desk: Desk, name: str, **more: Any) -> None:
    answer = await desk.control("POST", "faults", {"name": name, **more})
    assert "error" not in answer, answer


async def ticks(desk: Desk, count: int) -> None:
    await desk.control("POST", "ticks", {"count": count})


async def gone(wire: Wire) -> bool:
    """Tell whether the socket was cut without a close frame."""
    async with asyncio.timeout(60):
        while True:
            message = await wire.socket.receive()
            if message.type is not aiohttp.WSMsgType.TEXT:
                cut = {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
                return message.type in cut and wire.socket.close_code in {None, 1006}


async def heard_for(wire: Wire, seconds: float) -> list[str]:
    """Read what still comes within some seconds of the wall."""
    heard = []
    try:
        async with asyncio.timeout(seconds):
            while True:
                heard.append(str(await wire.socket.receive_str()))
    except TimeoutError:
        return heard


async def test_extra_columns_widen_every_record_and_leave_the_leading_ones() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask(*TRADES)
        await fault(desk, "extra_columns")
        await ticks(desk, 1)
        await ticks(desk, 1)
        wide, plain = [text.split("|")[3].split("^") for text in await wire.texts()]
        assert (len(wide), len(plain)) == (len(US_TRADE) + 3, len(US_TRADE))
        assert wide[0] == plain[0] == "DNASTQQQ"


async def test_too_few_fields_halve_a_record() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask("HDFSASP0", "DNASTQQQ")
        await fault(desk, "too_few_fields", match={"tr_id": "HDFSASP0"})
        await ticks(desk, 1)
        (text,) = await wire.texts()
        assert len(text.split("|")[3].split("^")) == len(US_BOOK) // 2


async def test_a_wrong_count_says_one_record_more() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask(*TRADES)
        await fault(desk, "wrong_count")
        await ticks(desk, 1)
        (text,) = await wire.texts()
        assert text.split("|")[2] == "002"
        assert len(text.split("^")) == len(US_TRADE)


async def test_a_truncated_frame_is_half_of_one() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask(*TRADES)
        await fault(desk, "truncated_frame")
        await ticks(desk, 1)
        (text,) = await wire.texts()
        assert text.startswith("0|HDFSCNT0|001|DNASTQQQ^")
        assert 4 < len(text.split("^")) < len(US_TRADE)


async def test_malformed_frames_come_in_more_than_one_shape_and_the_same_again() -> None:
    async def malformed() -> list[str]:
        async with running() as desk, wired(desk) as wire:
            await wire.ask(*TRADES)
            await fault(desk, "malformed_frame", count=20)
            for _ in range(20):
                await ticks(desk, 1)
            return await wire.texts()

    texts = await malformed()
    assert len(texts) == 20
    assert len({text[:14] for text in texts}) > 3
    for text in texts:
        assert not WHOLE.fullmatch(text)
    assert await malformed() == texts


async def test_out_of_order_ticks_swap_a_tick_with_the_one_after_it() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask(*TRADES)
        await fault(desk, "out_of_order_ticks")
        await ticks(desk, 1)
        assert await wire.texts() == []
        await ticks(desk, 1)
        await ticks(desk, 1)
        totals = [int(record[20]) for record in await wire.records()]
        assert len(totals) == 3
        assert sorted(totals) == [totals[1], totals[0], totals[2]]


async def test_an_undecryptable_notice_does_not_open_with_the_keys_that_were_given() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask(*NOTICES)
        await fault(desk, "undecryptable_notice")
        await desk.order("buy", "00", 1, "40.00")
        text = await wire.read()
        with pytest.raises(ValueError, match=r".*"):
            assert len(wire.decrypted(text.split("|")[3]).split("^")) == len(US_NOTICE)
        await desk.order("buy", "00", 1, "40.00")
        assert len(await wire.notice()) == len(US_NOTICE)


async def test_a_duplicate_notice_comes_twice_the_same() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask(*NOTICES)
        await fault(desk, "duplicate_notice", match={"CNTG_YN": "2"})
        await desk.order("buy", "34", 1, "60.00")
        await desk.go("2026-10-07T16:03-04:00")
        accepted, first, second = await wire.texts()
        assert first == second != accepted


async def test_late_and_missing_notices_come_by_market_time_or_not_at_all() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask(*NOTICES)
        await fault(desk, "missing_notices")
        await fault(desk, "late_notices", seconds=90)
        await desk.order("buy", "00", 1, "41.00")
        await desk.order("buy", "00", 1, "42.00")
        assert await wire.texts() == []
        await desk.go("2026-10-07T05:01:29-04:00")
        assert await wire.texts() == []
        await desk.go("2026-10-07T05:01:30-04:00")
        assert (await wire.notice())[9] == "000420000"
        assert await wire.texts() == []


async def test_a_dropped_socket_is_cut_before_the_message_and_frees_the_session() -> None:
    async with running() as desk:
        async with wired(desk) as wire:
            await wire.ask(*TRADES)
            await fault(desk, "socket_dropped", match={"tr_id": "HDFSCNT0"})
            await ticks(desk, 3)
            assert await gone(wire)
        async with wired(desk) as wire:
            assert code(await wire.ask(*TRADES)) == ("0", "OPSP0000")


async def test_a_half_open_socket_says_nothing_more_and_does_not_close() -> None:
    async with running(quick(pingpong_seconds=0.02)) as desk, wired(desk) as wire:
        await fault(desk, "socket_half_open", match={"tr_id": "HDFSCNT0"})
        await wire.ask(*TRADES)
        await ticks(desk, 50)
        await wire.send({"header": {"tr_id": "PINGPONG"}})
        heard = await heard_for(wire, 0.3)
        assert all("PINGPONG" in text for text in heard)
        assert len(heard) < 10
        assert not wire.socket.closed
        told = await desk.control("GET", "ticks")
        assert told["connections"][0]["waiting"] == 0


async def test_pingpong_stops_on_one_socket_while_ticks_go_on() -> None:
    async with running(quick(pingpong_seconds=0.05)) as desk:
        await fault(desk, "pingpong_stops")
        async with wired(desk) as wire:
            await wire.ask(*TRADES)
            assert await heard_for(wire, 0.3) == []
            await ticks(desk, 1)
            assert len(await wire.records()) == 1
        async with wired(desk) as wire:
            assert "PINGPONG" in await wire.read()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("registration_fails", ("1", "OPSP0007")), ("mci_send_fails", ("1", "OPSP0009"))],
)
async def test_a_registration_that_fails_can_be_asked_for_again(
    name: str, expected: tuple[str, str]
) -> None:
    async with running() as desk, wired(desk) as wire:
        await fault(desk, name, match={"tr_id": "HDFSASP0"})
        assert code(await wire.ask(*TRADES)) == ("0", "OPSP0000")
        assert code(await wire.ask("HDFSASP0", "DNASTQQQ")) == expected
        assert code(await wire.ask("HDFSASP0", "DNASTQQQ")) == ("0", "OPSP0000")


async def test_opsp8996_is_answered_once_and_then_the_socket_is_closed() -> None:
    async with running() as desk:
        await fault(desk, "opsp8996")
        async with wired(desk) as wire:
            answer = await wire.ask(*TRADES)
            assert (code(answer), answer["header"]["tr_id"]) == (("9", "OPSP8996"), "(null)")
            assert (await wire.socket.receive(5)).type is aiohttp.WSMsgType.CLOSE
        async with wired(desk) as wire:
            assert code(await wire.ask(*TRADES)) == ("0", "OPSP0000")


async def test_a_rate_hits_the_same_frames_for_the_same_seed() -> None:
    async def widths(seed: int) -> list[int]:
        async with running() as desk, wired(desk) as wire:
            await wire.ask("HDFSASP0", "DNASTQQQ")
            await fault(desk, "extra_columns", rate=0.3, seed=seed)
            await ticks(desk, 100)
            return [len(text.split("^")) for text in await wire.texts()]

    first = await widths(1)
    assert first == await widths(1) != await widths(2)
    assert 15 < sum(width > len(US_BOOK) for width in first) < 45


async def test_without_faults_every_frame_is_whole() -> None:
    async with running() as desk, wired(desk) as wire:
        for wanted in (TRADES, ("HDFSASP0", "DNASTQQQ"), ("H0STCNT0", "005930")):
            await wire.ask(*wanted)
        await ticks(desk, 300)
        assert len(await wire.records()) == 300
        assert (await desk.control("GET", "faults"))["faults"] == []
