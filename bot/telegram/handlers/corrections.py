"""Buttons about splits, and about a difference between ledger and account: shown, then booked."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.commands import (
    AcceptBroker,
    DismissSplit,
    PreviewAcceptance,
    PreviewSplit,
    SplitPreview,
    SplitShares,
)
from bot.telegram.bookkeeping import change_name
from bot.telegram.by_hand import split_button, trade_name
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.booking import done, effect
from bot.telegram.handlers.buttons import never_mind
from bot.telegram.handlers.family import Do
from bot.telegram.handlers.press import Press
from bot.telegram.markup import lines
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind
from bot.trading.refusal import Refusal, Why
from strategy.changes import HandTrade, ShareSplit
from strategy.model import Side


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
    words = desk.words
    notes = [
        words.say("나누어떨어지지 않는 단주 대금은 들어온 뒤 배당으로 넣어 주세요.")
        if paid
        else None,
        words.say("⚠️ 지금 장부와 계좌가 같습니다. 이미 반영했다면 누르지 마세요.")
        if await _agrees(desk, shown)
        else None,
    ]
    html = lines(
        desk.words.say(
            "{symbol} {change} 반영하면",
            symbol=shown.symbol,
            change=change_name(desk.words, split),
        ),
        *[effect(desk, each) for each in shown.cycles],
        *notes,
    )
    row = [Button(caption=desk.words.plain("이대로 반영"), action=book), never_mind(desk)]
    await desk.say(press.user_id, html, [row], valid_for=CONFIRM_FOR, reply_to=press.message_id)


async def _agrees(desk: Desk, shown: SplitPreview) -> bool:
    """Tell whether the ledger has the account's shares already; a silent broker says nothing."""
    try:
        await desk.bus.ask(PreviewAcceptance(cycle_id=shown.cycles[0].cycle_id))
    except Refusal as refusal:
        return refusal.why is Why.NOTHING_DIFFERS
    return False


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
    await done(desk, press, session)


async def _no_split(desk: Desk, press: Press) -> None:
    await desk.bus.ask(
        DismissSplit(symbol=press.action.symbol, by=owner(press.user_id), tap=press.nonce)
    )
    html = desk.words.say("분할로 보지 않습니다. 장부는 그대로이고 회차를 다시 계획합니다.")
    await desk.receipt(press.user_id, press.message_id, html)


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
        effect(desk, preview.shown),
        words.say(
            "⚠️ {ratio} 분할로 보입니다. 그렇다면 맞추지 말고 분할로 반영해 주세요.",
            ratio=preview.likely_split,
        )
        if preview.likely_split
        else None,
    )
    rows = [[Button(caption=words.plain("이대로 맞추기"), action=book), never_mind(desk)]]
    if preview.likely_split:
        rows.insert(0, [split_button(words, preview.shown.symbol, preview.likely_split)])
    await desk.say(press.user_id, html, rows, valid_for=CONFIRM_FOR, reply_to=press.message_id)


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
    await done(desk, press, session)


def _day(action: Action) -> date | None:
    return date.fromisoformat(action.session) if action.session else None


def _split_of(text: str) -> ShareSplit:
    new, old, *paid = text.split(":")
    return ShareSplit(new=int(new), old=int(old), cash_in_lieu=Decimal(paid[0]) if paid else None)


ACTIONS: dict[Kind, Do] = {
    Kind.SPLIT_SHOW: _show_split,
    Kind.SPLIT_BOOK: _book_split,
    Kind.SPLIT_NOT: _no_split,
    Kind.ACCEPT_SHOW: _show_acceptance,
    Kind.ACCEPT: _accept,
}
