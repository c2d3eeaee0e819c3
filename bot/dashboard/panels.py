"""What the pages that look back are put together from: figures and files."""

import streamlit as st
from plotly import graph_objects as go

from bot.dashboard.room import Room
from bot.reports.files import to_csv
from bot.reports.sheets import Sheet

_QUIET_BAR = {"displayModeBar": False, "responsive": True}


def drawn(figure: go.Figure, key: str, says: str) -> None:
    """Show a figure; `says` is read to whoever cannot see it."""
    st.plotly_chart(figure, width="stretch", key=key, config=_QUIET_BAR, alt=says)


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
