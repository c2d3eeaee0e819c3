"""The settlement days of a trade. KIS's list knows no open or closed day and no half day."""

from datetime import date

from kis.answers import listings as answers
from kis.models import Listing, Settlement
from kis.reads import Question, Reader, collect
from kis.tr_ids import TrIds, offered
from kis.wire import listings as wire
from kis.wire.codes import SETTLEMENTS


class Calendar:
    """Questions about days."""

    def __init__(self, reader: Reader, ids: TrIds) -> None:
        self._reader = reader
        self._ids = ids

    async def settlements(self, day: date) -> Listing[Settlement]:
        """List, market by market, when a trade of `day` settles; the date is the market's own.

        Raises KisNotOffered at 모의투자; KisUnavailable, KisBadAnswer or KisAuthError when the
        first page fails.
        """
        question = Question(
            tr_id=offered(self._ids.settlements, "settlement days"),
            path=SETTLEMENTS,
            query=wire.settlements_query(day),
        )
        return collect(
            await self._reader.rows(question, "output", width=""),
            blank=answers.blank_settlement,
            read=answers.settlement,
            key=lambda row: row,
            later=lambda known, _: known,
        )
