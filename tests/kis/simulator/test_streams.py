"""Subscriptions, encrypted notices and trades over a real websocket."""

import json
from decimal import Decimal
from itertools import pairwise

import aiohttp
import pytest

from kis.simulator.model import Split
from kis.simulator.sockets.columns import US_TRADE

from .desk import PRICES, quick, running, week
from .wire import code, split, wired


@pytest.mark.parametrize("path", ["/", "/tryitout", "/tryitout/H0GSCNI0"])
async def test_a_subscription_is_acknowledged_with_key_and_iv(path: str) -> None:
    async with running() as desk, wired(desk, path) as wire:
        answer = await wire.ask("H0GSCNI0", "SIMUSER1")
        assert code(answer) == ("0", "OPSP0000")
        assert answer["header"] == {"tr_id": "H0GSCNI0", "tr_key": "SIMUSER1", "encrypt": "Y"}
        assert (len(wire.keys["key"]), len(wire.keys["iv"])) == (32, 16)
        trades = await wire.ask("HDFSCNT0", "DNASTQQQ")
        assert trades["header"]["encrypt"] == "N"


@pytest.mark.parametrize("tr_id", ["H0GSCNI0", "H0GSCNI9"])
async def test_acceptance_fill_and_cancel_come_as_25_encrypted_columns(tr_id: str) -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask(tr_id, "SIMUSER1")
        await desk.order("buy", "34", 5, "60.25")
        accepted = await wire.notice()
        assert len(accepted) == 25
        assert accepted[:8] == [
            "SIMUSER1", "8100000001", "0000000001", "", "02", "0", "D", "TQQQ",
        ]  # fmt: skip
        assert accepted[8:10] == ["0000000005", "000602500"]
        assert (accepted[11], accepted[12], accepted[13], accepted[15]) == ("0", "1", "1", "")
        second = await desk.order("buy", "00", 1, "5.00")
        await wire.notice()
        await desk.change(second["output"]["ODNO"])
        cancel = await wire.notice()
        assert (cancel[2], cancel[3], cancel[5]) == ("0000000003", "0000000002", "2")
        await desk.go("2026-10-07T16:03-04:00")
        fill = await wire.notice()
        assert (fill[2], fill[8], fill[9]) == ("0000000001", "0000000005", "000510000")
        assert (fill[12], fill[15], fill[24]) == ("2", "000000005", "000000510000")


async def test_a_refusal_by_the_exchange_is_a_notice() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask("H0GSCNI0", "SIMUSER1")
        await desk.control("POST", "faults", {"name": "refused_after_accept"})
        await desk.order("buy", "34", 5, "60.25")
        await wire.notice()
        assert (await wire.notice())[11] == "1"
        assert (await desk.rows())[0]["prcs_stat_name"] == "거부"


async def test_trades_come_along_the_days_path_in_26_columns() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask("HDFSCNT0", "DNASTQQQ")
        await desk.go("close")
        prices = []
        for _ in range(10):
            flag, tr_id, _, payload = (await wire.read()).split("|")
            columns = payload.split("^")
            assert (flag, tr_id, len(columns), columns[0]) == ("0", "HDFSCNT0", 26, "DNASTQQQ")
            prices.append(columns[11])
            assert float(columns[10]) <= float(columns[11]) <= float(columns[9])
        assert prices[0] == "50.0000"


async def test_subscriptions_are_answered_with_opsp_codes() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask("HDFSCNT0", "DNASTQQQ")
        assert code(await wire.ask("HDFSCNT0", "DNASTQQQ")) == ("1", "OPSP0002")
        assert code(await wire.ask("HDFSCNT0", "DNASTQQQ", "2")) == ("0", "OPSP0001")
        assert code(await wire.ask("HDFSCNT0", "DNASTQQQ", "2")) == ("1", "OPSP0003")
        assert code(await wire.ask("HDFSCNT9", "DNASTQQQ")) == ("9", "OPSP8991")
        assert code(await wire.ask("HDFSCNT0", "DAMSTQQQ")) == ("9", "OPSP8992")
        assert code(await wire.ask("HDFSCNT0", "DNASTQQQ", "3")) == ("9", "OPSP8997")
        await wire.socket.send_str("{")
        assert code(json.loads(await wire.read())) == ("9", "OPSP9999")
        wire.approval = "wrong"
        assert code(await wire.ask("HDFSCNT0", "DNASTQQQ")) == ("9", "OPSP0011")


async def test_the_42nd_registration_is_refused() -> None:
    symbols = {f"S{index}": "NASD" for index in range(42)}
    config = quick(symbols=symbols)
    async with running(config, prices=None) as desk, wired(desk) as wire:
        answers = [code(await wire.ask("HDFSCNT0", f"DNAS{symbol}")) for symbol in symbols]
        assert answers == [("0", "OPSP0000")] * 41 + [("1", "OPSP0008")]


async def test_a_second_session_of_the_app_key_is_turned_away() -> None:
    async with running() as desk, wired(desk) as first:
        await first.ask("HDFSCNT0", "DNASTQQQ")
        async with wired(desk) as second:
            answer = await second.ask("HDFSCNT0", "DNASTQQQ")
            assert code(answer) == ("9", "OPSP8996")
            assert answer["header"]["tr_id"] == "(null)"
        await first.socket.close()
        async with wired(desk) as third:
            assert code(await third.ask("HDFSCNT0", "DNASTQQQ")) == ("0", "OPSP0000")


async def test_a_wrong_hts_id_drops_the_socket_without_a_word() -> None:
    async with running() as desk, wired(desk) as wire:
        header = {"approval_key": wire.approval, "custtype": "P", "tr_type": "1"}
        body = {"input": {"tr_id": "H0GSCNI0", "tr_key": "SOMEBODY"}}
        await wire.socket.send_str(json.dumps({"header": header, "body": body}))
        message = await wire.socket.receive(5)
        assert message.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
        assert wire.socket.close_code in {None, 1006}


async def test_a_pingpong_comes_by_the_wall_and_its_echo_gets_no_answer() -> None:
    async with running(quick(pingpong_seconds=0.02)) as desk, wired(desk) as wire:
        for _ in range(3):
            text = await wire.read()
            assert json.loads(text)["header"]["tr_id"] == "PINGPONG"
            await wire.socket.send_str(text)


async def test_ten_levels_come_with_each_trade_and_stand_around_it() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask("HDFSCNT0", "DNASTQQQ")
        await wire.ask("HDFSASP0", "DNASTQQQ")
        await desk.go("close")
        records = await wire.records()
        trades, books = records[::2], records[1::2]
        assert len(trades) == len(books) > 10
        for trade, book in zip(trades, books, strict=True):
            assert (len(trade), len(book)) == (26, 71)
            assert (book[0], book[3:7]) == ("DNASTQQQ", trade[4:8])
            bids = [Decimal(price) for price in book[11::6]]
            asks = [Decimal(price) for price in book[12::6]]
            assert bids == sorted(bids, reverse=True)
            assert asks == sorted(asks)
            assert bids[0] < Decimal(trade[11]) < asks[0]
            assert (trade[15], trade[16], trade[17], trade[18]) == tuple(book[11:15])
            assert int(book[7]) == sum(int(size) for size in book[13::6])
            assert int(book[8]) == sum(int(size) for size in book[14::6])


async def test_a_trade_says_what_the_rest_quote_says_at_its_instant() -> None:
    async with running(prices="50 52 48 51.37") as desk, wired(desk) as wire:
        await wire.ask("HDFSCNT0", "DNASTQQQ")
        for hour in range(10, 16):
            await desk.go(f"2026-10-07T{hour}:05-04:00")
            trade = dict(zip(US_TRADE, (await wire.records())[-1], strict=True))
            output = (await desk.price())["output"]
            for column, name in (
                ("LAST", "last"),
                ("SIGN", "sign"),
                ("DIFF", "diff"),
                ("TVOL", "tvol"),
            ):
                assert trade[column] == output[name]
            assert trade["RATE"] == output["rate"].strip()
            detail = {"EXCD": "NAS", "SYMB": "TQQQ", "AUTH": ""}
            answer, _ = await desk.get(f"{PRICES}/price-detail", "HHDFS76200200", detail)
            for column, name in (("OPEN", "open"), ("HIGH", "high"), ("LOW", "low")):
                assert trade[column] == answer["output"][name]


async def test_who_registers_in_the_middle_of_a_session_reads_the_same_day() -> None:
    async with running() as desk, wired(desk) as early:
        await early.ask("HDFSCNT0", "DNASTQQQ")
        await desk.go("close")
        all_day = await early.records()
    async with running() as desk, wired(desk) as late:
        await desk.go("2026-10-07T12:00-04:00")
        await late.ask("HDFSCNT0", "DNASTQQQ")
        await desk.go("close")
        afternoon = await late.records()
    assert afternoon == all_day[-len(afternoon) :]
    assert 3 < len(afternoon) < len(all_day)


async def test_who_was_away_for_some_trades_reads_their_volume_and_extremes_afterwards() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask("HDFSCNT0", "DNASTQQQ")
        await desk.go("close")
        everything = await wire.records()
    async with running() as desk, wired(desk) as wire:
        await wire.ask("HDFSCNT0", "DNASTQQQ")
        await desk.go("2026-10-07T10:05-04:00")
        await wire.texts()
        await wire.ask("HDFSCNT0", "DNASTQQQ", "2")
        await desk.go("2026-10-07T14:00-04:00")
        await wire.ask("HDFSCNT0", "DNASTQQQ")
        await desk.go("close")
        records = await wire.records()
        assert records == everything[-len(records) :]


async def test_a_new_session_begins_a_new_day() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask("HDFSCNT0", "DNASTQQQ")
        await desk.go("close")
        await wire.texts()
        await desk.go("2026-10-08T09:30-04:00")
        (first,) = await wire.records()
        assert (first[3], first[5], first[7]) == ("20261008", "093000", "223000")
        assert first[8:12] == ["50.0000"] * 4
        assert first[19] == first[20]


async def test_krx_trades_and_books_come_in_its_hours_in_won() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask("H0STCNT0", "005930")
        await wire.ask("H0STASP0", "005930")
        await desk.go("2026-10-07T20:00-04:00")  # 09:00 in Seoul, a day on
        (trade,), (book,) = (split(text) for text in await wire.texts())
        assert (len(trade), len(book)) == (46, 59)
        assert (trade[0], trade[1], trade[33]) == ("005930", "090000", "20261008")
        await desk.go("2026-10-08T03:00-04:00")
        records = await wire.records()
        trades, books = records[::2], records[1::2]
        assert trades[-1][1] == "153000"
        assert len(trades) == len(books) >= 39
        for trade, book in zip(trades, books, strict=True):
            assert int(trade[2]) % 100 == 0
            assert int(trade[9]) <= int(trade[2]) <= int(trade[8])
            assert (book[0], book[1]) == (trade[0], trade[1])
            asks, bids = ([int(price) for price in book[start : start + 10]] for start in (3, 13))
            assert asks == sorted(asks)
            assert bids == sorted(bids, reverse=True)
            assert (int(trade[10]), int(trade[11])) == (asks[0], bids[0])
            assert asks[0] - bids[0] in {50, 100}
            assert int(book[43]) == sum(int(size) for size in book[23:33])
        for before, after in pairwise(trades):
            assert int(after[13]) == int(before[13]) + int(after[12])
        await desk.go("2026-10-08T15:00-04:00")
        assert await wire.texts() == []


async def test_domestic_notices_are_registered_and_never_come() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask("H0STCNI0", "SIMUSER1")
        await desk.order("buy", "34", 5, "60.25")
        await desk.go("2026-10-08T05:00-04:00")
        assert await wire.texts() == []


async def test_a_pong_that_carries_the_text_is_as_good_as_its_echo() -> None:
    async with running(quick(pingpong_seconds=0.02)) as desk, wired(desk) as wire:
        await wire.socket.pong((await wire.read()).encode())
        assert json.loads(await wire.read())["header"]["tr_id"] == "PINGPONG"


async def test_the_base_of_a_split_day_is_the_close_before_it_at_the_new_height() -> None:
    days = week()
    split_day = Split("TQQQ", days[1].day, 2, 1)
    async with running(quick(splits=(split_day,))) as desk, wired(desk) as wire:
        await wire.ask("HDFSCNT0", "DNASTQQQ")
        await desk.go("2026-10-08T09:30-04:00")
        trade = dict(zip(US_TRADE, (await wire.records())[-1], strict=True))
        # Flat bars: 51 before the split is 25.50, and the day opens at 50.
        assert (trade["SIGN"], trade["DIFF"], trade["RATE"]) == ("2", "24.5000", "+96.08")
