"""KIS's answers about money and shares: balance, buying power, present balance, margin."""

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal

from kis.simulator.account import Position
from kis.simulator.exchange import Exchange
from kis.simulator.model import CENT, ZERO
from kis.simulator.paging import ctx_keys
from kis.simulator.protocol import (
    MARKET_NAMES,
    MOCK_NOTHING,
    MOCK_READ,
    OK,
    PRODUCT_TYPES,
    QUOTE_CODES,
    READ,
    Answer,
    Call,
    KisRefusalError,
    answered,
    product_name,
)

EXCHANGE_RATE = Decimal("1390.50")
BALANCE_ECHO = ("CANO", "ACNT_PRDT_CD", "OVRS_EXCG_CD", "TR_CRCY_CD")


class Holdings:
    """The reported account in KIS's fields."""

    def __init__(self, exchange: Exchange, symbols: Mapping[str, str]) -> None:
        self._exchange = exchange
        self._symbols = symbols

    def balance(self, call: Call) -> Answer:
        """Answer inquire-balance: a row a holding and a blank one behind them."""
        held = {
            symbol: position
            for symbol, position in self._exchange.reported.positions.items()
            if self._asked_for(symbol, call)
        }
        rows = [self._row(call, symbol, position) for symbol, position in held.items()]
        if rows and not call.mock:
            rows.append(_blank_row())
        cost = sum((position.cost for position in held.values()), ZERO)
        value = sum((self._last(s) * p.quantity for s, p in held.items()), ZERO)
        realized = self._exchange.reported.realized
        output = {
            "frcr_pchs_amt1": f"{cost:.5f}",
            "ovrs_rlzt_pfls_amt": f"{realized:.5f}",
            "ovrs_tot_pfls": f"{value - cost:.5f}",
            "rlzt_erng_rt": "0.00000000",
            "tot_evlu_pfls_amt": f"{value:.8f}",
            "tot_pftrt": f"{_percent(value - cost, cost):.8f}",
            "frcr_buy_amt_smtl1": f"{cost:.6f}",
            "ovrs_rlzt_pfls_amt2": f"{realized:.5f}",
            "frcr_buy_amt_smtl2": f"{cost:.6f}",
        }
        read = (MOCK_READ if rows else MOCK_NOTHING) if call.mock else READ
        keys = ctx_keys(call.fields, BALANCE_ECHO, "")
        return Answer(answered(read, output1=rows, output2=output, **keys), tr_cont="D")

    def psamount(self, call: Call) -> Answer:
        """Answer inquire-psamount: USD and shares that a buy at a price may reserve."""
        symbol = call["ITEM_CD"]
        if symbol not in self._symbols:
            raise KisRefusalError("APBK0656", "해당종목정보가 없습니다.")
        try:
            price = Decimal(call["OVRS_ORD_UNPR"])
        except ArithmeticError:
            raise KisRefusalError("OPSQ2001", "ERROR : INPUT INVALID_CHECK", rt_cd="2") from None
        orderable = max(self._exchange.orderable_cash, ZERO)
        reused = min(self._exchange.reported.sold_on(self._exchange.today), orderable)
        integrated = orderable * Decimal("0.99") if call.mock else orderable
        quantity = 0
        if price.is_finite() and price > 0:
            quantity = int(integrated / price)
        output = {
            "tr_crcy_cd": "USD",
            "ord_psbl_frcr_amt": _down(orderable - reused),
            "sll_ruse_psbl_amt": _down(reused),
            "ovrs_ord_psbl_amt": _down(orderable),
            "max_ord_psbl_qty": str(quantity),
            "echm_af_ord_psbl_amt": _down(orderable),
            "echm_af_ord_psbl_qty": str(quantity),
            "ord_psbl_qty": str(quantity),
            "exrt": f"{EXCHANGE_RATE:.10f}",
            "frcr_ord_psbl_amt1": f"{integrated:.6f}",
            "ovrs_max_ord_psbl_qty": str(quantity),
        }
        return Answer(answered(MOCK_READ if call.mock else OK, output=output))

    def present(self, call: Call) -> Answer:
        """Answer inquire-present-balance by execution; the mock host fills output3 only."""
        won = call["WCRC_FRCR_DVSN_CD"] == "01"
        rate = EXCHANGE_RATE if won else Decimal(1)
        held = self._exchange.reported.positions
        value = sum((self._last(s) * p.quantity for s, p in held.items()), ZERO)
        cost = sum((p.cost for p in held.values()), ZERO)
        cash = self._exchange.reported.cash
        rows = [self._present_row(symbol, position, rate) for symbol, position in held.items()]
        body = answered(
            MOCK_READ if call.mock else READ,
            output1=[] if call.mock else rows,
            output2=[] if call.mock else [self._currency_row(cash)],
            output3=_totals(value * EXCHANGE_RATE, cost * EXCHANGE_RATE, cash * EXCHANGE_RATE),
        )
        return Answer(body, tr_cont="D")

    @staticmethod
    def day_or_night(_: Call) -> Answer:
        """Answer dayornight: one ledger serves day and night, as KIS's newer TR ids have it."""
        return Answer(answered(READ, output={"PSBL_YN": "N"}))

    def margin(self, _: Call) -> Answer:
        """Answer foreign-margin: the dollar's row and a blank one."""
        orderable = _down(max(self._exchange.orderable_cash, ZERO))
        row = {
            "natn_name": "미국",
            "crcy_cd": "USD",
            "frcr_dncl_amt1": _down(self._exchange.reported.cash),
            "ustl_buy_amt": "0.00",
            "ustl_sll_amt": "0.00",
            "frcr_rcvb_amt": "0.00",
            "frcr_mgn_amt": _down(self._exchange.book.reserved_cash()),
            "frcr_gnrl_ord_psbl_amt": orderable,
            "frcr_ord_psbl_amt1": orderable,
            "itgr_ord_psbl_amt": orderable,
            "bass_exrt": f"{EXCHANGE_RATE:.2f}",
        }
        return Answer(answered(READ, output=[row, dict.fromkeys(row, "")]), tr_cont="D")

    # -- rows -------------------------------------------------------------------------------

    def _asked_for(self, symbol: str, call: Call) -> bool:
        asked = call["OVRS_EXCG_CD"]
        if asked == "NASD" and not call.mock:
            return True
        return self._symbols[symbol] == ("NASD" if asked == "NAS" else asked)

    def _last(self, symbol: str) -> Decimal:
        traded = self._exchange.last_trade(symbol)
        return ZERO if traded is None else traded[1]

    def _row(self, call: Call, symbol: str, position: Position) -> dict[str, str]:
        last = self._last(symbol)
        value = last * position.quantity
        exchange = self._symbols[symbol]
        return {
            "cano": call["CANO"],
            "acnt_prdt_cd": call["ACNT_PRDT_CD"],
            "prdt_type_cd": PRODUCT_TYPES[exchange],
            "ovrs_pdno": symbol,
            "ovrs_item_name": product_name(symbol),
            "frcr_evlu_pfls_amt": f"{value - position.cost:.6f}",
            "evlu_pfls_rt": f"{_percent(value - position.cost, position.cost):.2f}",
            "pchs_avg_pric": f"{position.average:.4f}",
            "ovrs_cblc_qty": str(position.quantity),
            "ord_psbl_qty": str(self._exchange.orderable_quantity(symbol)),
            "frcr_pchs_amt1": f"{position.cost:.5f}",
            "ovrs_stck_evlu_amt": f"{value:.8f}",
            "now_pric2": f"{last:.6f}",
            "tr_crcy_cd": "USD",
            "ovrs_excg_cd": exchange,
            "loan_type_cd": "10",
            "loan_dt": "",
            "expd_dt": "",
        }

    def _present_row(self, symbol: str, position: Position, rate: Decimal) -> dict[str, str]:
        last = self._last(symbol) * rate
        cost = position.cost * rate
        value = last * position.quantity
        exchange = self._symbols[symbol]
        today = [
            fill
            for fill in self._exchange.fills[-200:]
            if fill.reported and fill.day == self._exchange.today and fill.symbol == symbol
        ]
        bought = [fill for fill in today if fill.side.value == "buy"]
        sold = [fill for fill in today if fill.side.value == "sell"]
        settled = position.quantity - sum(f.quantity for f in bought)
        settled += sum(f.quantity for f in sold)
        return {
            "prdt_name": product_name(symbol),
            "cblc_qty13": f"{settled:.8f}",
            "thdt_buy_ccld_qty1": f"{sum(f.quantity for f in bought):.8f}",
            "thdt_sll_ccld_qty1": f"{sum(f.quantity for f in sold):.8f}",
            "ccld_qty_smtl1": f"{position.quantity:.8f}",
            "ord_psbl_qty1": f"{self._exchange.orderable_quantity(symbol):.8f}",
            "frcr_pchs_amt": f"{cost:.5f}",
            "frcr_evlu_amt2": f"{value:.6f}",
            "evlu_pfls_amt2": f"{value - cost:.5f}",
            "evlu_pfls_rt1": f"{_percent(value - cost, cost):.8f}",
            "pdno": symbol,
            "bass_exrt": f"{EXCHANGE_RATE:.8f}",
            "buy_crcy_cd": "USD",
            "ovrs_now_pric1": f"{last:.5f}",
            "avg_unpr3": f"{position.average * rate:.4f}",
            "tr_mket_name": MARKET_NAMES[exchange],
            "natn_kor_name": "미국",
            "pchs_rmnd_wcrc_amt": f"{position.cost * EXCHANGE_RATE:.0f}",
            "thdt_buy_ccld_frcr_amt": f"{sum((f.amount for f in bought), ZERO):.6f}",
            "thdt_sll_ccld_frcr_amt": f"{sum((f.amount for f in sold), ZERO):.6f}",
            "unit_amt": "1",
            "std_pdno": "",
            "prdt_type_cd": PRODUCT_TYPES[exchange],
            "scts_dvsn_name": "현금",
            "loan_rmnd": "0",
            "loan_dt": "",
            "loan_expd_dt": "",
            "ovrs_excg_cd": exchange,
            "item_lnkg_excg_cd": QUOTE_CODES[exchange],
        }

    def _currency_row(self, cash: Decimal) -> dict[str, str]:
        return {
            "crcy_cd": "USD",
            "crcy_cd_name": "미국 달러",
            "frcr_buy_amt_smtl": "0",
            "frcr_sll_amt_smtl": "0",
            "frcr_dncl_amt_2": f"{cash:.6f}",
            "frst_bltn_exrt": f"{EXCHANGE_RATE:.8f}",
            "frcr_buy_mgn_amt": f"{self._exchange.book.reserved_cash():.6f}",
            "frcr_etc_mgna": "0",
            "frcr_drwg_psbl_amt_1": f"{max(self._exchange.orderable_cash, ZERO):.6f}",
            "frcr_evlu_amt2": f"{cash * EXCHANGE_RATE:.0f}",
            "acpl_cstd_crcy_yn": "Y",
            "nxdy_frcr_drwg_psbl_amt": f"{max(self._exchange.orderable_cash, ZERO):.6f}",
        }


TOTALS = (
    "pchs_amt_smtl", "evlu_amt_smtl", "evlu_pfls_amt_smtl", "dncl_amt", "cma_evlu_amt",
    "tot_dncl_amt", "etc_mgna", "wdrw_psbl_tot_amt", "frcr_evlu_tota", "evlu_erng_rt1",
    "pchs_amt_smtl_amt", "evlu_amt_smtl_amt", "tot_evlu_pfls_amt", "tot_asst_amt",
    "buy_mgn_amt", "mgna_tota", "frcr_use_psbl_amt", "ustl_sll_amt_smtl", "ustl_buy_amt_smtl",
    "tot_frcr_cblc_smtl", "tot_loan_amt",
)  # fmt: skip


def _totals(value: Decimal, cost: Decimal, cash: Decimal) -> dict[str, str]:
    """Give output3, in won."""
    known = {
        "pchs_amt_smtl": cost,
        "pchs_amt_smtl_amt": cost,
        "evlu_amt_smtl": value,
        "evlu_amt_smtl_amt": value,
        "evlu_pfls_amt_smtl": value - cost,
        "tot_evlu_pfls_amt": value - cost,
        "frcr_evlu_tota": cash,
        "frcr_use_psbl_amt": cash,
        "tot_asst_amt": value + cash,
    }
    totals = {name: f"{known.get(name, ZERO):.0f}" for name in TOTALS}
    return totals | {"evlu_erng_rt1": f"{_percent(value - cost, cost):.8f}"}


def _blank_row() -> dict[str, str]:
    return {
        "cano": "",
        "acnt_prdt_cd": "",
        "prdt_type_cd": "",
        "ovrs_pdno": "",
        "ovrs_item_name": "",
        "frcr_evlu_pfls_amt": "0.000000",
        "evlu_pfls_rt": "0.00",
        "pchs_avg_pric": "0.0000",
        "ovrs_cblc_qty": "0",
        "ord_psbl_qty": "0",
        "frcr_pchs_amt1": "0.00000",
        "ovrs_stck_evlu_amt": "0.00000000",
        "now_pric2": "0.000000",
        "tr_crcy_cd": "",
        "ovrs_excg_cd": "",
        "loan_type_cd": "",
        "loan_dt": "",
        "expd_dt": "",
    }


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return part / whole * 100 if whole else ZERO


def _down(amount: Decimal) -> str:
    return str(amount.quantize(CENT, ROUND_DOWN))
