"""Who plays the runs: this process alone, or worker processes of this machine.

A crew is handed parcels and gives them back with their outcomes, in any order. The numbers do not
depend on who played them.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from bot.after_orders import step_back
from bot.laboratory.engines import KERNEL, play
from bot.laboratory.sweeps.errors import SweepRefused
from bot.laboratory.sweeps.question import Parcel, Question
from strategy.sweep import Outcome

Played = tuple[Parcel, Sequence[Outcome]]
Coming = Generator[Played, None, None]
Crew = Callable[[Question, str, Iterable[Parcel]], Coming]
"""Play parcels of a question with an engine; closing what comes ends the work."""

MOST_LOSSES = 3
"""So often may workers die in a row before a sweep gives up."""


def alone(question: Question, engine: str, parcels: Iterable[Parcel]) -> Coming:
    """Play in this process."""
    for parcel in parcels:
        yield parcel, play(engine, question.prices[parcel.symbol].bars, parcel.jobs)


def side_by_side(workers: int) -> Crew:
    """Play in so many processes; what a dead one had in hand is played again by others.

    The kernel plays in one process, with so many threads.
    """

    def crew(question: Question, engine: str, parcels: Iterable[Parcel]) -> Coming:
        left = list(parcels)
        losses = 0
        while left:
            try:
                for played in _in_a_pool(workers, question, engine, left):
                    left.remove(played[0])
                    losses = 0
                    yield played
            except BrokenProcessPool:
                losses += 1
                if losses > MOST_LOSSES:
                    raise _workers_die() from None

    return crew


def _in_a_pool(workers: int, question: Question, engine: str, parcels: Sequence[Parcel]) -> Coming:
    before = set(multiprocessing.active_children())
    threads = workers if engine == KERNEL else 1
    workers //= threads
    pool = ProcessPoolExecutor(
        min(workers, len(parcels)),
        # A fork would take the progress bar's threads and locks along.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin_work,
        initargs=(threads,),
    )
    waiting = deque(parcels)
    running: dict[Future[list[Outcome]], Parcel] = {}
    try:
        while waiting or running:
            while waiting and len(running) < 2 * workers:
                parcel = waiting.popleft()
                bars = question.prices[parcel.symbol].bars
                running[pool.submit(play, engine, bars, parcel.jobs)] = parcel
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
    finally:
        if waiting or running:
            for child in set(multiprocessing.active_children()) - before:
                child.terminate()
        pool.shutdown(cancel_futures=True)


def _begin_work(threads: int) -> None:
    """Make ready a worker: Ctrl-C is its parent's business, and without a parent it ends."""
    os.environ["NUMBA_NUM_THREADS"] = str(threads)  # read when the kernel is imported
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    step_back()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _workers_die() -> SweepRefused:
    return SweepRefused(
        "작업 프로세스가 거듭 죽어서 그만두었습니다(메모리 부족일 수 있습니다). 끝낸 것은 남아 "
        "있으니 --workers를 줄여 같은 명령을 다시 실행하세요.",
        "Worker processes died again and again (memory may be short), so this was given up. What "
        "was done is kept: run the same command with fewer --workers.",
    )
