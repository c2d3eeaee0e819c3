"""`muhan simulator` as a program: the market that is asked for, and what is refused."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import aiohttp
import pytest
from typer.testing import CliRunner

from bot.cli import app
from kis.simulator.config import APP_KEY, APP_SECRET
from tests.stage import environment

KEYS = {"grant_type": "client_credentials", "appkey": APP_KEY, "appsecret": APP_SECRET}
CLOSES = 9


@asynccontextmanager
async def simulator(*options: str) -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "simulator", "--port", "0", *options),
        stdout=asyncio.subprocess.PIPE,
        env=environment(),
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            ready = json.loads(await process.stdout.readline())
        yield ready["listening"]
    finally:
        process.terminate()
        await process.wait()


async def token_of(http: aiohttp.ClientSession) -> str:
    async with http.post("/oauth2/tokenP", json=KEYS) as response:
        return str((await response.json())["access_token"])


async def last(http: aiohttp.ClientSession, token: str, exchange: str, symbol: str) -> float:
    headers = {"authorization": f"Bearer {token}", "tr_id": "HHDFS00000300"} | {
        name: KEYS[name] for name in ("appkey", "appsecret")
    }
    query = {"AUTH": "", "EXCD": exchange, "SYMB": symbol}
    async with http.get(
        "/uapi/overseas-price/v1/quotations/price", params=query, headers=headers
    ) as response:
        answer: dict[str, Any] = await response.json()
        assert answer["rt_cd"] == "0", answer
        return float(answer["output"]["last"])


async def test_a_crash_is_played_in_every_symbol_that_is_named() -> None:
    symbols = ("--symbol", "aaaa", "--symbol", "BBBB:AMEX")
    market = ("--market", "crash", "--seed", "7", "--calls-per-second", "1000")
    async with simulator(*market, *symbols) as url, aiohttp.ClientSession(url) as http:
        closes: dict[str, list[float]] = {"AAAA": [], "BBBB": []}
        for _ in range(CLOSES + 2):
            async with http.post("/simulator/clock", json={"to": "close"}) as response:
                assert response.status == 200
            token = await token_of(http)  # the day before's has expired
            closes["AAAA"].append(await last(http, token, "NAS", "AAAA"))
            closes["BBBB"].append(await last(http, token, "AMS", "BBBB"))
        for prices in closes.values():
            moves = [after / before for before, after in pairwise(prices)]
            assert min(moves) < 0.82


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--symbol", "A A"), "is not a ticker"),
        (("--symbol", "AAAA:LSE"), "NASD, NYSE or AMEX"),
        (("--split", "AAAA:2"), "a split is worded"),
        (("--market", "crash", "--prices", "prices.csv"), "--prices"),
    ],
)
def test_a_market_that_cannot_be_made_is_refused_with_one_sentence(
    options: tuple[str, ...], sentence: str
) -> None:
    ended = CliRunner().invoke(app, ["simulator", "--port", "0", *options])
    assert ended.exit_code == 3
    assert sentence in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_an_unknown_market_is_a_wrong_call() -> None:
    ended = CliRunner().invoke(app, ["simulator", "--market", "calm"])
    assert ended.exit_code == 2
    assert "whipsaw" in ended.stderr
