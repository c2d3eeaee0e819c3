"""A crew beyond this machine: the workers of a dask scheduler.

The scheduler keeps every parcel that it has handed out until its outcomes are here, and the bars
are a task of their own: a worker that dies takes nothing along. Needs the extra `sweep`.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from bot.laboratory.engines import play, ready
from bot.laboratory.sweeps.crews import Coming, Crew
from bot.laboratory.sweeps.errors import SweepRefused
from bot.laboratory.sweeps.question import PROGRAM, Parcel, Question
from strategy.model import Bar
from strategy.sweep import Job, Outcome

PATIENCE = 15.0
"""Seconds that the scheduler, and then a first worker, may take to answer."""

IN_HAND_A_THREAD = 4
"""Parcels that the scheduler holds for each thread: enough that none waits for the next."""


class OtherProgram(Exception):
    """A worker runs another version of the program: its numbers could be others."""


def on_cluster(address: str) -> Crew:
    """Play on the workers of a scheduler, such as tcp://host:8786; raises SweepRefused."""

    def crew(question: Question, engine: str, parcels: Iterable[Parcel]) -> Coming:
        distributed = _distributed()
        client = _client(distributed, address, engine)
        try:
            yield from _on(distributed, client, question, engine, deque(parcels))
        except OtherProgram as error:
            raise _other_program(str(error)) from None
        except distributed.KilledWorker:
            raise _killed() from None
        finally:
            client.close(timeout=PATIENCE)

    return crew


def _on(
    distributed: Any, client: Any, question: Question, engine: str, waiting: deque[Parcel]
) -> Coming:
    tapes = {
        symbol: client.submit(_tape, each.bars, pure=False)
        for symbol, each in question.prices.items()
    }
    running: dict[Any, Parcel] = {}
    coming = distributed.as_completed(loop=client.loop, with_results=True)
    while waiting or running:
        room = IN_HAND_A_THREAD * max(sum(client.nthreads().values()), 1)
        while waiting and len(running) < room:
            parcel = waiting.popleft()
            future = client.submit(
                _played, PROGRAM, engine, tapes[parcel.symbol], parcel.jobs, pure=False
            )
            running[future] = parcel
            coming.add(future)
        future, outcomes = next(coming)
        yield running.pop(future), outcomes


def _tape(bars: Sequence[Bar]) -> Sequence[Bar]:
    """Hold a symbol's bars on the cluster: a task, so that a lost copy is made again."""
    return bars


def _played(program: str, engine: str, bars: Sequence[Bar], jobs: Sequence[Job]) -> list[Outcome]:
    if program != PROGRAM:
        raise OtherProgram(PROGRAM)
    return play(engine, bars, jobs)


def _distributed() -> Any:
    try:
        import distributed  # noqa: PLC0415 - the extra `sweep` has it, and it takes a second
    except ModuleNotFoundError:
        raise SweepRefused(
            "--scheduler에는 추가 구성 요소 sweep(dask)이 필요합니다: make kernel.",
            "--scheduler needs the extra sweep (dask): make kernel.",
        ) from None
    return distributed


def _client(distributed: Any, address: str, engine: str) -> Any:
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise _closed(address, error) from None
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        client.run(ready, engine)
    except TimeoutError:
        client.close()
        raise _no_worker(address) from None
    except ModuleNotFoundError:
        client.close()
        raise _lacking() from None
    return client


def _closed(address: str, error: Exception) -> SweepRefused:
    why = str(error).splitlines()[0] if str(error) else type(error).__name__
    return SweepRefused(
        f"{address}의 dask 스케줄러에 연결하지 못했습니다({why}). 주소를 확인하고 dask scheduler가 "
        "켜져 있는지 보세요.",
        f"No dask scheduler answers at {address} ({why}). Look at the address, and whether dask "
        "scheduler runs there.",
    )


def _no_worker(address: str) -> SweepRefused:
    return SweepRefused(
        f"{address}의 스케줄러에 작업자가 없습니다. 그 기계들에서 dask worker {address}를 켜세요.",
        f"The scheduler at {address} has no worker. Start dask worker {address} on its machines.",
    )


def _other_program(theirs: str) -> SweepRefused:
    return SweepRefused(
        f"작업자의 무한 버전이 {theirs}이고 여기는 {PROGRAM}입니다. 모든 기계에 같은 버전을 "
        "설치하세요.",
        f"A worker has version {theirs} of muhan, and this is {PROGRAM}. Install the same version "
        "on every machine.",
    )


def _lacking() -> SweepRefused:
    return SweepRefused(
        "작업자에 무한이나 빠른 엔진이 설치되어 있지 않습니다. 그 기계들에 같은 버전을 설치하거나 "
        "(make kernel) --engine reference로 돌리세요.",
        "A worker lacks muhan, or what the kernel needs. Install the same version there "
        "(make kernel), or use --engine reference.",
    )


def _killed() -> SweepRefused:
    return SweepRefused(
        "같은 일을 맡은 작업자가 거듭 죽어서 그만두었습니다. 끝낸 것은 남아 있습니다: 작업자의 "
        "메모리를 확인하고 같은 명령을 다시 실행하세요.",
        "Workers died again and again over the same runs, so this was given up. What was done is "
        "kept: look at the workers' memory, and run the same command again.",
    )
