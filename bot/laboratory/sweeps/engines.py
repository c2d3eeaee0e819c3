"""What plays a parcel of runs, by the name that a worker is given: the reference or the kernel.

Both give the same numbers to the cent. The kernel needs the extra `sweep`.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib.util import find_spec

from bot.laboratory.sweeps.errors import SweepRefused
from strategy import sweep
from strategy.model import Bar, Rules
from strategy.sweep import Job, Outcome

REFERENCE = "reference"
KERNEL = "kernel"

SESSIONS: Mapping[str, int] = {REFERENCE: 10_000, KERNEL: 1_000_000}
"""Sessions of a parcel: about a second of work, which is what Ctrl-C or a lost worker costs."""


class Wanted(StrEnum):
    """The engine that somebody asks for; auto is the kernel wherever it can play."""

    AUTO = "auto"
    KERNEL = KERNEL
    REFERENCE = REFERENCE


def chosen(wanted: Wanted, agreements: Sequence[Rules]) -> tuple[str, str]:
    """Name the engine that plays, and say why where it is not the kernel ("" where nobody asked).

    Raises SweepRefused where the kernel is wanted and cannot play.
    """
    if wanted is Wanted.REFERENCE:
        return REFERENCE, ""
    if find_spec("numba") is None or find_spec("numpy") is None:
        if wanted is Wanted.KERNEL:
            raise SweepRefused(
                "--engine kernel에는 추가 구성 요소 sweep(numba)이 필요합니다: "
                "pip install 'muhan[sweep]'.",
                "--engine kernel needs the extra sweep (numba): pip install 'muhan[sweep]'.",
            )
        return REFERENCE, ""
    why = _refusal(agreements)
    if why and wanted is Wanted.KERNEL:
        raise SweepRefused(
            f"빠른 엔진이 따라갈 수 없는 조건입니다({why}). --engine reference로 돌리세요.",
            f"The kernel does not play this agreement ({why}). Use --engine reference.",
        )
    return (REFERENCE, why) if why else (KERNEL, "")


def play(engine: str, bars: Sequence[Bar], jobs: Sequence[Job]) -> list[Outcome]:
    """Play jobs over a symbol's bars in this process: what every worker is asked."""
    if engine == KERNEL:
        from strategy import kernel  # noqa: PLC0415 - numba is an extra, and takes a second

        return kernel.play(bars, jobs)
    return sweep.reference(bars, jobs)


def ready(engine: str) -> None:
    """Import what an engine needs. Raises ModuleNotFoundError where it is not installed."""
    if engine == KERNEL:
        from strategy import kernel  # noqa: F401, PLC0415 - the same


def _refusal(agreements: Sequence[Rules]) -> str:
    from strategy import kernel  # noqa: PLC0415 - the same

    return next((why for rules in agreements if (why := kernel.refusal(rules))), "")
