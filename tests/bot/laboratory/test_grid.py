import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.laboratory import grid
from bot.laboratory.engines import KERNEL, NOT_INSTALLED, REFERENCE, Chosen
from bot.laboratory.errand import ErrandFailed, Step, Way
from bot.laboratory.grid_cells import FOLDER, KEPT, KnownCells
from bot.laboratory.grid_errand import NOBODY, Cell, GridErrand
from bot.laboratory.window import stored_window
from bot.laboratory.workshop import Workshop
from strategy import backtest, versions
from strategy.cycle import start
from strategy.performance import return_percent
from tests.bot.laboratory.stored import keep

D = Decimal
RULES = versions.rules("4.0", "SOXL", 20, fee_percent=D("0.25"), ladder=3)
ERRAND = GridErrand(
    rules=RULES,
    principal=D(10000),
    start=date(2026, 8, 3),
    splits=(20, 40),
    targets=(D(5), D(20)),
)


async def _unheard(_: Step) -> None:
    return


def played(home: Path) -> list[Cell]:
    window = stored_window(home, "SOXL", ERRAND.start)
    return grid.played(REFERENCE, [RULES], D(10000), window)


async def test_every_pair_is_the_backtest_of_its_own_agreement(tmp_path: Path) -> None:
    keep(tmp_path, count=300)
    steps: list[Step] = []

    async def heard(step: Step) -> None:
        steps.append(step)

    found = await Workshop(tmp_path).grid(ERRAND, heard)
    assert (found.first, found.last) == (date(2026, 8, 3), date(2026, 11, 20))
    pairs = [(cell.splits, cell.target_percent) for cell in found.cells]
    assert pairs == [(20, D(5)), (20, D(20)), (40, D(5)), (40, D(20))]
    window = stored_window(tmp_path, "SOXL", ERRAND.start)
    for cell in found.cells:
        agreed = versions.rules(
            "4.0",
            "SOXL",
            cell.splits,
            target_percent=cell.target_percent,
            fee_percent=D("0.25"),
            ladder=3,
        )
        alone = backtest.run(start(agreed, D(10000)), window.traded, history=window.history)
        assert cell == Cell(
            splits=cell.splits,
            target_percent=cell.target_percent,
            way=Way(
                return_percent=return_percent(D(10000), alone.final_equity),
                cagr_percent=alone.cagr_percent,
                max_drawdown_percent=alone.max_drawdown_percent,
            ),
            finished=len(alone.finished),
            exhausted_sessions=alone.exhausted_sessions,
        )
    assert len({cell.way.return_percent for cell in found.cells}) == len(found.cells)
    assert (steps[0].name, steps[0].done, steps[0].total) == ("grid", 0, 4)


async def test_a_grid_of_many_cells_comes_whole_and_the_second_time_nobody_plays(
    tmp_path: Path,
) -> None:
    keep(tmp_path, count=300)
    wide = replace(
        ERRAND, start=date(2026, 11, 13), targets=tuple(D(n) / 10 for n in range(30, 250))
    )
    found = await Workshop(tmp_path).grid(wide, _unheard)
    assert len(found.cells) == 440
    assert found.engine == REFERENCE
    again = await Workshop(tmp_path).grid(wide, _unheard)
    assert again == replace(found, engine=NOBODY)


async def test_cells_are_remembered_as_long_as_data_and_agreement_are_the_same(
    tmp_path: Path,
) -> None:
    keep(tmp_path, count=300)
    await Workshop(tmp_path).grid(ERRAND, _unheard)
    (file,) = (tmp_path / FOLDER).iterdir()
    known = file.read_bytes()
    assert len(known.splitlines()) == 4
    file.write_bytes(known.replace(b'"finished":', b'"finished":77', 1) + b'{"torn')
    again = await Workshop(tmp_path).grid(ERRAND, _unheard)
    assert str(again.cells[0].finished).startswith("77")
    dearer = replace(ERRAND, rules=replace(RULES, fee_percent=D("0.1")))
    other = await Workshop(tmp_path).grid(dearer, _unheard)
    assert not str(other.cells[0].finished).startswith("77")
    keep(tmp_path, count=299)
    fresh = await Workshop(tmp_path).grid(ERRAND, _unheard)
    assert not str(fresh.cells[0].finished).startswith("77")


def test_a_folder_that_cannot_be_written_costs_no_result(tmp_path: Path) -> None:
    (tmp_path / FOLDER).touch()
    keep(tmp_path, count=300)
    known = KnownCells(tmp_path, ERRAND, "data")
    (cell,) = played(tmp_path)
    known.keep([cell])
    known.make_room()
    assert known.of(RULES) == cell


def test_only_the_last_questions_are_remembered(tmp_path: Path) -> None:
    keep(tmp_path, count=300)
    cells = played(tmp_path)
    for number in range(KEPT + 3):
        known = KnownCells(tmp_path, ERRAND, f"data {number}")
        known.keep(cells)
    for place, path in enumerate(sorted((tmp_path / FOLDER).iterdir())):
        os.utime(path, (place, place))
    newest = sorted((tmp_path / FOLDER).iterdir())[3:]
    known.make_room()
    assert sorted((tmp_path / FOLDER).iterdir()) == newest


def test_what_the_method_does_not_allow_is_no_cell() -> None:
    odd = replace(ERRAND, splits=(20, 25, 40), targets=(D(0), D(10)))
    assert [(each.splits, each.target_percent) for each in grid.agreements(odd)] == [
        (20, D(10)),
        (40, D(10)),
    ]


def test_a_grid_that_would_take_too_long_is_refused_by_a_sentence() -> None:
    slow = Chosen(REFERENCE, NOT_INSTALLED)
    grid.check_size(100, 4000, slow)
    with pytest.raises(ErrandFailed, match=r"101칸 x 4000거래일.: 더 늦은 .*make kernel"):
        grid.check_size(101, 4000, slow)
    with pytest.raises(ErrandFailed, match=r"골라 주세요\.$"):
        grid.check_size(101, 4000, Chosen(REFERENCE))


def test_by_the_kernel_a_grid_may_be_a_hundred_times_as_large() -> None:
    grid.check_size(10_000, 4000, Chosen(KERNEL))
    with pytest.raises(ErrandFailed, match="너무 큽니다"):
        grid.check_size(10_001, 4000, Chosen(KERNEL))


def test_a_parcel_is_what_a_stopped_grid_may_lose() -> None:
    agreed = [RULES] * 7
    assert [len(each) for each in grid.parcels(agreed, 4000, REFERENCE)] == [2, 2, 2, 1]
    assert [len(each) for each in grid.parcels(agreed, 20_000, REFERENCE)] == [1] * 7
    assert [len(each) for each in grid.parcels(agreed, 4000, KERNEL)] == [7]


async def test_a_grid_over_no_prices_is_refused_by_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ErrandFailed, match="저장된 SOXL 시세가 없습니다"):
        await Workshop(tmp_path).grid(ERRAND, _unheard)
