"""A ratio above 1 is better whatever is counted, and the page is the yardstick of later runs."""

from pathlib import Path

import pytest

from tests.benchmarks import page, table
from tests.benchmarks.table import Row, compared, figure, keep, kept


def row(name: str, *ratios: float) -> Row:
    return compared(name, "s", [1.0] * len(ratios), "peer", ratios)


def test_a_ratio_above_one_is_better_whatever_is_counted() -> None:
    time = compared("a", "s", [1, 2, 4], "peer", [10, 10, 10])
    rate = compared("a", "1/s", [40, 20, 10], "peer", [4, 4, 4], more_is_better=True)
    assert (time.ratio, time.lowest, time.highest) == (5, 2.5, 10)
    assert (rate.ratio, rate.lowest, rate.highest) == (5, 2.5, 10)
    assert (time.ours, time.theirs) == (2, 10)


def test_pairs_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        compared("a", "s", [1, 2], "peer", [1])


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0123, "0.0123"), (4.567, "4.57"), (45.67, "45.7"), (1234.5, "1,234"), (0, "0")],
)
def test_a_figure_keeps_three_digits(value: float, words: str) -> None:
    assert figure(value) == words


def test_a_row_is_replaced_by_its_name_and_baseline(tmp_path: Path) -> None:
    file = tmp_path / "build" / "bench.json"
    keep([row("a", 2), row("b", 3)], file)
    keep([row("b", 5)], file)
    held = kept(file)
    assert held is not None
    assert {each.name: each.ratio for each in held.rows} == {"a": 2, "b": 5}


def test_rows_of_another_machine_are_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    keep([row("a", 2)], file)
    file.write_text(file.read_text(encoding="utf-8").replace("CPython ", "CPython 1"))
    keep([row("b", 3)], file)
    held = kept(file)
    assert held is not None
    assert [each.name for each in held.rows] == ["b"]


def test_the_page_finds_what_is_worse_and_what_was_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, written = tmp_path / "bench.json", tmp_path / "performance.md"
    keep([row("a", 8, 9, 10), row("b", 1_200, 3_000), row("c", 2)], file)
    assert page.main([], file=file, page=written) == 0
    assert page.main(["--check"], file=file, page=written) == 0
    keep([row("a", 1, 2, 4.1)], file)
    assert page.main(["--check"], file=file, page=written) == 0
    keep([row("a", 1, 2, 3.9), row("b", 500)], file)
    assert page.main(["--check"], file=file, page=written) == 1
    told = capsys.readouterr().err
    assert "worse: a, beside peer: at best 3.90, and the page has at least 8" in told
    assert "worse: b, beside peer" in told
    file.unlink()
    assert page.main(["--check"], file=file, page=written) == 2
    keep([row("a", 8), row("b", 1_300)], file)
    assert page.main(["--check"], file=file, page=written) == 1
    assert "not measured: c" in capsys.readouterr().err


def test_the_page_says_what_was_asked_for_and_whether_it_is_met() -> None:
    wanted = page.ASKED[0]
    assert wanted.ratio is not None
    for ratio, verdict in ((wanted.ratio, "met"), (wanted.ratio - 0.1, "**not met**")):
        seen = compared(wanted.name, "s", [1], wanted.baseline, [ratio])
        told = page.worded(table.Table(machine="x, 2 cores", versions="", rows=(seen,)))
        assert any(
            line.startswith(f"| {wanted.name} | at least") and line.endswith(f"| {verdict} |")
            for line in told.splitlines()
        )
        assert "not measured" in told


def test_the_page_in_the_docs_can_be_compared_with() -> None:
    assert len(page.lowest_of(page.PAGE.read_text(encoding="utf-8"))) > 8
