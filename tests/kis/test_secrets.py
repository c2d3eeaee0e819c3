"""Canaries in every secret; none may come out of an exception, its chain, a repr or a log."""

import json
import logging
import traceback
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kis.client import Kis
from kis.errors import KisError
from kis.models import Exchange, StreamState, StreamStateKind
from kis.wire import codes as wire
from tests.kis.counter import (
    APPROVAL_PATH,
    CREDENTIALS,
    LOC_BUY,
    TOKEN_PATH,
    Answer,
    Asked,
    Counter,
    kis_at,
)
from tests.kis.floor import Floor, ack, open_floor

CANARIES = ("CANARY", "kkkkkk", "ssssss", "81000000")


def _echo(asked: Asked) -> Answer:
    """Repeat everything that was sent, in the words of an error."""
    words = " ".join([*asked.headers.values(), *asked.query.values(), *(asked.body or {}).values()])
    return Answer(
        status=403, body={"rt_cd": "1", "msg_cd": "APBK0001", "msg1": words, "error_code": words}
    )


def _echo_plain(asked: Asked) -> Answer:
    return Answer(status=500, raw=json.dumps(asked.headers).encode())


def _broken_http(_: Asked) -> Answer:
    return Answer(status=99999, raw=b"")


WAYS: dict[str, Callable[[Asked], Answer]] = {
    "echo": _echo,
    "plain echo": _echo_plain,
    "broken HTTP": _broken_http,
    "reset": lambda _: Answer(reset=True),
    "half": lambda _: Answer(raw=b"{", promised=50),
    "header injection": lambda _: Answer(headers={"bad header": "\x00"}, raw=b"{}"),
}
PATHS = (
    wire.ORDER,
    wire.CANCEL,
    wire.OPEN_ORDERS,
    wire.EXECUTIONS,
    wire.BALANCE,
    wire.BUYING_POWER,
    wire.PRICE,
    wire.DAILY,
)
DAY = date(2026, 11, 20)
CALLS: dict[str, Callable[[Kis], Any]] = {
    "place": lambda kis: kis.orders.place(LOC_BUY),
    "cancel": lambda kis: kis.orders.cancel("1", "TQQQ", Exchange.NASDAQ, 1),
    "open": lambda kis: kis.orders.open(),
    "executions": lambda kis: kis.orders.executions(DAY, DAY),
    "holdings": lambda kis: kis.account.holdings(),
    "power": lambda kis: kis.account.buying_power("TQQQ", Exchange.NASDAQ, Decimal(1)),
    "quote": lambda kis: kis.prices.quote("TQQQ", Exchange.NASDAQ),
    "daily": lambda kis: kis.prices.daily("TQQQ", Exchange.NASDAQ),
}


def _clean(text: str) -> bool:
    return not any(canary in text for canary in CANARIES)


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("call", CALLS)
async def test_no_secret_comes_out_of_a_failing_call(
    call: str,
    way: str,
    *,
    kis: Kis,
    counter: Counter,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    for path in PATHS:
        counter.on(path, WAYS[way])
    with pytest.raises(KisError) as caught:
        await CALLS[call](kis)
    for error in _chain(caught.value):
        assert _clean(repr(error))
        assert _clean(str(error))
    assert _clean("".join(traceback.format_exception(caught.value)))
    assert _clean(caplog.text)
    assert _clean(capsys.readouterr().out)


@pytest.mark.parametrize("way", WAYS)
async def test_no_secret_comes_out_of_a_failing_token(
    way: str, kis: Kis, counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    counter.on(TOKEN_PATH, WAYS[way])
    with pytest.raises(KisError) as caught:
        await kis.ensure_token(timedelta(hours=1))
    for error in _chain(caught.value):
        assert _clean(repr(error))
    assert _clean(caplog.text)


async def test_no_secret_comes_out_of_the_stream(
    counter: Counter, token_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def handler(floor: Floor, socket: Any, _: int) -> None:
        await floor.register(socket, confirm=False)
        asked = floor.registered[-1][0]["header"]["approval_key"]
        answer = json.loads(ack("H0GSCNI0", "HTSID001", "OPSP8996", "9"))
        answer["body"]["msg1"] = f"IN USE {asked}"
        await socket.send(json.dumps(answer))
        await socket.wait_closed()

    async with (
        open_floor(counter, token_file, handler) as (kis, _floor),
        kis.stream() as stream,
    ):
        items = [item async for item in stream]
    assert len(counter.to(APPROVAL_PATH)) == 1
    assert items == [StreamState(kind=StreamStateKind.REFUSED, reason="OPSP8996 IN USE ***")]
    # The websockets server of this test logs under another name; the client's own lines are ours.
    ours = [record for record in caplog.records if record.name.startswith("kis")]
    assert all(_clean(record.getMessage()) for record in ours)


async def test_no_repr_shows_a_secret(counter: Counter, token_file: Path) -> None:
    assert repr(CREDENTIALS) == str(CREDENTIALS) == "Credentials(...)"
    async with kis_at(counter, token_file) as kis:
        await kis.ensure_token(timedelta(hours=1))
        assert _clean(repr(kis))
        assert _clean(repr(kis._tokens._token))
