"""The frame round every page: the navigation, the banner, whose language, and the way out."""

from collections.abc import Callable
from functools import partial
from importlib import import_module

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from bot.dashboard import confirming, tables, vocabulary
from bot.dashboard.living import draw, enter, live
from bot.dashboard.pages import PAGES, Page
from bot.dashboard.room import Room
from bot.storage.people import Role

ROLES = {
    Role.OWNER: ("소유자", "owner"),
    Role.OPERATOR: ("운영자", "operator"),
    Role.VIEWER: ("구경하는 사람", "viewer"),
}

STYLE = """
.stMainBlockContainer { padding: 1.2rem 1rem 3rem; max-width: 64rem; }
.stAppHeader { display: none; }
.st-key-ways a { padding: .3rem .5rem; }
.st-key-ways a p { font-size: .9rem; }
a.muhan-way { color: inherit; opacity: .75; margin-right: 1rem; font-size: .9rem; }
"""


def show() -> None:
    """Draw the dashboard once; Streamlit calls this for every look."""
    st.set_page_config(page_title="무한", page_icon="♾️", layout="wide")
    st.html(f"<style>{STYLE}{tables.STYLE}</style>")
    room = enter()
    if room is None:
        _over()
        return
    pages = {page.name: _page(page, room) for page in PAGES if room.may(page.role)}
    # Not Streamlit's sidebar: on a phone it stays over the page that was chosen from it.
    chosen = st.navigation(list(pages.values()), position="hidden")
    with st.container(horizontal=True, gap="xxsmall", key="ways"):
        for page in pages.values():
            st.page_link(page, width="content")
    confirming.nothing_asked()
    st.session_state["standing"] = _standing(room)
    live(_banner)
    chosen.run()
    _person(room, chosen.url_path)


def _page(page: Page, room: Room) -> StreamlitPage:
    return st.Page(
        partial(_draw_page, page),
        title=room.words.both(page.caption),
        icon=page.icon,
        url_path=page.name,
        default=page is PAGES[0],
    )


def _draw_page(page: Page) -> None:
    room = enter()
    if room is None:
        return
    module = import_module(f"bot.dashboard.pages.{page.name}")
    part: Callable[[Room], None] = module.show
    draw(part, room)


def _banner(room: Room) -> None:
    """Say where the orders go and whether the bot answers; a change draws the whole page anew.

    Not under somebody's fingers: while he is asked to confirm something, the page stands still.
    """
    if _standing(room) != st.session_state.get("standing") and not confirming.asked():
        st.rerun()
    venue = room.words.of(vocabulary.VENUES, room.venue)
    color = "red" if room.venue == "real" else "blue"
    badge = f":{color}-badge[{venue}]"
    if room.status is None:
        _no_answer(room, badge)
        return
    trading = room.status.trading
    state = room.words.of(vocabulary.TRADING, trading)
    st.markdown(f"{badge} :{'green' if trading == 'running' else 'orange'}-badge[{state}]")


def _no_answer(room: Room, badge: str) -> None:
    """Say that the bot hangs or is off, and what is shown meanwhile."""
    say = room.words.say
    if room.silent:
        st.markdown(f"{badge} :orange-badge[{say('봇 응답 없음', 'bot hangs')}]")
        told = say(
            "봇이 켜져 있지만 답하지 않습니다. 마지막 기록을 읽기 전용으로 보여 드리고, 답이 오면 "
            "저절로 이어집니다. 몇 분이 지나도 그러면 muhan service status 로 살펴보고 봇을 "
            "다시 시작해 주세요.",
            "The bot is on but does not answer. What it wrote last is shown, read-only, and this "
            "page goes on by itself when it answers. If that takes minutes, look at muhan service "
            "status and restart the bot.",
        )
        st.warning(told, icon=":material/hourglass_top:")
        return
    st.markdown(f"{badge} :orange-badge[{say('봇 꺼짐', 'bot is off')}]")
    told = say(
        "봇이 답하지 않습니다. 마지막 기록을 읽기 전용으로 보여 드립니다. 봇을 켜면(muhan run, "
        "서비스라면 muhan service status) 이 화면이 저절로 이어집니다.",
        "The bot does not answer. What it wrote last is shown, read-only. Start it (muhan run, or "
        "look at muhan service status) and this page goes on by itself.",
    )
    st.warning(told, icon=":material/power_off:")


def _standing(room: Room) -> tuple[object, ...]:
    """Give what the buttons of the pages depend on."""
    status = room.status
    if status is None:
        return ()
    rounds = tuple((each.round_id, each.state) for each in status.rounds)
    cycles = tuple((each.cycle_id, each.held, each.afterwards) for each in status.cycles)
    return status.trading, rounds, cycles


def _person(room: Room, page: str) -> None:
    """Say who is logged in; the other language and the way out are plain links of our own door."""
    say = room.words.say
    st.divider()
    role = room.words.both(ROLES[room.login.role])
    st.caption(f"{room.login.name} · {role}" if room.login.name else role)
    other, caption = ("en", "English") if room.words.korean else ("ko", "한국어")
    st.html(
        f'<a class="muhan-way" target="_self" href="/language/{other}?page={page}">{caption}</a>'
        f'<a class="muhan-way" target="_self" href="/leave">{say("로그아웃", "Log out")}</a>'
    )


def _over() -> None:
    st.error(
        "로그인이 끝났습니다: 텔레그램에서 /panel 을 보내 새 링크를 받아 주세요.\n\n"
        "The login is over: send /panel in Telegram for a new link.",
        icon=":material/lock:",
    )
