"""Splits and dividends as KIS announces them (기간별권리)."""

from datetime import date

from kis.answers import listings as answers
from kis.answers.fields import Row
from kis.models import Listing, Right, RightKind
from kis.reads import Question, Reader, collect
from kis.tr_ids import TrIds, offered
from kis.wire import listings as wire
from kis.wire.codes import RIGHTS

WIDTH = "50"
MOST_PAGES = 100


class Announcements:
    """Questions about splits and dividends."""

    def __init__(self, reader: Reader, ids: TrIds) -> None:
        self._reader = reader
        self._ids = ids

    async def rights(
        self, start: date, end: date, symbol: str = "", *, kind: RightKind | None = None
    ) -> Listing[Right]:
        """List what falls due from `start` to `end` (dates at the market), for one symbol or all.

        Without a symbol the whole world's are listed. KIS repeats a right with other dates, and
        may still change what is not confirmed. Raises ValueError for kind OTHER, KisNotOffered
        at 모의투자; KisUnavailable, KisBadAnswer or KisAuthError when the first page fails.
        """
        if kind is RightKind.OTHER:
            raise ValueError("the other rights have no code of their own: ask for all")
        question = Question(
            tr_id=offered(self._ids.rights, "announcements of rights"),
            path=RIGHTS,
            query=wire.rights_query(start, end, symbol, kind),
        )

        def read(row: Row) -> Right | None:
            right = answers.right(row)
            return right if symbol in {"", right.symbol} else None

        return collect(
            await self._reader.rows(question, "output", width=WIDTH, most_pages=MOST_PAGES),
            blank=answers.blank_right,
            read=read,
            key=lambda right: right,
            later=lambda known, _: known,
        )
