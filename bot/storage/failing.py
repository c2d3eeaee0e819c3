"""When the state file cannot be written for now: what is told from what is a bug of ours."""

import sqlite3

from bot.errors import MuhanError

# SQLite's own words, by what has to be done about them; everything else is an error of ours.
_REASONS = (
    ("full", "disk is full"),
    ("readonly", "readonly"),
    ("readonly", "read-only"),
    ("io", "disk I/O error"),
    ("gone", "unable to open database file"),
    ("gone", "moved or deleted"),
    ("locked", "is locked"),
)


class StorageFailing(MuhanError):
    """Nothing can be written down now; `reason` is full, readonly, io, gone or locked.

    It passes by itself when the disk does: whoever hears it waits and tries again.
    """

    def __init__(self, reason: str, told: str) -> None:
        super().__init__(
            f"디스크에 적을 수 없어 처리하지 않았습니다 ({told}). 디스크의 남은 공간과 권한을 "
            "확인해 주세요. 다시 적을 수 있게 되면 알려 드립니다.",
            f"Nothing can be written to the disk, so this was not done ({told}). Look at the free "
            "space and at the permissions; you are told when it works again.",
        )
        self.reason = reason


def failing(error: sqlite3.OperationalError) -> StorageFailing | None:
    """Tell whether an error of SQLite's says that the disk fails; None when it says another."""
    told = str(error)
    for reason, words in _REASONS:
        if words in told:
            return StorageFailing(reason, told)
    return None
