"""A hash over everything that happened: two runs of a seed are the same when theirs are."""

import hashlib
from datetime import datetime


class Trace:
    """Feed it instants with what happened then; the digest names the whole run."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=16)
        self.length = 0

    def add(self, at: datetime, what: object) -> None:
        self._hash.update(f"{at.timestamp():.6f} {what!r}\n".encode())
        self.length += 1

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()
