"""Buttons about hand trades and moved money: the first tap shows, the second books."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.commands import (
    AdoptForeign,
    AdoptMoney,
    ChangePreview,
    ForeignPreview,
    PreviewChange,
    PreviewForeign,
    SetForeignAside,
)
from bot.telegram.bookkeeping import change_name
from bot.telegram.by_hand import fill, trade_name
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.booking import done, effect
from bot.telegram.handlers.buttons import never_mind
from bot.telegram.handlers.family import Do
from bot.telegram.handlers.press import Press
from bot.telegram.markup import lines
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind
from bot.trading.model import Fate
from bot.trading.refusal import Refusal, Why
from strategy.changes import CycleChange, Dividend, SeedChange

STEPS = (Decimal(-1), Decimal("-0.1"), Decimal("0.1"), Decimal(1))
"""How far a tap on the preview moves the T that a hand trade is to leave."""


async def _show_hand(desk: Desk, press: Press) -> None:
    action, words = press.action, desk.words
    turn = Decimal(action.figure) if action.figure else None
    preview = await desk.bus.ask(
        PreviewForeign(
            session=date.fromisoformat(action.session),
            number=action.number,
            cycle_id=action.cycle,
            turn=turn,
        )
    )
    html = lines(
        words.say(
            "{trade} 장부에 넣으면", trade=trade_name(words, preview.shown.symbol, preview.trade)
        ),
        effect(desk, preview.shown),
        words.say("T는 아래 버튼으로 고칠 수 있습니다.") if _editable(preview) else None,
    )
    book = replace(action, kind=Kind.HAND_ADOPT, digest=preview.shown.digest)
    rows = [[Button(caption=words.plain("이대로 넣기"), action=book), never_mind(desk)]]
    if _editable(preview):
        rows.append([_edited(action, preview, step) for step in STEPS])
    await desk.say(press.user_id, html, rows, valid_for=CONFIRM_FOR, reply_to=press.message_id)


def _editable(preview: ForeignPreview) -> bool:
    """T is the owner's to say where it is counted, and when no fill can move it any more."""
    after = preview.shown.effect.after
    return preview.counted and not preview.shown.waits and after.quantity > 0 and after.turn > 0


def _edited(action: Action, preview: ForeignPreview, step: Decimal) -> Button:
    turn = max(preview.shown.effect.after.turn + step, Decimal("0.1"))
    return Button(caption=f"T {step:+}", action=replace(action, figure=f"{turn:f}"))


async def _adopt_hand(desk: Desk, press: Press) -> None:
    action = press.action
    session = await desk.bus.ask(
        AdoptForeign(
            session=date.fromisoformat(action.session),
            number=action.number,
            cycle_id=action.cycle,
            turn=Decimal(action.figure) if action.figure else None,
            digest=action.digest,
            by=owner(press.user_id),
            tap=press.nonce,
        )
    )
    await done(desk, press, session)
    await _ask_of_the_rest(desk, press)


async def _put_aside(desk: Desk, press: Press) -> None:
    quantity = await desk.bus.ask(
        SetForeignAside(
            session=date.fromisoformat(press.action.session),
            number=press.action.number,
            by=owner(press.user_id),
            tap=press.nonce,
        )
    )
    html = desk.words.say(
        "봇의 것이 아닌 주식은 이제 {quantity}주입니다. 장부와 T는 그대로입니다.", quantity=quantity
    )
    await desk.receipt(press.user_id, press.message_id, html)
    await _ask_of_the_rest(desk, press)


async def _ask_of_the_rest(desk: Desk, press: Press) -> None:
    """Ask about what is left of a sale of which a cycle, or the set-aside shares, had a part."""
    session = date.fromisoformat(press.action.session)
    order = await desk.views.account.foreign_order(session, press.action.number)
    if order is not None and order.undecided:
        message = await fill(desk.words, order, desk.views)
        await desk.say(press.user_id, message.html, [[button] for button in message.buttons])


async def _later(desk: Desk, press: Press) -> None:
    await desk.taps.use(press.nonce)
    html = desk.words.say("나중에 정하세요: /status 에서 다시 물어봅니다. 장부는 그대로입니다.")
    await desk.receipt(press.user_id, press.message_id, html)


async def _show_money(desk: Desk, press: Press) -> None:
    action = press.action
    change = await _money_change(desk, action)
    shown = await desk.bus.ask(PreviewChange(cycle_id=action.cycle, change=change))
    book = replace(action, kind=Kind.MONEY_ADOPT, digest=shown.digest)
    await _ask(desk, press, shown, book)


async def _money_change(desk: Desk, action: Action) -> CycleChange:
    for moved in await desk.views.account.moves():
        if str(moved.move_id) == action.number:
            if Fate(action.figure) is Fate.DIVIDEND:
                return Dividend(amount=moved.amount)
            return SeedChange(amount=moved.amount)
    raise Refusal(Why.MONEY_DECIDED)


async def _adopt_money(desk: Desk, press: Press) -> None:
    action = press.action
    session = await desk.bus.ask(
        AdoptMoney(
            move_id=int(action.number),
            fate=Fate(action.figure),
            cycle_id=action.cycle,
            digest=action.digest,
            by=owner(press.user_id),
            tap=press.nonce,
        )
    )
    await done(desk, press, session)


async def _leave_money(desk: Desk, press: Press) -> None:
    await desk.bus.ask(
        AdoptMoney(
            move_id=int(press.action.number),
            fate=Fate.LEFT,
            by=owner(press.user_id),
            tap=press.nonce,
        )
    )
    html = desk.words.say("그대로 둡니다. 장부와 하루 한도는 바뀌지 않았습니다.")
    await desk.receipt(press.user_id, press.message_id, html)


async def _ask(desk: Desk, press: Press, shown: ChangePreview, book: Action) -> None:
    words = desk.words
    html = lines(
        words.say(
            "{symbol} {change} 장부에 넣으면",
            symbol=shown.symbol,
            change=change_name(words, shown.change),
        ),
        effect(desk, shown),
    )
    row = [Button(caption=words.plain("이대로 넣기"), action=book), never_mind(desk)]
    await desk.say(press.user_id, html, [row], valid_for=CONFIRM_FOR, reply_to=press.message_id)


ACTIONS: dict[Kind, Do] = {
    Kind.HAND_SHOW: _show_hand,
    Kind.HAND_ADOPT: _adopt_hand,
    Kind.HAND_ASIDE: _put_aside,
    Kind.LATER: _later,
    Kind.MONEY_SHOW: _show_money,
    Kind.MONEY_ADOPT: _adopt_money,
    Kind.MONEY_LEAVE: _leave_money,
}
