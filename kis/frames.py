"""Websocket frames: words into trades and notices. Pure.

A frame reads `flag|TR id|count|fields`, the records one after another, all joined by ^. KIS adds
columns at the end of a record (H0GSCNI0 went from 21 to 25), so a record's width is worked out
from the count, and the leading columns are taken by place. Source: domain/kis.md section 7.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from kis.models import (
    SEOUL,
    Exchange,
    ExecutionNotice,
    MarketHours,
    NoticeKind,
    Side,
    Trade,
)
from kis.wire.codes import QUOTE_EXCHANGE

PINGPONG = "PINGPONG"
# CNTG_UNPR of US notices has four implied decimals: 001480100 is 148.01.
IMPLIED_DECIMALS = 4
_TRADE_COLUMNS = 25
_NOTICE_COLUMNS = 16
_MOST_RECORDS = 1000
_BLOCK = 128

_QUOTED = MappingProxyType({code: exchange for exchange, code in QUOTE_EXCHANGE.items()})
_DAYTIME = MappingProxyType({"BAQ": Exchange.NASDAQ, "BAY": Exchange.NYSE, "BAA": Exchange.AMEX})
_HOURS = MappingProxyType({"1": MarketHours.REGULAR, "2": MarketHours.PRE, "3": MarketHours.AFTER})
_SIDES = MappingProxyType({"01": Side.SELL, "02": Side.BUY})
_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?")
_WHOLE = re.compile(r"[0-9]{1,15}")
_SYMBOL = re.compile(r"[A-Z0-9./-]{1,16}")


class FrameError(Exception):
    """A frame that cannot be read; it is dropped and counted. The message quotes nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FrameKey:
    """The AES key and vector that KIS gives with a subscription; they die with the connection."""

    key: str = field(repr=False)
    iv: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """A data frame, decrypted and cut into records of equal width."""

    tr_id: str
    records: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Control:
    """A JSON message: PINGPONG, or KIS's word on a subscription."""

    tr_id: str
    tr_key: str
    result: str
    code: str
    message: str
    frame_key: FrameKey | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountNotice:
    """A notice and whose account it is about: one HTS id may have several."""

    account: str = field(repr=False)
    notice: ExecutionNotice


def control(text: str) -> Control:
    """Read a JSON message. Raises FrameError."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise FrameError("not JSON") from None
    header, body = _part(message, "header"), _part(message, "body")
    tr_id = _word(header, "tr_id")
    if not tr_id:
        raise FrameError("a message without a TR id")
    output = _part(body, "output")
    key, iv = _word(output, "key"), _word(output, "iv")
    return Control(
        tr_id=tr_id,
        tr_key=_word(header, "tr_key"),
        result=_word(body, "rt_cd"),
        code=_word(body, "msg_cd"),
        message=_word(body, "msg1"),
        frame_key=FrameKey(key=key, iv=iv) if key and iv else None,
    )


def split(text: str, keys: Mapping[str, FrameKey]) -> Frame:
    """Cut a data frame into records, with the keys by TR id. Raises FrameError."""
    parts = text.split("|", 3)
    if len(parts) != 4:
        raise FrameError("not four parts")
    flag, tr_id, count_text, payload = parts
    if not re.fullmatch(r"[0-9]{1,4}", count_text) or not 0 < int(count_text) <= _MOST_RECORDS:
        raise FrameError("no count of records")
    if flag == "1":
        key = keys.get(tr_id)
        if key is None:
            raise FrameError("encrypted, and there is no key")
        payload = decrypt(payload, key)
    elif flag != "0":
        raise FrameError("an unknown flag")
    fields, count = payload.split("^"), int(count_text)
    stride, rest = divmod(len(fields), count)
    if rest or stride == 0:
        raise FrameError("fields and records do not go together")
    starts = range(0, len(fields), stride)
    return Frame(tr_id=tr_id, records=tuple(tuple(fields[at : at + stride]) for at in starts))


def decrypt(payload: str, key: FrameKey) -> str:
    """Undo base64 and AES-256-CBC with PKCS7 padding. Raises FrameError."""
    try:
        sealed = base64.b64decode(payload, validate=True)
        opener = Cipher(algorithms.AES(key.key.encode()), modes.CBC(key.iv.encode())).decryptor()
        padded = opener.update(sealed) + opener.finalize()
        strip = PKCS7(_BLOCK).unpadder()
        return (strip.update(padded) + strip.finalize()).decode()
    except (binascii.Error, ValueError):
        raise FrameError("cannot be decrypted") from None


def trades(frame: Frame) -> tuple[Trade, ...]:
    """Read HDFSCNT0: RSYM SYMB ZDIV TYMD XYMD XHMS KYMD KHMS OPEN HIGH LOW LAST ...

    Raises FrameError, and then none of the frame's records is used.
    """
    return tuple(_trade(record) for record in frame.records)


def notices(frame: Frame) -> tuple[AccountNotice, ...]:
    """Read H0GSCNI0 or H0GSCNI9: CUST_ID ACNT_NO ODER_NO OODER_NO SELN_BYOV_CLS RCTF_CLS ...

    Raises FrameError, and then none of the frame's records is used.
    """
    return tuple(_notice(record) for record in frame.records)


def _trade(record: tuple[str, ...]) -> Trade:
    if len(record) < _TRADE_COLUMNS:
        raise FrameError("too few columns for a trade")
    listed, symbol = record[0], record[1]
    exchange = (_QUOTED if listed[:1] == "D" else _DAYTIME).get(listed[1:4])
    # One published column list lacks RSYM: a record without it would be read a column off.
    if exchange is None or listed[4:] != symbol or listed[:1] not in {"D", "R"}:
        raise FrameError("a trade without its key")
    return Trade(
        symbol=_symbol(symbol),
        exchange=exchange,
        price=_price(record[11]),
        quantity=_whole(record[19]),
        day_volume=_whole(record[20]),
        at=_seoul(record[6] + record[7]),
        hours=_HOURS.get(record[25]) if len(record) > _TRADE_COLUMNS else None,
    )


def _notice(record: tuple[str, ...]) -> AccountNotice:
    if len(record) < _NOTICE_COLUMNS:
        raise FrameError("too few columns for a notice")
    side = _SIDES.get(record[4])
    if side is None:
        raise FrameError("a notice that is neither a buy nor a sell")
    kind = _notice_kind(revision=record[5], refused=record[11], filled=record[12], step=record[13])
    quantity = _whole(record[8])
    price = Decimal(_whole(record[9])).scaleb(-IMPLIED_DECIMALS)
    ordered = _whole(record[15]) if record[15].strip() else quantity
    if kind is NoticeKind.FILLED and (quantity == 0 or price == 0):
        raise FrameError("a fill of nothing, or for nothing")
    notice = ExecutionNotice(
        order_number=_order_number(record[2]),
        original_number=_order_number(record[3]) if record[3].strip(" 0") else None,
        symbol=_symbol(record[7].strip()),
        side=side,
        kind=kind,
        quantity=quantity,
        price=price,
        order_quantity=ordered,
    )
    return AccountNotice(account=record[1].strip(), notice=notice)


def _notice_kind(*, revision: str, refused: str, filled: str, step: str) -> NoticeKind:
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


def _order_number(word: str) -> str:
    number = word.strip().lstrip("0")
    if not _WHOLE.fullmatch(number):
        raise FrameError("no order number")
    return number


def _symbol(word: str) -> str:
    if not _SYMBOL.fullmatch(word):
        raise FrameError("no symbol")
    return word


def _price(word: str) -> Decimal:
    if not _DECIMAL.fullmatch(word) or Decimal(word) == 0:
        raise FrameError("no price")
    return Decimal(word)


def _whole(word: str) -> int:
    if not _WHOLE.fullmatch(word.strip()):
        raise FrameError("no whole number")
    return int(word)


def _seoul(word: str) -> datetime:
    if not re.fullmatch(r"[0-9]{14}", word):
        raise FrameError("no time")
    try:
        return datetime.strptime(word, "%Y%m%d%H%M%S").replace(tzinfo=SEOUL)
    except ValueError:
        raise FrameError("no time") from None


def _part(message: Any, name: str) -> Mapping[str, Any]:
    part = message.get(name) if isinstance(message, dict) else None
    return part if isinstance(part, dict) else {}


def _word(part: Mapping[str, Any], name: str) -> str:
    value = part.get(name)
    return value.strip() if isinstance(value, str) else ""
