"""Every row of the catalogue has its tests, and the page says which."""

from pathlib import Path

import pytest

from tests.faults import results, table
from tests.faults.catalogue import CATALOGUE, Level, level_of
from tests.faults.collecting import Proof, collected, missing


@pytest.fixture(scope="module")
def proofs() -> tuple[Proof, ...]:
    return collected()


def test_the_catalogue_has_its_78_rows_in_order() -> None:
    assert [row.number for row in CATALOGUE] == list(range(1, 79))
    assert all(row.levels and row.fault and row.must for row in CATALOGUE)


def test_every_row_has_a_test_at_each_of_its_levels(proofs: tuple[Proof, ...]) -> None:
    assert missing(proofs) == {}


def test_the_page_says_what_the_catalogue_and_the_tests_say(proofs: tuple[Proof, ...]) -> None:
    written = table.PAGE.read_text(encoding="utf-8")
    assert table.without_results(written) == table.without_results(table.page(proofs)), (
        "run python -m tests.faults.table"
    )


def test_a_row_that_lacks_a_level_is_named() -> None:
    every = [
        Proof(row=row.number, test="t", level=level) for row in CATALOGUE for level in row.levels
    ]
    assert missing(every) == {}
    assert missing(each for each in every if each.row != 52) == {52: "SP"}
    assert missing(each for each in every if (each.row, each.level) != (26, "U")) == {26: "U"}


def test_a_level_follows_from_where_a_test_lives() -> None:
    assert level_of("tests/simulation/test_sweep.py::test_x") is Level.SIMULATION
    assert level_of("tests/kis/test_reads.py::test_x") is Level.WIRE
    assert level_of("tests/kis/fuzz/test_frames.py::test_x") is Level.UNIT
    assert level_of("tests/faults/processes/test_disk.py::test_x") is Level.PROCESS
    assert level_of("tests/money/test_sending.py::test_x") is Level.UNIT


def test_results_of_two_runs_are_kept_side_by_side_and_the_newer_counts(tmp_path: Path) -> None:
    kept = tmp_path / "build" / "faults.json"
    assert results.read(kept) == {}
    results.keep({"a": "failed", "b": "passed"}, kept)
    results.keep({"a": "passed", "c": "skipped"}, kept)
    assert results.read(kept) == {"a": "passed", "b": "passed", "c": "skipped"}


def test_a_test_with_parameters_is_as_good_as_the_worst_of_them() -> None:
    assert results.worse("passed", "failed") == "failed"
    assert results.worse("failed", "skipped") == "failed"
    assert results.worse("skipped", "passed") == "skipped"
