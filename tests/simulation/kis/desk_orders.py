"""The order counter: KIS's checks in KIS's order, and its words for what it does not take."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from kis.transport import Reply
from tests.simulation.facts import OrderRefused
from tests.simulation.faults import Fault
from tests.simulation.kis import words
from tests.simulation.kis.book import FEE, PHONE, PROGRAM, SEOUL, ZERO, Entry, Kind, Order, Side
from tests.simulation.kis.exchange import Exchange
from tests.simulation.kis.hand import Hand
from tests.simulation.kis.mishaps import Mishaps
from tests.simulation.kis.request import Request
from tests.simulation.world import World

BUY, SELL, CANCEL = "TTTT1002U", "TTTT1006U", "TTTT1004U"
AUCTION_CUT_OFF = timedelta(minutes=10)
WARMING_UP = timedelta(minutes=10)
FEW_LIMITS = 3
"""How many occasions a limit order near the market counts for."""

_SIDES: dict[str, Side] = {BUY: "buy", SELL: "sell"}
_KINDS: dict[str, Kind] = {"00": "limit", "33": "moc", "34": "loc"}
_PLAIN_REFUSALS = (words.BAND, words.HALTED, words.NOT_APPLIED, words.NO_SYMBOL)


class _Refused(Exception):
    """KIS does not take it: code and words."""

    def __init__(self, said: words.Words, *, rt_cd: str = "7", status: int = 200) -> None:
        super().__init__(said[0])
        self.said, self.rt_cd, self.status = said, rt_cd, status


class OrderDesk:
    """Takes orders and cancels of the program.

    `accepted` and `reached` are kept by request; `no_auction_before` is the instant until which a
    session's orders for the close are turned away.
    """

    def __init__(self, world: World, mishaps: Mishaps, exchange: Exchange, hand: Hand) -> None:
        self._world = world
        self._mishaps = mishaps
        self._exchange = exchange
        self.accepted: dict[int, Order] = {}
        self.reached: set[int] = set()
        self.no_auction_before: datetime | None = None
        self._hand = hand
        self._waits: dict[int, float] = {}
        self._sent: Counter[Entry] = Counter()

    def order(self, request: Request) -> Reply:
        """Answer POST /order."""
        self.reached.add(request.id)
        try:
            entry = self._entry(request)
            self._check(entry)
        except _Refused as refusal:
            return self._refuse(request, refusal)
        order = self._between_twins(entry)
        self.accepted[request.id] = order
        self._notice_first(order)
        return self._receipt(order)

    def waits(self, request: Request) -> float:
        """Give the seconds by which the answer to a request comes later than others."""
        return self._waits.pop(request.id, 0.0)

    def cancel(self, request: Request) -> Reply:
        """Answer POST /order-rvsecncl, for cancels."""
        self.reached.add(request.id)
        try:
            self._check_hours()
            original, quantity = self._original(request)
        except _Refused as refusal:
            return self._refuse(request, refusal)
        return self._receipt(self._exchange.cancel(original, quantity, request.id, PROGRAM))

    def sent(self, request: Request) -> None:
        """Count an order that leaves, whatever becomes of it."""
        try:
            self._sent[replace(self._entry(request), request=None)] += 1
        except _Refused:
            return

    def missed(self, request: Request) -> None:
        """Have somebody place an order that never arrived: the owner soon, a program later.

        A program's twin within the minutes in which ours is looked for is beyond recognition; so it
        comes when ours has been given up, and not once it was sent again.
        """
        try:
            entry = self._entry(request)
        except _Refused:
            return
        like = replace(entry, request=None)
        times = self._sent[like]
        if not self._mishaps.comes(Fault.HAND_TWIN):
            return
        chance = self._world.chance("kis.missed")
        by_phone = chance.random() < 0.5
        wait = chance.uniform(2.0, 300.0) if by_phone else chance.uniform(660.0, 1800.0)
        media = PHONE if by_phone else PROGRAM

        def repeat() -> None:
            if by_phone or self._sent[like] == times:
                self._hand.repeat(entry, media)

        self._world.later(wait, repeat)

    def _between_twins(self, entry: Entry) -> Order:
        """Submit an order; now and then the owner places the very same just before or after."""
        chance = self._world.chance("kis.hand")
        if not self._mishaps.comes(Fault.HAND_TWIN):
            return self._exchange.submit(entry)
        if chance.random() < 0.5 and self._hand.spare(entry):
            self._hand.repeat(entry)
            return self._exchange.submit(entry)
        order = self._exchange.submit(entry)
        self._world.later(chance.uniform(0.1, 8.0), lambda: self._hand.repeat(entry))
        return order

    def _notice_first(self, order: Order) -> None:
        """Have a fill, and the notice of it, overtake the answer to the order."""
        pushes, last = self._exchange.pushes, self._exchange.market.last(order.symbol)
        near = last * 3 / 4 < order.price < last * 5 / 4
        if order.kind != "limit" or not pushes.heard or not near or order.request is None:
            return
        if order.symbol in self._exchange.halted or not self._mishaps.comes(
            Fault.NOTICE_FIRST, FEW_LIMITS
        ):
            return
        if order.left:
            self._exchange.fill(order, order.left, order.price)
        self._waits[order.request] = self._world.chance("kis.fates").uniform(1.0, 5.0)
        self._mishaps.struck(Fault.NOTICE_FIRST, order.odno)

    def _entry(self, request: Request) -> Entry:
        body = request.body
        side = _SIDES.get(request.headers.get("tr_id", ""))
        kind = _KINDS.get(body["ORD_DVSN"])
        if side is None or kind is None or (side == "buy" and kind == "moc"):
            raise _Refused(words.WRONG_TYPE)
        price = _price(body["OVRS_ORD_UNPR"])
        if price == ZERO and kind == "limit":
            raise _Refused(words.NO_PRICE)
        if price == ZERO and kind == "loc":
            raise _Refused(words.NO_ROUTE, rt_cd="1", status=500)
        tape = self._exchange.market.tapes.get(body["PDNO"])
        if tape is None or tape.listed.order_code != body["OVRS_EXCG_CD"]:
            raise _Refused(words.NO_SYMBOL)
        return Entry(
            symbol=body["PDNO"],
            side=side,
            kind=kind,
            quantity=int(body["ORD_QTY"]),
            price=price if kind != "moc" else ZERO,
            request=request.id,
            media=PROGRAM,
        )

    def _check(self, entry: Entry) -> None:
        self._check_hours(entry.kind)
        if self._mishaps.comes(Fault.REFUSED):
            said = self._world.chance("kis.refusals").choice(_PLAIN_REFUSALS)
            self._mishaps.struck(Fault.REFUSED, said[0])
            raise _Refused(said)
        if entry.symbol in self._exchange.halted and entry.kind == "limit":
            self._mishaps.struck_today(Fault.HALTED, entry.symbol)
            raise _Refused(words.HALTED)
        if self._crosses(entry) and self._mishaps.strikes(Fault.WASH_TRADE, entry.symbol):
            raise _Refused(words.CROSSED)
        if entry.side == "buy":
            self._check_cash(entry)
        else:
            self._check_shares(entry)

    def _check_hours(self, kind: Kind = "limit") -> None:
        day, now = self._exchange.trading, self._world.now
        if day is None:
            # A closure that nobody's calendar knows is answered both ways (kis.md 8).
            if self._called_off() and self._world.chance("kis.refusals").random() < 0.5:
                raise _Refused(words.NO_ROUTE, rt_cd="1", status=500)
            raise _Refused(words.CLOSED)
        if now < day.pre + WARMING_UP:
            raise _Refused(words.NO_ROUTE, rt_cd="1", status=500)
        if kind == "limit":
            return
        if now > day.closes - AUCTION_CUT_OFF:
            raise _Refused(words.CLOSED)
        if self.no_auction_before is not None and now < self.no_auction_before:
            self._mishaps.struck(Fault.REFUSED, words.WRONG_TYPE[0])
            raise _Refused(words.WRONG_TYPE)

    def _called_off(self) -> bool:
        today = self._exchange.today
        return today is not None and today.closed and today.pre <= self._world.now < today.closes

    def _check_cash(self, entry: Entry) -> None:
        orderable = self._exchange.orderable_cash
        needed = entry.price * entry.quantity * (1 + FEE)
        if needed <= orderable:
            return
        if self._exchange.withheld is not None:
            self._mishaps.struck_today(Fault.USD_SHORT, "refused")
        raise _Refused(words.SHORT_OF_CASH)

    def _check_shares(self, entry: Entry) -> None:
        if self._mishaps.strikes(Fault.SELL_TOO_MANY, entry.symbol):
            raise _Refused(words.SHORT_OF_SHARES)
        if entry.quantity > self._exchange.orderable_shares(entry.symbol):
            raise _Refused(words.SHORT_OF_SHARES)

    def _crosses(self, entry: Entry) -> bool:
        return any(each.side != entry.side for each in self._exchange.working(entry.symbol))

    def _original(self, request: Request) -> tuple[Order, int]:
        body = request.body
        original = self._exchange.find(int(body["ORGN_ODNO"]))
        if original is None or original.symbol != body["PDNO"]:
            raise _Refused(words.NO_ORIGINAL)
        quantity = int(body["ORD_QTY"]) or original.left
        if not original.left or quantity > original.left:
            raise _Refused(words.NOTHING_LEFT)
        return original, quantity

    def _refuse(self, request: Request, refusal: _Refused) -> Reply:
        now = self._world.now
        self._world.note(OrderRefused(at=now, request=request.id, code=refusal.said[0]))
        return words.refused(now, refusal.said, rt_cd=refusal.rt_cd, status=refusal.status)

    def _receipt(self, order: Order) -> Reply:
        output = {
            "KRX_FWDG_ORD_ORGNO": "01790",
            "ODNO": order.odno,
            "ORD_TMD": f"{order.at.astimezone(SEOUL):%H%M%S}",
        }
        return words.answered(self._world.now, words.SENT, output=output)


def _price(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise _Refused(words.NO_PRICE) from None
