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


def told_of(*rows: Row) -> list[str]:
    return page.worded(table.Table(machine="x, 2 cores", versions="", rows=rows)).splitlines()


@pytest.mark.parametrize("asked", page.ASKED, ids=lambda asked: f"{asked.name}, {asked.baseline}")
def test_the_page_says_whether_what_was_asked_for_is_met(asked: page.Asked) -> None:
    by_ratio = asked.ratio is not None
    for factor, verdict in ((1, ": met"), (0.9 if by_ratio else 1.1, ": **not met**")):
        figures = (1, asked.limit * factor) if by_ratio else (asked.limit * factor, 1)
        told = told_of(compared(asked.name, "s", figures[:1], asked.baseline, figures[1:]))
        (line,) = (line for line in told if line.startswith(f"| {asked.name} |"))
        assert verdict in line
        (said,) = (line for line in told if line.startswith("Asked for and **not met**"))
        named = f"{asked.name} ({asked.baseline})"
        assert (named in said.split("not measured:")[0]) is (verdict != ": met")
        assert said.count("(") == len(page.ASKED) - (verdict == ": met")


def test_an_aim_is_told_apart_from_what_was_asked() -> None:
    for ratio, verdict in ((29, "**not met**; aim at least 300 times: not reached"),
                           (31, "met; aim at least 300 times: not reached"),
                           (301, "met; aim at least 300 times: reached")):  # fmt: skip
        told = "\n".join(told_of(compared(page.STUDY, "s", [1], page.VECTORBT, [ratio])))
        assert f"at least 30 times: {verdict} |" in told


def test_every_row_stands_once_and_under_its_heading() -> None:
    rows = (
        row("bus: b", 2),
        row("frames into trades: x", 2),
        row("plan: y", 3),
        row("muhan run", 4),
    )
    told = told_of(*rows)
    heads = [line for line in told if line.startswith("## ")]
    assert heads == [f"## {heading}" for heading, _ in page.GROUPS]
    names = [line.split(" | ")[0] for line in told if " to " in line and line.startswith("| ")]
    assert names == ["| plan: y", "| bus: b", "| frames into trades: x", "| muhan run"]


def test_the_page_in_the_docs_can_be_compared_with() -> None:
    assert len(page.lowest_of(page.PAGE.read_text(encoding="utf-8"))) > 8
