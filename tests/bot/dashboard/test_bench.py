"""The laboratory's bench: one work at a time, with a way out, its last result kept by person."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import wait
from datetime import date
from decimal import Decimal
from pathlib import Path

from bot.charts.model import BacktestPicture
from bot.charts.wire import unpacked
from bot.dashboard.bench import Bench, Job, bench_of
from bot.dashboard.lab_results import by_year
from bot.dashboard.pages.laboratory import stored_prices, targets
from bot.laboratory.errand import Brought, Errand, ErrandFailed, Step
from bot.laboratory.grid_errand import Grid, GridErrand
from bot.laboratory.workshop import OnStep, Workshop
from strategy import versions
from tests.bot.laboratory.stored import keep

D = Decimal
PATIENCE = 60
RULES = versions.rules("4.0", "SOXL", 20)
ERRAND = Errand(rules=RULES, principal=D(10000), start=date(2026, 9, 1), language="ko", drawn=False)


async def one_run(workshop: Workshop, on_step: OnStep) -> Brought:
    return await workshop.run(ERRAND, on_step)


async def for_ever(_: Workshop, on_step: OnStep) -> Grid:
    await on_step(Step(name="grid", done=1, total=4))
    await asyncio.Event().wait()
    raise AssertionError


def ended(job: Job | None) -> Job:
    assert job is not None
    wait([job.future], PATIENCE)
    assert job.over
    return job


def until(true: Callable[[], bool], seconds: int = PATIENCE) -> None:
    """Wait for something that another thread does."""
    pause = threading.Event()
    for _ in range(seconds * 20):
        if true():
            return
        pause.wait(0.05)
    raise AssertionError


def _children() -> str:
    tasks = Path("/proc/self/task").iterdir()
    return "".join((task / "children").read_text(encoding="ascii") for task in tasks)


def test_a_run_brings_its_figures_and_lines_without_a_picture_drawn(tmp_path: Path) -> None:
    keep(tmp_path, count=300)
    bench = Bench(tmp_path)
    assert bench.running() is None
    job = ended(bench.begin(7, "SOXL", Brought, one_run))
    result = job.result
    assert isinstance(result, Brought)
    assert (result.picture, result.page, job.error) == (b"", b"", None)
    assert result.days.startswith(b"date,close,")
    picture = unpacked(result.run)
    assert isinstance(picture, BacktestPicture)
    assert picture.days[0] == date(2026, 9, 1)
    assert picture.ours[-1] == result.outcome.final_equity
    assert bench.running() is None
    assert bench.last(7, Brought) is job
    assert bench.last(7, Grid) is None
    assert bench.last(8, Brought) is None
    ((year, gained, fall),) = by_year(picture)
    assert (year, gained[0]) == (2026, result.outcome.ours.return_percent)
    assert (gained[1], gained[2]) == (
        result.outcome.hold.return_percent,
        result.outcome.dca.return_percent,
    )
    assert fall == result.outcome.ours.max_drawdown_percent


def test_one_work_runs_at_a_time_and_can_be_stopped(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    job = bench.begin(7, "grid", Grid, for_ever)
    assert job is not None
    until(lambda: job.step.done == 1)
    assert bench.running() is job
    assert bench.begin(8, "other", Brought, one_run) is None
    job.future.cancel()
    assert (job.over, job.stopped, job.result, job.error) == (True, True, None, None)
    later = ended(bench.begin(8, "other", Brought, one_run))
    assert later.number > job.number


def test_stopping_a_run_ends_its_worker(tmp_path: Path) -> None:
    keep(tmp_path, count=3000)
    bench = Bench(tmp_path)
    whole = GridErrand(
        rules=RULES,
        principal=D(10000),
        start=None,
        splits=(20, 30, 40),
        targets=targets(D(5), D(20), D("0.35")),
    )

    async def work(workshop: Workshop, on_step: OnStep) -> Grid:
        return await workshop.grid(whole, on_step)

    before = _children()
    job = bench.begin(7, "grid", Grid, work)
    assert job is not None
    until(lambda: job.step.name == "grid")
    assert _children() != before
    job.future.cancel()
    until(lambda: _children() == before, seconds=20)  # by itself it would take a minute


def test_what_cannot_be_run_is_told_in_a_sentence(tmp_path: Path) -> None:
    job = ended(Bench(tmp_path).begin(7, "SOXL", Brought, one_run))
    assert isinstance(job.error, ErrandFailed)
    assert "저장된 SOXL 시세가 없습니다" in job.error.korean


def test_a_fault_of_the_machine_is_told_in_a_sentence_too(tmp_path: Path) -> None:
    async def broken(_: Workshop, __: OnStep) -> Grid:
        raise OSError(28, "No space left on device")

    job = ended(Bench(tmp_path).begin(7, "grid", Grid, broken))
    assert job.error is not None
    assert "No space left on device" in job.error.english
    assert "디스크와 메모리를 확인" in job.error.korean


def test_there_is_one_bench_for_a_home(tmp_path: Path) -> None:
    assert bench_of(tmp_path) is bench_of(tmp_path)


def test_symbols_are_those_whose_prices_can_be_used(tmp_path: Path) -> None:
    keep(tmp_path, count=300)
    keep(tmp_path, "TQQQ", count=20)
    (tmp_path / "prices" / "UPRO.csv").write_text("date,open\n", encoding="utf-8")
    assert list(stored_prices(tmp_path, Workshop(tmp_path))) == ["SOXL", "TQQQ"]


def test_targets_go_from_the_first_to_the_last_that_fits() -> None:
    assert targets(D(5), D(10), D("2.5")) == (D(5), D("7.5"), D(10))
    assert targets(D(5), D(9), D("2.5")) == (D(5), D("7.5"))
    assert targets(D(5), D(5), D("2.5")) == (D(5),)
