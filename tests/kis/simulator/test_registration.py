"""Registrations: KIS's OPSP codes, one session per app key, and two sockets."""

import copy
import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kis.simulator.sockets.connections import Connection, Connections
from kis.simulator.sockets.frames import Keys
from kis.simulator.sockets.registration import Registrar

from .desk import quick, running
from .wire import asked, code, wired

Change = Callable[[dict[str, Any]], object]
CHANGES: list[tuple[str, Change, tuple[str, str]]] = [
    ("no header", lambda m: m.pop("header"), ("9", "OPSP9998")),
    ("no body", lambda m: m.pop("body"), ("9", "OPSP9992")),
    ("no input", lambda m: m["body"].pop("input"), ("9", "OPSP9991")),
    ("no tr_id", lambda m: m["body"]["input"].pop("tr_id"), ("9", "OPSP8991")),
    ("no tr_key", lambda m: m["body"]["input"].pop("tr_key"), ("9", "OPSP9990")),
    ("no custtype", lambda m: m["header"].pop("custtype"), ("9", "OPSP9997")),
    ("custtype X", lambda m: m["header"].update(custtype="X"), ("9", "OPSP8998")),
    ("no tr_type", lambda m: m["header"].pop("tr_type"), ("9", "OPSP8997")),
    ("tr_type 0", lambda m: m["header"].update(tr_type="0"), ("9", "OPSP8997")),
    ("no approval", lambda m: m["header"].pop("approval_key"), ("9", "OPSP9996")),
    ("unknown approval", lambda m: m["header"].update(approval_key="x"), ("9", "OPSP0011")),
    ("tr_id unknown", lambda m: m["body"]["input"].update(tr_id="HDFSCNT7"), ("9", "OPSP8991")),
    ("wrong exchange", lambda m: m["body"]["input"].update(tr_key="DNYSTQQQ"), ("9", "OPSP8992")),
    ("no such symbol", lambda m: m["body"]["input"].update(tr_key="DNASNOPE"), ("9", "OPSP8992")),
    ("no key", lambda m: m["body"]["input"].update(tr_key="TQQQ"), ("9", "OPSP8993")),
    ("no KRX code", lambda m: m["body"]["input"].update(tr_id="H0STCNT0"), ("9", "OPSP8993")),
    (
        "KRX code unknown",
        lambda m: m["body"]["input"].update(tr_id="H0STASP0", tr_key="000660"),
        ("9", "OPSP8992"),
    ),
]


@pytest.mark.parametrize(("change", "expected"), [(c[1], c[2]) for c in CHANGES])
async def test_what_is_wrong_with_a_registration_has_its_code(
    change: Change, expected: tuple[str, str]
) -> None:
    async with running() as desk, wired(desk) as wire:
        message = asked(wire.approval, "HDFSCNT0", "DNASTQQQ")
        change(message)
        await wire.send(message)
        assert code(json.loads(await wire.read())) == expected
        assert code(await wire.ask("HDFSCNT0", "DNASTQQQ")) == ("0", "OPSP0000")


@pytest.mark.parametrize("text", ["", "[", "[]", "7", '{"header": 3', "null"])
async def test_what_is_no_json_object_is_opsp9999(text: str) -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.send(text)
        answer = json.loads(await wire.read())
        assert (code(answer), answer["header"]["tr_id"]) == (("9", "OPSP9999"), "(null)")


async def test_an_app_key_instead_of_an_approval_key_is_not_enough() -> None:
    async with running() as desk, wired(desk) as wire:
        message = asked(wire.approval, "HDFSCNT0", "DNASTQQQ")
        del message["header"]["approval_key"]
        for app_key, expected in ((desk.config.app_key, "OPSP0011"), ("other", "OPSP0010")):
            message["header"]["appkey"] = app_key
            await wire.send(copy.deepcopy(message))
            assert code(json.loads(await wire.read())) == ("9", expected)


@pytest.mark.parametrize(
    ("tr_id", "tr_key", "encrypt"),
    [
        ("HDFSCNT0", "DNASTQQQ", "N"),
        ("HDFSCNT0", "RBAQTQQQ", "N"),
        ("HDFSASP0", "DAMSSOXL", "N"),
        ("H0STCNT0", "005930", "N"),
        ("H0STASP0", "069500", "N"),
        ("H0GSCNI0", "SIMUSER1", "Y"),
        ("H0STCNI0", "SIMUSER1", "Y"),
        ("H0STCNI9", "SIMUSER1", "Y"),
    ],
)
async def test_every_tr_is_registered_and_released(tr_id: str, tr_key: str, encrypt: str) -> None:
    async with running() as desk, wired(desk) as wire:
        answer = await wire.ask(tr_id, tr_key)
        assert (code(answer), answer["header"]["encrypt"]) == (("0", "OPSP0000"), encrypt)
        assert (len(answer["body"]["output"]["key"]), len(answer["body"]["output"]["iv"])) == (
            32,
            16,
        )
        assert code(await wire.ask(tr_id, tr_key, "2")) == ("0", "OPSP0001")
        assert code(await wire.ask(tr_id, tr_key, "2")) == ("1", "OPSP0003")


async def test_41_registrations_are_counted_over_all_trs() -> None:
    symbols = {f"S{index}": "NASD" for index in range(20)}
    async with running(quick(symbols=symbols), prices=None) as desk, wired(desk) as wire:
        asked_for = [("HDFSCNT0", f"DNAS{symbol}") for symbol in symbols]
        asked_for += [("HDFSASP0", f"DNAS{symbol}") for symbol in symbols]
        asked_for += [("H0GSCNI0", "SIMUSER1"), ("H0STCNT0", "005930")]
        codes = [code(await wire.ask(*wanted))[1] for wanted in asked_for]
        assert codes == ["OPSP0000"] * 41 + ["OPSP0008"]
        await wire.ask("H0GSCNI0", "SIMUSER1", "2")
        assert code(await wire.ask("H0STCNT0", "005930")) == ("0", "OPSP0000")


@pytest.mark.parametrize("tr_id", ["H0GSCNI0", "H0STCNI0", "H0GSCNI9"])
async def test_another_hts_id_is_dropped_without_a_close_frame(tr_id: str) -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.send(asked(wire.approval, tr_id, "SOMEBODY"))
        message = await wire.socket.receive(5)
        assert message.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
        assert wire.socket.close_code in {None, 1006}


@pytest.mark.parametrize("path", ["/mock", "/mock/tryitout", "/mock/tryitout/H0GSCNI9"])
async def test_the_socket_of_the_mock_account_has_its_notices_only(path: str) -> None:
    async with running() as desk, wired(desk, path) as wire:
        assert code(await wire.ask("HDFSCNT0", "DNASTQQQ")) == ("9", "OPSP8991")
        assert code(await wire.ask("H0GSCNI0", "SIMUSER1")) == ("9", "OPSP8991")
        assert code(await wire.ask("H0GSCNI9", "SIMUSER1")) == ("0", "OPSP0000")
        await desk.go("open")
        await desk.order("buy", "00", 1, "40.00", tr_id="TTTT1002U")
        await desk.order("buy", "00", 1, "41.00", tr_id="VTTT1002U")
        texts = await wire.texts()
        assert len(texts) == 1
        assert wire.decrypted(texts[0].split("|")[3]).split("^")[9] == "000410000"


async def test_the_two_sockets_have_a_session_each() -> None:
    async with running() as desk, wired(desk) as real, wired(desk, "/mock") as mock:
        assert code(await real.ask("HDFSCNT0", "DNASTQQQ")) == ("0", "OPSP0000")
        assert code(await mock.ask("H0GSCNI9", "SIMUSER1")) == ("0", "OPSP0000")
        async with wired(desk, "/mock") as second:
            assert code(await second.ask("H0GSCNI9", "SIMUSER1")) == ("9", "OPSP8996")
            assert (await second.socket.receive(5)).type is aiohttp.WSMsgType.CLOSE
        assert code(await mock.ask("H0STCNI9", "SIMUSER1")) == ("0", "OPSP0000")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
FIELDS = ("approval_key", "custtype", "tr_type", "tr_id", "tr_key", "header", "body", "input")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(values=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3))
def test_whatever_a_registration_says_it_is_answered_with_a_code(values: dict[str, Any]) -> None:
    message = asked("a", "HDFSCNT0", "DNASTQQQ")
    for name, value in values.items():
        for part in (message, message.get("header"), message.get("body")):
            if isinstance(part, dict) and name in part:
                part[name] = value
        body = message.get("body")
        if isinstance(body, dict) and isinstance(body.get("input"), dict) and name in body["input"]:
            body["input"][name] = value
    answer = registrar_of(7).answer(json.dumps(message), ONE, lambda _: None)
    if answer is not None:
        assert json.loads(answer)["body"]["msg_cd"].startswith("OPSP")


def test_json_that_is_too_deep_is_no_json() -> None:
    answer = registrar_of(7).answer("[" * 100_000, ONE, lambda _: None)
    assert json.loads(answer or "")["body"]["msg_cd"] == "OPSP9999"


def test_a_dropped_connection_holds_no_session_and_reads_nothing() -> None:
    connections = Connections()
    first, second = (Connection(None, 10, mock=False) for _ in range(2))
    for connection in (first, second):
        connections.add(connection)
    first.bound = True
    first.subscriptions["HDFSCNT0", "DNASTQQQ"] = Keys("k", "i")
    assert connections.in_use(second)
    assert connections.quotes() == [("HDFSCNT0", "DNASTQQQ")]
    first.drop()
    assert not connections.in_use(second)
    assert connections.quotes() == []


def test_the_keys_of_a_seed_are_the_same_again() -> None:
    def keys(seed: int) -> list[str]:
        registrar, connection = registrar_of(seed), Connection(None, 10, mock=False)
        texts = [json.dumps(asked("a", tr, key)) for tr, key in WANTED]
        answers = [registrar.answer(text, connection, lambda _: None) or "" for text in texts]
        return [json.loads(answer)["body"]["output"]["key"] for answer in answers]

    assert keys(7) == keys(7)
    assert len({*keys(7), *keys(8)}) == 4


def registrar_of(seed: int) -> Registrar:
    return Registrar(
        seed=seed,
        hts_id="SIMUSER1",
        app_key="",
        symbols={"TQQQ": "NASD"},
        krx=(),
        approved=lambda _: True,
        connections=Connections(),
    )


WANTED = [("H0GSCNI0", "SIMUSER1"), ("HDFSCNT0", "DNASTQQQ")]
ONE = Connection(None, 10, mock=False)
