"""The owner's hand, his other programs and his bank: what happens beside the bot."""

from decimal import Decimal
from typing import Final

from tests.simulation.faults import Fault
from tests.simulation.kis.book import FEE, PHONE, PROGRAM, Entry, Kind, Order, Side
from tests.simulation.kis.exchange import Exchange
from tests.simulation.kis.mishaps import Mishaps
from tests.simulation.world import World

MEDIA: Final = (PHONE, PHONE, PROGRAM)


class Hand:
    """Trades that the program did not ask for; KIS refuses what it would refuse anybody."""

    def __init__(self, world: World, mishaps: Mishaps, exchange: Exchange) -> None:
        self._world = world
        self._mishaps = mishaps
        self._exchange = exchange

    def order(
        self,
        symbol: str,
        side: Side,
        quantity: int,
        price: Decimal,
        *,
        kind: Kind = "limit",
        media: str = PHONE,
    ) -> Order | None:
        """Place an order; None when KIS does not take it (the hour, the money, the shares)."""
        exchange = self._exchange
        if exchange.trading is None or symbol in exchange.halted or quantity < 1:
            return None
        if side == "buy" and price * quantity * (1 + FEE) > exchange.orderable_cash:
            return None
        if side == "sell" and quantity > exchange.orderable_shares(symbol):
            return None
        return exchange.submit(
            Entry(
                symbol=symbol,
                side=side,
                kind=kind,
                quantity=quantity,
                price=price,
                request=None,
                media=media,
            )
        )

    def at_the_market(self, symbol: str, side: Side, quantity: int) -> Order | None:
        """Place a limit order that the market fills at once."""
        last = self._exchange.market.last(symbol)
        aside = Decimal("1.02") if side == "buy" else Decimal("0.98")
        price = (last * aside).quantize(Decimal("0.01"))
        return self.order(symbol, side, quantity, price)

    def cancel(self, number: int) -> bool:
        """Cancel an order of today, whoever placed it; answers whether there was one to cancel."""
        order = self._exchange.find(number)
        if order is None or not order.left or self._exchange.trading is None:
            return False
        self._exchange.cancel(order, order.left, None, PHONE)
        return True

    def sell_all(self, symbol: str) -> Order | None:
        """Sell every share: the sells that lock them are cancelled first."""
        if self._exchange.trading is None or symbol in self._exchange.halted:
            return None
        for order in list(self._exchange.working(symbol)):
            if order.side == "sell":
                self.cancel(order.number)
        return self.at_the_market(symbol, "sell", self._exchange.orderable_shares(symbol))

    def repeat(self, entry: Entry, media: str | None = None) -> None:
        """Place an order of the same words as one of the program's, where KIS takes it."""
        media = media or self._world.chance("kis.hand").choice(MEDIA)
        placed = self.order(
            entry.symbol, entry.side, entry.quantity, entry.price, kind=entry.kind, media=media
        )
        if placed is not None:
            self._mishaps.struck(Fault.HAND_TWIN, f"{placed.number} {media}")

    def spare(self, entry: Entry) -> bool:
        """Tell whether there is enough for an order and its twin."""
        if entry.side == "sell":
            return 2 * entry.quantity <= self._exchange.orderable_shares(entry.symbol)
        return 2 * entry.price * entry.quantity * (1 + FEE) <= self._exchange.orderable_cash

    def deposit(self, usd: Decimal) -> None:
        """Pay money in, or out when it is negative (never more than is free)."""
        self._exchange.account.cash += max(usd, -self._exchange.orderable_cash)

    def dividend(self, symbol: str, usd_per_share: Decimal) -> None:
        """Pay a dividend on what is held."""
        held = self._exchange.account.quantity(symbol)
        self._exchange.account.cash += (usd_per_share * held).quantize(Decimal("0.01"))
