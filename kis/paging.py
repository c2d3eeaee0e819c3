"""Where an inquiry of many pages stands, and what its pages held."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kis.models import Listing
from kis.transport import Reply

WIDTH = "200"
# The response header tr_cont: F and M announce a further page, D and E the last.
_MORE = frozenset({"F", "M"})
_LAST = frozenset({"D", "E"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Tables:
    """What an inquiry found, table by table, and why that is not all of it ("" when it is)."""

    rows: Mapping[str, list[dict[str, Any]]]
    reason: str

    def listing(self, name: str) -> Listing[dict[str, Any]]:
        """Give one of the tables, as whole as all of them are."""
        return Listing(rows=tuple(self.rows[name]), complete=not self.reason, reason=self.reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """Where an inquiry stands: the keys that the page before gave for the next."""

    width: str | None
    search: str = ""
    key: str = ""

    def query(self) -> dict[str, str]:
        if self.width is None:
            return {}
        return {
            f"CTX_AREA_FK{self.width}": self.search,
            f"CTX_AREA_NK{self.width}": self.key,
        }

    def after(self, reply: Reply) -> tuple["Context | None", str]:
        """Say where to go on from a page: nowhere with a reason, when something is amiss."""
        more = reply.headers.get("tr_cont", "")
        key = "" if self.width is None else reply.text(f"ctx_area_nk{self.width}")
        if more in _LAST:
            return None, ""
        if more not in _MORE:
            # A key to a next page without any mark is a riddle.
            return None, "" if not key else "a key to a next page came without a mark"
        if not key:
            return None, "more pages were announced without a key to them"
        if key == self.key:
            return None, "the key to the next page repeats"
        search = reply.text(f"ctx_area_fk{self.width}")
        return Context(width=self.width, search=search, key=key), ""
