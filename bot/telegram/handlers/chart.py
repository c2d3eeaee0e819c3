"""/chart: a cycle as a picture."""

from collections.abc import Sequence
from decimal import Decimal

from bot.charts.model import CyclePicture
from bot.charts.of_rounds import cycle_picture
from bot.storage.people import Role
from bot.storage.views import CycleView, RoundView
from bot.telegram import cycle_cards, figures
from bot.telegram.arguments import Arguments, read
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.family import Show
from bot.telegram.markup import Html, code, lines
from bot.telegram.taps import Action, Button, Kind
from strategy.model import Side

_IN_A_ROW = 3


async def chart(desk: Desk, asked: Asked) -> None:
    """Show a cycle's picture: the one asked for, else the only one, else ask which."""
    words = desk.words
    runs = await desk.views.cycles()
    if not runs:
        html = words.say("아직 시작한 사이클이 없습니다. 시작하면 첫 마감 뒤에 차트를 그립니다.")
        await desk.answer(asked, html, [[show(desk, "사이클 시작", "setup")]])
        return
    today = desk.today
    keys = frozenset(_key(run) for run in runs)
    arguments = read(asked.text, today=today, words=keys)
    found = _matching(runs, arguments)
    if len(found) == 1 and not _odd(arguments, keys):
        await _show(desk, asked, found[0], arguments.count)
        return
    which = [run for run in runs if arguments.symbol in (None, run.symbol)]
    html = words.say("어느 사이클을 그릴까요?")
    if _odd(arguments, keys):
        html = words.say("종목과 사이클 번호만 읽습니다 (예: soxl 2). 아래에서 골라 주세요.")
    elif not which:
        html = words.say(
            "{symbol} 사이클은 없습니다. 아래에서 골라 주세요.", symbol=arguments.symbol
        )
    await desk.answer(asked, html, _choices(desk, which or runs))


def _key(run: CycleView) -> str:
    """Name a run in a button's text: two runs may have one symbol."""
    return f"c{run.cycle_id}"


def _odd(arguments: Arguments, keys: frozenset[str]) -> bool:
    """Tell whether more stands there than a symbol and a whole number."""
    number = arguments.amount is not None and (arguments.count or 0) < 1
    other = (arguments.day, arguments.percent) != (None, None)
    return number or other or not keys.issuperset(arguments.words)


def _matching(runs: Sequence[CycleView], arguments: Arguments) -> list[CycleView]:
    keys = {word for word in arguments.words if word.startswith("c")}
    return [
        run
        for run in runs
        if arguments.symbol in (None, run.symbol) and (not keys or _key(run) in keys)
    ]


def _choices(desk: Desk, runs: Sequence[CycleView]) -> list[list[Button]]:
    buttons = [_choice(desk, run, runs) for run in runs]
    return [buttons[at : at + _IN_A_ROW] for at in range(0, len(buttons), _IN_A_ROW)]


def _choice(desk: Desk, run: CycleView, runs: Sequence[CycleView]) -> Button:
    return Button(
        caption=cycle_cards.name(desk.words, run, runs),
        action=Action(kind=Kind.SHOW, command="chart", text=f"{run.symbol} {_key(run)}"),
    )


async def _show(desk: Desk, asked: Asked, run: CycleView, number: int | None) -> None:
    rounds = await desk.views.settled_rounds(run.cycle_id)
    numbers = _numbers(rounds)
    if not numbers:
        html = desk.words.say(
            "{symbol} 차트는 첫 마감을 정산한 뒤에 그릴 수 있습니다.", symbol=run.symbol
        )
        await desk.answer(asked, html, [[show(desk, "오늘 주문", "today"), _status(desk)]])
        return
    wanted = numbers[-1] if number is None else number
    picture = cycle_picture(
        rounds,
        wanted,
        await desk.views.splits(run.symbol),
        language=desk.words.language,
        amounts=desk.person.role is not Role.VIEWER,
    )
    if picture is None:
        html = desk.words.say(
            "{symbol} {number}번째 사이클은 장부에 없습니다. 아래에서 골라 주세요.",
            symbol=run.symbol,
            number=wanted,
        )
        await desk.answer(asked, html, _beside(desk, run, numbers, None))
        return
    rows = [*_beside(desk, run, numbers, wanted), [show(desk, "오늘 주문", "today"), _status(desk)]]
    await desk.picture(asked, picture, _caption(desk, picture), rows)


def _numbers(rounds: Sequence[RoundView]) -> list[int]:
    """List the cycles of a run that have a settled session, the oldest first."""
    return sorted({each.settlement.before.number for each in rounds if each.settlement})


def _status(desk: Desk) -> Button:
    return show(desk, "상태", "status")


def _beside(
    desk: Desk, run: CycleView, numbers: Sequence[int], shown: int | None
) -> list[list[Button]]:
    """Offer the cycle before and the one after; the latest where none is shown."""
    before = [number for number in numbers if shown is not None and number < shown][-1:]
    after = [number for number in numbers if shown is not None and number > shown][:1]
    wanted = [*before, *after] if shown is not None else numbers[-_IN_A_ROW:]
    row = [
        Button(
            caption=desk.words.plain("{number}번째 사이클", number=number),
            action=Action(
                kind=Kind.SHOW, command="chart", text=f"{run.symbol} {_key(run)} {number}"
            ),
        )
        for number in wanted
    ]
    return [row] if row else []


def _caption(desk: Desk, picture: CyclePicture) -> Html:
    words, last = desk.words, picture.days[-1]
    head = words.say(
        "{symbol} {number}번째 사이클 · {days}거래일 ({first} ~ {last})",
        symbol=picture.symbol,
        number=picture.number,
        days=len(picture.days),
        first=figures.day(words, picture.days[0].day),
        last=figures.day(words, last.day),
    )
    rows = [
        (words.plain(name), figures.money(price))
        for name, price in (
            (mark("종가"), last.close),
            (mark("평단"), last.average),
            (mark("별지점"), last.star),
            (mark("목표"), last.target),
        )
        if price is not None
    ]
    if last.close and last.average:
        rows.append((words.plain("평가"), f"{figures.signed(_gain(last.close, last.average))}%"))
    rows.append((words.plain("소진율"), figures.percent(last.exhaustion)))
    bought = len({mark.day for mark in picture.marks if mark.side is Side.BUY})
    sold = len({mark.day for mark in picture.marks if mark.side is Side.SELL})
    days = words.say("산 날 {bought}일 · 판 날 {sold}일", bought=bought, sold=sold)
    return lines(head, code(figures.table(rows)), days)


def _gain(close: Decimal, average: Decimal) -> Decimal:
    return (close / average - 1) * 100


SHOWS: dict[str, Show] = {"chart": chart}
