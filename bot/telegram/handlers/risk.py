"""/risk: how likely the units run out, how deep it fell, and how much hangs on one symbol."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.commands.asking import AskOutlook
from bot.reports import record
from bot.reports.outlook import Outlook
from bot.reports.record import Record
from bot.reports.standing import exhaustion
from bot.reports.worth import drawdown_percent, fall_percent
from bot.storage.views import CycleView
from bot.telegram import figures, texts
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import again, show
from bot.telegram.handlers.family import Show
from bot.telegram.markup import Html, code, lines
from bot.telegram.taps import Button
from bot.trading.refusal import Refusal
from strategy.model import ZERO
from strategy.odds import Odds

FALL_PERCENT = 10
"""A bad day, such as a threefold ETF has every few months."""


async def risk(desk: Desk, asked: Asked) -> None:
    """Say in plain words what may go wrong, with the figures behind it."""
    words = desk.words
    views = await desk.views.cycles()
    if not views:
        html = words.say("도는 사이클이 없어 위험도 없습니다. 시작하면 여기에서 보입니다.")
        await desk.answer(asked, html, [[show(desk, "사이클 시작", "setup")]])
        return
    history = await record.read(desk.views)
    rest = [_falls(desk, history), _spread(desk, history, views)]
    waiting = words.say("소진 확률을 계산하고 있습니다. 잠시 뒤 이 메시지가 바뀝니다.")
    message_id = await desk.answer(asked, lines(waiting, *rest), _buttons(desk))
    # The next update does not wait for a second of work.
    later = replace(asked, message_id=message_id, edit=True)
    desk.nursery.start(_completed(desk, later, views, rest), name="odds")


async def _completed(
    desk: Desk, asked: Asked, views: Sequence[CycleView], rest: Sequence[Html | None]
) -> None:
    """Put the odds into the message that waits for them."""
    found = [(view, await _outlook(desk, view)) for view in views]
    html = lines(
        *(_odds(desk, view, seen) for view, seen in found),
        _drawn_from(desk, [seen for _, seen in found if seen and seen.odds]),
        *rest,
    )
    await desk.answer(asked, html, _buttons(desk))


def _buttons(desk: Desk) -> list[list[Button]]:
    return [
        [show(desk, "비교", "compare"), show(desk, "사이클", "cycle")],
        [show(desk, "용어", "guide"), again(desk, "risk")],
    ]


async def _outlook(desk: Desk, view: CycleView) -> Outlook | None:
    """Ask for a cycle's odds; None while the broker does not answer."""
    try:
        return await desk.bus.ask(AskOutlook(cycle_id=view.cycle_id))
    except Refusal:
        return None


def _odds(desk: Desk, view: CycleView, seen: Outlook | None) -> Html:
    words, cycle = desk.words, view.cycle
    head = words.say(
        "{symbol} · T {turn}/{splits} · 소진율 {percent}",
        symbol=view.symbol,
        turn=figures.turn(cycle.turn),
        splits=cycle.rules.splits,
        percent=figures.percent(exhaustion(cycle)),
    )
    if seen is None:
        said = words.say("한투가 답하지 않아 소진 확률은 지금 낼 수 없습니다.")
    elif seen.used_up:
        said = words.say(
            "원금이 이미 소진되었습니다 ({phase} 모드).",
            phase=words.plain(texts.PHASES[cycle.phase]),
        )
    elif seen.odds is None:
        said = words.say("과거 일봉이 {days}일뿐이라 소진 확률을 낼 수 없습니다.", days=seen.days)
    else:
        said = _likely(desk, seen.odds)
    return lines(head, said)


def _likely(desk: Desk, odds: Odds) -> Html:
    low, high = odds.interval_percent
    return desk.words.say(
        "비슷한 날들로 그려 본 앞날 {runs}번 중 {exhausted}번({percent})은\n{horizon}거래일 안에 "
        "원금이 소진됩니다. (뽑기의 95% 구간 {low}~{high})",
        runs=odds.runs,
        exhausted=odds.exhausted,
        percent=figures.percent(odds.percent),
        horizon=odds.horizon,
        low=figures.percent(low),
        high=figures.percent(high),
    )


def _drawn_from(desk: Desk, seen: Sequence[Outlook]) -> Html | None:
    """Say once what the odds are made of, and what they cannot say."""
    if not seen or seen[0].odds is None or seen[0].first is None or seen[0].last is None:
        return None
    return desk.words.say(
        "{first}부터 {last}까지 {days}거래일을 {block}일씩 이어 붙여 뽑았습니다.\n"
        "과거에 없던 폭락은 들어 있지 않고, 과거가 되풀이된다는 뜻도 아닙니다.",
        first=figures.month(desk.words, seen[0].first),
        last=figures.month(desk.words, seen[0].last),
        days=seen[0].days,
        block=seen[0].odds.block,
    )


def _falls(desk: Desk, history: Record) -> Html | None:
    if not history.curve:
        return None
    return desk.words.say(
        "\n낙폭: 시작부터 가장 깊게 {deepest} · 지금 고점에서 {now}",
        deepest=figures.fall(drawdown_percent(history.curve)),
        now=figures.fall(fall_percent(history.curve)),
    )


def _spread(desk: Desk, history: Record, views: Sequence[CycleView]) -> Html | None:
    """Say how the money is spread, and what a bad day would take."""
    words = desk.words
    held: dict[str, Decimal] = {}
    for view in views:
        price = history.closes.get(view.cycle_id, view.cycle.average)
        held[view.symbol] = held.get(view.symbol, ZERO) + view.cycle.quantity * price
    cash = sum((view.cycle.cash for view in views), ZERO)
    stocks = sum(held.values(), ZERO)
    whole = stocks + cash
    if whole <= 0:
        return None
    parts = [*sorted(held.items(), key=lambda each: -each[1]), (words.plain("현금"), cash)]
    rows = [
        (name, figures.percent(amount / whole * 100), figures.money(amount))
        for name, amount in parts
    ]
    loss = stocks * FALL_PERCENT / 100
    bad_day = words.say(
        "하루에 {fall}% 내리면 {loss} (전체의 {percent})",
        fall=FALL_PERCENT,
        loss=figures.gain(-loss),
        percent=figures.fall(loss / whole * 100),
    )
    return lines(code(figures.table(rows, right=frozenset({1, 2}))), bad_day if stocks else None)


SHOWS: dict[str, Show] = {"risk": risk}
