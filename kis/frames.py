"""Websocket frames: words into trades, books and notices of both markets. Pure.

A record that is malformed is dropped and counted, and the others of its frame are read; a frame
that cannot be cut into records is dropped whole. Nothing is ever guessed. The rooms: frames_cut
(messages and records), frames_fields (words), frames_trades, frames_books, frames_notices.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from kis.frames_books import domestic_book, us_book
from kis.frames_cut import PINGPONG, Control, Frame, FrameKey, control, decrypt, split
from kis.frames_fields import FrameError
from kis.frames_notices import AccountNotice, domestic_notice, us_notice
from kis.frames_trades import UsTradeFrames, domestic_trade, us_trade
from kis.models import DomesticBook, DomesticTrade, OrderBook, Trade

__all__ = [
    "PINGPONG",
    "UNREADABLE",
    "AccountNotice",
    "Control",
    "Frame",
    "FrameError",
    "FrameKey",
    "FrameReader",
    "Told",
    "control",
    "decrypt",
    "split",
]

Told = Trade | DomesticTrade | OrderBook | DomesticBook | AccountNotice
Record = tuple[str, ...]

UNREADABLE = "unreadable"  # under this name are counted frames whose TR id is not known
_READERS: Mapping[str, Callable[[Record], Told]] = MappingProxyType(
    {
        "HDFSCNT0": us_trade,
        "HDFSASP0": us_book,
        "H0STCNT0": domestic_trade,
        "H0GSCNI0": us_notice,
        "H0GSCNI9": us_notice,
        "H0STCNI0": domestic_notice,
        "H0STCNI9": domestic_notice,
    }
)
_DOMESTIC_BOOKS = "H0STASP0"
_KNOWN_WIDTHS = MappingProxyType(
    {
        "HDFSCNT0": 26,
        "HDFSASP0": 71,
        "H0STCNT0": 46,
        "H0STASP0": 59,
        "H0GSCNI0": 25,
        "H0GSCNI9": 25,
        "H0STCNI0": 26,
        "H0STCNI9": 26,
    }
)


class FrameReader:
    """Reads the frames of one connection: with its keys, and counting what it had to drop.

    `keys` is by TR id, and dies with the connection. `malformed` counts dropped records by TR id.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.keys: dict[str, FrameKey] = {}
        self.malformed: Counter[str] = Counter()
        self._now = now
        self._trades = UsTradeFrames(self._one_by_one)
        self.read: Callable[[str], list[Trade] | list[Told]] = self._trades.read
        """Gives what a data frame tells, in order; a TR id that is not known tells nothing."""

    def _one_by_one(self, text: str) -> list[Told]:
        try:
            frame = split(text, self.keys)
        except FrameError:
            tr_id = text[2:10]
            self.malformed[tr_id if tr_id in _KNOWN_WIDTHS else UNREADABLE] += 1
            return []
        width = len(frame.records[0])
        if width >= 2 * _KNOWN_WIDTHS.get(frame.tr_id, width):
            # KIS adds a column or two: this is two records where the count says one.
            self.malformed[frame.tr_id] += len(frame.records)
            return []
        read = _READERS.get(frame.tr_id)
        if read is us_trade:
            self._trades.learn(frame.records[0])
        if frame.tr_id == _DOMESTIC_BOOKS:
            received = self._now()
            return self._each(frame, lambda record: domestic_book(record, received))
        return [] if read is None else self._each(frame, read)

    def _each(self, frame: Frame, read: Callable[[Record], Told]) -> list[Told]:
        told: list[Told] = []
        for record in frame.records:
            try:
                told.append(read(record))
            except FrameError:
                self.malformed[frame.tr_id] += 1
        return told
