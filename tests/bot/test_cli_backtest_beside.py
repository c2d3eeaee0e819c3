import csv
import json
from pathlib import Path

import pytest

from bot.laboratory import fonts
from tests.bot.backtests import DAYS, HEADER, called, document_of, refusal_of, write_prices


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    return write_prices(tmp_path)


def _without(prices: Path, *gone: str) -> None:
    kept = [
        line
        for line in prices.read_text(encoding="utf-8").splitlines()
        if not line.startswith(gone)
    ]
    prices.write_text("\n".join([*kept, ""]), encoding="utf-8")


def test_a_session_without_a_bar_is_reported_and_skipped(prices: Path) -> None:
    _without(prices, DAYS[2], DAYS[4])
    result = called(prices, "--json")
    assert f"were skipped, and nothing put in their place: 2: {DAYS[2]}, {DAYS[4]}" in result.stderr
    document = json.loads(result.stdout)
    assert document["missing_sessions"] == [DAYS[2], DAYS[4]]
    assert document["sessions"] == 4
    assert any("2 sessions without a bar" in each for each in document["assumptions"])


def test_sessions_missing_outside_the_run_are_not_its_own(prices: Path) -> None:
    _without(prices, DAYS[5])
    document = document_of(called(prices, "--json", "--end", DAYS[4]))
    assert document["missing_sessions"] == []


def test_the_document_says_what_stands_beside_the_run(prices: Path) -> None:
    document = document_of(
        called(prices, "--json", "--fee-percent", "0.25", "--sec-fee-percent", "0.1")
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
    result = called(prices, *line.split(), *more.split())
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
    document = document_of(called(prices, *line.split(), str(path)))
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
    assert "would start after 20 sessions" in refusal_of(called(prices, "--cycles", "2"))


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
    document = document_of(called(prices, "--json", *both))
    assert document["hold_return_percent"] == "20"
    assert (document["parameters"]["share_splits"], document["parameters"]["dividends"]) == (
        True,
        True,
    )
    plain = called(prices, "--json")
    assert f"Prices jump as in a share split: 1: {DAYS[3]}." in plain.stderr
    document = json.loads(plain.stdout)
    assert document["hold_return_percent"] == "-40"
    assert document["unexplained_jumps"] == [DAYS[3]]
    splits.write_text(f"ex_date,ratio\n{DAYS[3]},x\n", encoding="utf-8")
    assert "splits.csv, line 2: the ratio 'x' is not a number" in refusal_of(
        called(prices, "--json", *both)
    )


def test_splits_for_prices_that_are_adjusted_already_arerefusal_of(
    prices: Path, tmp_path: Path
) -> None:
    splits = tmp_path / "splits.csv"
    splits.write_text(f"ex_date,ratio\n{DAYS[3]},2\n", encoding="utf-8")
    refused = refusal_of(called(prices, "--json", "--share-splits", str(splits)))
    assert "do not show the split of 2026-10-08 (2:1)" in refused


def test_a_page_is_written_with_pictures_in_it(prices: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.html"
    document_of(called(prices, "--json", "--html", str(path)))
    made = path.read_text(encoding="utf-8")
    assert made.count("data:image/png;base64,") == 4
    assert "최종 평가액" in made


def test_the_terminal_and_the_page_follow_the_language(
    prices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUHAN_LANGUAGE", "en")
    path = tmp_path / "run.html"
    result = called(prices, "--html", str(path))
    assert "final equity" in result.stdout
    assert "최종" not in result.stdout + path.read_text(encoding="utf-8")


def test_without_a_korean_font_pictures_are_english_and_it_is_said(
    prices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "korean_family", lambda: None)
    result = called(prices, "--chart", str(tmp_path / "run.png"))
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
def test_numbers_that_make_no_sense_are_a_wrongcalled(prices: Path, line: str) -> None:
    assert called(prices, "--json", *line.split()).exit_code == 2


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
def test_what_does_not_fit_the_prices_isrefusal_of(prices: Path, line: str, sentence: str) -> None:
    assert sentence in refusal_of(called(prices, *line.split()))
