"""How KIS's lists and balance follow the truth: at once, late, or backwards for a while."""

from datetime import datetime, timedelta

from tests.simulation.facts import EndShownShort
from tests.simulation.faults import Fault
from tests.simulation.kis.book import Account, Order
from tests.simulation.kis.mishaps import Mishaps
from tests.simulation.world import World


class Shown:
    """Lets what KIS shows catch up with what is; the lists show orders in their turn.

    `congested` says that the next order's listing lags for sure.
    """

    def __init__(self, world: World, mishaps: Mishaps, account: Account) -> None:
        self._world = world
        self._mishaps = mishaps
        self._account = account
        self._balance_from: dict[str, datetime] = {}
        self._in_turn: datetime | None = None
        self.congested = False

    def first(self, order: Order) -> None:
        """Show a new order, now and then some seconds after it was taken in."""
        congested, self.congested = self.congested, False
        if self._mishaps.comes(Fault.LISTING_LAGS) or congested:
            lag = self._lag(14.0 if congested else 1.0, 20.0)
            order.hidden_until = order.at + timedelta(seconds=lag)
            self._mishaps.struck(Fault.LISTING_LAGS, f"{order.odno} for {lag:.1f} s")
        if self._in_turn is not None and self._in_turn > order.at:
            order.hidden_until = max(order.hidden_until or order.at, self._in_turn)
        self._in_turn = order.hidden_until
        self.order(order)

    def order(self, order: Order, after: float = 0.0) -> None:
        """Let the lists catch up with an order, not before it is to be seen at all."""
        at = self._world.now + timedelta(seconds=after)
        if order.hidden_until is not None and at < order.hidden_until:
            at = order.hidden_until
        if at <= self._world.now:
            order.row = order.seen()
            return

        def catch_up() -> None:
            order.row = order.seen()

        self._world.at(at, catch_up)

    def backwards(self, order: Order, filled: int, after: float) -> None:
        """Have the lists show fewer fills again for a while after they showed them all."""
        wait = after + self._lag(5.0, 60.0)

        def fewer() -> None:
            order.row = order.seen(filled)

        self._world.later(wait, fewer)
        self.order(order, wait + self._lag(20.0, 200.0))

    def short(self, order: Order, filled: int, *, after: float, until: float, why: str) -> None:
        """Have the lists call an order dead of fewer fills than it has, until they show the rest.

        `after` and `until` are seconds from now.
        """

        def dead() -> None:
            order.row = order.seen(filled, dead=True, why=why)
            now = self._world.now
            ends = now + timedelta(seconds=until - after)
            number = str(order.number)
            self._world.note(
                EndShownShort(at=now, session=order.session, number=number, until=ends)
            )

        self._world.later(after, dead)
        self.order(order, until)

    def in_pieces(self, order: Order, filled: int, *, after: float, until: float) -> None:
        """Have the lists show only a part of an order's fills, the rest as open, for a while."""

        def part() -> None:
            order.row = order.seen(filled)

        self._world.later(after, part)
        self.order(order, until)

    def balance(self, symbol: str, after: float) -> None:
        """Let the balance catch up with a symbol, later than the lists where it lags."""
        if self._mishaps.comes(Fault.HOLDINGS_LAG):
            after += self._lag(5.0, 600.0)
            self._mishaps.struck(Fault.HOLDINGS_LAG, f"{symbol} for {after:.0f} s")
        due = self._world.now + timedelta(seconds=after)
        due = max(due, self._balance_from.get(symbol, due))
        self._balance_from[symbol] = due

        def catch_up() -> None:
            if self._balance_from.get(symbol) == due:
                self._account.show(symbol)

        if due <= self._world.now:
            catch_up()
        else:
            self._world.at(due, catch_up)

    def _lag(self, least: float, most: float) -> float:
        return self._world.chance("kis.lags").uniform(least, most)
