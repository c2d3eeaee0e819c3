"""What docs/kis.md shows is run as it stands, against the simulator."""

import asyncio
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import kis.errors
from kis.environment import at
from tests.kis.contract.clocks import Remote
from tests.kis.contract.venues import FAST, SIMULATOR
from tests.kis.simulator.desk import Desk, quick, running

PAGE = (Path(__file__).parents[2] / "docs" / "kis.md").read_text(encoding="utf-8")


def example() -> dict[str, Any]:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {"__name__": "docs_kis"}
    exec(compile(code, "docs/kis.md", "exec"), names)  # noqa: S102  # our own page
    return names


async def trade_on(desk: Desk, clock: Remote) -> None:
    """Let the market trade minute by minute, until whoever watches has seen enough."""
    registered = 0
    while registered < 1:
        registered = (await desk.control("GET", "ticks"))["registrations"]
    for minute in range(1, 60):
        await clock.move(f"2026-10-07T11:{minute:02}:30-04:00")
        await desk.control("POST", "ticks", {"count": 20})
        await asyncio.sleep(0)


async def test_the_example_prints_a_resting_loc_and_the_days_minute_bars(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main = example()["main"]
    async with running(quick(), with_token=False) as desk, aiohttp.ClientSession() as http:
        clock = Remote(url=desk.url, http=http)
        await clock.move("2026-10-07T11:00-04:00")
        environment = at(desk.url, desk.url.replace("http", "ws"), calls_per_second=FAST)
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            trading = group.create_task(trade_on(desk, clock))
            await main(environment, SIMULATOR, clock.now, tmp_path)
            trading.cancel()
    first, *bars = capsys.readouterr().out.splitlines()
    assert first == "[1]"
    assert len(bars) >= 2
    assert all(re.fullmatch(r"\d\d:\d\d [\d.]+ \d+ (True|False)", bar) for bar in bars)
    minutes = [bar[:5] for bar in bars]
    assert minutes == sorted(set(minutes))


def test_every_error_is_in_the_table_of_what_to_do() -> None:
    public = {name for name in vars(kis.errors) if re.match(r"(Kis|Read|Order)\w+", name)}
    assert {name for name in public if f"`{name}`" not in PAGE} == {"KisError"}
