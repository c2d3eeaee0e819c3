"""KIS's accounts of past trades: period-profit and period-trans, from the day after the trade."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from kis.simulator.account import Account
from kis.simulator.desks.money import EXCHANGE_RATE, percent, settled_on
from kis.simulator.desks.paging import ctx_keys, paged
from kis.simulator.desks.protocol import (
    LAST,
    NOTHING,
    READ,
    SIDE_CODES,
    SIDE_NAMES,
    Answer,
    Call,
    answered,
    product_name,
)
from kis.simulator.desks.shown import day_of, invalid
from kis.simulator.exchange import Exchange
from kis.simulator.model import SEOUL, ZERO, Fill, Side

# KIS's own page size is not published.
PAGE = 30
# From then on KIS shows a trade with its fees (kis.md, 6.4).
SHOWN_FROM = time(8, 40)
WON = "02"
PROFIT_ECHO = (
    "CANO", "ACNT_PRDT_CD", "OVRS_EXCG_CD", "NATN_CD", "CRCY_CD", "PDNO", "INQR_STRT_DT",
    "INQR_END_DT", "WCRC_FRCR_DVSN_CD",
)  # fmt: skip
TRANS_ECHO = (
    "CANO", "ACNT_PRDT_CD", "ERLM_STRT_DT", "ERLM_END_DT", "OVRS_EXCG_CD", "PDNO",
)  # fmt: skip


@dataclass(slots=True)
class Sale:
    """What a day's sales of a symbol sold and cost, in USD; costs are the day's fees."""

    day: date
    symbol: str
    quantity: int = 0
    cost: Decimal = ZERO
    amount: Decimal = ZERO
    fees: Decimal = ZERO

    @property
    def profit(self) -> Decimal:
        return self.amount - self.cost - self.fees


@dataclass(slots=True)
class Traded:
    """What a day's fills of a symbol on one side come to, in USD."""

    day: date
    symbol: str
    side: Side
    quantity: int = 0
    amount: Decimal = ZERO
    fee: Decimal = ZERO


class Trades:
    """Reported fills by day and symbol."""

    def __init__(self, exchange: Exchange, symbols: dict[str, str]) -> None:
        self._exchange = exchange
        self._symbols = symbols

    # -- period-profit ----------------------------------------------------------------------

    def profits(self, call: Call) -> Answer:
        """Answer inquire-period-profit: a row for each day and symbol that was sold.

        Costs are those of the sale, and of buys of the same symbol on the same day.
        """
        wanted = _period(call, "INQR_STRT_DT", "INQR_END_DT")
        exchange, symbol = call["OVRS_EXCG_CD"], call["PDNO"].strip()
        sales = [
            sale
            for sale in self._sales()
            if wanted(sale.day)
            and symbol in {"", "%", sale.symbol}
            and exchange in {"", "%", "NASD", self._symbols.get(sale.symbol)}
            and call["CRCY_CD"] in {"", "USD"}
        ]
        page, following, mark = paged(sales, PAGE, _sale_key, after=call.after())
        rate = EXCHANGE_RATE if call["WCRC_FRCR_DVSN_CD"] == WON else Decimal(1)
        body = answered(
            READ if sales else NOTHING,
            output1=[self._sale_row(sale, rate) for sale in page],
            output2=self._sums(sales, rate),
            **ctx_keys(call.fields, PROFIT_ECHO, following),
        )
        return Answer(body, tr_cont=mark)

    def _sales(self) -> list[Sale]:
        account = Account(self._exchange.cash_at_start)
        sales: dict[tuple[date, str], Sale] = {}
        fees: dict[tuple[date, str], Decimal] = {}
        for step in self._exchange.ledger.steps():
            if not isinstance(step, Fill):
                account.hold(step.symbol, step.quantity, step.cost)
                continue
            key = (step.day, step.symbol)
            fees[key] = fees.get(key, ZERO) + step.fee
            if step.side is Side.SELL and self._is_shown(step):
                sale = sales.setdefault(key, Sale(*key))
                sale.quantity += step.quantity
                sale.cost += account.held(step.symbol).average * step.quantity
                sale.amount += step.amount
            account.apply(step)
        for key, sale in sales.items():
            sale.fees = fees[key]
        return list(sales.values())

    def _sale_row(self, sale: Sale, rate: Decimal) -> dict[str, str]:
        return {
            "trad_day": f"{sale.day:%Y%m%d}",
            "ovrs_pdno": sale.symbol,
            "ovrs_item_name": product_name(sale.symbol),
            "slcl_qty": str(sale.quantity),
            "pchs_avg_pric": f"{sale.cost * rate / sale.quantity:.4f}",
            "frcr_pchs_amt1": f"{sale.cost * rate:.5f}",
            "avg_sll_unpr": f"{sale.amount * rate / sale.quantity:.8f}",
            "frcr_sll_amt_smtl1": f"{sale.amount * rate:.6f}",
            "stck_sll_tlex": f"{sale.fees * rate:.4f}",
            "ovrs_rlzt_pfls_amt": f"{sale.profit * rate:.5f}",
            "pftrt": f"{percent(sale.profit, sale.cost):.8f}",
            "exrt": f"{EXCHANGE_RATE:.10f}",
            "ovrs_excg_cd": self._symbols.get(sale.symbol, ""),
            "frst_bltn_exrt": f"{EXCHANGE_RATE:.8f}",
        }

    def _sums(self, sales: Iterable[Sale], rate: Decimal) -> dict[str, str]:
        sales = list(sales)
        amount = sum((sale.amount for sale in sales), ZERO)
        cost = sum((sale.cost for sale in sales), ZERO)
        fees = sum((sale.fees for sale in sales), ZERO)
        profit = amount - cost - fees
        return {
            "stck_sll_amt_smtl": f"{amount * rate:.4f}",
            "stck_buy_amt_smtl": f"{cost * rate:.4f}",
            "smtl_fee1": f"{fees * rate:.8f}",
            "excc_dfrm_amt": f"{(amount - fees) * rate:.5f}",
            "ovrs_rlzt_pfls_tot_amt": f"{profit * rate:.5f}",
            "tot_pftrt": f"{percent(profit, cost):.8f}",
            "bass_dt": f"{self._exchange.now.astimezone(SEOUL):%Y%m%d}",
            "exrt": f"{EXCHANGE_RATE:.10f}",
        }

    # -- period-trans -----------------------------------------------------------------------

    def transactions(self, call: Call) -> Answer:
        """Answer inquire-period-trans: a row for each day, symbol and side, with its fee."""
        wanted = _period(call, "ERLM_STRT_DT", "ERLM_END_DT")
        side, symbol = call["SLL_BUY_DVSN_CD"].strip(), call["PDNO"].strip()
        traded = [
            one
            for one in self._traded()
            if wanted(one.day)
            and symbol in {"", one.symbol}
            and side in {"", "00", SIDE_CODES[one.side]}
            and call["OVRS_EXCG_CD"].strip() in {"", "NASD", self._symbols.get(one.symbol)}
        ]
        page, following, mark = paged(traded, PAGE, _traded_key, after=call.after(100))
        keys = ctx_keys(call.fields, TRANS_ECHO, following, width=100, between="!^")
        sums = {
            "frcr_buy_amt_smtl": f"{_amount(traded, Side.BUY):.6f}",
            "frcr_sll_amt_smtl": f"{_amount(traded, Side.SELL):.6f}",
            "dmst_fee_smtl": f"{sum((one.fee for one in traded), ZERO) * EXCHANGE_RATE:.6f}",
            "ovrs_fee_smtl": "0.000000",
        }
        rows = [self._traded_row(one) for one in page]
        code = NOTHING if not traded else READ if following else LAST
        return Answer(answered(code, output1=rows, output2=sums, **keys), tr_cont=mark)

    def _traded(self) -> list[Traded]:
        days: dict[tuple[date, str, Side], Traded] = {}
        for fill in self._exchange.fills:
            if not self._is_shown(fill):
                continue
            key = (fill.day, fill.symbol, fill.side)
            one = days.setdefault(key, Traded(*key))
            one.quantity += fill.quantity
            one.amount += fill.amount
            one.fee += fill.fee
        return list(days.values())

    def _traded_row(self, one: Traded) -> dict[str, str]:
        price = one.amount / one.quantity
        settled = one.amount + (one.fee if one.side is Side.BUY else -one.fee)
        return {
            "trad_dt": f"{one.day:%Y%m%d}",
            "sttl_dt": f"{settled_on(self._exchange, one.day):%Y%m%d}",
            "sll_buy_dvsn_cd": SIDE_CODES[one.side],
            "sll_buy_dvsn_name": SIDE_NAMES[one.side],
            "pdno": one.symbol,
            "ovrs_item_name": product_name(one.symbol),
            "ccld_qty": str(one.quantity),
            "amt_unit_ccld_qty": f"{one.quantity:.8f}",
            "ft_ccld_unpr2": f"{price:.8f}",
            "ovrs_stck_ccld_unpr": f"{price * EXCHANGE_RATE:.8f}",
            "tr_frcr_amt2": f"{one.amount:.6f}",
            "tr_amt": f"{one.amount * EXCHANGE_RATE:.0f}",
            "frcr_excc_amt_1": f"{settled:.6f}",
            "wcrc_excc_amt": f"{settled * EXCHANGE_RATE:.0f}",
            "dmst_frcr_fee1": f"{one.fee:.5f}",
            "frcr_fee1": "0.000000",
            "dmst_wcrc_fee": f"{one.fee * EXCHANGE_RATE:.0f}",
            "ovrs_wcrc_fee": "0",
            "crcy_cd": "USD",
            "std_pdno": "",
            "erlm_exrt": f"{EXCHANGE_RATE:.8f}",
            "loan_dvsn_cd": "01",
            "loan_dvsn_name": "현금",
        }

    def _is_shown(self, fill: Fill) -> bool:
        morning = datetime.combine(fill.day + timedelta(days=1), SHOWN_FROM, SEOUL)
        return fill.reported and self._exchange.now >= morning


def _period(call: Call, start: str, end: str) -> Callable[[date], bool]:
    first, last = day_of(call[start]), day_of(call[end])
    if first is None or last is None or first > last:
        raise invalid()
    return lambda day: first <= day <= last


def _sale_key(sale: Sale) -> str:
    return f"{sale.day:%Y%m%d}^{sale.symbol}"


def _traded_key(one: Traded) -> str:
    return f"{one.day:%Y%m%d}^{one.symbol}^{SIDE_CODES[one.side]}"


def _amount(traded: Iterable[Traded], side: Side) -> Decimal:
    return sum((one.amount for one in traded if one.side is side), ZERO)
