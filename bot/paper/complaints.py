"""What goes wrong at KIS again and again, written to the log once."""

import structlog

log = structlog.get_logger(__name__)


class Complaints:
    """Log a reason when it is new for what was asked; the feed asks every half minute."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], str] = {}

    def about(self, what: str, symbol: str, reason: str) -> None:
        """Note that something about a symbol failed."""
        if self._last.get((what, symbol)) != reason:
            self._last[what, symbol] = reason
            log.warning(what, symbol=symbol, reason=reason)

    def over(self, what: str, symbol: str) -> None:
        """Note that it went well."""
        if self._last.pop((what, symbol), None) is not None:
            log.info("over", what=what, symbol=symbol)
