"""Two files a symbol: whole after every power cut, not believed when another hand was at them."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.laboratory import price_file
from bot.laboratory.csv_rows import digest
from bot.laboratory.price_seams import Evidence, Seam
from bot.laboratory.price_store import Card, NothingStored, PriceStore, StoreDamaged
from strategy.corporate_actions import SplitOn
from tests.bot.laboratory.price_table import NOON_AFTER, sessions, traded

DAYS = sessions(30)
SPLIT = SplitOn(day=DAYS[20], new=2, old=1)
BARS = traded(DAYS, [SPLIT])


def _card(*seams: Seam, **other: object) -> Card:
    known: dict[str, object] = {
        "symbol": "TQQQ",
        "exchange": "NASDAQ",
        "source": "KIS",
        "asked_at": NOON_AFTER,
        "whole_from": DAYS[0],
        "earliest": True,
        "reason": "",
        "provisional": None,
        "seams": seams,
        "gaps": (),
        "strays": (),
        "odd": (),
        "jumps": (),
    }
    return Card(**(known | other))  # type: ignore[arg-type]  # a card's fields by name


SEAM = Seam(split=SPLIT, evidence=Evidence.ANNOUNCED)


@pytest.fixture
def store(tmp_path: Path) -> PriceStore:
    return PriceStore(tmp_path)


def test_what_was_written_is_read(store: PriceStore) -> None:
    days = (date(2026, 1, 2), date(2026, 1, 5))
    card = _card(SEAM, provisional=DAYS[-1], gaps=days, strays=days[:1], odd=days[1:], jumps=days)
    written = store.write(card, BARS)
    stored = store.read("TQQQ")
    assert stored is not None
    assert stored.card == written
    assert stored.bars == tuple(BARS)
    assert (stored.first, stored.last) == (DAYS[0], DAYS[-1])
    content, again = store.content("TQQQ")
    assert (again, written.sha256) == (written, digest(content))
    assert content == price_file.written(BARS, [SPLIT])
    assert sorted(path.name for path in store.folder.iterdir()) == ["TQQQ.csv", "TQQQ.json"]


def test_an_empty_store_has_nothing(store: PriceStore) -> None:
    assert store.read("TQQQ") is None
    with pytest.raises(NothingStored, match="muhan prices TQQQ"):
        store.content("TQQQ")


def test_symbols_do_not_meet(store: PriceStore) -> None:
    store.write(_card(), BARS)
    store.write(_card(symbol="SOXL"), BARS[:5])
    tqqq, soxl = store.read("TQQQ"), store.read("SOXL")
    assert tqqq is not None
    assert soxl is not None
    assert (len(tqqq.bars), len(soxl.bars)) == (30, 5)


def test_a_power_cut_between_the_two_writes_leaves_what_was_before(store: PriceStore) -> None:
    before = store.write(_card(), BARS)
    csv = store.path("TQQQ")
    in_the_way = csv.with_name("TQQQ.csv.new")
    in_the_way.mkdir()
    with pytest.raises(OSError, match=r"TQQQ\.csv\.new"):
        store.write(_card(SEAM), BARS)
    # The card of the second write is there already, its CSV is not.
    assert json.loads(csv.with_suffix(".json").read_text())["splits"] != []
    stored = store.read("TQQQ")
    assert stored is not None
    assert stored.card == before
    assert stored.bars == tuple(BARS)
    in_the_way.rmdir()
    after = store.write(_card(SEAM), BARS)
    again = store.read("TQQQ")
    assert again is not None
    assert again.card == after
    assert again.bars == tuple(BARS)


def test_a_power_cut_in_the_very_first_write_leaves_nothing(store: PriceStore) -> None:
    store.write(_card(), BARS)
    store.path("TQQQ").unlink()
    assert store.read("TQQQ") is None


def test_a_second_cut_in_a_row_still_leaves_what_was_before(store: PriceStore) -> None:
    before = store.write(_card(), BARS[:-2])
    in_the_way = store.path("TQQQ").with_name("TQQQ.csv.new")
    in_the_way.mkdir()
    for bars in (BARS[:-1], BARS):
        with pytest.raises(OSError, match="csv"):
            store.write(_card(SEAM), bars)
        stored = store.read("TQQQ")
        assert stored is not None
        assert stored.card == before


WRITER = """
import sys
from pathlib import Path
from bot.laboratory.price_store import PriceStore
from tests.bot.laboratory.test_price_store import BARS, SEAM, _card
store = PriceStore(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    store.write(_card(*([SEAM] if number % 2 else [])), BARS[: 10 + number % 20])
    print(number, flush=True)
"""


def test_a_writer_that_is_killed_at_any_moment_leaves_a_store_to_read(tmp_path: Path) -> None:
    store = PriceStore(tmp_path)
    for lines in (1, 2, 3, 5, 8):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for _ in range(lines):
            writer.stdout.readline()
        writer.kill()
        writer.wait()
        writer.stdout.close()
        stored = store.read("TQQQ")
        assert stored is not None
        assert stored.bars == tuple(BARS[: len(stored.bars)])


@pytest.mark.parametrize(
    "harm",
    [
        lambda csv, _: csv.write_bytes(csv.read_bytes() + b"2026-12-01,1,1,1,1,1\n"),
        lambda csv, _: csv.write_bytes(csv.read_bytes()[:-20]),
        lambda csv, _: csv.write_bytes(b""),
        lambda _, card: card.unlink(),
        lambda _, card: card.write_bytes(b"{"),
        lambda _, card: card.write_bytes(b"[]"),
        lambda _, card: card.write_bytes(b"\xff"),
        lambda _, card: card.write_text(card.read_text().replace('"new": 2', '"new": 0')),
        lambda _, card: card.write_text(card.read_text().replace('"announced"', '"heard"')),
        lambda _, card: card.write_text(card.read_text().replace('"gaps"', '"holes"')),
    ],
)
def test_files_that_another_hand_changed_are_not_believed(harm: object, store: PriceStore) -> None:
    store.write(_card(SEAM), BARS)
    csv = store.path("TQQQ")
    assert callable(harm)
    harm(csv, csv.with_suffix(".json"))
    with pytest.raises(StoreDamaged, match="muhan prices TQQQ"):
        store.read("TQQQ")
    with pytest.raises(StoreDamaged):
        store.content("TQQQ")
    # A new write puts it right.
    store.write(_card(SEAM), BARS)
    assert store.read("TQQQ") is not None
