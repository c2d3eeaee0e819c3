"""Buttons about the owner's own doings: the first tap shows the effect, the second books it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.commands import (
    AcceptBroker,
    AdoptForeign,
    AdoptMoney,
    ChangePreview,
    DismissSplit,
    ForeignPreview,
    PreviewAcceptance,
    PreviewChange,
    PreviewForeign,
    PreviewSplit,
    SetForeignAside,
    SplitPreview,
    SplitShares,
)
from bot.telegram import figures
from bot.telegram.bookkeeping import change_name, effect_table
from bot.telegram.by_hand import trade_name
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.press import Press
from bot.telegram.markup import Html, code, lines
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind
from bot.trading.model import Fate
from bot.trading.refusal import Refusal, Why
from strategy.changes import CycleChange, Dividend, HandTrade, SeedChange, ShareSplit
from strategy.model import Side

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
        _effect(desk, preview.shown),
        words.say("T는 아래 버튼으로 고칠 수 있습니다.") if _editable(preview) else None,
    )
    book = replace(action, kind=Kind.HAND_ADOPT, digest=preview.shown.digest)
    rows = [[Button(caption=words.plain("이대로 넣기"), action=book), _no(desk)]]
    if _editable(preview):
        rows.append([_edited(action, preview, step) for step in STEPS])
    await desk.say(press.user_id, html, rows, valid_for=CONFIRM_FOR, reply_to=press.message_id)


def _editable(preview: ForeignPreview) -> bool:
    """T is the owner's to say where it is counted and something is left to count it on."""
    after = preview.shown.effect.after
    return preview.counted and after.quantity > 0 and after.turn > 0


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
    await _done(desk, press, session)


async def _put_aside(desk: Desk, press: Press) -> None:
    quantity = await desk.bus.ask(
        SetForeignAside(
            session=date.fromisoformat(press.action.session),
            number=press.action.number,
            by=owner(press.user_id),
            tap=press.nonce,
        )
    )
    done = desk.words.say(
        "봇의 것이 아닌 주식은 이제 {quantity}주입니다. 장부와 T는 그대로입니다.", quantity=quantity
    )
    await desk.receipt(press.user_id, press.message_id, done)


async def _later(desk: Desk, press: Press) -> None:
    await desk.taps.use(press.nonce)
    done = desk.words.say("나중에 정하세요: /status 에서 다시 물어봅니다. 장부는 그대로입니다.")
    await desk.receipt(press.user_id, press.message_id, done)


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
    await _done(desk, press, session)


async def _leave_money(desk: Desk, press: Press) -> None:
    await desk.bus.ask(
        AdoptMoney(
            move_id=int(press.action.number),
            fate=Fate.LEFT,
            by=owner(press.user_id),
            tap=press.nonce,
        )
    )
    done = desk.words.say("그대로 둡니다. 장부와 하루 한도는 바뀌지 않았습니다.")
    await desk.receipt(press.user_id, press.message_id, done)


async def _show_split(desk: Desk, press: Press) -> None:
    action = press.action
    split = _split_of(action.figure)
    shown, split = await _split_preview(desk, action, split)
    paid = "" if split.cash_in_lieu is None else f":{split.cash_in_lieu}"
    book = replace(
        action,
        kind=Kind.SPLIT_BOOK,
        figure=f"{split.new}:{split.old}{paid}",
        digest=shown.digest,
    )
    note = (
        desk.words.say("나누어떨어지지 않는 단주 대금은 들어온 뒤 배당으로 넣어 주세요.")
        if paid
        else None
    )
    html = lines(
        desk.words.say(
            "{symbol} {change} 반영하면",
            symbol=shown.symbol,
            change=change_name(desk.words, split),
        ),
        *[_effect(desk, each) for each in shown.cycles],
        note,
    )
    row = [Button(caption=desk.words.plain("이대로 반영"), action=book), _no(desk)]
    await desk.say(press.user_id, html, [row], valid_for=CONFIRM_FOR, reply_to=press.message_id)


async def _split_preview(
    desk: Desk, action: Action, split: ShareSplit
) -> tuple[SplitPreview, ShareSplit]:
    """Show a split; where part of a share is left over its payment has not come yet: 0."""
    first = _day(action)
    try:
        question = PreviewSplit(symbol=action.symbol, split=split, first_session=first)
        return await desk.bus.ask(question), split
    except Refusal as refusal:
        if refusal.why is not Why.CHANGE_REFUSED or split.cash_in_lieu is not None:
            raise
        paid = replace(split, cash_in_lieu=Decimal(0))
        question = PreviewSplit(symbol=action.symbol, split=paid, first_session=first)
        return await desk.bus.ask(question), paid


async def _book_split(desk: Desk, press: Press) -> None:
    action = press.action
    session = await desk.bus.ask(
        SplitShares(
            symbol=action.symbol,
            split=_split_of(action.figure),
            digest=action.digest,
            by=owner(press.user_id),
            first_session=_day(action),
            tap=press.nonce,
        )
    )
    await _done(desk, press, session)


async def _no_split(desk: Desk, press: Press) -> None:
    await desk.bus.ask(
        DismissSplit(symbol=press.action.symbol, by=owner(press.user_id), tap=press.nonce)
    )
    done = desk.words.say("분할로 보지 않습니다. 장부는 그대로이고 회차를 다시 계획합니다.")
    await desk.receipt(press.user_id, press.message_id, done)


async def _show_acceptance(desk: Desk, press: Press) -> None:
    action, words = press.action, desk.words
    preview = await desk.bus.ask(PreviewAcceptance(cycle_id=action.cycle))
    trade = preview.trade
    book = replace(
        action,
        kind=Kind.ACCEPT,
        digest=preview.shown.digest,
        session=trade.day.isoformat(),
        figure=f"{trade.side.value} {trade.quantity} {trade.price}",
    )
    html = lines(
        words.say(
            "장부 {ledger}주를 계좌 {broker}주에 맞추면: {trade}\n"
            "실제로 거래한 가격을 모르므로 지금 시세로 넣습니다.",
            ledger=preview.ledger,
            broker=preview.broker,
            trade=trade_name(words, preview.shown.symbol, trade),
        ),
        _effect(desk, preview.shown),
    )
    row = [Button(caption=words.plain("이대로 맞추기"), action=book), _no(desk)]
    await desk.say(press.user_id, html, [row], valid_for=CONFIRM_FOR, reply_to=press.message_id)


async def _accept(desk: Desk, press: Press) -> None:
    action = press.action
    side, quantity, price = action.figure.split()
    session = await desk.bus.ask(
        AcceptBroker(
            cycle_id=action.cycle,
            trade=HandTrade(
                side=Side(side),
                quantity=int(quantity),
                price=Decimal(price),
                day=date.fromisoformat(action.session),
            ),
            digest=action.digest,
            by=owner(press.user_id),
            tap=press.nonce,
        )
    )
    await _done(desk, press, session)


async def _ask(desk: Desk, press: Press, shown: ChangePreview, book: Action) -> None:
    words = desk.words
    html = lines(
        words.say(
            "{symbol} {change} 장부에 넣으면",
            symbol=shown.symbol,
            change=change_name(words, shown.change),
        ),
        _effect(desk, shown),
    )
    row = [Button(caption=words.plain("이대로 넣기"), action=book), _no(desk)]
    await desk.say(press.user_id, html, [row], valid_for=CONFIRM_FOR, reply_to=press.message_id)


def _effect(desk: Desk, shown: ChangePreview) -> Html:
    words = desk.words
    day = figures.day(words, shown.from_session)
    when = (
        words.say(
            "나간 회차가 정산된 뒤, {day} 회차부터 적용합니다. (60초 안에 눌러 주세요)", day=day
        )
        if shown.waits
        else words.say("{day} 회차부터 적용합니다. (60초 안에 눌러 주세요)", day=day)
    )
    return lines(code(effect_table(words, shown.effect.before, shown.effect.after)), when)


async def _done(desk: Desk, press: Press, session: date | None) -> None:
    """Turn the preview into the receipt, and offer to start again what is still held."""
    words = desk.words
    done = words.say("받았습니다.")
    if session is not None:
        day = figures.day(words, session)
        done = words.say("받았습니다. {day} 회차부터 적용합니다.", day=day)
    await desk.receipt(press.user_id, press.message_id, done)
    if any(view.held for view in await desk.views.cycles()):
        again = Action(kind=Kind.SHOW, command="resume")
        html = words.say("멈춘 종목이 있습니다. 잔고와 맞으면 다시 시작해 주세요.")
        row = [Button(caption=words.plain("다시 시작"), action=again)]
        await desk.say(press.user_id, html, [row])


def _no(desk: Desk) -> Button:
    return Button(caption=desk.words.plain("그만두기"), action=Action(kind=Kind.NEVER_MIND))


def _day(action: Action) -> date | None:
    return date.fromisoformat(action.session) if action.session else None


def _split_of(text: str) -> ShareSplit:
    new, old, *paid = text.split(":")
    return ShareSplit(new=int(new), old=int(old), cash_in_lieu=Decimal(paid[0]) if paid else None)


OF_THE_ACCOUNT: dict[Kind, Callable[[Desk, Press], Awaitable[None]]] = {
    Kind.HAND_SHOW: _show_hand,
    Kind.HAND_ADOPT: _adopt_hand,
    Kind.HAND_ASIDE: _put_aside,
    Kind.LATER: _later,
    Kind.MONEY_SHOW: _show_money,
    Kind.MONEY_ADOPT: _adopt_money,
    Kind.MONEY_LEAVE: _leave_money,
    Kind.SPLIT_SHOW: _show_split,
    Kind.SPLIT_BOOK: _book_split,
    Kind.SPLIT_NOT: _no_split,
    Kind.ACCEPT_SHOW: _show_acceptance,
    Kind.ACCEPT: _accept,
}
