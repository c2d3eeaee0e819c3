"""Who plays many runs: the reference or the kernel (docs/decisions/0044).

Both give the same numbers to the cent. The kernel needs the extra `sweep`, and a system that lets a
program make machine code; where it cannot play, the reference does.
"""

import mmap
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib.util import find_spec
from typing import NamedTuple

from bot.errors import MuhanError
from strategy import sweep
from strategy.ledgers import Course
from strategy.model import Bar, Rules
from strategy.sweep import Job, Outcome

REFERENCE = "reference"
KERNEL = "kernel"

SESSIONS: Mapping[str, int] = {REFERENCE: 10_000, KERNEL: 1_000_000}
"""Sessions of a parcel: about a second of work, which is what Ctrl-C or a lost worker costs."""

WORTH_IT = 10_000
"""Sessions from which on the kernel is the quicker one. To import numba and to load what was
compiled takes 0.7 s, in which the reference plays some 7,000 sessions."""


class EngineRefused(MuhanError):
    """The engine that was asked for cannot play."""


class Wanted(StrEnum):
    """The engine that somebody asks for; auto is the kernel wherever it can play."""

    AUTO = "auto"
    KERNEL = KERNEL
    REFERENCE = REFERENCE


class Why(NamedTuple):
    """Why the kernel does not play, said twice, and what to do where it has to."""

    korean: str
    english: str


class Chosen(NamedTuple):
    """The engine that plays; `why` it is not the kernel, where that could have been wanted."""

    engine: str
    why: Why | None = None


NOT_INSTALLED = Why(
    "빠른 엔진에는 추가 구성 요소 sweep(numba)이 필요합니다: make kernel",
    "the kernel needs the extra sweep (numba): make kernel",
)
NO_NEW_CODE = Why(
    "빠른 엔진은 기계어를 만들어 쓰는데 이 프로세스에는 허락되지 않습니다(systemd의 "
    "MemoryDenyWriteExecute): 큰 계산은 터미널에서 돌리세요",
    "the kernel makes machine code, which this process may not (MemoryDenyWriteExecute of "
    "systemd): run large studies in a terminal",
)


def chosen(wanted: Wanted, agreements: Sequence[Rules], sessions: int | None = None) -> Chosen:
    """Choose who plays; by itself the kernel is not loaded for fewer sessions than it is worth.

    Raises EngineRefused where the kernel is wanted and cannot play.
    """
    if wanted is Wanted.REFERENCE:
        return Chosen(REFERENCE)
    if wanted is Wanted.AUTO and sessions is not None and sessions < WORTH_IT:
        return Chosen(REFERENCE)
    why = unusable() or _refusal(agreements)
    if why is None:
        return Chosen(KERNEL)
    if wanted is Wanted.KERNEL:
        raise EngineRefused(
            f"{why.korean}. --engine kernel 없이 돌리면 같은 숫자가 나옵니다.",
            f"{why.english}. Without --engine kernel the same numbers come out.",
        )
    return Chosen(REFERENCE, why)


def unusable() -> Why | None:
    """Say why the kernel cannot run in this process; None where it can, and is loaded then."""
    if find_spec("numba") is None or find_spec("numpy") is None:
        return NOT_INSTALLED
    # Asked first: numba would find it out as well, but takes half a second to.
    if not _may_make_code():
        return NO_NEW_CODE
    try:
        ready(KERNEL)
    except (ImportError, OSError) as error:
        return Why(
            f"빠른 엔진을 불러올 수 없습니다({error})", f"the kernel cannot be loaded ({error})"
        )
    return None


def play(engine: str, bars: Sequence[Bar], jobs: Sequence[Job]) -> list[Outcome]:
    """Play jobs over a symbol's bars in this process: what every worker is asked."""
    if engine == KERNEL:
        from strategy import kernel  # noqa: PLC0415 - numba is an extra, and takes a second

        return kernel.play(bars, jobs)
    return sweep.reference(bars, jobs)


def follow(engine: str, bars: Sequence[Bar], jobs: Sequence[Job]) -> list[Course]:
    """Play jobs as `play` does, and keep what each was worth after every session."""
    if engine == KERNEL:
        from strategy import kernel  # noqa: PLC0415 - the same

        return kernel.follow(bars, jobs)
    return sweep.followed(bars, jobs)


def ready(engine: str) -> None:
    """Import what an engine needs. Raises ImportError or OSError where it cannot be."""
    if engine == KERNEL:
        from strategy import kernel  # noqa: F401, PLC0415 - the same


def _may_make_code() -> bool:
    code = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
    try:
        mmap.mmap(-1, mmap.PAGESIZE, prot=code).close()
    except OSError:
        return False
    return True


def _refusal(agreements: Sequence[Rules]) -> Why | None:
    from strategy import kernel  # noqa: PLC0415 - the same

    why = next((why for rules in agreements if (why := kernel.refusal(rules))), None)
    if why is None:
        return None
    return Why(f"빠른 엔진이 따라갈 수 없는 조건입니다({why})", f"it does not play this: {why}")
