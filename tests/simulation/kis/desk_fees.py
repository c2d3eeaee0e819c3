"""What trades cost in the end: a row a day, symbol and side, from the morning after on."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from kis.transport import Reply
from tests.simulation.kis import words
from tests.simulation.kis.book import FEE, SEOUL, Row
from tests.simulation.kis.desk_account import RATE
from tests.simulation.kis.exchange import Exchange
from tests.simulation.kis.request import Request
from tests.simulation.world import World

SHOWN_FROM = time(8, 40)
_CENT = Decimal("0.01")
_CODES = {"buy": "02", "sell": "01"}
_NAMES = {"buy": "매수", "sell": "매도"}

Key = tuple[date, str, str]


class FeeDesk:
    """Answers GET /inquire-period-trans: hand trades and the program's alike, on one page."""

    def __init__(self, world: World, exchange: Exchange) -> None:
        self._world = world
        self._exchange = exchange

    def transactions(self, request: Request) -> Reply:
        """List what was traded on some US dates and is in the books by now."""
        start, end = _day(request.query["ERLM_STRT_DT"]), _day(request.query["ERLM_END_DT"])
        sums: dict[Key, tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
        for day, orders in self._exchange.book.items():
            if not start <= day <= end or not self._in_the_books(day):
                continue
            for order in orders:
                if order.filled:
                    quantity, amount = sums[day, order.symbol, order.side]
                    key = (day, order.symbol, order.side)
                    sums[key] = (quantity + order.filled, amount + order.amount)
        rows = [_row(key, *sums[key]) for key in sorted(sums)]
        return words.answered(
            self._world.now,
            words.READ if rows else words.NOTHING,
            tr_cont="D",
            ctx_area_fk100="".ljust(100),
            ctx_area_nk100="".ljust(100),
            output1=rows,
            output2={"dmst_fee_smtl": "0"},
        )

    def _in_the_books(self, day: date) -> bool:
        morning = datetime.combine(day + timedelta(days=1), SHOWN_FROM, SEOUL)
        return self._world.now >= morning


def _row(key: Key, quantity: int, amount: Decimal) -> Row:
    day, symbol, side = key
    fee = (amount * FEE).quantize(_CENT, ROUND_HALF_UP)
    settled = amount + (fee if side == "buy" else -fee)
    return {
        "trad_dt": f"{day:%Y%m%d}",
        "sttl_dt": f"{day + timedelta(days=1):%Y%m%d}",
        "sll_buy_dvsn_cd": _CODES[side],
        "sll_buy_dvsn_name": _NAMES[side],
        "pdno": symbol,
        "ovrs_item_name": symbol,
        "ccld_qty": str(quantity),
        "ft_ccld_unpr2": f"{amount / quantity:.8f}",
        "tr_frcr_amt2": f"{amount:.6f}",
        "frcr_excc_amt_1": f"{settled:.6f}",
        "dmst_frcr_fee1": f"{fee:.5f}",
        "frcr_fee1": "0.000000",
        "crcy_cd": "USD",
        "erlm_exrt": f"{RATE:.8f}",
    }


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
