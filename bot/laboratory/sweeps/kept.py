"""What a sweep has done so far, on the disk: it goes on there after whatever ended it.

The first line names the question; each further line holds the runs of a parcel. A line that a
power cut tore is cut off and played again.
"""

import fcntl
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import BinaryIO

from bot.laboratory.sweeps.errors import SweepRefused
from bot.laboratory.sweeps.question import Parcel
from strategy.sweep import Outcome


class Kept:
    """The runs that were played already, by their number; `add` keeps further ones."""

    def __init__(self, path: Path, file: BinaryIO, known: dict[int, Outcome]) -> None:
        self.path = path
        self._file = file
        self.known = known

    def add(self, parcel: Parcel, outcomes: Sequence[Outcome]) -> None:
        """Keep the runs of a parcel. Raises OSError where the disk does not take them."""
        rows = [
            [number, str(each.final_equity), str(each.max_drawdown_percent), *each[2:]]
            for number, each in zip(parcel.numbers, outcomes, strict=True)
        ]
        self._file.write(json.dumps(rows, separators=(",", ":")).encode() + b"\n")
        self._file.flush()
        self.known.update(zip(parcel.numbers, outcomes, strict=True))

    def remove(self) -> None:
        """Forget it: the results stand elsewhere."""
        self.path.unlink(missing_ok=True)


@contextmanager
def opened(path: Path, identity: dict[str, str]) -> Iterator[Kept]:
    """Open what was kept of a question, or begin it.

    Raises SweepRefused where the file belongs to another question or is being written by another
    sweep, and OSError where there is no writing.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise _busy(path) from None
        file.seek(0)
        content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        head, *lines = whole.splitlines() or [b""]
        if head != _head(identity):
            if lines:
                raise _other(path)
            head = b""  # begun by another question, and nothing played: there is nothing to lose
        known: dict[int, Outcome] = {}
        good = len(head) + 1 if head else 0
        for line in lines:
            found = _read(line)
            if found is None:
                break
            known.update(found)
            good += len(line) + 1
        file.truncate(good)
        if not head:
            file.write(_head(identity) + b"\n")
            file.flush()
        yield Kept(path, file, known)


def _head(identity: dict[str, str]) -> bytes:
    return json.dumps(identity, sort_keys=True).encode()


def _read(line: bytes) -> dict[int, Outcome] | None:
    """Read a line; None for one that the disk damaged."""
    try:
        return {
            int(number): Outcome(Decimal(equity), Decimal(fall), int(exhausted), int(cycles))
            for number, equity, fall, exhausted, cycles in json.loads(line)
        }
    except (ValueError, TypeError, InvalidOperation):
        return None


def _busy(path: Path) -> SweepRefused:
    return SweepRefused(
        f"다른 스윕이 {path}에 쓰고 있습니다. 그것이 끝난 뒤에 다시 하거나 다른 --out을 주세요.",
        f"Another sweep is writing {path}. Wait for it to end, or give another --out.",
    )


def _other(path: Path) -> SweepRefused:
    return SweepRefused(
        f"{path}에는 다른 질문(조건, 시세 또는 프로그램 버전)의 중간 결과가 있습니다. 그 스윕을 "
        "같은 명령으로 끝내거나, 파일을 지우거나, 다른 --out을 주세요.",
        f"{path} holds what another question (its grid, prices or program) has done so far. Finish "
        "that sweep with its own command, delete the file, or give another --out.",
    )
