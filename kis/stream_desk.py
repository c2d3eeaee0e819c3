"""What a stream has asked to watch: registrations, and which of them KIS has taken."""

from collections.abc import Iterable
from dataclasses import dataclass

from kis.models import Exchange, Feed
from kis.stream_connection import Registration
from kis.tr_ids import TrIds
from kis.wire.codes import QUOTE_EXCHANGE

MOST_SUBSCRIPTIONS = 41


@dataclass(frozen=True, slots=True)
class Subject:
    """What a registration is about; `symbol` is the HTS id for notices."""

    feed: Feed
    symbol: str


class NotOfferedHere(Exception):
    """This environment has no such stream; the message says so."""


class Desk:
    """The registrations of one stream, in the order in which they were asked for."""

    def __init__(self, ids: TrIds) -> None:
        self._ids = ids
        self.wanted: dict[Registration, Subject] = {}
        self.taken: set[Registration] = set()

    def want(self, registration: Registration, subject: Subject) -> bool:
        """Add one more; False when it was there. Raises ValueError beyond KIS's 41."""
        if registration in self.wanted:
            return False
        if len(self.wanted) >= MOST_SUBSCRIPTIONS:
            raise ValueError(f"KIS takes {MOST_SUBSCRIPTIONS} subscriptions and no more")
        self.wanted[registration] = subject
        return True

    def drop(self, registration: Registration) -> bool:
        """Take one away; False when there was none."""
        self.taken.discard(registration)
        return self.wanted.pop(registration, None) is not None

    def of_symbol(self, symbol: str, exchange: Exchange | None, feed: Feed) -> Registration:
        """Word the registration of a US symbol, or with no exchange of a KRX one.

        Raises NotOfferedHere for US prices at 모의투자, ValueError for notices.
        """
        if feed is Feed.NOTICES:
            raise ValueError("notices are watched for an account, not for a symbol")
        books = feed is Feed.BOOKS
        if exchange is None:
            return self._ids.domestic_books if books else self._ids.domestic_trades, symbol
        tr_id = self._ids.books if books else self._ids.trades
        tr_key = f"D{QUOTE_EXCHANGE[exchange]}{symbol}"
        if tr_id is None:
            raise NotOfferedHere(f"모의투자 has no overseas quotes on the websocket: {tr_key}")
        return tr_id, tr_key

    def of_notices(self, hts_id: str) -> Iterable[Registration]:
        """Word the registrations of US and of KRX notices, in this order."""
        return (self._ids.notices, hts_id), (self._ids.domestic_notices, hts_id)

    def watches(self, feed: Feed, symbol: str) -> bool:
        """Say whether anything of a symbol was asked for."""
        return Subject(feed, symbol) in self.wanted.values()
