"""The pages: a module each, with `show(room)`. This table is the navigation, in its order."""

from dataclasses import dataclass

from bot.dashboard.words import Both
from bot.storage.people import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page by its module's name, which is its address too, its caption, its icon and its guests.

    `icon` is one of the Material symbols, which Streamlit carries with it.
    """

    name: str
    caption: Both
    icon: str
    role: Role = Role.VIEWER


PAGES = (
    Page(name="today", caption=("오늘", "Today"), icon=":material/today:"),
    Page(
        name="controls",
        caption=("조작", "Controls"),
        icon=":material/tune:",
        role=Role.OPERATOR,
    ),
    Page(name="cycles", caption=("사이클", "Cycles"), icon=":material/cycle:"),
    Page(name="performance", caption=("성과", "Performance"), icon=":material/trending_up:"),
    Page(name="laboratory", caption=("실험실", "Laboratory"), icon=":material/science:"),
    Page(name="health", caption=("상태와 로그", "Health and log"), icon=":material/monitor_heart:"),
)
