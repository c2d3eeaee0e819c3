"""KIS's own samples call the simulator: their requests, their paging, their reading of answers."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.kis.peers.official import READS, Shape, ctx, headers_of, parsed
from tests.kis.simulator.desk import Desk, running

OFFICIAL = Path(__file__).parents[4] / "shared" / "data" / "kis-official"
PAGES = 10


async def ask(desk: Desk, shape: Shape, tr_id: str) -> dict[str, list[Any]]:
    """Call and page as the samples do: on F and M again, with N and both keys, ten times."""
    frames: dict[str, list[Any]] = {}
    keys, tr_cont = ctx(shape.paged) if shape.paged else {}, ""
    for _ in range(PAGES):
        _, body, headers = await desk.request(
            shape.method,
            shape.path,
            params=shape.fields | keys,
            headers=headers_of(desk, tr_id, tr_cont),
        )
        for name, rows in parsed(body, dict(headers), shape).items():
            frames[name] = frames.get(name, []) + rows
        if headers["tr_cont"] not in {"M", "F"}:
            return frames
        assert shape.paged, "a page more, and the sample has no keys to ask for it"
        keys = {name: str(body[name.lower()]) for name in keys}
        tr_cont = "N"
    raise AssertionError("the pages do not end")


@asynccontextmanager
async def a_week_of_trade() -> AsyncIterator[Desk]:
    """Two bought and sold, five held, one waiting, one reserved: every listing has a row."""
    async with running() as desk:
        await desk.go("open")
        await desk.order("buy", "00", 7, "55.00")
        await desk.order("buy", "34", 3, "51.50")
        await desk.go("close")
        await desk.go("2026-10-08T10:00-04:00")
        await desk.ask_token()
        await desk.order("sell", "00", 2, "48.00")
        await desk.order("buy", "00", 1, "49.00")
        for number in range(22):
            await desk.order("buy", "00", 1, f"{30 + number}.00")
        yield desk


def table_of(page: str) -> dict[str, set[str]]:
    """Give the names of every output of KIS's table, by output."""
    fields = json.loads((OFFICIAL / f"{page}.json").read_text(encoding="utf-8"))["fields"]
    found: dict[str, set[str]] = {}
    current: set[str] = set()
    for entry in fields["Response Body"]:
        if entry["name"].lower().startswith("output"):
            current = found.setdefault(entry["name"].lower(), set())
        else:
            current.add(entry["name"])
    return found


@pytest.mark.parametrize("shape", READS, ids=str)
async def test_a_samples_inquiry_is_answered_in_the_shape_that_it_reads(shape: Shape) -> None:
    async with a_week_of_trade() as desk:
        frames = await ask(desk, shape, shape.real)
        assert set(frames) == set(shape.outputs)


@pytest.mark.parametrize("shape", [one for one in READS if one.mock], ids=str)
async def test_the_samples_with_env_dv_demo_are_answered_with_mock_ids(shape: Shape) -> None:
    async with a_week_of_trade() as desk:
        assert shape.mock is not None
        await ask(desk, shape, shape.mock)


@pytest.mark.parametrize("shape", [one for one in READS if one.mock is None], ids=str)
async def test_what_the_practice_host_lacks_is_refused_in_words(shape: Shape) -> None:
    """The sample puts a V before the id when it is told to practise."""
    async with running() as desk:
        keys = ctx(shape.paged) if shape.paged else {}
        tr_id = "V" + shape.real[1:] if shape.real[0] in "TJC" else shape.real
        status, body, _ = await desk.request(
            "GET", shape.path, params=shape.fields | keys, headers=headers_of(desk, tr_id)
        )
        if tr_id != shape.real:
            assert status == 200
            assert (body["rt_cd"], bool(body["msg_cd"]), bool(body["msg1"])) == ("1", True, True)


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="KIS's own field tables are not beside us")
@pytest.mark.parametrize("shape", READS, ids=str)
async def test_rows_have_the_columns_of_kis_table(shape: Shape) -> None:
    async with a_week_of_trade() as desk:
        frames = await ask(desk, shape, shape.real)
    columns = table_of(shape.page)
    for name, rows in frames.items():
        for row in rows:
            assert set(row) == columns[name], f"{shape.page} {name}"
