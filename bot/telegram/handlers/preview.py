"""A change of a cycle's settings before it is made: both columns, and a button that agrees."""

import asyncio
from decimal import Decimal

from bot.commands import ChangePreview, PreviewChange
from bot.commands.asking import AskBars
from bot.reports.past import SESSIONS, Past, past
from bot.storage.views import CycleView
from bot.telegram import change_cards, choices, texts
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import never_mind
from bot.telegram.handlers.which import back, setting
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind
from bot.trading.refusal import Refusal
from strategy.bookkeeping import apply
from strategy.changes import RulesChange
from strategy.model import Rules

HAS_A_PAST = frozenset({"splits", "method", "target"})
"""Settings that decide how long the units last: what they would have done is shown too."""


async def preview(desk: Desk, asked: Asked, view: CycleView, name: str, value: str) -> None:
    """Show what a setting's value would do, and ask for 60 seconds."""
    words = desk.words
    try:
        change = choices.change_of(name, value)
        shown = await desk.bus.ask(PreviewChange(cycle_id=view.cycle_id, change=change))
    except Refusal as refusal:
        await desk.answer(asked, texts.refusal(words, refusal), [_way_back(desk, view, name)])
        return
    pasts = await _pasts(desk, view, shown) if name in HAS_A_PAST else (None, None)
    html = change_cards.preview(words, view.cycle, shown, pasts=pasts)
    agree = Action(
        kind=Kind.CHANGE, cycle=view.cycle_id, digest=shown.digest, figure=f"{name}={value}"
    )
    caption = words.plain("이대로 바꾸기")
    rows = [[Button(caption=caption, action=agree), never_mind(desk)], _way_back(desk, view, name)]
    await desk.answer(asked, html, rows, valid_for=CONFIRM_FOR)


async def _pasts(
    desk: Desk, view: CycleView, shown: ChangePreview
) -> tuple[Past | None, Past | None]:
    """Play both agreements over the past, a few sessions at a time; nothing without prices."""
    before = choices.agreed(view.cycle)
    if not isinstance(shown.change, RulesChange):
        return None, None
    after = choices.agreed(apply(view.cycle, shown.change))
    return (
        await past_of(desk, before, view.cycle.principal),
        await past_of(desk, after, view.cycle.principal),
    )


async def past_of(desk: Desk, rules: Rules, principal: Decimal) -> Past | None:
    """Play an agreement over the past the broker shows; None where it shows too little."""
    try:
        bars = await desk.bus.ask(AskBars(symbol=rules.symbol, count=SESSIONS))
    except Refusal:
        return None
    found: Past | None = None
    for part in past(rules, principal, bars):
        found = part
        await asyncio.sleep(0)
    return found


def _way_back(desk: Desk, view: CycleView, name: str) -> list[Button]:
    other = setting(view, name, desk.words.plain("다른 값"))
    return [other, back(desk, view)]
