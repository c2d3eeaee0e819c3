"""KIS closed for maintenance and back again: what a read says meanwhile, and that it comes back."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from kis.client import Kis
from kis.errors import KisUnavailable, ReadRefused
from kis.models import Exchange
from kis.wire import codes as wire
from tests.kis.counter import TOKEN_PATH, Answer, Counter, kis_at, ok, refused

QUOTE = ok(output={"last": "77.62", "base": "76.38", "tvol": "5"})
CLOSED: dict[str, Answer] = {
    "HTML 200": Answer(raw=b"<html>maintenance</html>"),
    "HTML 503": Answer(status=503, raw=b"<html>maintenance</html>"),
    "HTML 403": Answer(status=403, raw=b"<html>forbidden</html>"),
    "502 without a word": Answer(status=502, raw=b""),
    "reset": Answer(reset=True),
    "a server error": refused("EGW00002", status=500),
    "no session free": refused("OPSQ1002"),
    "a refusal of the order system": refused("APBK9999", "시스템 점검 중입니다", rt_cd="7"),
}


async def _quote(kis: Kis) -> str:
    return str((await kis.prices.quote("TQQQ", Exchange.NASDAQ)).last)


@pytest.mark.parametrize("case", CLOSED)
async def test_a_read_in_maintenance_is_unavailable_and_comes_back(
    case: str, kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.PRICE, CLOSED[case])
    with pytest.raises(KisUnavailable):
        await _quote(kis)
    counter.plays(wire.PRICE, QUOTE)
    assert await _quote(kis) == "77.62"
    assert counter.tokens == 1, "a token is not renewed for that"


@pytest.mark.parametrize("case", CLOSED)
async def test_without_a_token_in_maintenance_a_read_is_unavailable_and_comes_back(
    case: str, kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.PRICE, QUOTE)
    counter.plays(TOKEN_PATH, CLOSED[case])
    with pytest.raises(KisUnavailable):
        await _quote(kis)
    counter.queues.pop(TOKEN_PATH)
    assert await _quote(kis) == "77.62"


@pytest.mark.parametrize("case", ["HTML 200", "HTML 503", "502 without a word", "reset"])
async def test_a_read_that_is_not_answered_names_its_call(
    case: str, kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.PRICE, CLOSED[case])
    with pytest.raises(KisUnavailable, match=r"^price \(HHDFS00000300\): "):
        await _quote(kis)


async def test_a_server_that_is_away_and_back_on_its_port_is_read_again(
    counter: Counter, token_file: Path
) -> None:
    counter.plays(wire.PRICE, QUOTE)
    server = await asyncio.start_server(counter.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    counter.url = f"http://127.0.0.1:{port}"
    async with kis_at(counter, token_file) as kis:
        server.close()
        with pytest.raises(KisUnavailable):
            await _quote(kis)
        async with await asyncio.start_server(counter.serve, "127.0.0.1", port):
            assert await _quote(kis) == "77.62"


async def test_a_refusal_in_maintenance_says_what_it_means(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.PRICE, refused("APBK9999", "시스템 점검 중입니다", rt_cd="7"))
    with pytest.raises(ReadRefused) as caught:
        await _quote(kis)
    assert caught.value.meaning is not None
    assert "점검" in caught.value.meaning.cause.korean


async def test_a_token_that_maintenance_revoked_costs_one_issue_and_one_more_question(
    counter: Counter, token_file: Path
) -> None:
    async with kis_at(counter, token_file) as kis:
        await kis.ensure_token(timedelta(hours=1))
    counter.clock.time += timedelta(hours=7)
    counter.plays(wire.PRICE, refused("EGW00121", status=500), QUOTE)
    async with kis_at(counter, token_file) as kis:
        assert await _quote(kis) == "77.62"
    kept = next(iter(json.loads(token_file.read_text())["tokens"].values()))
    assert (counter.tokens, kept["token"]) == (2, "CANARYtoken-2")
    assert len(counter.to(wire.PRICE)) == 2
    assert counter.clock.slept == []
