"""Share splits and dividends from CSV files, for prices that no one has adjusted."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from bot.laboratory import csv_rows
from bot.laboratory.csv_rows import FileRefused, Row, RowError
from strategy.bookkeeping import MOST_PARTS
from strategy.corporate_actions import DividendOn, SplitOn

IN_TODAYS_SHARES = "cash_per_share_in_todays_shares"
PER_SHARE = "cash_per_share"
_LARGEST = Decimal("1E6")

Action = TypeVar("Action", SplitOn, DividendOn)


def read_splits(path: Path) -> list[SplitOn]:
    """Read share splits: columns ex_date and ratio (2 is 2:1, 1.5 is 3:2, 0.1 is 1:10).

    Raises FileRefused with one sentence.
    """

    def split(row: Row) -> SplitOn:
        ratio = csv_rows.number("ratio", row["ratio"])
        if not 0 < ratio < _LARGEST:
            raise RowError(f"the ratio {ratio} is no ratio of shares")
        new, old = ratio.as_integer_ratio()
        if new == old or max(new, old) > MOST_PARTS:
            raise RowError(f"the ratio {ratio} is no ratio of shares")
        return SplitOn(day=csv_rows.day(row["ex_date"]), new=new, old=old)

    return _read(path, ("ex_date", "ratio"), split)


def read_dividends(path: Path, *, scale: Decimal, splits: Sequence[SplitOn]) -> list[DividendOn]:
    """Read dividends: columns ex_date and cash_per_share (USD on the shares of that day).

    A file may give cash_per_share_in_todays_shares instead: then each is brought to the shares of
    its day by the `splits` after it, which is right for prices that follow the same file of splits,
    and for adjusted prices without one. `scale` is that of the prices. Raises FileRefused.
    """
    content = csv_rows.read_bytes(path)
    header = content.partition(b"\n")[0].decode("utf-8", "replace").lower()
    column = IN_TODAYS_SHARES if IN_TODAYS_SHARES in header else PER_SHARE

    def dividend(row: Row) -> DividendOn:
        day = csv_rows.day(row["ex_date"])
        amount = csv_rows.number(column, row[column])
        if not 0 <= amount < _LARGEST:
            raise RowError(f"the {column} {amount} is no dividend")
        if column == IN_TODAYS_SHARES:
            for split in splits:
                amount = amount * split.new / split.old if split.day > day else amount
        return DividendOn(day=day, per_share=amount * scale)

    return _read(path, ("ex_date", column), dividend)


def _read(path: Path, columns: Sequence[str], made: Callable[[Row], Action]) -> list[Action]:
    found: dict[date, Action] = {}
    for line, row in csv_rows.rows(csv_rows.read_bytes(path), str(path), columns):
        try:
            action = made(row)
        except RowError as error:
            raise FileRefused(f"{path}, line {line}: {error}") from None
        if action.day in found:
            raise FileRefused(f"{path}, line {line}: the date {action.day} comes twice")
        found[action.day] = action
    return list(found.values())
