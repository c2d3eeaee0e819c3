import csv
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli_backtest import STEPS_WORTH_A_BAR, backtest
from bot.laboratory import fonts
from bot.sessions import Calendar

APP = typer.Typer()
APP.command()(backtest)
APP.command("nothing")(lambda: None)
RUNNER = CliRunner()

CLOSES = (40, 41, 39, 42, 60, 50, 48)
DAYS = [f"2026-10-{day:02}" for day in (5, 6, 7, 8, 9, 12, 13)]
REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "prices" / "TQQQ.csv"
HEADER = "date,close,phase,turn,quantity,average,cash,unit,bought,sold,realized,equity,cycle"


def _call(line: str, *more: str) -> Result:
    return RUNNER.invoke(APP, [*line.split(), *more])


def _document(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    assert result.stdout.count("\n") == 1
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def _refused(result: Result) -> str:
    assert result.exit_code == 3, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    path = tmp_path / "TQQQ.csv"
    rows = [f"{day},{c},{c},{c},{c},1000" for day, c in zip(DAYS, CLOSES, strict=True)]
    path.write_text("\n".join(["date,open,high,low,close,volume", *rows, ""]), encoding="utf-8")
    return path


def _backtest(prices: Path, *more: str) -> Result:
    line = "backtest --symbol TQQQ --method 4.0 --splits 40 --principal 20000 --prices"
    return _call(line, str(prices), *more)


def test_a_backtest_answers_with_the_documented_figures(prices: Path) -> None:
    document = _document(_backtest(prices, "--json"))
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
    document = _document(_backtest(prices, "--json", "--days", str(path)))
    text = path.read_text(encoding="utf-8")
    assert text.startswith(HEADER + "\n")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["date"] for row in rows] == DAYS[1:]
    assert rows[-1]["equity"] == document["final_equity"]
    assert (rows[3]["turn"], rows[3]["average"], rows[3]["quantity"]) == ("0", "0", "0")
    assert [row["cycle"] for row in rows] == ["1", "1", "1", "1", "2", "2"]


def test_start_and_end_cut_the_run_and_rows_before_are_history(prices: Path) -> None:
    document = _document(_backtest(prices, "--json", "--start", DAYS[3], "--end", DAYS[5]))
    assert (document["first_session"], document["last_session"]) == (DAYS[3], DAYS[5])
    assert document["sessions"] == 3


def test_fees_and_scale_reach_the_run(prices: Path) -> None:
    plain = _document(_backtest(prices, "--json"))
    charged = _document(_backtest(prices, "--json", "--fee-percent", "0.25"))
    assert plain["fees"] == "0"
    assert float(charged["fees"]) > 0
    scaled = _document(_backtest(prices, "--json", "--scale", "10"))
    assert scaled["final_equity"] != plain["final_equity"]


def test_a_chart_is_drawn_and_a_table_printed(prices: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.png"
    result = _backtest(prices, "--chart", str(path))
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
def test_a_backtest_that_cannot_be_run_is_refused(
    prices: Path, tmp_path: Path, more: list[str], sentence: str
) -> None:
    own = [str(tmp_path / each) if each.startswith("nowhere") else each for each in more]
    assert sentence in _refused(_backtest(prices, "--json", *own))


def test_a_bad_row_is_refused_with_its_line(prices: Path) -> None:
    with prices.open("a", encoding="utf-8") as file:
        file.write("2026-10-14,1,2,3\n")
    assert "TQQQ.csv, line 9: " in _refused(_backtest(prices, "--json"))


def test_penny_prices_can_be_allowed(prices: Path) -> None:
    document = _document(_backtest(prices, "--json", "--scale", "0.01", "--allow-penny"))
    assert document["sessions"] == 6


def test_a_long_run_shows_its_progress_on_stderr(tmp_path: Path) -> None:
    path = tmp_path / "TQQQ.csv"
    calendar, day, rows = Calendar(), date(2024, 1, 2), ["date,open,high,low,close,volume"]
    while len(rows) <= STEPS_WORTH_A_BAR + 1:
        if calendar.session(day) is not None:
            rows.append(f"{day},40,41,39,40,1")
        day += timedelta(days=1)
    path.write_text("\n".join(rows), encoding="utf-8")
    result = _backtest(path, "--json")
    assert "backtest" in result.stderr
    assert json.loads(result.stdout)["sessions"] == STEPS_WORTH_A_BAR


def test_a_short_run_is_quiet(prices: Path) -> None:
    assert _backtest(prices, "--json").stderr == ""


@pytest.mark.skipif(not REAL.exists(), reason="no ../shared/data/prices beside the project")
def test_real_prices_run_with_a_progress_bar_and_balanced_books() -> None:
    result = _backtest(REAL, "--start", "2022-01-03", "--json")
    assert "backtest" in result.stderr
    document = json.loads(result.stdout)
    assert document["sessions"] > 1000
    assert document["exhausted_sessions"] > 0


def _without(prices: Path, *gone: str) -> None:
    kept = [
        line
        for line in prices.read_text(encoding="utf-8").splitlines()
        if not line.startswith(gone)
    ]
    prices.write_text("\n".join([*kept, ""]), encoding="utf-8")


def test_a_session_without_a_bar_is_reported_and_skipped(prices: Path) -> None:
    _without(prices, DAYS[2], DAYS[4])
    result = _backtest(prices, "--json")
    assert f"were skipped, and nothing put in their place: 2: {DAYS[2]}, {DAYS[4]}" in result.stderr
    document = json.loads(result.stdout)
    assert document["missing_sessions"] == [DAYS[2], DAYS[4]]
    assert document["sessions"] == 4
    assert any("2 sessions without a bar" in each for each in document["assumptions"])


def test_sessions_missing_outside_the_run_are_not_its_own(prices: Path) -> None:
    _without(prices, DAYS[5])
    document = _document(_backtest(prices, "--json", "--end", DAYS[4]))
    assert document["missing_sessions"] == []


def test_the_document_says_what_stands_beside_the_run(prices: Path) -> None:
    document = _document(
        _backtest(prices, "--json", "--fee-percent", "0.25", "--sec-fee-percent", "0.1")
    )
    assert float(document["fees"]) > float(document["sec_fees"]) > 0
    (year,) = document["years"]
    assert year["year"] == 2026
    assert (year["cycles"], year["wins"], year["losses"]) == (1, 1, 0)
    assert year["end_equity"] == document["final_equity"]
    assert year["fees"] == document["fees"]
    assert document["phases"] == {"normal": 6, "reverse": 0, "quarter": 0}
    assert document["longest_cycle"]["sessions"] == 4
    assert document["exhaustions"] == {"count": 0, "sessions": 0, "longest": 0, "spells": []}
    assert document["hold"]["fees"] == "49.88"
    assert document["dca"]["parts"] == 6
    assert float(document["dca"]["final_equity"]) > 0
    assert len(document["assumptions"]) == len(document["assumptions_ko"]) > 5
    assert {"odds_of_exhaustion", "start_dates"} & document.keys() == set()


def test_odds_and_start_dates_stand_in_the_document_when_asked_for(prices: Path) -> None:
    line = "--json --bootstrap 30 --bootstrap-horizon 9 --bootstrap-block 2 --seed 5"
    more = "--starts-every 2 --horizon 3"
    result = _backtest(prices, *line.split(), *more.split())
    assert "bootstrap" in result.stderr
    assert "start dates" in result.stderr
    document = json.loads(result.stdout)
    odds = document["odds_of_exhaustion"]
    assert (odds["horizon"], odds["runs"], odds["block"], odds["seed"]) == (9, 30, 2, 5)
    low, high = map(float, odds["interval_percent"])
    assert low <= float(odds["percent"]) <= high
    assert [each["start"] for each in document["start_dates"]] == [DAYS[1], DAYS[3]]
    assert [each["end"] for each in document["start_dates"]] == [DAYS[3], DAYS[5]]
    assert {each["exhausted"] for each in document["start_dates"]} == {False}


def test_several_cycles_share_the_principal_and_write_a_row_each(
    prices: Path, tmp_path: Path
) -> None:
    path = tmp_path / "days.csv"
    line = "--json --cycles 2 --stagger 2 --days"
    document = _document(_backtest(prices, *line.split(), str(path)))
    assert {cycle["ledger"] for cycle in document["open_cycles"]} == {1, 2}
    assert document["open_cycle"] == document["open_cycles"][0]
    text = path.read_text(encoding="utf-8")
    assert text.startswith(HEADER + ",ledger\n")
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["date"], row["ledger"]) for row in rows[:5]] == [
        (DAYS[1], "1"),
        (DAYS[2], "1"),
        (DAYS[3], "1"),
        (DAYS[3], "2"),
        (DAYS[4], "1"),
    ]
    last = sum(float(row["equity"]) for row in rows if row["date"] == DAYS[6])
    assert last == pytest.approx(float(document["final_equity"]))


def test_cycles_start_a_fair_share_of_the_splits_apart_unless_said(prices: Path) -> None:
    assert "would start after 20 sessions" in _refused(_backtest(prices, "--cycles", "2"))


def _halved(line: str) -> str:
    close = str(float(line.split(",")[4]) / 2)
    return ",".join([line[:10], *[close] * 4, "1000"])


def test_splits_and_dividends_come_from_files(prices: Path, tmp_path: Path) -> None:
    halved = prices.read_text(encoding="utf-8").splitlines()
    cut = [_halved(line) if line[:10] >= DAYS[3] and line[0].isdigit() else line for line in halved]
    prices.write_text("\n".join([*cut, ""]), encoding="utf-8")
    splits, dividends = tmp_path / "splits.csv", tmp_path / "dividends.csv"
    splits.write_text(f"ex_date,ratio\n{DAYS[3]},2\n", encoding="utf-8")
    dividends.write_text(f"ex_date,cash_per_share\n{DAYS[2]},0.5\n", encoding="utf-8")
    both = ("--share-splits", str(splits), "--dividends", str(dividends))
    document = _document(_backtest(prices, "--json", *both))
    assert document["hold_return_percent"] == "20"
    assert (document["parameters"]["share_splits"], document["parameters"]["dividends"]) == (
        True,
        True,
    )
    plain = _backtest(prices, "--json")
    assert f"Prices jump as in a share split: 1: {DAYS[3]}." in plain.stderr
    document = json.loads(plain.stdout)
    assert document["hold_return_percent"] == "-40"
    assert document["unexplained_jumps"] == [DAYS[3]]
    splits.write_text(f"ex_date,ratio\n{DAYS[3]},x\n", encoding="utf-8")
    assert "splits.csv, line 2: the ratio 'x' is not a number" in _refused(
        _backtest(prices, "--json", *both)
    )


def test_splits_for_prices_that_are_adjusted_already_are_refused(
    prices: Path, tmp_path: Path
) -> None:
    splits = tmp_path / "splits.csv"
    splits.write_text(f"ex_date,ratio\n{DAYS[3]},2\n", encoding="utf-8")
    refused = _refused(_backtest(prices, "--json", "--share-splits", str(splits)))
    assert "do not show the split of 2026-10-08 (2:1)" in refused


def test_a_page_is_written_with_pictures_in_it(prices: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.html"
    _document(_backtest(prices, "--json", "--html", str(path)))
    made = path.read_text(encoding="utf-8")
    assert made.count("data:image/png;base64,") == 4
    assert "최종 평가액" in made


def test_the_terminal_and_the_page_follow_the_language(
    prices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUHAN_LANGUAGE", "en")
    path = tmp_path / "run.html"
    result = _backtest(prices, "--html", str(path))
    assert "final equity" in result.stdout
    assert "최종" not in result.stdout + path.read_text(encoding="utf-8")


def test_without_a_korean_font_pictures_are_english_and_it_is_said(
    prices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "korean_family", lambda: None)
    result = _backtest(prices, "--chart", str(tmp_path / "run.png"))
    assert result.exit_code == 0
    assert "No Korean font was found" in result.stderr
    assert (tmp_path / "run.png").exists()


@pytest.mark.parametrize(
    "line",
    [
        "--cycles 0",
        "--bootstrap 0",
        "--bootstrap many",
        "--starts-every 0",
        "--horizon 0",
        "--stagger -1",
        "--dca-sessions 0",
    ],
)
def test_numbers_that_make_no_sense_are_a_wrong_call(prices: Path, line: str) -> None:
    assert _backtest(prices, "--json", *line.split()).exit_code == 2


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("--bootstrap 3 --bootstrap-block 7", "a block is 1 to 6 sessions"),
        ("--starts-every 1 --horizon 7", "choose a shorter one"),
        ("--dca-sessions 7", "spread over 1 to 6 sessions"),
        ("--html nowhere/run.html", "cannot be written"),
        ("--share-splits nowhere.csv", "there is no such file"),
    ],
)
def test_what_does_not_fit_the_prices_is_refused(prices: Path, line: str, sentence: str) -> None:
    assert sentence in _refused(_backtest(prices, *line.split()))
