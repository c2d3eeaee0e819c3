"""Subscriptions, encrypted notices and trades over a real websocket."""

import json

import aiohttp
import pytest

from .desk import quick, running
from .wire import code, wired


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
