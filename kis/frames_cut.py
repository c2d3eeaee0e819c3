"""What comes over the websocket, cut open: JSON messages, and frames into records of words. Pure.

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
from typing import Any

from kis.frames_fields import FrameError

PINGPONG = "PINGPONG"
_COUNT = re.compile(r"[0-9]{1,4}")
_MOST_RECORDS = 1000
_BLOCK = 128


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
    if not _COUNT.fullmatch(count_text) or not 0 < int(count_text) <= _MOST_RECORDS:
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
    return Frame(tr_id=tr_id, records=tuple(zip(*[iter(fields)] * stride, strict=True)))


def decrypt(payload: str, key: FrameKey) -> str:
    """Undo base64 and AES-256-CBC with PKCS7 padding. Raises FrameError."""
    # 6 MiB that a stream without encrypted notices never needs (docs/small.md).
    from cryptography.hazmat.primitives.ciphers import (  # noqa: PLC0415 - see above
        Cipher,
        algorithms,
        modes,
    )
    from cryptography.hazmat.primitives.padding import PKCS7  # noqa: PLC0415 - see above

    try:
        sealed = base64.b64decode(payload, validate=True)
        opener = Cipher(algorithms.AES(key.key.encode()), modes.CBC(key.iv.encode())).decryptor()
        padded = opener.update(sealed) + opener.finalize()
        strip = PKCS7(_BLOCK).unpadder()
        return (strip.update(padded) + strip.finalize()).decode()
    except (binascii.Error, ValueError):
        raise FrameError("cannot be decrypted") from None


def _part(message: Any, name: str) -> Mapping[str, Any]:
    part = message.get(name) if isinstance(message, dict) else None
    return part if isinstance(part, dict) else {}


def _word(part: Mapping[str, Any], name: str) -> str:
    value = part.get(name)
    return value.strip() if isinstance(value, str) else ""
