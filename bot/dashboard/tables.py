"""Tables for a phone: plain HTML, where Streamlit's own grid needs a mouse and half a megabyte."""

from collections.abc import Sequence
from html import escape

import streamlit as st

STYLE = """
table.muhan { width: 100%; border-collapse: collapse; font-size: .88rem; line-height: 1.35;
  font-variant-numeric: tabular-nums; }
table.muhan th { text-align: left; font-weight: 500; opacity: .65; padding: .3rem .45rem .3rem 0; }
table.muhan td { border-top: 1px solid rgba(128,128,128,.25); padding: .4rem .45rem .4rem 0;
  vertical-align: top; }
table.muhan th:last-child, table.muhan td:last-child { padding-right: 0; }
table.muhan .right { text-align: right; white-space: nowrap; }
dl.muhan { display: grid; grid-template-columns: repeat(auto-fill, minmax(5.4rem, max-content));
  gap: .5rem 1rem; margin: 0; padding: 0; }
dl.muhan dt { font-size: .78rem; opacity: .65; }
dl.muhan dd { margin: 0; font-size: 1.2rem; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
"""


def table(
    rows: Sequence[Sequence[str]], *, heads: Sequence[str] = (), right: frozenset[int] = frozenset()
) -> None:
    """Draw rows of text; columns numbered in `right` end on the same column. Texts are escaped."""
    head = f"<thead>{_row(heads, 'th', right)}</thead>" if heads else ""
    body = "".join(_row(row, "td", right) for row in rows)
    st.html(f'<table class="muhan">{head}<tbody>{body}</tbody></table>')


def _row(cells: Sequence[str], tag: str, right: frozenset[int]) -> str:
    made = "".join(
        f"<{tag}{' class=right' if place in right else ''}>{escape(cell)}</{tag}>"
        for place, cell in enumerate(cells)
    )
    return f"<tr>{made}</tr>"


def figures(pairs: Sequence[tuple[str, str]]) -> None:
    """Draw figures with their names, as many beside each other as the width takes."""
    made = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs
    )
    st.html(f'<dl class="muhan">{made}</dl>')
