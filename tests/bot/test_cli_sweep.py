import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from bot.laboratory.sweeps.question import PROGRAM
from tests.bot import backtests
from tests.bot.backtests import document_of, refusal_of
from tests.bot.laboratory.studies import bars, fall_and_rise
from tests.bot.sweeps import called, write_prices


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    return write_prices(tmp_path)


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_a_sweep_answers_with_the_documented_figures(prices: Path) -> None:
    document = document_of(
        called(prices, "--json", "--splits", "20,30,40", "--target-percent", "5:15:5")
    )
    assert document["runs"] == 3 * 3 * 4
    assert (document["runs_known"], document["agreements"]) == (0, 9)
    assert document["runs_per_second"] > 0
    assert document["varied"] == ["splits", "target_percent"]
    assert len(document["results"]) == 9
    first = document["results"][0]
    assert (first["splits"], first["target_percent"], first["horizon"]) == (20, "5", 40)
    for name in ("median", "percentile_5", "worst", "best", "worst_drawdown"):
        assert isinstance(first[f"{name}_percent"], str)
    assert [row["value"] for row in document["by_parameter"]["target_percent"]] == ["5", "10", "15"]
    assert len(document["data_sha256"]["TQQQ"]) == 64
    assert document["version"] == PROGRAM
    assert document["left_out"] == []


def test_every_row_is_the_backtest_of_its_start_date(prices: Path, tmp_path: Path) -> None:
    out = tmp_path / "runs.csv"
    document_of(
        called(prices, "--json", "--ladder", "0,8", "--fee-percent", "0.25", "--out", str(out))
    )
    rows = rows_of(out)
    assert len(rows) == 8
    for row in rows:
        line = f"--splits 20 --ladder {row['ladder']} --start {row['start']} --end {row['end']}"
        alone = backtests.called(prices, *line.split(), "--fee-percent", "0.25", "--json")
        figures: dict[str, Any] = json.loads(alone.stdout)
        same = ("final_equity", "return_percent", "max_drawdown_percent", "hold_return_percent")
        assert {name: row[name] for name in same} == {name: figures[name] for name in same}
        assert int(row["exhausted_sessions"]) == figures["exhausted_sessions"]
        assert int(row["cycles"]) == len(figures["cycles"])
        assert (int(row["sessions"]), row["data_sha256"]) == (40, figures["data_sha256"])
        assert row["muhan_version"] == PROGRAM


def test_parquet_holds_the_same_rows_exactly(prices: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra sweep is not installed")
    names = [tmp_path / "runs.csv", tmp_path / "runs.parquet"]
    for out in names:
        called(prices, "--both", "two-floors", "--out", str(out))
    table = parquet.read_table(names[1])
    assert b"sweep" in table.schema.metadata
    assert "two_floors" in table.column_names
    rows = table.to_pylist()
    assert isinstance(rows[0]["final_equity"], Decimal)
    plain = rows_of(names[0])
    assert [Decimal(row["final_equity"]) for row in plain] == [row["final_equity"] for row in rows]
    assert [row["start"] for row in plain] == [row["start"].isoformat() for row in rows]
    assert [row["two_floors"] for row in plain] == [str(row["two_floors"]) for row in rows]


def test_nothing_but_the_results_is_left_behind(prices: Path, tmp_path: Path) -> None:
    out, home = tmp_path / "out" / "runs.csv", tmp_path / "home"
    out.parent.mkdir()
    assert called(prices, "--out", str(out), home=home).exit_code == 0
    assert list(out.parent.iterdir()) == [out]
    assert called(prices, home=home).exit_code == 0
    assert [path.name for path in home.rglob("*") if path.is_file()] == []


def test_what_was_done_before_is_taken_over(prices: Path, tmp_path: Path) -> None:
    out = tmp_path / "runs.csv"
    called(prices, "--out", str(out))
    whole = out.read_bytes()
    out.unlink()
    blocked = tmp_path / "runs.csv"
    blocked.mkdir()
    refused = called(prices, "--out", str(out))
    assert "cannot be written" in refusal_of_last(refused.stderr, refused.exit_code)
    assert (tmp_path / "runs.csv.part").exists()
    blocked.rmdir()
    document = document_of(called(prices, "--out", str(out), "--json"))
    assert (document["runs"], document["runs_known"]) == (4, 4)
    assert out.read_bytes() == whole


def refusal_of_last(stderr: str, status: int) -> str:
    assert status == 3
    return stderr.strip().splitlines()[-1]


def test_what_the_book_refuses_is_left_out_and_told(prices: Path) -> None:
    result = called(prices, "--splits", "20,25", "--ladder", "0,8", "--json")
    document = document_of(result)
    assert document["agreements"] == 2
    assert document["left_out"][0]["choice"]["splits"] == 25
    assert "Left out (2): version 4.0 takes 20, 30 or 40 splits, not 25." in result.stderr


def test_several_tickers_take_a_folder(prices: Path, tmp_path: Path) -> None:
    write_prices(tmp_path, symbol="SOXL", made=bars(fall_and_rise()[:60]))
    document = document_of(called(tmp_path, "--symbol", "tqqq,SOXL", "--json"))
    assert [row["symbol"] for row in document["results"]] == ["TQQQ", "SOXL"]
    assert [row["runs"] for row in document["results"]] == [4, 2]
    assert list(document["data_sha256"]) == ["TQQQ", "SOXL"]
    assert "a folder with a CSV file" in refusal_of(called(prices, "--symbol", "TQQQ,SOXL"))


def test_a_horizon_to_the_end_and_several_horizons(prices: Path) -> None:
    document = document_of(called(prices, "--horizon", "20,end", "--json"))
    assert [row["horizon"] for row in document["results"]] == [20, "end"]
    assert document["varied"] == ["horizon"]


def test_the_tables_are_printed_in_both_languages(prices: Path) -> None:
    english = called(prices, "--splits", "20,40").stdout
    assert "TQQQ, 8 runs" in english
    assert "worst" in english
    korean = called(prices, "--splits", "20,40", language="ko").stdout
    assert "TQQQ · 8번 돌린 결과" in korean
    assert "40분할" in korean


@pytest.mark.parametrize("language", ["en", "ko"])
def test_three_lists_fit_into_eighty_columns(prices: Path, language: str) -> None:
    lists = ("--splits", "20,40", "--target-percent", "10,15", "--ladder", "0,8")
    shown = called(prices, *lists, language=language).stdout
    assert max(map(cell_len, shown.splitlines())) <= 80
    assert "…" not in shown
    rows = [line.split() for line in shown.splitlines()]
    whole = [row for row in rows if len(row) > 10 and row[-1].isdecimal()]
    assert len(whole) == 2 * 2 * 2  # an agreement with its three choices and eight figures


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--target-percent", "5:1:1"], "--target-percent"),
        (["--ladder", "1.5"], "not a whole number"),
        (["--compounding", "all"], "none of full, none"),
        (["--both", "ladder"], "no option of yes or no"),
        (["--horizon", "0"], "no number of sessions"),
        (["--horizon", "x"], "not a number"),
        (["--method", "4.0,,"], "is no list"),
        (["--scheduler", "tcp://127.0.0.1:1"], "give --workers or"),
    ],
)
def test_words_that_are_wrong_end_with_status_2(prices: Path, more: list[str], why: str) -> None:
    result = called(prices, *more)
    assert result.exit_code == 2
    assert why in " ".join(result.stderr.replace("│", "").split())


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--out", "runs.txt"], "must end in .csv or .parquet"),
        (["--horizon", "86"], "does not fit into 85"),
        (["--principal", "0"], "principal"),
        (["--method", "9"], "there is no version 9"),
        (["--start", "2030-01-01"], "a run needs a bar"),
    ],
)
def test_what_cannot_be_done_is_refused_by_one_sentence(
    prices: Path, more: list[str], why: str
) -> None:
    assert why in refusal_of(called(prices, *more))


def test_no_prices_at_all_are_refused(tmp_path: Path) -> None:
    assert "no such file" in refusal_of(called(tmp_path / "none.csv"))
