"""/price: what a symbol costs now, beside the cycle's levels, with the minutes of its session."""

from collections.abc import Sequence
from decimal import Decimal

from bot.charts.model import Minute, MinutePicture
from bot.clock import NEW_YORK
from bot.commands.asking import AskPrice, Price
from bot.storage.views import CycleView, RoundView
from bot.telegram import figures
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import again, show
from bot.telegram.handlers.family import Show
from bot.telegram.handlers.reading import SYMBOL, given, sees_amounts
from bot.telegram.markup import Html, code, lines
from bot.telegram.taps import Button
from strategy.model import Leg, Plan

OFTEN = ("SOXL", "TQQQ")
"""What is offered while no cycle runs."""
EXAMPLE = ("/price SOXL", "/price SOXL")
FEWEST = 2
"""Minutes that make a picture."""
NUMBERS_ONLY = frozenset({"숫자", "numbers"})


async def price(desk: Desk, asked: Asked) -> None:
    """Show a symbol's price: the one asked for, else the first that runs."""
    named = given(desk, asked, NUMBERS_ONLY, takes=(SYMBOL,), example=EXAMPLE)
    views = await desk.views.cycles()
    running = list(dict.fromkeys(view.symbol for view in views))
    symbol = named.symbol or next(iter(running), None)
    if symbol is None:
        html = desk.words.say("어느 종목의 시세를 볼까요? 아래에서 고르거나 종목 코드를 적으세요.")
        names = running or OFTEN
        await desk.answer(asked, html, [[show(desk, name, "price", name) for name in names]])
        return
    drawn = not asked.edit and not NUMBERS_ONLY & set(named.words)
    found = await desk.bus.ask(AskPrice(symbol=symbol, chart=drawn))
    view = next((view for view in views if view.symbol == symbol), None)
    round_ = await desk.views.latest_round(view.cycle_id) if view is not None else None
    html = lines(_quoted(desk, found), _levels(desk, found, view, round_), _when(desk, found))
    rows = _buttons(desk, symbol, running)
    if drawn and len(found.minutes) >= FEWEST:
        await desk.picture(asked, _picture(desk, found, view, round_), html, rows)
        return
    if drawn:
        html = lines(html, desk.words.say("분봉은 여기서 볼 수 없거나 아직 없습니다."))
    await desk.answer(asked, html, rows)


def _buttons(desk: Desk, symbol: str, running: Sequence[str]) -> list[list[Button]]:
    others = [show(desk, name, "price", name) for name in running if name != symbol]
    return [
        [again(desk, "price", f"{symbol} 숫자"), show(desk, "분봉", "price", symbol)],
        *([others[:4]] if others else []),
        [show(desk, "환율", "fx"), show(desk, "오늘 주문", "today")],
    ]


def _quoted(desk: Desk, found: Price) -> Html:
    words, quoted = desk.words, found.quoted
    change = _percent(quoted.last, quoted.previous_close)
    head = words.say(
        "{symbol} {last} ({change}%) · 전일 {before}",
        symbol=quoted.symbol,
        last=figures.money(quoted.last),
        change=figures.signed(change),
        before=figures.money(quoted.previous_close),
    )
    rows: list[tuple[str, ...]] = []
    if quoted.open is not None and quoted.high is not None and quoted.low is not None:
        rows += [
            (words.plain("시가"), figures.money(quoted.open)),
            (words.plain("고가"), figures.money(quoted.high)),
            (words.plain("저가"), figures.money(quoted.low)),
        ]
    rows.append((words.plain("거래량"), f"{quoted.volume:,}"))
    if quoted.year_high is not None and quoted.year_low is not None:
        span = f"{figures.money(quoted.year_low)} ~ {figures.money(quoted.year_high)}"
        rows.append((words.plain("52주"), span))
    if quoted.rate is not None:
        rows.append((words.plain("원화"), figures.won(quoted.last * quoted.rate)))
    return lines(head, code(figures.table(rows)))


def _levels(
    desk: Desk, found: Price, view: CycleView | None, round_: RoundView | None
) -> Html | None:
    """Say how far the price is from the cycle's own levels."""
    if view is None or not view.cycle.quantity:
        return None
    words, last = desk.words, found.quoted.last
    rows: list[tuple[str, ...]] = [
        (words.plain("평단"), figures.money(view.cycle.average), _away(last, view.cycle.average))
    ]
    plan = round_.plan if round_ is not None else None
    if plan is not None and plan.star_price is not None:
        star = plan.star_price
        rows.append((words.plain("별지점"), figures.money(star), _away(last, star)))
    target = _target(plan)
    if target is not None:
        rows.append((words.plain("매도 목표"), figures.money(target), _away(last, target)))
    return lines(
        words.say("지금 가격은 (각각 대비)"), code(figures.table(rows, right=frozenset({1, 2})))
    )


def _when(desk: Desk, found: Price) -> Html:
    return desk.words.say(
        "{clock} 한투 시세입니다. 나스닥 체결 기준이라 공식 종가와 조금 다를 수 있습니다.",
        clock=figures.clock(found.at),
    )


def _away(last: Decimal, level: Decimal) -> str:
    return f"{figures.signed(_percent(last, level))}%"


def _percent(price: Decimal, base: Decimal) -> Decimal:
    return (price / base - 1) * 100 if base else Decimal(0)


def _target(plan: Plan | None) -> Decimal | None:
    orders = plan.orders if plan is not None else ()
    return next((order.price for order in orders if order.leg is Leg.TARGET), None)


def _picture(
    desk: Desk, found: Price, view: CycleView | None, round_: RoundView | None
) -> MinutePicture:
    plan = round_.plan if round_ is not None else None
    held = view is not None and bool(view.cycle.quantity)
    return MinutePicture(
        language=desk.words.language,
        amounts=sees_amounts(desk),
        symbol=found.quoted.symbol,
        session=found.minutes[0].at.astimezone(NEW_YORK).date(),
        minutes=tuple(
            Minute(
                at=bar.at,
                open=bar.open,
                high=bar.high,
                low=bar.low,
                close=bar.close,
                volume=bar.volume,
            )
            for bar in found.minutes
        ),
        previous_close=found.quoted.previous_close,
        average=view.cycle.average if view is not None and held else None,
        star=plan.star_price if plan is not None else None,
        target=_target(plan),
    )


SHOWS: dict[str, Show] = {"price": price}
