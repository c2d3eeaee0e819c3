"""Notices out of frames: H0GSCNI0/9 (US) and H0STCNI0/9 (KRX), of one account among several."""

from dataclasses import dataclass, field
from decimal import Decimal

from kis.frames_fields import FrameError, domestic_symbol, side, symbol, whole
from kis.models import DomesticNotice, ExecutionNotice, NoticeKind

Record = tuple[str, ...]

# CNTG_UNPR of US notices has four implied decimals: 001480100 is 148.01.
IMPLIED_DECIMALS = 4
US_COLUMNS = 16
DOMESTIC_COLUMNS = 17


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountNotice:
    """A notice and whose account it is about: one HTS id may have several."""

    account: str = field(repr=False)
    notice: ExecutionNotice | DomesticNotice


def us_notice(record: Record) -> AccountNotice:
    """Read H0GSCNI0 or H0GSCNI9: CUST_ID ACNT_NO ODER_NO OODER_NO SELN_BYOV_CLS RCTF_CLS ...

    Raises FrameError.
    """
    if len(record) < US_COLUMNS:
        raise FrameError("too few columns for a notice")
    kind = _kind(revision=record[5], refused=record[11], filled=record[12], step=record[13])
    quantity, ordered = _quantities(kind, record[8], record[15])
    notice = ExecutionNotice(
        order_number=_order_number(record[2]),
        original_number=_original(record[3]),
        symbol=symbol(record[7].strip()),
        side=side(record[4]),
        kind=kind,
        quantity=quantity,
        price=_price(kind, record[9]).scaleb(-IMPLIED_DECIMALS),
        order_quantity=ordered,
    )
    return AccountNotice(account=record[1].strip(), notice=notice)


def domestic_notice(record: Record) -> AccountNotice:
    """Read H0STCNI0 or H0STCNI9: as in the US, with ODER_COND between kind and symbol, and KRW.

    Raises FrameError.
    """
    if len(record) < DOMESTIC_COLUMNS:
        raise FrameError("too few columns for a notice")
    kind = _kind(revision=record[5], refused=record[12], filled=record[13], step=record[14])
    quantity, ordered = _quantities(kind, record[9], record[16])
    notice = DomesticNotice(
        order_number=_order_number(record[2]),
        original_number=_original(record[3]),
        symbol=domestic_symbol(record[8].strip()),
        side=side(record[4]),
        kind=kind,
        quantity=quantity,
        price=_price(kind, record[10]),
        order_quantity=ordered,
    )
    return AccountNotice(account=record[1].strip(), notice=notice)


def _kind(*, revision: str, refused: str, filled: str, step: str) -> NoticeKind:
    if filled not in {"1", "2"} or refused not in {"0", "1"}:
        raise FrameError("a notice of an unknown kind")
    if refused == "1":
        return NoticeKind.REFUSED
    if filled == "2":
        return NoticeKind.FILLED
    if step == "3" or (revision == "2" and step == "2"):
        return NoticeKind.CANCELLED
    # A cancel that was only received is the acceptance of a request, not the end of an order.
    return NoticeKind.REVISED if revision == "1" else NoticeKind.ACCEPTED


def _quantities(kind: NoticeKind, quantity_word: str, ordered_word: str) -> tuple[int, int]:
    """Read a notice's quantity and its order's; the latter's column is blank on acceptances."""
    quantity = whole(quantity_word)
    if kind is NoticeKind.FILLED and quantity == 0:
        raise FrameError("a fill of nothing")
    return quantity, whole(ordered_word) if ordered_word.strip() else quantity


def _price(kind: NoticeKind, word: str) -> Decimal:
    price = whole(word)
    if kind is NoticeKind.FILLED and price == 0:
        raise FrameError("a fill for nothing")
    return Decimal(price)


def _original(word: str) -> str | None:
    return _order_number(word) if word.strip(" 0") else None


def _order_number(word: str) -> str:
    number = whole(word)
    if not number:
        raise FrameError("no order number")
    return str(number)
