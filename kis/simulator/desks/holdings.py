"""KIS's balance of shares: inquire-balance."""

from collections.abc import Mapping
from decimal import Decimal

from kis.simulator.account import Position
from kis.simulator.desks.listings import elsewhere
from kis.simulator.desks.money import percent
from kis.simulator.desks.paging import ctx_keys, paged
from kis.simulator.desks.past import Past
from kis.simulator.desks.protocol import (
    MOCK_NOTHING,
    MOCK_READ,
    PRODUCT_TYPES,
    READ,
    Answer,
    Call,
    answered,
    product_name,
)
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Faults
from kis.simulator.model import ZERO

PAGE = 100
BALANCE_ECHO = ("CANO", "ACNT_PRDT_CD", "OVRS_EXCG_CD", "TR_CRCY_CD")


class Holdings:
    """The reported account's shares in KIS's fields."""

    def __init__(
        self, exchange: Exchange, symbols: Mapping[str, str], faults: Faults, past: Past
    ) -> None:
        self._exchange = exchange
        self._symbols = symbols
        self._faults = faults
        self._past = past

    def balance(self, call: Call) -> Answer:
        """Answer inquire-balance: a row a holding and a blank one behind them.

        On a real account NASD is the whole of the US; 모의투자 answers exchange by exchange.
        """
        account = self._past.lagging(self._faults, call)
        held = {
            symbol: position
            for symbol, position in account.positions.items()
            if self._asked_for(symbol, call)
        }
        page, following, mark = paged(sorted(held), PAGE, str, after=call.after())
        rows = [self._row(call, symbol, held[symbol]) for symbol in page]
        if rows and self._faults.take("rows_twice", call.matched):
            rows = [rows[0], *rows]
        elif rows and self._faults.take("duplicate_rows_other_exchange", call.matched):
            rows = [*rows, elsewhere(rows[0])]
        if rows and not call.mock:
            rows.append(_blank_row())
        cost = sum((position.cost for position in held.values()), ZERO)
        value = sum((self._last(s) * p.quantity for s, p in held.items()), ZERO)
        read = (MOCK_READ if rows else MOCK_NOTHING) if call.mock else READ
        keys = ctx_keys(call.fields, BALANCE_ECHO, following)
        output = _totals(cost, value, account.realized)
        return Answer(answered(read, output1=rows, output2=output, **keys), tr_cont=mark)

    def _asked_for(self, symbol: str, call: Call) -> bool:
        asked = call["OVRS_EXCG_CD"]
        if asked == "NASD" and not call.mock:
            return True
        return self._symbols.get(symbol) == ("NASD" if asked == "NAS" else asked)

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
            "evlu_pfls_rt": f"{percent(value - position.cost, position.cost):.2f}",
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


def _totals(cost: Decimal, value: Decimal, realized: Decimal) -> dict[str, str]:
    return {
        "frcr_pchs_amt1": f"{cost:.5f}",
        "ovrs_rlzt_pfls_amt": f"{realized:.5f}",
        "ovrs_tot_pfls": f"{value - cost:.5f}",
        "rlzt_erng_rt": "0.00000000",
        "tot_evlu_pfls_amt": f"{value:.8f}",
        "tot_pftrt": f"{percent(value - cost, cost):.8f}",
        "frcr_buy_amt_smtl1": f"{cost:.6f}",
        "ovrs_rlzt_pfls_amt2": f"{realized:.5f}",
        "frcr_buy_amt_smtl2": f"{cost:.6f}",
    }


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
