"""KIS's answers about what can be bought: inquire-psamount, foreign-margin and the ledger asked."""

from collections.abc import Mapping
from decimal import Decimal

from kis.simulator.desks.money import EXCHANGE_RATE, MOCK_SHARE, down, total, unsettled
from kis.simulator.desks.past import Past
from kis.simulator.desks.protocol import (
    MOCK_READ,
    NO_SYMBOL,
    OK,
    READ,
    Answer,
    Call,
    KisRefusalError,
    answered,
)
from kis.simulator.desks.shown import invalid
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Faults
from kis.simulator.model import ZERO, Side


class BuyingPower:
    """The reported cash in KIS's fields."""

    def __init__(
        self, exchange: Exchange, symbols: Mapping[str, str], faults: Faults, past: Past
    ) -> None:
        self._exchange = exchange
        self._symbols = symbols
        self._faults = faults
        self._past = past

    def psamount(self, call: Call) -> Answer:
        """Answer inquire-psamount: USD and shares that a buy at a price may reserve."""
        if call["ITEM_CD"] not in self._symbols:
            raise KisRefusalError(*NO_SYMBOL)
        price = _price(call["OVRS_ORD_UNPR"])
        account = self._past.lagging(self._faults, call)
        orderable = max(account.cash - self._exchange.book.reserved_cash(), ZERO)
        reused = min(account.sold_on(self._exchange.today), orderable)
        integrated = orderable * MOCK_SHARE if call.mock else orderable
        quantity = int(integrated / price) if price else 0
        output = {
            "tr_crcy_cd": "USD",
            "ord_psbl_frcr_amt": down(orderable - reused),
            "sll_ruse_psbl_amt": down(reused),
            "ovrs_ord_psbl_amt": down(orderable),
            "max_ord_psbl_qty": str(quantity),
            "echm_af_ord_psbl_amt": down(orderable),
            "echm_af_ord_psbl_qty": str(quantity),
            "ord_psbl_qty": str(quantity),
            "exrt": f"{EXCHANGE_RATE:.10f}",
            "frcr_ord_psbl_amt1": f"{integrated:.6f}",
            "ovrs_max_ord_psbl_qty": str(quantity),
        }
        return Answer(answered(MOCK_READ if call.mock else OK, output=output))

    def margin(self, _: Call) -> Answer:
        """Answer foreign-margin: the dollar's row, and a blank one as KIS fills the table with."""
        orderable = down(max(self._exchange.orderable_cash, ZERO))
        row = {
            "natn_name": "미국",
            "crcy_cd": "USD",
            "frcr_dncl_amt1": f"{self._exchange.reported.cash:.6f}",
            "ustl_buy_amt": down(total(unsettled(self._exchange, Side.BUY))),
            "ustl_sll_amt": down(total(unsettled(self._exchange, Side.SELL))),
            "frcr_rcvb_amt": "0.00",
            "frcr_mgn_amt": f"{self._exchange.book.reserved_cash():.6f}",
            "frcr_gnrl_ord_psbl_amt": orderable,
            "frcr_ord_psbl_amt1": "0.000000",
            "itgr_ord_psbl_amt": orderable,
            "bass_exrt": f"{EXCHANGE_RATE:.8f}",
        }
        return Answer(answered(READ, output=[row, dict.fromkeys(row, "")]), tr_cont="D")

    @staticmethod
    def day_or_night(_: Call) -> Answer:
        """Answer dayornight: one ledger serves day and night, as KIS's newer TR ids have it."""
        return Answer(answered(READ, output={"PSBL_YN": "N"}))


def _price(text: str) -> Decimal:
    try:
        price = Decimal(text)
    except ArithmeticError:
        raise invalid() from None
    if not price.is_finite() or price < 0:
        raise invalid()
    return price
