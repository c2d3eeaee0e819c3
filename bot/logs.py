"""The log: structlog over standard logging, one form for our lines and the libraries'.

JSON when nobody looks, colours on a terminal, and nothing leaves unmasked: neither a record, nor a
traceback, nor what Python itself prints about an error that nobody caught. Under systemd each JSON
line begins with its priority (sd-daemon(3)), so that `journalctl -p warning` knows it.
"""

import asyncio
import logging
import os
import sys
import threading
from collections import deque
from collections.abc import Mapping, MutableMapping
from io import StringIO
from types import TracebackType
from typing import Any, TextIO

import structlog

from bot.redaction import masked, masked_value, register_secret

__all__ = ["configure", "masked", "recent_lines", "register_secret", "watch_loop"]

KEPT_LINES = 2000
LONGEST_LINE = 2000
"""Characters: 2,000 such lines are four megabytes at most, and a usual day's are half a one."""

# What the journal calls critical, error, warning, information and debugging (syslog(3)).
_GRADES = (
    (logging.CRITICAL, 2),
    (logging.ERROR, 3),
    (logging.WARNING, 4),
    (logging.INFO, 6),
    (logging.NOTSET, 7),
)

_log = structlog.stdlib.get_logger(__name__)

_Event = MutableMapping[str, Any]
_recent: deque[str] = deque(maxlen=KEPT_LINES)


def configure(
    level: str = "INFO", *, json: bool | None = None, stream: TextIO | None = None
) -> None:
    """Send every record of this process, ours and the libraries', masked to one stream.

    `json` None means JSON unless the stream is a terminal; the stream is stderr unless given.
    Replaces the root logger's handlers and the hooks for uncaught errors; may be called again.
    """
    out = sys.stderr if stream is None else stream
    as_json = not out.isatty() if json is None else json
    as_journal = as_json and _to_journal(out)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler, keeper = _MaskingHandler(out), _Keeper(_Shelf())
    for each, plainly, graded in ((handler, as_json, as_journal), (keeper, True, False)):
        each.setFormatter(
            (_Graded if graded else structlog.stdlib.ProcessorFormatter)(
                foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
                processors=[
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    _mask,
                    _renderer(as_json=plainly),
                ],
            )
        )
    root = logging.getLogger()
    root.handlers[:] = [handler, keeper]
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    sys.unraisablehook = _unraisable
    threading.excepthook = _uncaught_in_thread


def watch_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Send errors that no task of this event loop caught to the log, masked."""
    loop.set_exception_handler(_uncaught_in_loop)


class _Graded(structlog.stdlib.ProcessorFormatter):
    """Puts the journal's priority before a line."""

    def format(self, record: logging.LogRecord) -> str:
        grade = next(code for level, code in _GRADES if record.levelno >= level)
        return f"<{grade}>{super().format(record)}"


def _to_journal(out: TextIO) -> bool:
    """Tell whether a stream is the one that systemd reads for its journal (systemd.exec(5))."""
    try:
        found = os.fstat(out.fileno())
    except (OSError, ValueError):  # no file, or closed
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{found.st_dev}:{found.st_ino}"


class _MaskingHandler(logging.StreamHandler[TextIO]):
    """Says that a record could not be written without printing its arguments, as logging would."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's own name
        error = sys.exception()
        line = (
            f"a record of {record.name} ({record.pathname}:{record.lineno}) could not be logged: "
            f"{type(error).__name__}"
        )
        try:
            self.stream.write(f"{masked(line)}\n")
        except (OSError, ValueError):
            # The stream itself is gone: there is nowhere left to say it.
            return


class _Shelf(StringIO):
    """Keeps the last lines in memory, so that they can be asked for where no file is."""

    def write(self, text: str) -> int:
        if line := text.strip():
            _recent.append(line[:LONGEST_LINE])
        return len(text)


class _Keeper(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's own name
        del record  # the other handler says it


def recent_lines() -> list[str]:
    """Give the last lines of this process's log as JSON, oldest first, masked as they are now."""
    return [masked(line) for line in _recent]


def _mask(_: Any, __: str, event: _Event) -> _Event:
    return {masked(key): masked_value(value, name=key) for key, value in event.items()}


def _renderer(*, as_json: bool) -> structlog.typing.Processor:
    if as_json:
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=repr)
    return structlog.dev.ConsoleRenderer(
        colors=True, exception_formatter=structlog.dev.plain_traceback
    )


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.critical("uncaught error", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _unraisable(args: "sys.UnraisableHookArgs") -> None:
    _log.error(
        "error where nothing can be raised", where=repr(args.object), exc_info=args.exc_value
    )


def _uncaught_in_loop(_: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    error = context.get("exception")
    rest = {
        key: repr(value) for key, value in context.items() if key not in {"exception", "message"}
    }
    _log.error(
        "uncaught error in the event loop", what=context.get("message"), exc_info=error, **rest
    )
