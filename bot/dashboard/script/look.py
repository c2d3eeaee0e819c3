"""The script that Streamlit runs for every look."""

from bot.dashboard.frame import show

show()
