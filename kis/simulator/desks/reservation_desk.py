"""The desk for reservation orders: KIS's three paths over them."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from kis.simulator.desks.counter import price_of, quantity_of, symbol_of
from kis.simulator.desks.listings import listing
from kis.simulator.desks.paging import ctx_keys, paged
from kis.simulator.desks.protocol import (
    BRANCH,
    ORDER_DIVISIONS,
    PRODUCT_TYPES,
    SIDE_CODES,
    SIDE_NAMES,
    Answer,
    Call,
    KisRefusalError,
    answered,
    number_text,
    product_name,
)
from kis.simulator.desks.refusals import (
    CLOSED,
    MOCK_CHANGED,
    MOCK_SENT,
    NO_ORIGINAL,
    NO_PRICE,
    SENT,
    WRONG_TYPE,
)
from kis.simulator.exchange import Exchange
from kis.simulator.happenings import Request
from kis.simulator.model import SEOUL, ZERO, OrderKey, OrderType, Reservation, Side
from kis.simulator.reservations import Reservations, entry_is_open

BUY_IDS = frozenset({"TTTT3014U", "VTTT3014U"})
CANCELLED = ("APBK1711", "취소주문이 접수되었습니다.")
PAGE = 20
ECHO = ("CANO", "ACNT_PRDT_CD", "INQR_STRT_DT", "INQR_END_DT", "INQR_DVSN_CD", "PRDT_TYPE_CD")
# The table of the cancel spells it RSYN, its own example RSVN.
DATE_NAMES = ("RSVN_ORD_RCIT_DT", "RSYN_ORD_RCIT_DT")
MARKETS = {"NASD": "NASDAQ", "NYSE": "NYSE", "AMEX": "AMEX"}
KINDS = {OrderType.LIMIT: "지정가", OrderType.MOO: "MOO"}
# KIS publishes 01 접수 alone; the others are ours.
KEPT, FORWARDED, WITHDRAWN, TURNED_DOWN = (
    ("01", "접수"),
    ("02", "전송"),
    ("03", "취소"),
    ("04", "거부"),
)
DIGITS = re.compile(r"[0-9]{1,10}")
ASIAN_RESERVATIONS = "TTTS3014R"


class ReservationDesk:
    """Takes, cancels and lists reservations."""

    def __init__(
        self, exchange: Exchange, reservations: Reservations, symbols: Mapping[str, str]
    ) -> None:
        self._exchange = exchange
        self._reservations = reservations
        self._symbols = symbols

    def order(self, call: Call) -> Answer:
        """Answer POST order-resv: limit orders, and MOO sells; TWAP and VWAP are not played."""
        side = Side.BUY if call.tr_id in BUY_IDS else Side.SELL
        kind = ORDER_DIVISIONS.get(call["ORD_DVSN"] or "00")
        if kind not in KINDS or (side is Side.BUY and kind is OrderType.MOO):
            raise KisRefusalError(*WRONG_TYPE)
        quantity, price = quantity_of(call["FT_ORD_QTY"]), price_of(call["FT_ORD_UNPR3"], kind)
        if kind.has_limit and price == ZERO:
            raise KisRefusalError(*NO_PRICE)
        self._check_hours()
        reservation = self._reservations.take(
            Request(
                symbol=symbol_of(self._exchange, self._symbols, call),
                exchange=call["OVRS_EXCG_CD"],
                side=side,
                type=kind,
                quantity=quantity,
                price=price,
                mock=call.mock,
                by_hand=call.by_hand,
            )
        )
        code = MOCK_SENT[side] if call.mock else SENT
        return Answer(answered(code, output={"ODNO": number_text(reservation.number)}))

    def cancel(self, call: Call) -> Answer:
        """Answer POST order-resv-ccnl."""
        self._check_hours()
        reservation = self._reservations.cancel(_key_of(call))
        if reservation is None:
            raise KisRefusalError(*NO_ORIGINAL)
        code = MOCK_CHANGED if call.mock else CANCELLED
        output = {"OVRS_RSVN_ODNO": number_text(reservation.number)}
        return Answer(answered(code, output=output))

    def listed(self, call: Call) -> Answer:
        """Answer GET order-resv-list: by Seoul's date of entry; a blank exchange is all of them."""
        # Clients that list every market's reservations ask for Asia's too: there are none here.
        every = () if call.tr_id == ASIAN_RESERVATIONS else self._reservations.kept.values()
        kept = [one for one in every if _asked_for(one, call)]
        kept.sort(key=lambda one: one.key)
        page, following, mark = paged(
            kept,
            PAGE,
            _ctx_key,
            after=call.after(),
        )
        rows = [self._row(reservation) for reservation in page]
        return listing(call, rows, ctx_keys(call.fields, ECHO, following), mark)

    def _check_hours(self) -> None:
        if not entry_is_open(self._exchange.now):
            raise KisRefusalError(*CLOSED)

    def _row(self, reservation: Reservation) -> dict[str, str]:
        order = self._reservations.order_of(reservation)
        code, name = _status(reservation)
        return {
            "cncl_yn": "Y" if reservation.cancelled else "N",
            "rsvn_ord_rcit_dt": f"{reservation.day:%Y%m%d}",
            "ovrs_rsvn_odno": number_text(reservation.number),
            "ord_dt": "" if order is None else f"{order.day:%Y%m%d}",
            "ord_gno_brno": "" if order is None else BRANCH,
            "odno": "" if order is None else number_text(order.number),
            "sll_buy_dvsn_cd": SIDE_CODES[reservation.side],
            "sll_buy_dvsn_cd_name": KINDS[reservation.type] + SIDE_NAMES[reservation.side],
            "ovrs_rsvn_ord_stat_cd": code,
            "ovrs_rsvn_ord_stat_cd_name": name,
            "pdno": reservation.symbol,
            "prdt_type_cd": PRODUCT_TYPES[reservation.exchange],
            "prdt_name": product_name(reservation.symbol),
            "ord_rcit_tmd": _clock(reservation.at),
            "ord_fwdg_tmd": "" if reservation.sent_at is None else _clock(reservation.sent_at),
            "tr_dvsn_name": name,
            "ovrs_excg_cd": reservation.exchange,
            "tr_mket_name": MARKETS[reservation.exchange],
            "ord_stfno": "999999",
            "ft_ord_qty": str(reservation.quantity),
            "ft_ord_unpr3": f"{reservation.price:.8f}",
            "ft_ccld_qty": "0" if order is None else str(order.reported_filled),
            "nprc_rson_text": reservation.refusal,
            "splt_buy_attr_name": "",
        }


def _asked_for(reservation: Reservation, call: Call) -> bool:
    return (
        call["INQR_STRT_DT"] <= f"{reservation.day:%Y%m%d}" <= call["INQR_END_DT"]
        and call["INQR_DVSN_CD"] in {"00", "01"}
        and call["OVRS_EXCG_CD"] in {"", reservation.exchange}
        and call["PRDT_TYPE_CD"] in {"", PRODUCT_TYPES[reservation.exchange]}
    )


def _key_of(call: Call) -> OrderKey:
    day = next((call[name] for name in DATE_NAMES if call[name]), "")
    number = call["OVRS_RSVN_ODNO"]
    if not DIGITS.fullmatch(day) or not DIGITS.fullmatch(number):
        raise KisRefusalError(*NO_ORIGINAL)
    return _date(day), int(number)


def _date(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise KisRefusalError(*NO_ORIGINAL) from None


def _ctx_key(reservation: Reservation) -> str:
    return f"{reservation.day:%Y%m%d}^{number_text(reservation.number)}"


def _status(reservation: Reservation) -> tuple[str, str]:
    if reservation.cancelled:
        return WITHDRAWN
    if reservation.refusal:
        return TURNED_DOWN
    return KEPT if reservation.waiting else FORWARDED


def _clock(instant: datetime) -> str:
    return instant.astimezone(SEOUL).strftime("%H%M%S")
