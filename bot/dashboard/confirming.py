"""Two steps for everything that moves money or stops it: shown first, then done, each once.

The preview's key is the bot's: one use, 60 seconds, this session alone. What is kept between the
steps is kept for this browser tab and gone when the window is closed.
"""

import streamlit as st

from bot.control.client import Argument
from bot.control.errors import ControlError
from bot.control.model import Preview
from bot.dashboard.room import Room

_TOLD = "told"
_ASKED = "asked"


def ask(room: Room, name: str, **arguments: Argument) -> None:
    """Have the bot show what a command would do, and ask for the word that does it.

    Where the bot refuses, its sentence stands below what was pressed.
    """
    try:
        preview = room.control.preview(room.session, name, **arguments)
    except ControlError as error:
        st.error(error.sentence(room.words.language), icon=":material/error:")
    else:
        _window(room, preview)


def nothing_asked() -> None:
    """Note that no window is open: the whole page is being drawn."""
    st.session_state[_ASKED] = False


def asked() -> bool:
    """Tell whether a window is open that asks to confirm something."""
    return bool(st.session_state.get(_ASKED))


def told() -> None:
    """Draw once what the last command came to."""
    found = st.session_state.pop(_TOLD, None)
    if found is None:
        return
    well, words = found
    if well:
        st.success(words, icon=":material/check_circle:")
    else:
        st.error(words, icon=":material/error:")


def _window(room: Room, preview: Preview) -> None:
    say = room.words.say

    @st.dialog(say("확인해 주세요", "Please confirm"), on_dismiss="rerun")
    def window() -> None:
        st.text(preview.words(room.words.language))
        code = ""
        if preview.needs_code:
            code = st.text_input(
                say("인증 앱의 여섯 자리 코드", "The authenticator's six digits"),
                max_chars=6,
                autocomplete="one-time-code",
            )
        st.caption(
            say(
                "60초 안에 확인해 주세요. 그 뒤에는 아무 일도 일어나지 않습니다.",
                "Confirm within 60 seconds; after that nothing happens.",
            )
        )
        with st.container(horizontal=True):
            if st.button(say("확인", "Confirm"), type="primary", icon=":material/check:"):
                _do(room, preview, code)
                st.rerun()
            if st.button(say("그만두기", "Leave it")):
                st.rerun()

    st.session_state[_ASKED] = True
    window()


def _do(room: Room, preview: Preview, code: str) -> None:
    language = room.words.language
    try:
        outcome = room.control.confirm(room.session, preview.key, code=code.strip())
    except ControlError as error:
        st.session_state[_TOLD] = (False, error.sentence(language))
    else:
        st.session_state[_TOLD] = (True, outcome.words(language))
