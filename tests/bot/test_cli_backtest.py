import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.cli_backtest import STEPS_WORTH_A_BAR
from bot.sessions import Calendar
from tests.bot.backtests import DAYS, HEADER, called, document_of, refusal_of, write_prices

REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "prices" / "TQQQ.csv"


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    return write_prices(tmp_path)


def test_a_backtest_answers_with_the_documented_figures(prices: Path) -> None:
    document = document_of(called(prices, "--json"))
    assert document["sessions"] == 6
    assert document["parameters"]["ladder"] == 8
    (cycle,) = document["cycles"]
    assert (cycle["number"], cycle["start"], cycle["end"]) == (1, DAYS[1], DAYS[4])
    assert set(cycle) == {
        "number",
        "ledger",
        "start",
        "end",
        "sessions",
        "realized",
        "fees",
        "return_percent",
        "max_turn",
        "exhausted",
    }
    assert document["hold_return_percent"] == "20"
    assert len(document["data_sha256"]) == 64
    for name in ("final_equity", "realized", "fees", "cagr_percent", "max_drawdown_percent"):
        assert isinstance(document[name], str)
        assert "E" not in document[name]
    assert document["exhausted_sessions"] == 0


def test_days_are_written_one_row_a_session(prices: Path, tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    document = document_of(called(prices, "--json", "--days", str(path)))
    text = path.read_text(encoding="utf-8")
    assert text.startswith(HEADER + "\n")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["date"] for row in rows] == DAYS[1:]
    assert rows[-1]["equity"] == document["final_equity"]
    assert (rows[3]["turn"], rows[3]["average"], rows[3]["quantity"]) == ("0", "0", "0")
    assert [row["cycle"] for row in rows] == ["1", "1", "1", "1", "2", "2"]


def test_start_and_end_cut_the_run_and_rows_before_are_history(prices: Path) -> None:
    document = document_of(called(prices, "--json", "--start", DAYS[3], "--end", DAYS[5]))
    assert (document["first_session"], document["last_session"]) == (DAYS[3], DAYS[5])
    assert document["sessions"] == 3


def test_fees_and_scale_reach_the_run(prices: Path) -> None:
    plain = document_of(called(prices, "--json"))
    charged = document_of(called(prices, "--json", "--fee-percent", "0.25"))
    assert plain["fees"] == "0"
    assert float(charged["fees"]) > 0
    scaled = document_of(called(prices, "--json", "--scale", "10"))
    assert scaled["final_equity"] != plain["final_equity"]


def test_a_chart_is_drawn_and_a_table_printed(prices: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.png"
    result = called(prices, "--chart", str(path))
    assert result.exit_code == 0
    assert "최종 평가액" in result.stdout
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--start", "2027-01-04"], "one more to trade on"),
        (["--end", "2020-01-02"], "one more to trade on"),
        (["--principal", "-5"], "principal must be a sum above 0"),
        (["--scale", "0"], "the scale must be a number above 0"),
        (["--scale", "0.01"], "line 2: a price under $1"),
        (["--days", "nowhere/days.csv"], "cannot be written"),
        (["--chart", "nowhere/run.png"], "cannot be written"),
    ],
)
def test_a_backtest_that_cannot_be_run_isrefusal_of(
    prices: Path, tmp_path: Path, more: list[str], sentence: str
) -> None:
    own = [str(tmp_path / each) if each.startswith("nowhere") else each for each in more]
    assert sentence in refusal_of(called(prices, "--json", *own))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_told_and_what_to_do_about_it(prices: Path, tmp_path: Path) -> None:
    full = tmp_path / "days.csv"
    full.symlink_to("/dev/full")
    told = refusal_of(called(prices, "--json", "--days", str(full)))
    assert "cannot be written: No space left on device. Look at" in told


def test_a_bad_row_is_refused_with_its_line(prices: Path) -> None:
    with prices.open("a", encoding="utf-8") as file:
        file.write("2026-10-14,1,2,3\n")
    assert "TQQQ.csv, line 9: " in refusal_of(called(prices, "--json"))


def test_penny_prices_can_be_allowed(prices: Path) -> None:
    document = document_of(called(prices, "--json", "--scale", "0.01", "--allow-penny"))
    assert document["sessions"] == 6


def test_a_long_run_shows_its_progress_on_stderr(tmp_path: Path) -> None:
    path = tmp_path / "TQQQ.csv"
    calendar, day, rows = Calendar(), date(2024, 1, 2), ["date,open,high,low,close,volume"]
    while len(rows) <= STEPS_WORTH_A_BAR + 1:
        if calendar.session(day) is not None:
            rows.append(f"{day},40,41,39,40,1")
        day += timedelta(days=1)
    path.write_text("\n".join(rows), encoding="utf-8")
    result = called(path, "--json")
    assert "backtest" in result.stderr
    assert json.loads(result.stdout)["sessions"] == STEPS_WORTH_A_BAR


def test_a_short_run_is_quiet(prices: Path) -> None:
    assert called(prices, "--json").stderr == ""


@pytest.mark.skipif(not REAL.exists(), reason="no ../shared/data/prices beside the project")
def test_real_prices_run_with_a_progress_bar_and_balanced_books() -> None:
    result = called(REAL, "--start", "2022-01-03", "--json")
    assert "backtest" in result.stderr
    document = json.loads(result.stdout)
    assert document["sessions"] > 1000
    assert document["exhausted_sessions"] > 0
