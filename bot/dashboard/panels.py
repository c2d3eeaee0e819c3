"""What the pages that look back are put together from: tiles, figures, tables, files."""

from collections.abc import Iterable, Sequence

import streamlit as st
from plotly import graph_objects as go

from bot.dashboard.room import Room
from bot.reports.files import to_csv
from bot.reports.sheets import Sheet

_QUIET_BAR = {"displayModeBar": False, "responsive": True}


def tiles(pairs: Iterable[tuple[str, str]]) -> None:
    """Set figures side by side with what they are; as many in a row as the screen is wide."""
    with st.container(horizontal=True, gap="small"):
        for caption, value in pairs:
            st.metric(caption, value, width="content", border=True)


def drawn(figure: go.Figure, key: str, says: str) -> None:
    """Show a figure; `says` is read to whoever cannot see it."""
    st.plotly_chart(figure, width="stretch", key=key, config=_QUIET_BAR, alt=says)


def tabled(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Show a short table as text, each row a line that scrolls sideways where it is too wide."""
    columns = {head: [row[place] for row in rows] for place, head in enumerate(heads)}
    st.table(columns, border="horizontal", hide_index=True)


def file_of(room: Room, sheet: Sheet, name: str) -> None:
    """Offer a table as a CSV file; not to a viewer, who sees no amounts."""
    if room.shown.veiled:
        return
    st.download_button(
        room.words.say("CSV로 받기", "Download CSV"),
        to_csv(sheet),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"csv-{name}",
        on_click="ignore",
    )
