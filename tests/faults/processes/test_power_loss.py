"""Power is lost and takes the tail of the log with it: the state is one before or after a commit.

The log of a whole evening is cut after every frame, and in the middle of frames, with nothing,
zeros or old bytes behind the cut.
"""

from pathlib import Path

import pytest

from tests.faults.processes.leftovers import FRAME_HEADER, Leftovers, recovered


def journal_length(contents: dict[str, list[tuple[object, ...]]]) -> int:
    return len(contents["journal"])


@pytest.mark.fault(66)
async def test_whatever_is_lost_of_the_log_the_state_is_one_after_a_whole_transaction(
    leftovers: Leftovers, tmp_path: Path
) -> None:
    commits = leftovers.commits()
    assert commits[-1] == leftovers.frames > 50
    whole = await recovered(leftovers.cut(tmp_path / "whole", leftovers.frames))
    after = {}
    for frames in range(leftovers.frames + 1):
        found = await recovered(leftovers.cut(tmp_path / f"cut {frames}", frames))
        if frames in commits:
            after[frames] = found
        last = max((commit for commit in commits if commit <= frames), default=0)
        if last in after:
            assert found == after[last], f"cut after frame {frames}"
        entries = found["journal"]
        assert entries == whole["journal"][: len(entries)], f"cut after frame {frames}"
    lengths = [journal_length(after[commit]) for commit in commits]
    assert lengths == sorted(lengths)
    assert lengths[-1] > 20


@pytest.mark.fault(66)
@pytest.mark.parametrize("torn", ["half a frame", "zeros", "old bytes"])
async def test_a_write_that_was_torn_counts_as_not_written(
    torn: str, leftovers: Leftovers, tmp_path: Path
) -> None:
    log, size = leftovers.log, leftovers.frame
    for commit in leftovers.commits()[-30::3]:
        start = 32 + (commit - 1) * size
        tail = {
            "half a frame": log[start : start + size // 2],
            "zeros": bytes(3 * size),
            # The frame's header came to the disk; its page still shows what lay there before.
            "old bytes": log[start : start + FRAME_HEADER] + b"\x5a" * (size - FRAME_HEADER),
        }[torn]
        lost = await recovered(leftovers.cut(tmp_path / f"lost {commit}", commit - 1))
        found = await recovered(leftovers.cut(tmp_path / f"torn {commit}", commit - 1, torn=tail))
        assert found == lost
