"""Who owns the machine's websocket for a key: a lock that the kernel frees even of the killed."""

import fcntl
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

SETTLED = timedelta(minutes=3)
_OPEN = "open"


class OwnersLock:
    """A lock file; in it stands when its last owner said goodbye, or that it has not yet."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path = path
        self._now = now
        self._handle: int | None = None
        self.unsettled = False
        """Whether KIS may still hold the session of the owner before this one."""

    @property
    def held(self) -> bool:
        return self._handle is not None

    def take(self) -> bool:
        """Try to become the owner. Raises OSError when the folder does not let us."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.parent.chmod(0o700)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if isinstance(error, BlockingIOError):
                return False
            raise
        self._handle = handle
        self.unsettled = self._is_unsettled(os.pread(handle, 64, 0).decode(errors="replace"))
        _note(handle, _OPEN)
        return True

    def free(self) -> None:
        """Let another become the owner."""
        if self._handle is not None:
            _note(self._handle, self._now().isoformat())
            os.close(self._handle)
            self._handle = None

    def _is_unsettled(self, said: str) -> bool:
        if not said:
            return False
        try:
            return self._now() - datetime.fromisoformat(said) < SETTLED
        except (ValueError, TypeError):
            return True  # it was killed before it could say goodbye


def _note(handle: int, text: str) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, text.encode(), 0)
