"""Websocket frames: acknowledgements, encrypted order notices and trades."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from kis.simulator.model import NEW_YORK, SEOUL, Fill, Order, OrderType, RowKind
from kis.simulator.protocol import BRANCH, SIDE_CODES, number_text

NOTICES = frozenset({"H0GSCNI0", "H0GSCNI9"})
TRADES = "HDFSCNT0"
TYPE_CODES = {
    OrderType.LIMIT: "2",
    OrderType.MOO: "A",
    OrderType.LOO: "B",
    OrderType.MOC: "C",
    OrderType.LOC: "D",
}
CHANGE_CODES = {RowKind.NEW: "0", RowKind.REVISION: "1", RowKind.CANCEL: "2"}
CONDITIONS = {"NASD": "6", "NYSE": "7", "AMEX": "8"}


@dataclass(frozen=True, slots=True)
class Keys:
    """A subscription's AES-256-CBC key (32 characters) and iv (16)."""

    key: str
    iv: str


def encrypted(text: str, keys: Keys) -> str:
    """Encrypt a payload as KIS does: AES-256-CBC, PKCS7, base64."""
    padder = PKCS7(128).padder()
    padded = padder.update(text.encode()) + padder.finalize()
    cipher = Cipher(AES(keys.key.encode()), CBC(keys.iv.encode())).encryptor()
    return base64.b64encode(cipher.update(padded) + cipher.finalize()).decode()


def notice_frame(tr_id: str, payload: str, keys: Keys) -> str:
    return f"1|{tr_id}|001|{encrypted(payload, keys)}"


def trade_frame(payload: str) -> str:
    return f"0|{TRADES}|001|{payload}"


def reply(tr_id: str, tr_key: str, rt_cd: str, msg: tuple[str, str], keys: Keys | None) -> str:
    """Word an answer to a subscription; `keys` go out with a success."""
    body: dict[str, object] = {"rt_cd": rt_cd, "msg_cd": msg[0], "msg1": msg[1]}
    if keys is not None:
        body["output"] = {"iv": keys.iv, "key": keys.key}
    encrypt = "Y" if tr_id in NOTICES and keys is not None else "N"
    header = {"tr_id": tr_id, "tr_key": tr_key, "encrypt": encrypt}
    return json.dumps({"header": header, "body": body}, ensure_ascii=False)


def ping(now: datetime) -> str:
    stamp = now.astimezone(SEOUL).strftime("%Y%m%d%H%M%S")
    return json.dumps({"header": {"tr_id": "PINGPONG", "datetime": stamp}})


def notice(hts_id: str, account: str, order: Order, fill: Fill | None, *, refused: bool) -> str:
    """Word an order notice in its 25 columns.

    Without a fill it is an acceptance, a cancel or a refusal: the order's quantity and price stand
    where a fill's would, and the order quantity is empty (kis.md, section 7).
    """
    price = order.price if fill is None else fill.price
    at = order.at if fill is None else fill.at
    quantity = order.quantity if fill is None else fill.quantity
    columns = [
        hts_id,
        account.replace("-", ""),
        number_text(order.number),
        "" if order.original is None else number_text(order.original),
        SIDE_CODES[order.side],
        CHANGE_CODES[order.kind],
        TYPE_CODES[order.type],
        order.symbol,
        f"{quantity:010d}",
        _implied(price, 9),
        at.astimezone(SEOUL).strftime("%H%M%S"),
        "1" if refused else "0",
        "1" if fill is None else "2",
        "1" if fill is None else "2",
        BRANCH,
        "" if fill is None else f"{order.quantity:09d}",
        "시뮬레이터",
        order.symbol,
        CONDITIONS[order.exchange],
        "10",
        "",
        "",
        "",
        "",
        _implied(price, 12),
    ]
    return "^".join(columns)


def _implied(price: Decimal, width: int) -> str:
    """Write a US price with four implied decimals."""
    return f"{int(price * 10_000):0{width}d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """What a trade frame says besides the trade: the day so far."""

    rsym: str
    symbol: str
    open: Decimal
    high: Decimal
    low: Decimal
    last: Decimal
    sign: str
    difference: Decimal
    rate: str
    volume: int
    total_volume: int


def trade(at: datetime, tape: Tape) -> str:
    """Word a trade in its 26 columns."""
    local, seoul = at.astimezone(NEW_YORK), at.astimezone(SEOUL)
    columns = [
        tape.rsym,
        tape.symbol,
        "4",
        f"{local:%Y%m%d}",
        f"{local:%Y%m%d}",
        f"{local:%H%M%S}",
        f"{seoul:%Y%m%d}",
        f"{seoul:%H%M%S}",
        f"{tape.open:.4f}",
        f"{tape.high:.4f}",
        f"{tape.low:.4f}",
        f"{tape.last:.4f}",
        tape.sign,
        f"{tape.difference:.4f}",
        tape.rate.strip(),
        f"{tape.last - Decimal('0.01'):.4f}",
        f"{tape.last + Decimal('0.01'):.4f}",
        "100",
        "100",
        str(tape.volume),
        str(tape.total_volume),
        f"{tape.last * tape.total_volume:.0f}",
        str(tape.total_volume // 2),
        str(tape.total_volume - tape.total_volume // 2),
        "100.00",
        "1",
    ]
    return "^".join(columns)
