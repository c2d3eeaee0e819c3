"""KIS's listings of orders: inquire-ccnl (orders and fills) and inquire-nccs (unfilled)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from kis.simulator.desks.paging import ctx_keys, paged
from kis.simulator.desks.past import LAG_SECONDS, Past
from kis.simulator.desks.protocol import (
    BRANCH,
    MARKET_NAMES,
    MOCK_NOTHING,
    MOCK_READ,
    NOTHING,
    READ,
    SIDE_CODES,
    SIDE_NAMES,
    Answer,
    Call,
    KisRefusalError,
    answered,
    medium,
    number_text,
    product_name,
    seoul_time,
)
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Faults
from kis.simulator.model import SEOUL, ZERO, End, Order, RowKind

CCNL_PAGE = 20
MOCK_CCNL_PAGE = 15
NCCS_PAGE = 40
CCNL_ECHO = (
    "CANO", "ACNT_PRDT_CD", "PDNO", "ORD_STRT_DT", "ORD_END_DT", "SLL_BUY_DVSN",
    "CCLD_NCCS_DVSN", "OVRS_EXCG_CD", "SORT_SQN", "ODNO",
)  # fmt: skip
NCCS_ECHO = ("CANO", "ACNT_PRDT_CD", "OVRS_EXCG_CD", "SORT_SQN", "ODNO")
CHANGE_NAMES = {RowKind.NEW: "", RowKind.REVISION: "정정", RowKind.CANCEL: "취소"}
MOCK_NEEDS = {"SLL_BUY_DVSN": "00", "CCLD_NCCS_DVSN": "00"}
NUMBERS = {
    "ft_ord_qty": "0",
    "ft_ord_unpr3": "0.00000000",
    "ft_ccld_qty": "0",
    "ft_ccld_unpr3": "0.00000000",
    "ft_ccld_amt3": "0.00000",
    "nccs_qty": "0",
}

Rows = list[dict[str, str]] | dict[str, str]


class Listings:
    """Rows of the book as KIS shows them now."""

    def __init__(self, exchange: Exchange, faults: Faults, past: Past) -> None:
        self._exchange = exchange
        self._faults = faults
        self._past = past

    def ccnl(self, call: Call) -> Answer:
        """Answer inquire-ccnl: a row an order, by US date and number."""
        if call.mock and any(call[name] != value for name, value in MOCK_NEEDS.items()):
            raise KisRefusalError("OPSQ2001", "ERROR : INPUT INVALID_CHECK", rt_cd="2")
        orders = [order for order in self._visible(call) if self._asked_for(order, call)]
        # 모의투자 knows the usual order only, whatever is asked for.
        backwards = call["SORT_SQN"] == "AS" and not call.mock
        orders.sort(key=lambda order: order.key, reverse=backwards)
        page, following, mark = paged(
            orders,
            MOCK_CCNL_PAGE if call.mock else CCNL_PAGE,
            _key,
            after=call.after(),
        )
        rows: Rows = self._doubled([_ccnl_row(order) for order in page], call)
        rows = rows or self._nothing(CCNL_FIELDS, call)
        return listing(call, rows, ctx_keys(call.fields, CCNL_ECHO, following), mark)

    def nccs(self, call: Call) -> Answer:
        """Answer inquire-nccs: the orders still open, NASD being the whole of the US."""
        exchange = call["OVRS_EXCG_CD"]
        orders = [
            order
            for order in self._visible(call)
            if order.reported_remaining and exchange in {"NASD", "%", "", order.exchange}
        ]
        orders.sort(key=lambda order: order.key, reverse=call["SORT_SQN"] not in {"DS", ""})
        page, following, mark = paged(orders, NCCS_PAGE, _key, after=call.after())
        rows: Rows = self._doubled([_nccs_row(order) for order in page], call)
        rows = rows or self._nothing(NCCS_FIELDS, call)
        return listing(call, rows, ctx_keys(call.fields, NCCS_ECHO, following), mark)

    def _visible(self, call: Call) -> list[Order]:
        now, orders = self._exchange.now, self._exchange.book.orders
        if fault := self._faults.take("lagging_listings", call.matched):
            now -= timedelta(seconds=fault.seconds_or(LAG_SECONDS))
            orders = self._past.orders(now)
        return [
            order
            for order in orders.values()
            if order.hidden_until is None or order.hidden_until <= now
        ]

    @staticmethod
    def _asked_for(order: Order, call: Call) -> bool:
        day = f"{order.day:%Y%m%d}"
        side, open_or_done = call["SLL_BUY_DVSN"], call["CCLD_NCCS_DVSN"]
        return (
            call["ORD_STRT_DT"] <= day <= call["ORD_END_DT"]
            and call["PDNO"] in {"%", "", order.symbol}
            and side in {"00", "", SIDE_CODES[order.side]}
            and call["OVRS_EXCG_CD"] in {"%", "", "NASD", order.exchange}
            and (
                open_or_done in {"00", ""}
                or (open_or_done == "01" and order.reported_filled > 0)
                or (open_or_done == "02" and order.reported_remaining > 0)
            )
        )

    def _doubled(self, rows: list[dict[str, str]], call: Call) -> list[dict[str, str]]:
        if rows and self._faults.take("rows_twice", call.matched):
            return [rows[0], *rows]
        if rows and self._faults.take("duplicate_rows_other_exchange", call.matched):
            return [*rows, elsewhere(rows[0])]
        return rows

    def _nothing(self, names: Sequence[str], call: Call) -> Rows:
        """Both ways of showing no row were seen at KIS: an empty list, and an object of blanks."""
        if self._faults.take("blanks_for_nothing", call.matched):
            return {name: NUMBERS.get(name, "") for name in names}
        return []


def elsewhere(row: Mapping[str, str]) -> dict[str, str]:
    """Give a row as it is seen again under another exchange."""
    exchange = "NYSE" if row["ovrs_excg_cd"] == "NASD" else "NASD"
    moved = {"ovrs_excg_cd": exchange, "tr_mket_name": MARKET_NAMES[exchange]}
    return {**row, **{name: text for name, text in moved.items() if name in row}}


def _key(order: Order) -> str:
    return f"{order.day:%Y%m%d}^{number_text(order.number)}"


def listing(
    call: Call,
    rows: Rows,
    keys: Mapping[str, str],
    mark: str,
) -> Answer:
    """Answer a listing: its rows, or what is shown where there are none."""
    read, nothing = (MOCK_READ, MOCK_NOTHING) if call.mock else (READ, NOTHING)
    found = bool(rows) and isinstance(rows, list)
    body = answered(read if found else nothing, output=rows, **keys)
    return Answer(body, tr_cont=mark)


def _common(order: Order) -> dict[str, str]:
    filled, amount = order.reported_filled, order.reported_amount
    expired = order.reported_end is End.EXPIRED
    refused = order.reported_end is End.REFUSED
    average = amount / filled if filled else ZERO
    return {
        "ord_dt": f"{order.day:%Y%m%d}",
        "ord_gno_brno": BRANCH,
        "odno": number_text(order.number),
        "orgn_odno": "" if order.original is None else number_text(order.original),
        "sll_buy_dvsn_cd": SIDE_CODES[order.side],
        "sll_buy_dvsn_cd_name": SIDE_NAMES[order.side],
        "pdno": order.symbol,
        "prdt_name": product_name(order.symbol),
        "ft_ord_qty": str(order.quantity),
        "ft_ord_unpr3": _fixed(order.price, 8),
        "ft_ccld_qty": str(filled),
        "ft_ccld_unpr3": _fixed(average, 8),
        "ft_ccld_amt3": _fixed(amount, 5),
        "nccs_qty": str(order.reported_remaining),
        "rjct_rson": "",
        "rjct_rson_name": order.reason
        or ("DFD 장종료로 취소" if expired else "거래소 거부" if refused else ""),
        "ord_tmd": seoul_time(order),
        "tr_mket_name": MARKET_NAMES[order.exchange],
        "tr_crcy_cd": "USD",
        "ovrs_excg_cd": order.exchange,
        "loan_type_cd": "10",
        "loan_dt": "",
        "usa_amk_exts_rqst_yn": "N",
        "splt_buy_attr_name": "",
    }


def _ccnl_row(order: Order) -> dict[str, str]:
    row = _common(order)
    end = order.reported_end
    status = "전송" if end is None else "거부" if end is End.REFUSED else "완료"
    return row | {
        "rvse_cncl_dvsn": order.kind.value,
        "rvse_cncl_dvsn_name": CHANGE_NAMES[order.kind],
        "prcs_stat_name": status,
        "tr_natn": "840",
        "tr_natn_name": "미국",
        "dmst_ord_dt": f"{order.at.astimezone(SEOUL):%Y%m%d}",
        "thco_ord_tmd": row["ord_tmd"],
        "mdia_dvsn_name": medium(by_hand=order.by_hand),
    }


def _nccs_row(order: Order) -> dict[str, str]:
    return _common(order) | {
        "rvse_cncl_dvsn_cd": order.kind.value,
        "rvse_cncl_dvsn_cd_name": CHANGE_NAMES[order.kind],
        "prcs_stat_name": "",
        "natn_cd": "840",
        "natn_kor_name": "미국",
    }


def _fixed(value: Decimal, places: int) -> str:
    return f"{value:.{places}f}"


SHARED_FIELDS = (
    "ord_dt", "ord_gno_brno", "odno", "orgn_odno", "sll_buy_dvsn_cd", "sll_buy_dvsn_cd_name",
    "pdno", "prdt_name", "ft_ord_qty", "ft_ord_unpr3", "ft_ccld_qty", "ft_ccld_unpr3",
    "ft_ccld_amt3", "nccs_qty", "prcs_stat_name", "rjct_rson", "rjct_rson_name", "ord_tmd",
    "tr_mket_name", "tr_crcy_cd", "ovrs_excg_cd", "loan_type_cd", "loan_dt",
    "usa_amk_exts_rqst_yn", "splt_buy_attr_name",
)  # fmt: skip
CCNL_FIELDS = (
    *SHARED_FIELDS, "rvse_cncl_dvsn", "rvse_cncl_dvsn_name", "tr_natn", "tr_natn_name",
    "dmst_ord_dt", "thco_ord_tmd", "mdia_dvsn_name",
)  # fmt: skip
NCCS_FIELDS = (
    *SHARED_FIELDS, "rvse_cncl_dvsn_cd", "rvse_cncl_dvsn_cd_name", "natn_cd", "natn_kor_name",
)  # fmt: skip
