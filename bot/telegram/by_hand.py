"""Messages about what the owner did beside the bot: shown with the effect, adopted by a tap."""

from collections.abc import Iterable, Sequence

from bot.events import (
    Event,
    ForeignFillSeen,
    ForeignOrderSeen,
    LedgerMismatched,
    MoneyMoved,
    SplitAnnounced,
)
from bot.storage.account_views import ForeignOrder
from bot.storage.views import CycleView, OrderView, Views
from bot.telegram import alarms, figures, texts
from bot.telegram.bookkeeping import change_name
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html, code, lines
from bot.telegram.message import Message
from bot.telegram.taps import Action, Button, Kind
from bot.trading.model import Fate
from strategy.bookkeeping import effect
from strategy.changes import Change, ChangeRefused, HandTrade, SeedChange, ShareSplit
from strategy.errors import StrategyError
from strategy.model import Side
from strategy.price import round12


async def told(words: Words, event: Event, views: Views) -> Message | None:
    """Put an event of the owner's own doings into words; None for any other."""
    match event:
        case ForeignOrderSeen():
            return Message(html=_stands(words, event))
        case ForeignFillSeen():
            order = await views.account.foreign_order(event.session, event.number)
            return await fill(words, order, views) if order else None
        case MoneyMoved():
            return await money(words, event, views)
        case SplitAnnounced():
            return _split(words, event)
        case LedgerMismatched():
            cycles = await views.cycles_of(event.symbol)
            return Message(
                html=alarms.mismatched(words, event),
                buttons=tuple(_ways_out(words, event, cycles)),
                stacked=True,
            )
    return None


def trade_name(words: Words, symbol: str, trade: HandTrade) -> str:
    """Name a hand trade: TQQQ 매수 5주 $49.50."""
    return words.plain(
        "{symbol} {side} {quantity}주 {price}",
        symbol=symbol,
        side=words.plain(texts.SIDES[trade.side]),
        quantity=trade.quantity,
        price=figures.money(trade.price),
    )


def trade_of(order: ForeignOrder, quantity: int) -> HandTrade:
    """Give so many shares of what is undecided of an order as a trade."""
    return HandTrade(
        side=order.side,
        quantity=quantity,
        price=round12(order.open_price),
        day=order.session,
    )


async def fill(words: Words, order: ForeignOrder, views: Views) -> Message:
    """Tell of a hand trade, what it would do to each cycle, and ask whose it is."""
    cycles = await views.cycles_of(order.symbol)
    aside = await views.set_aside(order.symbol)
    trade = trade_of(order, order.undecided)
    head = words.say(
        "{who} {trade}: 봇이 낸 주문이 아닙니다 (주문번호 {number}).\n"
        "왜: 직접 사고판 것은 버튼을 누르셔야 장부에 들어갑니다. 지금 장부는 그대로입니다.",
        who=_who(words, by_api=order.by_api),
        trade=trade_name(words, order.symbol, trade),
        number=order.number,
    )
    if not order.undecided:
        return Message(html=lines(head, words.say("이미 정하셨습니다. 더 할 일은 없습니다.")))
    rests = (
        words.say("지금: 정해 주실 때까지 이 종목의 새 회차를 쉽니다.")
        if order.side is Side.SELL
        else words.say("지금: 회차는 장부대로 계속합니다. 아래에서 골라 주세요.")
    )
    effects = [
        effect_line(
            words, view, trade_of(order, order.part(view.cycle.quantity)), alone=len(cycles) == 1
        )
        for view in cycles
    ]
    return Message(
        html=lines(head, *effects, rests),
        buttons=tuple(_fill_buttons(words, order, cycles, aside)),
        stacked=True,
    )


def effect_line(words: Words, view: CycleView, change: Change, *, alone: bool) -> Html:
    """Say in a line what a change would do to a cycle, or why it cannot take it."""
    name = "" if alone else words.plain(" ({number}번 사이클)", number=view.cycle_id)
    try:
        shown = effect(view.cycle, change)
    except StrategyError as error:
        korean = error.korean if isinstance(error, ChangeRefused) else str(error)
        reason = korean if words.korean else str(error)
        return words.say("장부에 넣을 수 없습니다{name}: {reason}.", name=name, reason=reason)
    before, after = shown.before, shown.after
    return words.say(
        "장부에 넣으면{name}: T {turn} · {quantity}주 · 1회 {unit}",
        name=name,
        turn=_moves(figures.turn(before.turn), figures.turn(after.turn)),
        quantity=_moves(str(before.quantity), str(after.quantity)),
        unit=_moves(figures.money(before.unit), figures.money(after.unit)),
    )


async def money(words: Words, event: MoneyMoved, views: Views) -> Message:
    """Tell of USD that moved without a trade, and ask what they are."""
    cycles = await views.cycles()
    came = event.amount > 0
    head = (
        words.say("USD {amount}가 거래 없이 들어왔습니다.", amount=figures.money(event.amount))
        if came
        else words.say("USD {amount}가 거래 없이 나갔습니다.", amount=figures.money(-event.amount))
    )
    why = (
        words.say("왜: {symbol} 배당 공시와 맞는 금액입니다.", symbol=event.dividend)
        if event.dividend
        else words.say("왜: 입금, 출금, 환전이나 배당일 수 있습니다. 봇은 알 수 없습니다.")
    )
    now = words.say(
        "지금: T와 장부, 하루 한도는 그대로입니다. 장부에 넣으려면 아래에서 골라 주세요."
    )
    open_moves = {moved.move_id for moved in await views.account.moves()}
    if event.move_id not in open_moves:
        return Message(html=lines(head, why, words.say("이미 정하셨습니다. 더 할 일은 없습니다.")))
    change = SeedChange(amount=event.amount)
    effects = [effect_line(words, view, change, alone=len(cycles) == 1) for view in cycles]
    return Message(
        html=lines(head, why, *effects, now),
        buttons=tuple(_money_buttons(words, event, cycles)),
        stacked=True,
    )


def cancelled(words: Words, orders: Sequence[OrderView]) -> Html:
    """Tell that somebody else cancelled orders of the bot's, and what that does."""
    return words.say(
        "⚠️ 봇이 낸 주문 {count}건이 취소되었습니다. 봇이 취소하지 않았습니다.\n{orders}\n"
        "왜: 한투 앱이나 다른 프로그램에서 취소한 것으로 보입니다.\n"
        "지금: 오늘은 다시 내지 않습니다. 체결된 것이 없으면 T는 그대로입니다.",
        count=len(orders),
        orders=code("\n".join(alarms.order_name(words, order) for order in orders)),
    )


def accept_buttons(words: Words, caption: str, cycles: Sequence[CycleView]) -> list[Button]:
    """Offer to bring the ledger to the account's shares, for each cycle that may take them."""
    return [
        Button(
            caption=_of_cycle(words, caption, view, cycles),
            action=Action(kind=Kind.ACCEPT_SHOW, cycle=view.cycle_id, symbol=view.symbol),
        )
        for view in cycles
    ]


def split_button(words: Words, symbol: str, ratio: str, session: str = "") -> Button:
    """Offer to show what a split does."""
    return Button(
        caption=words.plain("{ratio} 분할 반영", ratio=ratio),
        action=Action(kind=Kind.SPLIT_SHOW, symbol=symbol, figure=ratio, session=session),
    )


def _ways_out(
    words: Words, event: LedgerMismatched, cycles: Sequence[CycleView]
) -> Iterable[Button]:
    caption = words.plain("장부를 계좌에 맞추기")
    if event.likely_split:
        yield split_button(words, event.symbol, event.likely_split)
        caption = words.plain("분할이 아님: 장부를 계좌에 맞추기")
    yield from accept_buttons(words, caption, cycles)
    yield Button(caption=words.plain("다시 시작"), action=Action(kind=Kind.SHOW, command="resume"))


def _stands(words: Words, event: ForeignOrderSeen) -> Html:
    head = words.say(
        "{who} {symbol} {side} {quantity}주 {price} 주문이 걸려 있습니다 (주문번호 {number}).\n"
        "왜: 봇이 낸 주문이 아니라서 손대지 않습니다. 체결되면 알려 드리고 여쭤 봅니다.",
        who=_who(words, by_api=event.by_api),
        symbol=event.symbol,
        side=words.plain(texts.SIDES[event.side]),
        quantity=event.quantity,
        price=figures.money(event.price) if event.price else words.plain("시장가"),
        number=event.number,
    )
    if event.side is Side.SELL:
        may = words.say(
            "지금: 이 주문이 주식을 잡고 있어 봇의 매도가 거부될 수 있습니다. "
            "원하지 않으면 앱에서 취소해 주세요."
        )
    else:
        may = words.say(
            "지금: 이 주문이 달러를 잡고 있고, 봇의 매도와 가격이 겹치면 한투가 거부할 수 "
            "있습니다. 원하지 않으면 앱에서 취소해 주세요."
        )
    return lines(head, may)


def _split(words: Words, event: SplitAnnounced) -> Message:
    ratio = ratio_of(event.split)
    html = words.say(
        "⚠️ {symbol} {change} 공시가 있습니다. {day} 회차부터 새 주식 수입니다.\n"
        "왜: 반영하지 않으면 옛 가격과 수량으로 주문하게 됩니다.\n"
        "지금: 정해 주실 때까지 이 종목의 새 회차를 쉽니다.",
        symbol=event.symbol,
        change=change_name(words, event.split),
        day=figures.day(words, event.first_session),
    )
    no = Button(
        caption=words.plain("분할이 아님"),
        action=Action(kind=Kind.SPLIT_NOT, symbol=event.symbol),
    )
    yes = split_button(words, event.symbol, ratio, event.first_session.isoformat())
    return Message(html=html, buttons=(yes, no), stacked=True)


def ratio_of(split: ShareSplit) -> str:
    return f"{split.new}:{split.old}"


def _fill_buttons(
    words: Words, order: ForeignOrder, cycles: Sequence[CycleView], aside: int
) -> Iterable[Button]:
    session, number = order.session.isoformat(), order.number
    for view in cycles:
        part = order.part(view.cycle.quantity)
        ends = order.side is Side.SELL and part == view.cycle.quantity
        caption = words.plain("끝난 것으로 정리") if ends else words.plain("장부에 넣기")
        yield Button(
            caption=_of_cycle(words, _in_part(words, caption, order, part), view, cycles),
            action=Action(kind=Kind.HAND_SHOW, session=session, number=number, cycle=view.cycle_id),
        )
    put = Action(kind=Kind.HAND_ASIDE, session=session, number=number)
    if order.side is Side.BUY:
        yield Button(caption=words.plain("내 것으로 따로 두기 (봇 몫 아님)"), action=put)
    elif (part := order.part(aside)) <= aside:
        caption = words.plain("따로 둔 주식에서 판 것")
        yield Button(caption=_in_part(words, caption, order, part), action=put)
    yield Button(caption=words.plain("나중에"), action=Action(kind=Kind.LATER))


def _money_buttons(
    words: Words, event: MoneyMoved, cycles: Sequence[CycleView]
) -> Iterable[Button]:
    number = str(event.move_id)
    came = event.amount > 0
    seed = words.plain("시드에 더하기") if came else words.plain("시드에서 빼기")
    fates = [(seed, Fate.SEED), (words.plain("배당으로 넣기"), Fate.DIVIDEND)]
    for caption, fate in fates if came else fates[:1]:
        for view in cycles:
            yield Button(
                caption=_of_cycle(words, caption, view, cycles),
                action=Action(
                    kind=Kind.MONEY_SHOW, number=number, figure=fate.value, cycle=view.cycle_id
                ),
            )
    leave = Action(kind=Kind.MONEY_LEAVE, number=number)
    yield Button(caption=words.plain("그대로 두기"), action=leave)


def _in_part(words: Words, caption: str, order: ForeignOrder, part: int) -> str:
    if part == order.undecided:
        return caption
    return words.plain("{caption} ({quantity}주만)", caption=caption, quantity=part)


def _of_cycle(words: Words, caption: str, view: CycleView, cycles: Sequence[CycleView]) -> str:
    if len(cycles) == 1:
        return caption
    return words.plain(
        "{caption} · {symbol} {number}번", caption=caption, symbol=view.symbol, number=view.cycle_id
    )


def _who(words: Words, *, by_api: bool) -> str:
    return words.plain("다른 프로그램:") if by_api else words.plain("직접 매매:")


def _moves(before: str, after: str) -> str:
    return before if before == after else f"{before}→{after}"
