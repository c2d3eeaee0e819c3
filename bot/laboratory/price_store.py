"""The store of daily bars: one CSV a symbol, and beside it a card that says where it comes from.

The card is written first and holds what the card before it said. So whenever the power goes, the
CSV is whole and agrees with the card or with the one before; a CSV that agrees with neither was
changed by another hand, and is not believed.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.errors import MuhanError
from bot.laboratory import price_file
from bot.laboratory.csv_rows import FileRefused, digest
from bot.laboratory.price_seams import Evidence, Seam
from strategy.corporate_actions import SplitOn
from strategy.model import Bar

FOLDER = "prices"
BEFORE = "before"


class StoreDamaged(MuhanError):
    """The CSV of a symbol is not the one that its card describes, or there is no card."""


class NothingStored(MuhanError):
    """The store has no bars of a symbol."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """What is known of a symbol's bars.

    `whole_from` is the day from which on every session was asked for and answered, `earliest`
    whether that is where KIS's history begins, `reason` why the last asking was cut short ("" when
    it was not). `provisional` is a day whose bar KIS may still correct. `gaps` are sessions
    without a bar, `strays` bars without a session, `odd` days whose bar contradicts itself and was
    left out, `jumps` moves like a split's that nobody calls one. `sha256` is that of the CSV.
    """

    symbol: str
    exchange: str
    source: str
    asked_at: datetime
    whole_from: date
    earliest: bool
    reason: str
    provisional: date | None
    seams: tuple[Seam, ...]
    gaps: tuple[date, ...]
    strays: tuple[date, ...]
    odd: tuple[date, ...]
    jumps: tuple[date, ...]
    sha256: str = ""

    @property
    def splits(self) -> tuple[SplitOn, ...]:
        return tuple(seam.split for seam in self.seams)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A symbol's bars as they were traded (USD), oldest first, with their card."""

    card: Card
    bars: tuple[Bar, ...]

    @property
    def first(self) -> date:
        return self.bars[0].day

    @property
    def last(self) -> date:
        return self.bars[-1].day


class PriceStore:
    """The bars under MUHAN_HOME; a process that writes holds `only_instance(store.folder)`."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    def path(self, symbol: str) -> Path:
        """Name a symbol's CSV: date,open,high,low,close,volume in today's shares."""
        return self.folder / f"{symbol}.csv"

    def content(self, symbol: str) -> tuple[bytes, Card]:
        """Give the CSV as it is, and its card.

        Raises NothingStored and StoreDamaged.
        """
        path = self.path(symbol)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise _nothing(symbol) from None
        except OSError as error:
            raise _damaged(symbol, path) from error
        return content, self._card(symbol, digest(content))

    def read(self, symbol: str) -> Stored | None:
        """Read what is stored of a symbol, None when that is nothing. Raises StoreDamaged."""
        try:
            content, card = self.content(symbol)
            bars = price_file.read(content, str(self.path(symbol)), card.splits)
        except NothingStored:
            return None
        except FileRefused as error:
            raise _damaged(symbol, self.path(symbol)) from error
        return Stored(card=card, bars=tuple(bars)) if bars else None

    def write(self, card: Card, bars: Sequence[Bar]) -> Card:
        """Write bars (as traded) in today's shares, and the card with their digest.

        Raises OSError; then what was stored before is there still.
        """
        content = price_file.written(bars, card.splits)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            before = _document(self.content(card.symbol)[1])
        except (NothingStored, StoreDamaged):
            before = None
        document = _document(card) | {"sha256": digest(content)}
        text = json.dumps(document | {BEFORE: before}, ensure_ascii=False, indent=1)
        _replace(self._card_path(card.symbol), text.encode())
        _replace(self.path(card.symbol), content)
        return _read_card(document)

    def _card(self, symbol: str, sha256: str) -> Card:
        path = self._card_path(symbol)
        try:
            document = json.loads(path.read_bytes())
            for each in (document, document[BEFORE]):
                if each is not None and each["sha256"] == sha256:
                    return _read_card(each)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(symbol, path) from error
        raise _damaged(symbol, self.path(symbol))

    def _card_path(self, symbol: str) -> Path:
        return self.folder / f"{symbol}.json"


def _document(card: Card) -> dict[str, Any]:
    return {
        "symbol": card.symbol,
        "exchange": card.exchange,
        "source": card.source,
        "asked_at": card.asked_at.isoformat(),
        "whole_from": card.whole_from.isoformat(),
        "earliest": card.earliest,
        "reason": card.reason,
        "provisional": card.provisional and card.provisional.isoformat(),
        "splits": [
            {
                "day": seam.split.day.isoformat(),
                "new": seam.split.new,
                "old": seam.split.old,
                "evidence": seam.evidence.value,
            }
            for seam in card.seams
        ],
        **{name: [day.isoformat() for day in getattr(card, name)] for name in _LISTS},
        "sha256": card.sha256,
    }


_LISTS = ("gaps", "strays", "odd", "jumps")


def _read_card(document: dict[str, Any]) -> Card:
    """Read a card; raises KeyError, TypeError or ValueError for what is none."""
    provisional = document["provisional"]
    return Card(
        symbol=str(document["symbol"]),
        exchange=str(document["exchange"]),
        source=str(document["source"]),
        asked_at=datetime.fromisoformat(document["asked_at"]),
        whole_from=date.fromisoformat(document["whole_from"]),
        earliest=bool(document["earliest"]),
        reason=str(document["reason"]),
        provisional=None if provisional is None else date.fromisoformat(provisional),
        seams=tuple(_read_seam(seam) for seam in document["splits"]),
        **{name: tuple(map(date.fromisoformat, document[name])) for name in _LISTS},
        sha256=str(document["sha256"]),
    )


def _read_seam(document: dict[str, Any]) -> Seam:
    new, old = int(document["new"]), int(document["old"])
    if new < 1 or old < 1:
        raise ValueError(document)
    split = SplitOn(day=date.fromisoformat(document["day"]), new=new, old=old)
    return Seam(split=split, evidence=Evidence(document["evidence"]))


def _replace(path: Path, content: bytes) -> None:
    """Put a file in its place at once, so that a power cut leaves the old one or the new one."""
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _nothing(symbol: str) -> NothingStored:
    return NothingStored(
        f"저장된 {symbol} 시세가 없습니다: muhan prices {symbol}로 먼저 받거나 --prices로 CSV "
        "파일을 지정해 주세요.",
        f"No prices of {symbol} are stored: run muhan prices {symbol} first, or name a CSV file "
        "with --prices.",
    )


def _damaged(symbol: str, path: Path) -> StoreDamaged:
    return StoreDamaged(
        f"{path} 파일이 저장할 때와 달라 쓰지 않습니다: muhan prices {symbol}로 다시 받아 주세요.",
        f"{path} is not as it was stored, so it is not used: fetch it anew with muhan prices "
        f"{symbol}.",
    )
