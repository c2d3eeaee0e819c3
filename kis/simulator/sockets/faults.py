"""What goes wrong on the websocket on purpose: the named faults, played on what is sent.

A fault's `match` sees tr_id and tr_key, and the first record's columns by name (CNTG_YN, ODER_NO).
A PINGPONG's tr_id is PINGPONG, an answer's to a registration REGISTRATION.
"""

import random
from collections.abc import Mapping, Sequence

from kis.simulator.faults import STREAM_FAULTS, Faults
from kis.simulator.sockets import frames
from kis.simulator.sockets.columns import COLUMNS, NOTICES
from kis.simulator.sockets.connections import Connection, Registration
from kis.simulator.sockets.frames import Keys
from kis.simulator.sockets.registration import IN_USE, INTERNAL, NOT_SENT, Asked, Code

WRONG_KEYS = Keys("0" * 32, "0" * 16)
EXTRA = ("EXTRA1", "0", "")
REGISTRATION_FAULTS = {
    "registration_fails": INTERNAL,
    "mci_send_fails": NOT_SENT,
    "opsp8996": IN_USE,
}
NAMES = frozenset(STREAM_FAULTS)


class StreamFaults:
    """Plays the waiting faults; without any it costs one look."""

    def __init__(self, faults: Faults, seed: int) -> None:
        self._faults = faults
        self._rng = random.Random(f"{seed}|malformed")
        self._held: dict[tuple[Connection, Registration], str] = {}

    def waiting(self) -> bool:
        return bool(self._held) or self._faults.waiting(NAMES)

    def registration(self, asked: Asked) -> Code | None:
        """Give the code that a registration fails with, if one is to fail."""
        fields = {"tr_id": asked.tr_id, "tr_key": asked.tr_key, "tr_type": asked.tr_type}
        for name, code in REGISTRATION_FAULTS.items():
            if self._faults.take(name, fields):
                return code
        return None

    def ping_stops(self) -> bool:
        return self._faults.take("pingpong_stops", {"tr_id": "PINGPONG"}) is not None

    def deliver(self, connection: Connection, text: str, tr_id: str, tr_key: str = "") -> None:
        """Queue a text, unless the connection is to break before it."""
        if self._faults.waiting(NAMES):
            fields = {"tr_id": tr_id, "tr_key": tr_key}
            if self._faults.take("socket_dropped", fields):
                connection.drop()
            elif self._faults.take("socket_half_open", fields):
                connection.silent = True
        connection.put(text)

    def send(
        self, connection: Connection, wanted: Registration, records: Sequence[str], keys: Keys
    ) -> None:
        """Frame records and queue the frame, with what goes wrong on the way."""
        if not self.waiting():
            connection.put(frames.data(wanted[0], records, keys))
            return
        for text in self._texts(connection, wanted, records, keys):
            self.deliver(connection, text, *wanted)

    def notice(self, connection: Connection, wanted: Registration, record: str, keys: Keys) -> None:
        """Send a notice, or send it twice; what is late or missing never comes here in time."""
        again = self._faults.take("duplicate_notice", _named(wanted, record)) is not None
        for _ in range(2 if again else 1):
            self.send(connection, wanted, [record], keys)

    # -- one frame --------------------------------------------------------------------------

    def _texts(
        self, connection: Connection, wanted: Registration, records: Sequence[str], keys: Keys
    ) -> list[str]:
        fields = _named(wanted, records[0])
        text = self._spoilt(fields, self._framed(fields, wanted[0], records, keys))
        held = self._held.pop((connection, wanted), None)
        if held is not None:
            return [text, held]
        if wanted[0] not in NOTICES and self._faults.take("out_of_order_ticks", fields):
            self._held[connection, wanted] = text
            return []
        return [text]

    def _framed(
        self, fields: Mapping[str, str], tr_id: str, records: Sequence[str], keys: Keys
    ) -> str:
        width = len(COLUMNS[tr_id])
        if self._faults.take("too_few_fields", fields):
            records = ["^".join(record.split("^")[: width // 2]) for record in records]
        if self._faults.take("extra_columns", fields):
            records = ["^".join((record, *EXTRA)) for record in records]
        if tr_id in NOTICES and self._faults.take("undecryptable_notice", fields):
            keys = WRONG_KEYS
        wrong = self._faults.take("wrong_count", fields) is not None
        return frames.data(tr_id, records, keys, count=len(records) + 1 if wrong else None)

    def _spoilt(self, fields: Mapping[str, str], text: str) -> str:
        if self._faults.take("malformed_frame", fields):
            flag, tr_id, count, payload = text.split("|", 3)
            return self._rng.choice(
                (
                    "",
                    f"{flag}|{tr_id}",
                    f"{flag}|{tr_id}|{count}",
                    f"{flag}|{tr_id}|abc|{payload}",
                    f"7|{tr_id}|{count}|{payload}",
                    f"{flag}|{tr_id[:-1]}?|{count}|{payload}",
                    '{"header":{"tr_id":',
                )
            )
        if self._faults.take("truncated_frame", fields):
            return text[: len(text) // 2]
        return text

    def forget(self, connection: Connection) -> None:
        """Let go of what was held back for a connection that is gone."""
        self._held = {key: text for key, text in self._held.items() if key[0] is not connection}


def _named(wanted: Registration, record: str) -> dict[str, str]:
    tr_id, tr_key = wanted
    return {
        **dict(zip(COLUMNS[tr_id], record.split("^"), strict=False)),
        "tr_id": tr_id,
        "tr_key": tr_key,
    }
