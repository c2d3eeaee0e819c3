"""The lists: orders and fills, open orders, reservations; page by page, not always the truth."""

from collections.abc import Iterable
from datetime import date

from kis.transport import Reply
from tests.simulation.faults import Fault
from tests.simulation.kis import words
from tests.simulation.kis.book import Order, Row
from tests.simulation.kis.exchange import Exchange
from tests.simulation.kis.mishaps import Mishaps
from tests.simulation.kis.request import Request
from tests.simulation.world import World

EXECUTIONS_A_PAGE = 20
OPEN_A_PAGE = 40
_OTHER = {"NASD": "AMEX", "AMEX": "NASD", "NYSE": "NASD"}


class ListDesk:
    """Answers what became of orders. A page holds fewer rows where a seed has pages fail."""

    def __init__(self, world: World, mishaps: Mishaps, exchange: Exchange) -> None:
        self._world = world
        self._mishaps = mishaps
        self._exchange = exchange
        self._fails_from: int | None = None
        self._fails_told = False
        few = mishaps.on(Fault.PAGE_FAILS)
        # Not so few that the client's limit of 20 pages would cut an evening off.
        self._page = world.chance("kis.pages").choice((4, 5, 7)) if few else EXECUTIONS_A_PAGE

    def executions(self, request: Request) -> Reply:
        """Answer GET /inquire-ccnl: every order of some US dates, the newest first."""
        start, end = _day(request.query["ORD_STRT_DT"]), _day(request.query["ORD_END_DT"])
        rows = [
            order.row
            for day in sorted(self._exchange.book, reverse=True)
            if start <= day <= end
            for order in reversed(self._exchange.book[day])
            if order.row is not None
        ]
        return self._paged(request, rows, self._page, odd_before=start)

    def open(self, request: Request) -> Reply:
        """Answer GET /inquire-nccs: what still works."""
        today = self._exchange.today
        orders: Iterable[Order] = self._exchange.book[today.day] if today else ()
        rows = [
            order.row
            for order in orders
            if order.row is not None and order.original is None and order.row["nccs_qty"] != "0"
        ]
        rows.reverse()
        return self._paged(request, rows, OPEN_A_PAGE)

    def reservations(self, request: Request) -> Reply:
        """Answer GET /order-resv-list: nobody reserves anything here."""
        return self._paged(request, [], EXECUTIONS_A_PAGE)

    def _paged(
        self, request: Request, rows: list[Row], size: int, *, odd_before: date | None = None
    ) -> Reply:
        now = self._world.now
        begin = 0
        if request.headers.get("tr_cont") == "N":
            begin = int(request.query.get("CTX_AREA_NK200", "").strip() or 0)
            if self._page_fails(begin):
                return words.plain(now, None, status=500)
        page, more = rows[begin : begin + size], begin + size < len(rows)
        if odd_before is not None and not begin:
            page = self._strange(page, odd_before)
            self._choose_failing(len(rows), size)
        following = f"{begin + size:06d}" if more else ""
        return words.answered(
            now,
            words.READ if page else words.NOTHING,
            tr_cont=("F" if not begin else "M") if more else ("D" if not begin else "E"),
            ctx_area_fk200="".ljust(200),
            ctx_area_nk200=following.ljust(200),
            output=page,
        )

    def _choose_failing(self, rows: int, size: int) -> None:
        """Throw for the page at which a listing of several fails, however often it is asked for."""
        self._fails_from, self._fails_told = None, False
        if rows > size and self._mishaps.comes(Fault.PAGE_FAILS):
            self._fails_from = self._world.chance("kis.pages").randrange(size, rows, size)

    def _page_fails(self, begin: int) -> bool:
        if self._fails_from is None or begin < self._fails_from:
            return False
        if not self._fails_told:
            self._fails_told = True
            self._mishaps.struck(Fault.PAGE_FAILS, f"from row {begin}")
        return True

    def _strange(self, rows: list[Row], start: date) -> list[Row]:
        """Add a row that stands there twice, or one of another day."""
        chance = self._world.chance("kis.strange")
        if rows and self._mishaps.comes(Fault.ROW_TWICE):
            at = chance.randrange(len(rows))
            again = dict(rows[at])
            if chance.random() < 0.5:
                again["ovrs_excg_cd"] = _OTHER[again["ovrs_excg_cd"]]
            rows = [*rows[: at + 1], again, *rows[at + 1 :]]
            self._mishaps.struck(Fault.ROW_TWICE, again["odno"])
        earlier = [day for day in self._exchange.book if day < start and self._exchange.book[day]]
        if earlier and self._mishaps.comes(Fault.ROW_OF_ANOTHER_DAY):
            order = chance.choice(self._exchange.book[max(earlier)])
            if order.row is not None:
                rows = [*rows, order.row]
                self._mishaps.struck(Fault.ROW_OF_ANOTHER_DAY, order.odno)
        return rows


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
