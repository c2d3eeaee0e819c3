import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.charts import child
from bot.charts.child import drawing, environment
from bot.charts.model import DrawingFailed
from tests.bot.charts import samples
from tests.bot.laboratory.test_workshop import sleeper

KILO = 1024


def _resident() -> int:
    """Read how much memory this process holds (KiB)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // KILO


def _children() -> list[str]:
    own = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return own.read_text(encoding="ascii").split()


async def test_a_picture_is_drawn_by_a_child_that_is_gone_afterwards(tmp_path: Path) -> None:
    before = _children()
    png = await drawing(tmp_path)(samples.in_english(samples.short_cycle()))
    assert png.startswith(b"\x89PNG")
    assert _children() == before


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
async def test_the_bots_memory_is_after_many_pictures_where_it_was(tmp_path: Path) -> None:
    draw = drawing(tmp_path)
    picture = samples.in_english(samples.backtested(1500))
    await draw(picture)
    before = _resident()
    for _ in range(4):
        await draw(picture)
    assert _resident() - before < 4 * KILO


async def test_a_picture_that_cannot_be_drawn_is_told_and_logged(tmp_path: Path) -> None:
    nothing = replace(samples.short_cycle(), days=())
    with pytest.raises(DrawingFailed, match="그림을 그리지 못했습니다"):
        await drawing(tmp_path)(nothing)


async def test_a_child_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(sleeper(tmp_path)))
    monkeypatch.setattr(child, "PATIENCE", 0.05)
    before = _children()
    with pytest.raises(DrawingFailed):
        async with asyncio.timeout(60):
            await drawing(tmp_path)(samples.short_cycle())
    assert _children() == before


async def test_whoever_stops_waiting_leaves_no_child_behind(tmp_path: Path) -> None:
    before = _children()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await drawing(tmp_path)(samples.short_cycle())
    assert _children() == before


def test_the_child_is_handed_no_key_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KIS_APP_SECRET", "TELEGRAM_BOT_TOKEN", "MUHAN_HOME"):
        monkeypatch.setenv(name, "canary")
    handed = environment(tmp_path)
    assert "canary" not in handed.values()
    assert handed["PATH"] == os.environ["PATH"]
    assert handed["MPLCONFIGDIR"] == str(tmp_path / "matplotlib")


async def test_without_a_child_there_is_no_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-python"))
    with pytest.raises(DrawingFailed):
        await drawing(tmp_path)(samples.short_cycle())
