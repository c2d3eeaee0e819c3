"""Looking at the dashboard: who looks is asked at every look, and parts of a page look again."""

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from bot.control.errors import ControlError
from bot.control.model import BotStatus
from bot.dashboard.doorkeeper import COOKIE, LANGUAGE_COOKIE
from bot.dashboard.house import House, this_house
from bot.dashboard.room import Room
from bot.dashboard.shown import Shown
from bot.dashboard.words import ENGLISH, KOREAN, Words
from bot.errors import MuhanError
from bot.storage.people import Role

LOOK_AGAIN = timedelta(seconds=2)


def enter() -> Room | None:
    """Give the room of whoever looks just now; None when his session is over."""
    house = this_house()
    cookies = st.context.cookies
    login = house.doorkeeper.known(cookies.get(COOKIE, ""))
    if login is None:
        return None
    chosen = cookies.get(LANGUAGE_COOKIE, "")
    words = Words(chosen if chosen in {KOREAN, ENGLISH} else login.language)
    return Room(
        words=words,
        shown=Shown(words=words, veiled=login.role is Role.VIEWER),
        reading=house.reading,
        control=house.control,
        login=login,
        status=_status(house),
        silent=house.doorkeeper.silent,
        venue=house.venue,
    )


def _status(house: House) -> BotStatus | None:
    if house.doorkeeper.silent:
        return None
    try:
        return house.control.status()
    except ControlError:
        return None


def live(part: Callable[[Room], None], *, every: timedelta = LOOK_AGAIN) -> None:
    """Draw a part of a page now and again every few seconds, without the rest of the page.

    `part` is called with a room of that moment. What it draws must have the same shape of widgets.
    """

    @st.fragment(run_every=every)
    def look() -> None:
        room = enter()
        if room is None:
            st.rerun()
        draw(part, room)

    look()


def draw(part: Callable[[Room], None], room: Room) -> None:
    """Draw something; what cannot be read is told in its place, in one sentence."""
    try:
        part(room)
    except MuhanError as error:
        st.error(error.sentence(room.words.language), icon=":material/error:")
