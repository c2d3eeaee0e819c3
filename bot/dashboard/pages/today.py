"""Today: the living plan, its orders, fills as they happen, and what comes next in Seoul's time."""

import streamlit as st

from bot.dashboard import vocabulary
from bot.dashboard.living import live
from bot.dashboard.room import Room
from bot.storage.views import RoundView


def show(room: Room) -> None:
    """Draw the page; everything on it looks again every few seconds."""
    del room
    live(_rounds)


def _rounds(room: Room) -> None:
    rounds = room.reading.ask(lambda views: views.today())
    if not rounds:
        st.info(room.words.say("아직 계획된 회차가 없습니다.", "No round was planned yet."))
    for view in rounds:
        _round(room, view)


def _round(room: Room, view: RoundView) -> None:
    plan = view.plan
    if plan is None:
        return
    st.subheader(f"{plan.cycle.rules.symbol} · {room.words.of(vocabulary.ROUNDS, view.state)}")
