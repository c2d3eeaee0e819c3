"""Websocket frames: acknowledgements, pings, data records, and order notices in their columns."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from kis.simulator.desks.protocol import BRANCH, SIDE_CODES, number_text
from kis.simulator.model import SEOUL, Fill, Order, OrderType, RowKind
from kis.simulator.sockets.columns import NOTICES

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


def data(tr_id: str, records: Sequence[str], keys: Keys, *, count: int | None = None) -> str:
    """Frame records, notices encrypted; `count` says another number than there are."""
    payload = "^".join(records)
    flag, number = "0", len(records) if count is None else count
    if tr_id in NOTICES:
        flag, payload = "1", encrypted(payload, keys)
    return f"{flag}|{tr_id}|{number:03d}|{payload}"


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
