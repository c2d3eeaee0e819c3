"""Leave the process as a test found it: log and kept lines, hooks for errors, known secrets.

What runs a command in the test's own process sets these up as the program does, for good.
"""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot.logs import _recent
from bot.redaction import _registered


@contextmanager
def as_it_was() -> Iterator[None]:
    """Put log, hooks, kept lines and secrets back after the block, whatever it configured."""
    root = logging.getLogger()
    handlers, level, config = root.handlers[:], root.level, structlog.get_config()
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    secrets, lines = dict(_registered), list(_recent)
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        structlog.configure(**config)
        structlog.contextvars.clear_contextvars()
        root.handlers[:] = handlers
        root.setLevel(level)
        sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
        _registered.clear()
        _registered.update(secrets)
        _recent.clear()
        _recent.extend(lines)
