"""What KIS's websocket answers to a registration: its OPSP codes, one check after the other.

The words are those of KIS's table of codes. No source says which code comes where two would fit,
nor how 모의투자's socket refuses quotes, which it does not offer. Chosen here: OPSP8991 for those,
OPSP8993 for a key of the wrong shape, OPSP8992 for one of the right shape that nothing is listed
under, OPSP8997 for any tr_type but 1 and 2 (so for the 0 of some docstrings), rt_cd 9 for what is
wrong with the request and 1 for what the session's state forbids.
"""

import json
import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from kis.simulator.desks.protocol import DAYTIME_CODES, QUOTE_CODES
from kis.simulator.sockets import frames
from kis.simulator.sockets.columns import (
    COLUMNS,
    KRX_BOOKS,
    KRX_TRADES,
    MOCK_NOTICES,
    NOTICES,
)
from kis.simulator.sockets.connections import Connection, Connections
from kis.simulator.sockets.frames import Keys

REGISTRATIONS = 41
SUBSCRIBED = ("OPSP0000", "SUBSCRIBE SUCCESS")
UNSUBSCRIBED = ("OPSP0001", "UNSUBSCRIBE SUCCESS")
ALREADY = ("OPSP0002", "ALREADY IN SUBSCRIBE")
NOT_FOUND = ("OPSP0003", "UNSUBSCRIBE ERROR(not found!)")
INTERNAL = ("OPSP0007", "SUBSCRIBE INTERNAL ERROR")
TOO_MANY = ("OPSP0008", "MAX SUBSCRIBE OVER")
NOT_SENT = ("OPSP0009", "SUBSCRIBE ERROR : mci send failed")
WRONG_APP_KEY = ("OPSP0010", "SUBSCRIBE WARNING : invalid appkey")
NO_APPROVAL = ("OPSP0011", "invalid approval : NOT FOUND")
WRONG_ID = ("OPSP8991", "SUBSCRIBE ERROR : invalid tr_id")
UNKNOWN_KEY = ("OPSP8992", "SUBSCRIBE ERROR : invalid tr_key")
WRONG_KEY = ("OPSP8993", "JSON PARSING ERROR : invalid tr_key")
IN_USE = ("OPSP8996", "ALREADY IN USE appkey")
WRONG_TYPE = ("OPSP8997", "JSON PARSING ERROR : invalid tr_type")
WRONG_CUSTOMER = ("OPSP8998", "JSON PARSING ERROR : invalid custtype")
NO_KEY = ("OPSP9990", "JSON PARSING ERROR : tr_key not found")
NO_INPUT = ("OPSP9991", "JSON PARSING ERROR : input not found")
NO_BODY = ("OPSP9992", "JSON PARSING ERROR : body not found")
NO_APP_KEY = ("OPSP9996", "JSON PARSING ERROR : appkey")
NO_CUSTOMER = ("OPSP9997", "JSON PARSING ERROR : custtype not found")
NO_HEADER = ("OPSP9998", "JSON PARSING ERROR : header not found")
NOT_JSON = ("OPSP9999", "JSON PARSING ERROR : invalid json format")
Code = tuple[str, str]


class DroppedError(Exception):
    """The server hangs up without a word, as KIS does over a wrong HTS ID."""


class OpspError(Exception):
    """KIS refuses a registration; header tr_id is "(null)" where it never got to read one."""

    def __init__(self, code: Code, *, rt_cd: str = "9", read: bool = True) -> None:
        super().__init__(code[0])
        self.code = code
        self.rt_cd = rt_cd
        self.read = read


@dataclass(frozen=True, slots=True)
class Asked:
    """A registration or a release as it was read."""

    tr_id: str
    tr_key: str
    tr_type: str
    approval: str | None
    app_key: str | None


class Registrar:
    """Registers and releases for all websockets of a simulator; keys come from its seed."""

    def __init__(
        self,
        *,
        seed: int,
        hts_id: str,
        app_key: str,
        symbols: Mapping[str, str],
        krx: Collection[str],
        approved: Callable[[str], bool],
        connections: Connections,
    ) -> None:
        self._rng = random.Random(f"{seed}|keys")
        self._hts_id = hts_id
        self._app_key = app_key
        self._symbols = symbols
        self._krx = krx
        self._approved = approved
        self._connections = connections

    def answer(
        self, text: str, connection: Connection, fail: Callable[[Asked], Code | None]
    ) -> str | None:
        """Answer one text of a client, None where KIS says nothing (an echoed PINGPONG).

        `fail` may refuse a registration that is in order. Raises DroppedError.
        """
        asked = None
        try:
            asked = read(text)
            if asked is None:
                return None
            return self._register(asked, connection, fail)
        except OpspError as refusal:
            tr_id, tr_key = "(null)", ""
            if asked is not None and refusal.read:
                tr_id, tr_key = asked.tr_id, asked.tr_key
            return frames.reply(tr_id, tr_key, refusal.rt_cd, refusal.code, None)

    def _register(
        self, asked: Asked, connection: Connection, fail: Callable[[Asked], Code | None]
    ) -> str:
        self._check_approval(asked)
        if self._connections.in_use(connection):
            raise OpspError(IN_USE, read=False)
        connection.bound = True
        failure = fail(asked)
        if failure is not None:
            in_use = failure == IN_USE
            raise OpspError(failure, rt_cd="9" if in_use else "1", read=not in_use)
        wanted = (asked.tr_id, asked.tr_key)
        if asked.tr_type == "1":
            keys, code = self._subscribe(asked, connection), SUBSCRIBED
        else:
            if wanted not in connection.subscriptions:
                raise OpspError(NOT_FOUND, rt_cd="1")
            keys, code = connection.subscriptions.pop(wanted), UNSUBSCRIBED
        self._connections.changed()
        return frames.reply(*wanted, "0", code, keys)

    def _check_approval(self, asked: Asked) -> None:
        if asked.approval is not None:
            if not self._approved(asked.approval):
                raise OpspError(NO_APPROVAL)
        elif asked.app_key is None:
            raise OpspError(NO_APP_KEY, read=False)
        else:
            # The way of before approval keys: KIS's table still has its code.
            raise OpspError(NO_APPROVAL if asked.app_key == self._app_key else WRONG_APP_KEY)

    def _subscribe(self, asked: Asked, connection: Connection) -> Keys:
        self._check_offered(asked.tr_id, mock=connection.mock)
        self._check_key(asked.tr_id, asked.tr_key)
        wanted = (asked.tr_id, asked.tr_key)
        if wanted in connection.subscriptions:
            raise OpspError(ALREADY, rt_cd="1")
        if len(connection.subscriptions) >= REGISTRATIONS:
            raise OpspError(TOO_MANY, rt_cd="1")
        keys = Keys(f"{self._rng.getrandbits(128):032x}", f"{self._rng.getrandbits(64):016x}")
        connection.subscriptions[wanted] = keys
        return keys

    @staticmethod
    def _check_offered(tr_id: str, *, mock: bool) -> None:
        if tr_id not in COLUMNS or (mock and tr_id not in MOCK_NOTICES):
            raise OpspError(WRONG_ID)

    def _check_key(self, tr_id: str, tr_key: str) -> None:
        if tr_id in NOTICES:
            if tr_key != self._hts_id:
                raise DroppedError(tr_key)
        elif tr_id in {KRX_TRADES, KRX_BOOKS}:
            if len(tr_key) != 6 or not tr_key.isalnum():
                raise OpspError(WRONG_KEY)
            if tr_key not in self._krx:
                raise OpspError(UNKNOWN_KEY)
        else:
            exchange = self._symbols.get(tr_key[4:])
            codes = () if exchange is None else (QUOTE_CODES[exchange], DAYTIME_CODES[exchange])
            if tr_key[:1] not in {"D", "R"} or len(tr_key) < 5:
                raise OpspError(WRONG_KEY)
            if tr_key[:4] not in {f"{kind}{code}" for kind, code in zip("DR", codes, strict=False)}:
                raise OpspError(UNKNOWN_KEY)


def read(text: str) -> Asked | None:
    """Read a client's text; None for an echoed PINGPONG. Raises OpspError."""
    try:
        raw: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise OpspError(NOT_JSON, read=False) from None
    header = _part(raw, "header", NO_HEADER)
    if header.get("tr_id") == "PINGPONG":
        return None
    body = _part(raw, "body", NO_BODY)
    wanted = _part(body, "input", NO_INPUT)
    if not wanted.get("tr_id"):
        raise OpspError(WRONG_ID, read=False)
    if not wanted.get("tr_key"):
        raise OpspError(NO_KEY, read=False)
    customer = header.get("custtype")
    if customer is None:
        raise OpspError(NO_CUSTOMER, read=False)
    if str(customer) not in {"P", "B"}:
        raise OpspError(WRONG_CUSTOMER, read=False)
    if str(header.get("tr_type")) not in {"1", "2"}:
        raise OpspError(WRONG_TYPE, read=False)
    approval, app_key = header.get("approval_key"), header.get("appkey")
    return Asked(
        str(wanted["tr_id"]),
        str(wanted["tr_key"]),
        str(header["tr_type"]),
        None if approval is None else str(approval),
        None if app_key is None else str(app_key),
    )


def _part(raw: Any, name: str, missing: Code) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise OpspError(NOT_JSON, read=False)
    part = raw.get(name)
    if not isinstance(part, dict):
        raise OpspError(missing, read=False)
    return part
