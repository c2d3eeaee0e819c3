"""Pages of KIS's listings: tr_cont in the header, ctx_area keys in the body."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Row = TypeVar("Row")
WIDTH = 200


def paged(
    rows: Sequence[Row],
    size: int,
    key: Callable[[Row], str],
    *,
    after: str,
) -> tuple[Sequence[Row], str, str]:
    """Cut one page out of rows in their order.

    `after` is the key of the last row already given, blank for the first page. Answers the page's
    rows, the key for the next page (blank on the last) and tr_cont: F or M with more to come, D or
    E without. A key that is not among the rows gives an empty last page.
    """
    start = 0
    if after:
        keys = [key(row) for row in rows]
        start = keys.index(after) + 1 if after in keys else len(rows)
    page = rows[start : start + size]
    if start + size < len(rows):
        return page, key(page[-1]), "M" if after else "F"
    return page, "", "E" if after else "D"


def ctx_keys(
    fields: Mapping[str, str],
    names: Sequence[str],
    following: str,
    *,
    width: int = WIDTH,
    between: str = "^",
) -> dict[str, str]:
    """Give the padded ctx_area fields of an answer: the question echoed, and the next key."""
    question = between.join(fields.get(name, "") for name in names)
    return {
        f"ctx_area_fk{width}": question.ljust(width),
        f"ctx_area_nk{width}": following.ljust(width),
    }
