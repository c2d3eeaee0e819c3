"""KIS's balances by execution (inquire-present-balance) and by settlement (paymt-stdr-balance)."""

from collections.abc import Mapping
from decimal import Decimal

from kis.simulator.account import Account, Position
from kis.simulator.desks.money import EXCHANGE_RATE, percent, settled_on, total, unsettled
from kis.simulator.desks.past import Past
from kis.simulator.desks.protocol import (
    FOUND,
    MARKET_CODES,
    MARKET_NAMES,
    MOCK_READ,
    PRODUCT_TYPES,
    QUOTE_CODES,
    READ,
    Answer,
    Call,
    answered,
    product_name,
)
from kis.simulator.desks.shown import day_of, invalid
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Faults
from kis.simulator.model import SEOUL, ZERO, Fill, Side

US = frozenset({"", "000", "840"})
WHOLE_MARKET = "00"
MINI_STOCKS = "02"


class Standing:
    """The whole account in KIS's fields; amounts of holdings in USD, or in KRW where asked."""

    def __init__(
        self, exchange: Exchange, symbols: Mapping[str, str], faults: Faults, past: Past
    ) -> None:
        self._exchange = exchange
        self._symbols = symbols
        self._faults = faults
        self._past = past

    def present(self, call: Call) -> Answer:
        """Answer inquire-present-balance by execution; the mock host fills output3 only."""
        rate = _rate(call)
        account = self._past.lagging(self._faults, call)
        held = account.positions
        shown = {s: p for s, p in held.items() if self._asked_for(s, call)}
        rows = [self._present_row(symbol, position, rate) for symbol, position in shown.items()]
        body = answered(
            MOCK_READ if call.mock else READ,
            output1=[] if call.mock else rows,
            output2=[] if call.mock else [self._currency_row(account.cash)],
            output3=self._totals(account),
        )
        return Answer(body, tr_cont="D")

    def settled(self, call: Call) -> Answer:
        """Answer inquire-paymt-stdr-balance: what the trades settled by a date have left."""
        day = day_of(call["BASS_DT"])
        if day is None:
            raise invalid()
        account = Account(self._exchange.cash_at_start)
        for step in self._exchange.ledger.steps():
            if not isinstance(step, Fill):
                account.hold(step.symbol, step.quantity, step.cost)
            elif step.reported and settled_on(self._exchange, step.day) <= day:
                account.apply(step)
        rate = _rate(call)
        mini = call["INQR_DVSN_CD"] == MINI_STOCKS
        held = {} if mini else account.positions
        cost, value = self._worth(held)
        cash = account.cash * EXCHANGE_RATE
        output3 = {
            "pchs_amt_smtl_amt": f"{cost * EXCHANGE_RATE:.0f}",
            "tot_evlu_pfls_amt": f"{(value - cost) * EXCHANGE_RATE:.8f}",
            "evlu_erng_rt1": f"{percent(value - cost, cost):.10f}",
            "tot_dncl_amt": "0",
            "wcrc_evlu_amt_smtl": f"{value * EXCHANGE_RATE:.6f}",
            "tot_asst_amt2": f"{value * EXCHANGE_RATE + cash:.6f}",
            "frcr_cblc_wcrc_evlu_amt_smtl": f"{cash:.6f}",
            "tot_loan_amt": "0",
            "tot_ldng_evlu_amt": "0",
        }
        money = {
            "crcy_cd": "USD",
            "crcy_cd_name": "미국달러",
            "frcr_dncl_amt_2": f"{account.cash:.6f}",
            "frst_bltn_exrt": f"{EXCHANGE_RATE:.8f}",
            "frcr_evlu_amt2": f"{cash:.6f}",
        }
        rows = [self._settled_row(symbol, position, rate) for symbol, position in held.items()]
        return Answer(answered(FOUND, output1=rows, output2=[money], output3=output3))

    # -- rows -------------------------------------------------------------------------------

    def _asked_for(self, symbol: str, call: Call) -> bool:
        market = call["TR_MKET_CD"]
        return (
            call["NATN_CD"] in US
            and call["INQR_DVSN_CD"] != MINI_STOCKS
            and market in {"", WHOLE_MARKET, MARKET_CODES[self._symbols[symbol]]}
        )

    def _last(self, symbol: str) -> Decimal:
        traded = self._exchange.last_trade(symbol)
        return ZERO if traded is None else traded[1]

    def _worth(self, held: Mapping[str, Position]) -> tuple[Decimal, Decimal]:
        cost = sum((position.cost for position in held.values()), ZERO)
        value = sum((self._last(s) * p.quantity for s, p in held.items()), ZERO)
        return cost, value

    def _today(self, symbol: str, side: Side) -> list[Fill]:
        return [
            fill
            for fill in self._exchange.fills[-200:]
            if fill.reported
            and fill.day == self._exchange.today
            and fill.symbol == symbol
            and fill.side is side
        ]

    def _common(self, symbol: str, position: Position, rate: Decimal) -> dict[str, str]:
        """Give the fields that both balances share."""
        last, cost = self._last(symbol) * rate, position.cost * rate
        value = last * position.quantity
        exchange = self._symbols[symbol]
        bought, sold = self._today(symbol, Side.BUY), self._today(symbol, Side.SELL)
        return {
            "pdno": symbol,
            "prdt_name": product_name(symbol),
            "ord_psbl_qty1": f"{self._exchange.orderable_quantity(symbol):.8f}",
            "avg_unpr3": f"{position.average * rate:.4f}",
            "ovrs_now_pric1": f"{last:.5f}",
            "frcr_pchs_amt": f"{cost:.5f}",
            "frcr_evlu_amt2": f"{value:.6f}",
            "evlu_pfls_amt2": f"{value - cost:.5f}",
            "evlu_pfls_rt1": f"{percent(value - cost, cost):.8f}",
            "bass_exrt": f"{EXCHANGE_RATE:.8f}",
            "buy_crcy_cd": "USD",
            "thdt_buy_ccld_qty1": f"{sum(fill.quantity for fill in bought):.8f}",
            "thdt_sll_ccld_qty1": f"{sum(fill.quantity for fill in sold):.8f}",
            "tr_mket_name": MARKET_NAMES[exchange],
            "natn_kor_name": "미국",
            "std_pdno": "",
            "loan_rmnd": "0",
            "prdt_type_cd": PRODUCT_TYPES[exchange],
            "ovrs_excg_cd": exchange,
            "scts_dvsn_name": "현금",
        }

    def _present_row(self, symbol: str, position: Position, rate: Decimal) -> dict[str, str]:
        bought, sold = self._today(symbol, Side.BUY), self._today(symbol, Side.SELL)
        settled = position.quantity - sum(fill.quantity for fill in bought)
        settled += sum(fill.quantity for fill in sold)
        return self._common(symbol, position, rate) | {
            "cblc_qty13": f"{settled:.8f}",
            "ccld_qty_smtl1": f"{position.quantity:.8f}",
            "pchs_rmnd_wcrc_amt": f"{position.cost * EXCHANGE_RATE:.0f}",
            "thdt_buy_ccld_frcr_amt": f"{total(bought):.6f}",
            "thdt_sll_ccld_frcr_amt": f"{total(sold):.6f}",
            "unit_amt": "1",
            "loan_dt": "",
            "loan_expd_dt": "",
            "item_lnkg_excg_cd": QUOTE_CODES[self._symbols[symbol]],
        }

    def _settled_row(self, symbol: str, position: Position, rate: Decimal) -> dict[str, str]:
        seoul = self._exchange.now.astimezone(SEOUL)
        return self._common(symbol, position, rate) | {
            "cblc_qty13": f"{position.quantity:.8f}",
            "oprt_dtl_dtime": f"{seoul:%Y%m%d%H%M%S}000",
            "mgge_qty": "0",
            "ldng_cblc_qty": "0",
        }

    def _currency_row(self, cash: Decimal) -> dict[str, str]:
        orderable = f"{max(self._exchange.orderable_cash, ZERO):.6f}"
        today = [
            fill
            for fill in self._exchange.fills[-200:]
            if fill.reported and fill.day == self._exchange.today
        ]
        return {
            "crcy_cd": "USD",
            "crcy_cd_name": "미국 달러",
            "frcr_buy_amt_smtl": f"{total(f for f in today if f.side is Side.BUY):.6f}",
            "frcr_sll_amt_smtl": f"{total(f for f in today if f.side is Side.SELL):.6f}",
            "frcr_dncl_amt_2": f"{cash:.6f}",
            "frst_bltn_exrt": f"{EXCHANGE_RATE:.8f}",
            "frcr_buy_mgn_amt": f"{self._exchange.book.reserved_cash():.6f}",
            "frcr_etc_mgna": "0",
            "frcr_drwg_psbl_amt_1": orderable,
            "frcr_evlu_amt2": f"{cash * EXCHANGE_RATE:.0f}",
            "acpl_cstd_crcy_yn": "Y",
            "nxdy_frcr_drwg_psbl_amt": orderable,
        }

    def _totals(self, account: Account) -> dict[str, str]:
        """Give output3, in won."""
        cost, value = (amount * EXCHANGE_RATE for amount in self._worth(account.positions))
        cash = account.cash * EXCHANGE_RATE
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
            "ustl_buy_amt_smtl": total(unsettled(self._exchange, Side.BUY)) * EXCHANGE_RATE,
            "ustl_sll_amt_smtl": total(unsettled(self._exchange, Side.SELL)) * EXCHANGE_RATE,
        }
        totals = {name: f"{known.get(name, ZERO):.0f}" for name in TOTALS}
        return totals | {"evlu_erng_rt1": f"{percent(value - cost, cost):.8f}"}


TOTALS = (
    "pchs_amt_smtl", "evlu_amt_smtl", "evlu_pfls_amt_smtl", "dncl_amt", "cma_evlu_amt",
    "tot_dncl_amt", "etc_mgna", "wdrw_psbl_tot_amt", "frcr_evlu_tota", "evlu_erng_rt1",
    "pchs_amt_smtl_amt", "evlu_amt_smtl_amt", "tot_evlu_pfls_amt", "tot_asst_amt",
    "buy_mgn_amt", "mgna_tota", "frcr_use_psbl_amt", "ustl_sll_amt_smtl", "ustl_buy_amt_smtl",
    "tot_frcr_cblc_smtl", "tot_loan_amt",
)  # fmt: skip


def _rate(call: Call) -> Decimal:
    """Give what USD are multiplied by: the rate where the call asks for won (01)."""
    return EXCHANGE_RATE if call["WCRC_FRCR_DVSN_CD"] == "01" else Decimal(1)
