from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.laboratory.action_files import read_dividends, read_splits
from bot.laboratory.csv_rows import FileRefused
from strategy.corporate_actions import SplitOn

PRICES = Path(__file__).parents[3] / ".." / "shared" / "data" / "prices"
D = Decimal
ONE = D(1)


def _file(folder: Path, content: str) -> Path:
    path = folder / "X.csv"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_ratio_becomes_whole_shares_for_whole_shares(tmp_path: Path) -> None:
    content = "ratio,ex_date\n2,2022-01-13\n1.5,2023-01-03\n0.1,2024-01-03\n"
    found = read_splits(_file(tmp_path, content))
    assert [(split.day, split.new, split.old) for split in found] == [
        (date(2022, 1, 13), 2, 1),
        (date(2023, 1, 3), 3, 2),
        (date(2024, 1, 3), 1, 10),
    ]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("2022-01-13,1", "the ratio 1 is no ratio of shares"),
        ("2022-01-13,0", "the ratio 0 is no ratio of shares"),
        ("2022-01-13,-2", "the ratio -2 is no ratio of shares"),
        ("2022-01-13,1.0001", "the ratio 1.0001 is no ratio of shares"),
        ("2022-01-13,", "the ratio is blank"),
        ("2022-01-13,two", "the ratio 'two' is not a number"),
        ("13.01.2022,2", "is not a day written YYYY-MM-DD"),
        ("2021-01-21,2", "the date 2021-01-21 comes twice"),
    ],
)
def test_a_bad_split_is_refused_with_file_and_line(
    tmp_path: Path, row: str, complaint: str
) -> None:
    path = _file(tmp_path, f"ex_date,ratio\n2021-01-21,2\n{row}\n")
    with pytest.raises(FileRefused) as caught:
        read_splits(path)
    assert str(caught.value).startswith(f"{path}, line 3: ")
    assert complaint in str(caught.value)


def test_a_file_without_the_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="the column ratio is missing"):
        read_splits(_file(tmp_path, "ex_date,factor\n"))
    with pytest.raises(FileRefused, match="the column cash_per_share is missing"):
        read_dividends(_file(tmp_path, "ex_date,cash\n"), scale=ONE, splits=())
    with pytest.raises(FileRefused, match="there is no such file"):
        read_splits(tmp_path / "none.csv")


def test_a_dividend_is_scaled_like_the_prices(tmp_path: Path) -> None:
    path = _file(tmp_path, "ex_date,cash_per_share\n2022-03-22,0.05\n")
    (paid,) = read_dividends(path, scale=D(10), splits=())
    assert (paid.day, paid.per_share) == (date(2022, 3, 22), D("0.5"))


def test_a_dividend_in_todays_shares_is_brought_to_the_shares_of_its_day(tmp_path: Path) -> None:
    content = "ex_date,cash_per_share_in_todays_shares\n2021-12-20,0.05\n2022-03-22,0.05\n"
    path = _file(tmp_path, content)
    split = SplitOn(day=date(2022, 1, 13), new=2, old=1)
    before, after = read_dividends(path, scale=ONE, splits=[split])
    assert (before.per_share, after.per_share) == (D("0.1"), D("0.05"))
    assert read_dividends(path, scale=ONE, splits=())[0].per_share == D("0.05")


def test_a_negative_dividend_is_refused(tmp_path: Path) -> None:
    path = _file(tmp_path, "ex_date,cash_per_share\n2022-03-22,-0.05\n")
    with pytest.raises(FileRefused, match=r"line 2: the cash_per_share -0\.05 is no dividend"):
        read_dividends(path, scale=ONE, splits=())


@pytest.mark.skipif(not PRICES.exists(), reason="no ../shared/data/prices beside the project")
def test_the_real_files_are_read() -> None:
    splits = read_splits(PRICES / "TQQQ_splits.csv")
    assert (splits[-1].day, splits[-1].new, splits[-1].old) == (date(2025, 11, 20), 2, 1)
    assert len(read_dividends(PRICES / "TQQQ_dividends.csv", scale=ONE, splits=splits)) > 10
