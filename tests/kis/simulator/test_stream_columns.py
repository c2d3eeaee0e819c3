"""The columns of the records, held against KIS's own tables and our page about KIS."""

import json
import re
from pathlib import Path

import pytest

from kis.simulator.sockets.columns import COLUMNS

SHARED = Path(__file__).parents[4] / "shared"
OFFICIAL = SHARED / "data" / "kis-official"
PAGE = SHARED / "domain" / "kis.md"
COUNTS = {"HDFSCNT0": 26, "HDFSASP0": 71, "H0GSCNI0": 25, "H0STCNT0": 46, "H0STASP0": 59}


@pytest.mark.parametrize("tr_id", COUNTS)
def test_a_record_has_as_many_columns_as_kis_sends(tr_id: str) -> None:
    assert len(COLUMNS[tr_id]) == len(set(COLUMNS[tr_id])) == COUNTS[tr_id]


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="KIS's own field tables are not beside us")
@pytest.mark.parametrize(
    ("tr_id", "table"),
    [
        ("HDFSCNT0", "해외주식_실시간지연체결가"),
        ("HDFSASP0", "해외주식_실시간호가"),
        ("H0GSCNI0", "해외주식_실시간체결통보"),
    ],
)
def test_columns_stand_in_the_order_of_kiss_own_table(tr_id: str, table: str) -> None:
    fields = json.loads((OFFICIAL / f"{table}.json").read_text())["fields"]["Response Body"]
    # KIS's table of the book lists its third level twice.
    assert tuple(dict.fromkeys(field["name"] for field in fields)) == COLUMNS[tr_id]


@pytest.mark.skipif(not PAGE.is_file(), reason="our page about KIS is not beside us")
@pytest.mark.parametrize("tr_id", ["HDFSCNT0", "H0GSCNI0", "H0STCNT0", "H0STCNI0"])
def test_columns_stand_in_the_order_of_our_page(tr_id: str) -> None:
    row = next(line for line in PAGE.read_text().splitlines() if re.match(rf"\| {tr_id}\b", line))
    names = re.findall(r"[A-Z][A-Z0-9_]{2,}", re.sub(r"\([^)]*\)", "", row.split("|")[3]))
    assert tuple(names[: len(COLUMNS[tr_id])]) == COLUMNS[tr_id]
