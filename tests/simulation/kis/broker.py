"""KIS in the simulated world: requests on their way, the desks they reach, answers on theirs.

Nothing here belongs to a process: what has been carried off lands, whoever still waits for it.
"""

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from bot.sessions import Calendar
from kis.transport import Reply
from kis.wire import codes
from tests.simulation.kis import words
from tests.simulation.kis.book import PHONE, Account, Kind, Order, Position, Side
from tests.simulation.kis.days import Days, past_of
from tests.simulation.kis.desk_account import AccountDesk
from tests.simulation.kis.desk_fees import FeeDesk
from tests.simulation.kis.desk_lists import ListDesk
from tests.simulation.kis.desk_orders import OrderDesk
from tests.simulation.kis.desk_prices import PriceDesk
from tests.simulation.kis.desk_tokens import TokenDesk
from tests.simulation.kis.exchange import Exchange
from tests.simulation.kis.hand import Hand
from tests.simulation.kis.mishaps import Mishaps
from tests.simulation.kis.plans import Plans
from tests.simulation.kis.request import Request
from tests.simulation.kis.stream import Pushes
from tests.simulation.kis.truth import Truth
from tests.simulation.kis.ways import Answer, Kill, Ways
from tests.simulation.market import Market
from tests.simulation.world import World

CALLS_A_SECOND = 20
Desk = Callable[[Request], Reply]


class SimulatedKis:
    """The broker of one account. `shares` are held from the beginning: quantity and cost (USD)."""

    def __init__(
        self,
        world: World,
        calendar: Calendar,
        *,
        cash: Decimal,
        shares: Mapping[str, tuple[int, Decimal]] | None = None,
    ) -> None:
        self._world = world
        self.mishaps = Mishaps(world)
        market = Market(world.chance, past_of(calendar, world.now))
        account = Account(cash)
        for symbol, (quantity, cost) in (shares or {}).items():
            account.positions[symbol] = Position(quantity, cost)
            account.show(symbol)
        self.pushes = Pushes(world)
        self.exchange = Exchange(world, self.mishaps, market, account, self.pushes)
        self.hand = Hand(world, self.mishaps, self.exchange)
        self.orders = OrderDesk(world, self.mishaps, self.exchange, self.hand)
        self.truth = Truth(self.exchange, self.orders)
        self._tokens = TokenDesk(world, self.mishaps)
        self._desks = self._open_desks()
        self._calls: deque[datetime] = deque()
        self._ways = Ways(world, self.mishaps, self._serve)
        self._ways.sent, self._ways.lost = self.orders.sent, self.orders.missed
        self._ways.congest = self._congest
        plans = Plans(
            world,
            self.mishaps,
            self.exchange,
            ways=self._ways,
            hand=self.hand,
            orders=self.orders,
            prices=self.prices,
        )
        self._ways.landed = plans.landed
        Days(world, calendar, self.exchange, self.mishaps, plans).begin()

    def kill_by(self, kill: Kill) -> None:
        """Have somebody who can end a process, by its number, with a reason."""
        self._ways.kill = kill

    def carry(self, request: Request, answer: Answer) -> None:
        """Take a request on its way; `answer` is called once at most, by the world's time."""
        self._ways.carry(request, answer)

    def hand_order(
        self,
        symbol: str,
        side: Side,
        quantity: int,
        price: Decimal,
        *,
        kind: Kind = "limit",
        media: str = PHONE,
    ) -> Order | None:
        """Place an order by the owner's hand; None when KIS does not take it."""
        return self.hand.order(symbol, side, quantity, price, kind=kind, media=media)

    def hand_cancel(self, number: int) -> bool:
        """Cancel an order of today by hand; answers whether there was one to cancel."""
        return self.hand.cancel(number)

    def sell_all_by_hand(self, symbol: str) -> Order | None:
        """Sell every share of a symbol by hand; None when there is none or no market."""
        return self.hand.sell_all(symbol)

    def deposit(self, usd: Decimal) -> None:
        """Pay USD in, or out when negative."""
        self.hand.deposit(usd)

    def dividend(self, symbol: str, usd_per_share: Decimal) -> None:
        """Pay a dividend on what is held."""
        self.hand.dividend(symbol, usd_per_share)

    def _congest(self) -> None:
        """Have the lists lag with the next order."""
        self.exchange.shown.congested = True

    def _serve(self, request: Request) -> tuple[Reply, float]:
        """Answer a request that arrived, and say by how many seconds the answer is late."""
        return self._answer(request), self.orders.waits(request)

    def _answer(self, request: Request) -> Reply:
        now = self._world.now
        desk = self._desks.get((request.method, request.path))
        if desk is None:
            return words.refused(now, words.NO_SERVICE, rt_cd="1", status=404)
        if not self._within_rate(now):
            return words.refused(now, words.RATE, rt_cd="1", status=500)
        if not request.path.startswith("/oauth2/"):
            refusal = self._tokens.turned_away(request)
            if refusal is not None:
                return refusal
        return desk(request)

    def _within_rate(self, now: datetime) -> bool:
        calls, second = self._calls, timedelta(seconds=1)
        while calls and now - calls[0] >= second:
            calls.popleft()
        if len(calls) >= CALLS_A_SECOND:
            return False
        calls.append(now)
        return True

    def _open_desks(self) -> dict[tuple[str, str], Desk]:
        parts = (self._world, self.mishaps, self.exchange)
        lists, account, prices = ListDesk(*parts), AccountDesk(*parts), PriceDesk(*parts)
        self.account, self.prices = account, prices
        fees = FeeDesk(self._world, self.exchange)
        return {
            ("POST", "/oauth2/tokenP"): self._tokens.issue,
            ("POST", "/oauth2/Approval"): self._tokens.approve,
            ("POST", codes.ORDER): self.orders.order,
            ("POST", codes.CANCEL): self.orders.cancel,
            ("GET", codes.EXECUTIONS): lists.executions,
            ("GET", codes.OPEN_ORDERS): lists.open,
            ("GET", codes.RESERVATIONS): lists.reservations,
            ("GET", codes.BALANCE): account.balance,
            ("GET", codes.PRESENT): account.present,
            ("GET", codes.BUYING_POWER): account.buying_power,
            ("GET", codes.SETTLEMENTS): account.settlements,
            ("GET", codes.TRANSACTIONS): fees.transactions,
            ("GET", codes.PRICE): prices.quote,
            ("GET", codes.DETAIL): prices.detail,
            ("GET", codes.BOOK): prices.book,
            ("GET", codes.DAILY): prices.daily,
            ("GET", codes.MINUTES): prices.minutes,
            ("GET", codes.SYMBOL_INFO): prices.symbol,
            ("GET", codes.RIGHTS): prices.rights,
        }
