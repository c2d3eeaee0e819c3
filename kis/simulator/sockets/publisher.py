"""What is pushed: trades, books and order notices, to the websockets that registered for them."""

from collections.abc import Sequence
from datetime import datetime

from kis.simulator.config import SimulatorConfig
from kis.simulator.desks.protocol import KisRefusalError
from kis.simulator.desks.quotes import Quotes
from kis.simulator.domestic import Domestic, KrxPrint
from kis.simulator.exchange import Exchange
from kis.simulator.happenings import Accepted, Executed, Happening, Refused, Traded
from kis.simulator.model import Fill, Order
from kis.simulator.sockets import frames
from kis.simulator.sockets.columns import (
    KRX_BOOKS,
    KRX_TRADES,
    US_BOOKS,
    US_NOTICES,
    US_TRADES,
)
from kis.simulator.sockets.connections import Connections
from kis.simulator.sockets.faults import StreamFaults
from kis.simulator.sockets.krx_tapes import KrxTape
from kis.simulator.sockets.us_tapes import MARKET_TYPES, UsTape, units


class Publisher:
    """Listens to the exchange and to the made-up KRX, and words what its readers get."""

    def __init__(
        self,
        *,
        config: SimulatorConfig,
        exchange: Exchange,
        quotes: Quotes,
        domestic: Domestic,
        connections: Connections,
        faults: StreamFaults,
    ) -> None:
        self._config = config
        self._exchange = exchange
        self._quotes = quotes
        self._domestic = domestic
        self._connections = connections
        self._faults = faults
        self._us: dict[str, UsTape] = {}
        self._krx: dict[str, KrxTape] = {}
        self.pushed = 0
        self._awaits_krx = False
        exchange.listeners.append(self._publish)
        connections.on_change = self._look_at_krx

    @property
    def second(self) -> int:
        """The simulated instant in whole seconds of UTC."""
        return int(self._exchange.now.timestamp())

    def push(self, tr_id: str, tr_key: str, records: Sequence[str]) -> None:
        """Send records of one registration to everybody who holds it."""
        for connection, keys in self._connections.readers(tr_id, tr_key):
            self.pushed += len(records)
            self._faults.send(connection, (tr_id, tr_key), records, keys)

    # -- the day of a symbol ----------------------------------------------------------------

    def tape(self, tr_id: str, tr_key: str) -> UsTape | KrxTape | None:
        """Give the running day behind a registration, begun from the quotes if need be.

        None for the daytime market's keys, which are not traded here, and before any trade.
        """
        if tr_id in {KRX_TRADES, KRX_BOOKS}:
            return self._krx.get(tr_key) or self._begin_krx(tr_key)
        if not tr_key.startswith("D"):
            return None
        tape = self._us.get(tr_key) or self._begin_us(tr_key[4:])
        if tape is not None:
            tape.market_type = MARKET_TYPES[self._exchange.phase]
        return tape

    def _begin_krx(self, code: str) -> KrxTape | None:
        day = self._domestic.so_far(code, self._exchange.now)
        if day is None:
            return None
        tape = self._krx[code] = KrxTape.of(self._config.seed, code, day, self.second)
        return tape

    def _begin_us(self, symbol: str) -> UsTape | None:
        try:
            seen, base = self._quotes.so_far(symbol)
        except KisRefusalError:
            return None
        rsym = self._quotes.rsym(symbol)
        tape = self._us[rsym] = UsTape(
            seed=self._config.seed,
            rsym=rsym,
            symbol=symbol,
            day=seen.day,
            base=units(base),
            open=units(seen.open),
            high=units(seen.high),
            low=units(seen.low),
            last=units(seen.close),
            total=seen.volume,
            second=self.second,
        )
        return tape

    # -- what happens -----------------------------------------------------------------------

    def _publish(self, happening: Happening) -> None:
        match happening:
            case Traded():
                self._trade(happening)
            case Executed(order, fill):
                self._notice(order, fill, refused=False)
            case Accepted(order) | Refused(order):
                self._notice(order, None, refused=isinstance(happening, Refused))

    def _trade(self, traded: Traded) -> None:
        rsym = self._quotes.rsym(traded.symbol)
        tape = self._us.get(rsym)
        if not self._connections.heard(rsym, US_TRADES, US_BOOKS):
            # Nobody hears this trade: whoever comes next begins from the quotes.
            self._us.pop(rsym, None)
            return
        if tape is not None and tape.day == self._exchange.today:
            tape.take(int(traded.at.timestamp()), units(traded.price), traded.volume)
        else:
            self._us.pop(rsym, None)
        begun = self.tape(US_TRADES, rsym)
        if begun is not None:
            self.push(US_TRADES, rsym, [begun.trade(traded.volume)])
            self.push(US_BOOKS, rsym, [begun.book()])

    def _notice(self, order: Order, fill: Fill | None, *, refused: bool) -> None:
        record = frames.notice(
            self._config.hts_id, self._config.account, order, fill, refused=refused
        )
        for tr_id in sorted(US_NOTICES):
            wanted = (tr_id, self._config.hts_id)
            for connection, keys in self._connections.readers(*wanted):
                if order.mock or not connection.mock:
                    self._faults.notice(connection, wanted, record, keys)

    # -- KRX --------------------------------------------------------------------------------

    def _look_at_krx(self) -> None:
        """Begin to wait for KRX's trades once somebody has registered for them."""
        if not self._awaits_krx:
            self._await_krx(self._exchange.now)

    def _await_krx(self, after: datetime) -> None:
        """Ask the exchange's clock for the next trades on KRX, while anybody hears them."""
        heard = self._connections.asked_for(KRX_TRADES, KRX_BOOKS)
        found = self._domestic.next_prints(after) if heard else None
        self._awaits_krx = found is not None
        if found is None:
            self._krx.clear()
            return
        at, prints = found

        def trade() -> None:
            for code, one in prints:
                self._krx_trade(code, one)
            self._await_krx(at)

        self._exchange.later(at, trade)

    def _krx_trade(self, code: str, one: KrxPrint) -> None:
        tape = self._krx.get(code)
        if not self._connections.heard(code, KRX_TRADES, KRX_BOOKS):
            self._krx.pop(code, None)
            return
        if tape is not None and tape.day == self._domestic.day_of(one.at):
            tape.take(int(one.at.timestamp()), one.price, one.volume)
        else:
            self._krx.pop(code, None)
        begun = self.tape(KRX_TRADES, code)
        if begun is not None:
            self.push(KRX_TRADES, code, [begun.trade(one.volume)])
            self.push(KRX_BOOKS, code, [begun.book()])
