"""/backtest: the method over past prices, run in a worker while the chat goes on."""

from datetime import timedelta
from decimal import Decimal

import structlog
from aiogram.exceptions import ClientDecodeError, TelegramAPIError

from bot.commands import FetchPrices
from bot.errors import MuhanError
from bot.laboratory.errand import Brought, Errand, Step
from bot.storage.people import Role
from bot.telegram import backtest_cards as cards
from bot.telegram.asked import Asked
from bot.telegram.backtest_choice import LEAST, Choice, agreement, chosen
from bot.telegram.bench import Running
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.family import Answer, Do, Show
from bot.telegram.handlers.press import Press
from bot.telegram.markup import Html, lines
from bot.telegram.taps import Action, Button, Kind
from strategy.model import Rules

NAMED = ("SOXL", "TQQQ")
PACE = timedelta(seconds=3)
"""So far apart are two edits of the message that tells how far it is."""

_CENT = Decimal("0.01")
_ANSWER_WITHIN = timedelta(minutes=5)

log = structlog.get_logger(__name__)


async def backtest(desk: Desk, asked: Asked) -> None:
    """Show what would be run, with a button for everything that can be changed."""
    choice, rules = await _chosen(desk, asked.text)
    stored = desk.bench.stored(choice.symbol)
    html = cards.card(desk.words, choice, rules, stored)
    runs = {run.symbol for run in await desk.views.cycles()}
    rows = cards.choices(desk.words, choice, sorted({*NAMED, *runs}))
    words, text = desk.words, choice.text()
    fetch = Action(kind=Kind.PRICES_FETCH, text=text)
    principal = Action(kind=Kind.BACKTEST_PRINCIPAL, text=text)
    last = [Button(caption=words.plain("원금 바꾸기"), action=principal)]
    if stored is not None:
        begin = Action(kind=Kind.BACKTEST_RUN, text=text)
        last.append(Button(caption=words.plain("시작"), action=begin))
    if desk.person.role >= Role.OPERATOR:
        last.append(Button(caption=words.plain("시세 받기"), action=fetch))
    await desk.answer(asked, html, [*rows, last])


async def _chosen(desk: Desk, text: str) -> tuple[Choice, Rules]:
    """Read the words over what the running cycle would suggest. Raises Misunderstood."""
    runs = await desk.views.cycles()
    begun = Choice(symbol=NAMED[0])
    if runs:
        cycle = runs[0].cycle
        begun = Choice(
            symbol=cycle.rules.symbol,
            method=cycle.rules.method,
            splits=cycle.rules.splits,
            principal=max(cycle.principal.quantize(_CENT), LEAST),
            fee_percent=cycle.rules.fee_percent,
        )
    choice = chosen(text, begun, today=desk.today)
    own = (run.cycle.rules for run in runs if run.symbol == choice.symbol)
    return choice, agreement(choice, next(own, None))


async def _ask_principal(desk: Desk, press: Press) -> None:
    html = desk.words.say("원금을 달러로 적어 주세요. 예: $10,000 · 2만")
    await desk.ask(
        press.user_id,
        "backtest_principal",
        {"text": press.action.text},
        html,
        [[_change(desk, press.action.text)]],
        valid_for=_ANSWER_WITHIN,
    )


async def _principal(desk: Desk, asked: Asked, data: dict[str, str]) -> None:
    """Take the principal that was typed; what it replaces stands in front of it."""
    begun, _ = await _chosen(desk, data["text"])
    today = desk.today
    choice = chosen(asked.text, begun, today=today)
    await backtest(desk, Asked(user_id=asked.user_id, text=choice.text()))


async def _run(desk: Desk, press: Press) -> None:
    """Begin a run, if nothing runs; the card becomes the message that tells how far it is."""
    if not await desk.taps.use(press.nonce):
        return
    choice, rules = await _chosen(desk, press.action.text)
    name = cards.title(desk.words, choice)
    if (other := desk.bench.running) is not None:
        html = desk.words.say(
            "다른 백테스트가 돌고 있습니다: {title}. 한 번에 하나만 돌립니다. 끝난 뒤에 다시 눌러 "
            "주세요.",
            title=other.title,
        )
        await desk.say(press.user_id, html, [[_change(desk, choice.text())]])
        return
    asked = Asked(user_id=press.user_id, message_id=press.message_id, edit=True)
    told = await desk.answer(asked, cards.progress(desk.words, name, None), [[_stop_button(desk)]])
    running = Running(user_id=press.user_id, message_id=told, title=name)
    desk.bench.begin(running, _work(desk, running, choice, rules))


async def _work(desk: Desk, running: Running, choice: Choice, rules: Rules) -> None:
    """Run it to its end and bring what came out; whatever the chat refuses is logged."""
    try:
        await _brought(desk, running, choice, rules)
    except MuhanError as error:
        html = desk.words.say("{sentence}", sentence=error.sentence(desk.words.language))
        await _told(desk, running, html, [[_change(desk, choice.text())]])
    except (TelegramAPIError, ClientDecodeError) as error:
        log.warning("a backtest could not be told", error=type(error).__name__)


async def _brought(desk: Desk, running: Running, choice: Choice, rules: Rules) -> None:
    workshop, stored = desk.bench.workshop, desk.bench.stored(choice.symbol)
    if workshop is None or stored is None:
        html = desk.words.say("저장된 {symbol} 시세가 없습니다.", symbol=choice.symbol)
        await _told(desk, running, html, [[_change(desk, choice.text())]])
        return
    began = edited = desk.wall.now()

    async def on_step(step: Step) -> None:
        nonlocal edited
        if desk.wall.now() - edited >= PACE:
            edited = desk.wall.now()
            html = cards.progress(desk.words, running.title, step)
            await _told(desk, running, html, [[_stop_button(desk)]])

    errand = Errand(
        rules=rules,
        principal=choice.principal,
        start=choice.first_day(stored.last),
        language=desk.words.language,
        amounts=desk.person.role is not Role.VIEWER,
    )
    brought = await workshop.run(errand, on_step)
    seconds = int((desk.wall.now() - began).total_seconds())
    done = desk.words.say(
        "{title} 백테스트를 마쳤습니다 ({seconds}초).", title=running.title, seconds=seconds
    )
    await _told(desk, running, done, [])
    await _show(desk, running.user_id, choice, brought)


async def _show(desk: Desk, user_id: int, choice: Choice, brought: Brought) -> None:
    html = cards.result(desk.words, choice, brought.outcome)
    rows = [[_change(desk, choice.text()), show(desk, "첫 화면", "start")]]
    keyboard = await desk.taps.keyboard(user_id, rows)
    await desk.sender.patiently(
        lambda: desk.sender.photo(user_id, brought.picture, html, keyboard=keyboard)
    )
    if desk.person.role is Role.VIEWER:
        return
    asked = Asked(user_id=user_id)
    stem = f"backtest-{choice.symbol}-v{choice.method}-{choice.splits}"
    page = desk.words.say("표와 그림이 모두 든 파일입니다. 브라우저로 열립니다.")
    await desk.file(asked, f"{stem}.html", brought.page, page)
    days = desk.words.say("날마다의 기록입니다 (CSV).")
    await desk.file(asked, f"{stem}.csv", brought.days, days)


async def _stop(desk: Desk, press: Press) -> None:
    """End a run; its worker is gone before it is said."""
    running = desk.bench.running
    mine = running is not None and running.message_id == press.message_id
    if mine:
        await desk.bench.stop()
        html = desk.words.say("백테스트를 그만두었습니다.")
    else:
        html = desk.words.say("이미 끝났거나, 봇이 다시 시작되어 멈춘 백테스트입니다.")
    asked = Asked(user_id=press.user_id, message_id=press.message_id, edit=True)
    await desk.answer(asked, html, [[show(desk, "백테스트", "backtest")]])


async def _fetch(desk: Desk, press: Press) -> None:
    """Bring the stored prices up to date, in the background: it may take minutes."""
    if not await desk.taps.use(press.nonce):
        return
    choice, _ = await _chosen(desk, press.action.text)
    asked = Asked(user_id=press.user_id, message_id=press.message_id, edit=True)
    html = desk.words.say(
        "{symbol} 시세를 한투에서 받고 있습니다. 다 받으면 알려 드립니다.", symbol=choice.symbol
    )
    await desk.answer(asked, html)
    desk.nursery.start(_fetched(desk, asked, choice), name="prices for a backtest")


async def _fetched(desk: Desk, asked: Asked, choice: Choice) -> None:
    again = [[_change(desk, choice.text())]]
    try:
        html = await _fetch_told(desk, choice.symbol)
        await desk.answer(asked, html, again)
    except (TelegramAPIError, ClientDecodeError) as error:
        log.warning("fetched prices could not be told", error=type(error).__name__)


async def _fetch_told(desk: Desk, symbol: str) -> Html:
    words = desk.words
    try:
        stored = await desk.bus.ask(FetchPrices(symbol=symbol))
    except MuhanError as error:
        return words.say("{sentence}", sentence=error.sentence(words.language))
    html = words.say(
        "{symbol} 일봉 {days}일치가 있습니다 ({first} ~ {last}). 새로 받은 것은 {added}일치입니다.",
        symbol=symbol,
        days=stored.days,
        first=stored.first,
        last=stored.last,
        added=stored.added,
    )
    cut = words.say("다 받지 못했습니다: {reason}", reason=stored.reason) if stored.reason else None
    return lines(html, cut)


async def _told(desk: Desk, running: Running, html: Html, rows: list[list[Button]]) -> None:
    asked = Asked(user_id=running.user_id, message_id=running.message_id, edit=True)
    await desk.answer(asked, html, rows)


def _stop_button(desk: Desk) -> Button:
    return Button(caption=desk.words.plain("그만두기"), action=Action(kind=Kind.BACKTEST_STOP))


def _change(desk: Desk, text: str) -> Button:
    return show(desk, "조건 바꾸기", "backtest", text)


SHOWS: dict[str, Show] = {"backtest": backtest}
ACTIONS: dict[Kind, Do] = {
    Kind.BACKTEST_RUN: _run,
    Kind.BACKTEST_STOP: _stop,
    Kind.BACKTEST_PRINCIPAL: _ask_principal,
    Kind.PRICES_FETCH: _fetch,
}
ANSWERS: dict[str, Answer] = {"backtest_principal": _principal}
