"""A state file that is damaged, cut, gone or another's: noticed at the start, with the way back.

The file is that of an evening; it is opened as the bot opens it at its start.
"""

import random
from pathlib import Path

import pytest

from bot.errors import MuhanError
from bot.storage.damage import DatabaseError
from bot.storage.database import DATABASE_NAME, opened
from tests.faults.processes.leftovers import Leftovers, ledger, recovered, version

PAGE = 4096
WAY_BACK = ("muhan cycle import", "muhan cycle list --check", f"{DATABASE_NAME}-wal")


@pytest.fixture
async def state(leftovers: Leftovers, tmp_path: Path) -> Path:
    """The whole evening in the main file, its log written back."""
    path = leftovers.cut(tmp_path / "home", leftovers.frames)
    await recovered(path)
    assert not path.with_name(f"{DATABASE_NAME}-wal").exists()
    return path


async def refused(path: Path) -> DatabaseError:
    """Start on a file, see it refused in both languages, and give the refusal."""
    with pytest.raises(DatabaseError) as caught:
        await recovered(path)
    refusal = caught.value
    assert refusal.korean != refusal.english
    assert path.name in refusal.korean
    assert path.name in refusal.english
    return refusal


@pytest.mark.fault(63)
@pytest.mark.parametrize("with_what", [b"\xa5", b"\x00"], ids=["garbage", "zeros"])
async def test_a_page_that_was_written_over_is_noticed_whichever_it_is(
    with_what: bytes, state: Path
) -> None:
    whole = state.read_bytes()
    for start in range(0, len(whole), PAGE):
        state.write_bytes(whole[:start] + with_what * PAGE + whole[start + PAGE :])
        refusal = await refused(state)
        assert all(words in refusal.english for words in WAY_BACK), start
        assert all(words in refusal.korean for words in WAY_BACK), start
    state.write_bytes(whole)
    await recovered(state)


@pytest.mark.fault(63)
async def test_a_file_that_was_cut_short_is_noticed(state: Path) -> None:
    whole = state.read_bytes()
    for length in (PAGE, len(whole) // 2 // PAGE * PAGE, len(whole) - PAGE, len(whole) // 2 + 77):
        state.write_bytes(whole[:length])
        await refused(state)


@pytest.mark.fault(63)
async def test_single_bytes_that_flipped_are_noticed_or_change_no_ledger(state: Path) -> None:
    await recovered(state)
    whole = await ledger(state)
    content, chance, noticed = state.read_bytes(), random.Random(63), 0
    for _ in range(300):
        place = chance.randrange(len(content))
        flipped = bytearray(content)
        flipped[place] ^= 1 << chance.randrange(8)
        state.write_bytes(flipped)
        try:
            await recovered(state)
        except MuhanError:
            noticed += 1
        else:
            assert await ledger(state) == whole, place
    assert noticed > 10


@pytest.mark.fault(63)
async def test_a_file_that_is_gone_while_its_log_is_there_is_not_begun_anew(
    leftovers: Leftovers, tmp_path: Path
) -> None:
    path = leftovers.cut(tmp_path / "home", leftovers.frames)
    path.unlink()
    refusal = await refused(path)
    assert f"{DATABASE_NAME}-wal" in refusal.english
    assert not path.exists()
    log = path.with_name(f"{DATABASE_NAME}-wal")
    assert log.read_bytes() == leftovers.log, "what is left may be all that there is"


@pytest.mark.fault(63)
@pytest.mark.parametrize("emptied", [False, True])
async def test_a_file_that_is_gone_while_a_copy_is_there_is_not_begun_anew(
    emptied: bool, state: Path
) -> None:
    copy = state.with_name("muhan.before-6")
    copy.write_bytes(state.read_bytes())
    state.unlink()
    if emptied:
        state.touch()
    refusal = await refused(state)
    assert "muhan.before-6" in refusal.korean
    assert "muhan.before-6" in refusal.english
    copy.rename(state)
    await recovered(state)


async def test_a_folder_without_any_trace_gets_a_new_file(tmp_path: Path) -> None:
    async with opened(tmp_path / DATABASE_NAME) as database:
        assert await database.one("SELECT 1 FROM cycle") is None


@pytest.mark.fault(64)
async def test_a_newer_programs_file_is_left_as_it_is(state: Path) -> None:
    content = bytearray(state.read_bytes())
    content[60:64] = (1000).to_bytes(4, "big")  # user_version (SQLite file format, 1.3.10)
    state.write_bytes(content)
    refusal = await refused(state)
    assert "1000" in refusal.english
    assert version(state) == 1000
