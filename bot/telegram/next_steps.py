"""What to press after a letter that asks nothing: what it names, else where to look."""

import re

from bot.telegram.catalogue import Words, mark
from bot.telegram.markup import without_markup
from bot.telegram.taps import Action, Button, Kind

# In the order in which they are offered.
STEPS = {
    "resume": mark("다시 시작"),
    "orders": mark("미체결 보기"),
    "skip": mark("회차 건너뛰기"),
    "today": mark("오늘"),
    "status": mark("상태"),
}
USUAL = ("today", "status")
MOST = 3
_NAMED = re.compile(rf"/({'|'.join(STEPS)})\b")


def next_steps(words: Words, html: str) -> tuple[Button, ...]:
    """Give the buttons that stand below a letter without buttons of its own."""
    named = set(_NAMED.findall(without_markup(html)))
    steps = [name for name in STEPS if name in named] or USUAL
    return tuple(
        Button(
            caption=words.plain(STEPS[name]),
            action=Action(kind=Kind.SHOW, command=name),
        )
        for name in steps[:MOST]
    )
