"""The risks before real money: five cards, three questions, and the owner's consent on record."""

from bot.commands import GiveConsent
from bot.storage.people import Role
from bot.telegram import cautions
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.buttons import never_mind, show
from bot.telegram.handlers.family import Do
from bot.telegram.handlers.press import Press
from bot.telegram.handlers.which import in_its_place
from bot.telegram.markup import lines
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind
from bot.trading.consent import EDITION

CARD, QUIZ, AGREE = "card", "quiz", "agree"
METHOD = "4.0"


async def first_card(desk: Desk, asked: Asked) -> None:
    """Begin the cards about risk."""
    await _card(desk, asked, 0)


async def _card(desk: Desk, asked: Asked, place: int) -> None:
    words, card = desk.words, cautions.CARDS[place]
    last = place == len(cautions.CARDS) - 1
    html = lines(
        words.say("위험 안내 {place}/{count}", place=place + 1, count=len(cautions.CARDS)),
        words.say("<b>{title}</b>", title=words.plain(card.title)),
        words.say(card.text),
    )
    forward = (
        _lesson(words.plain("세 가지만 여쭙겠습니다"), QUIZ, "0")
        if last
        else _lesson(words.plain("다음"), CARD, str(place + 1))
    )
    rows = [[forward]]
    if place:
        rows.append([_lesson(words.plain("뒤로"), CARD, str(place - 1))])
    await desk.answer(asked, html, [*rows, [show(desk, "용어", "guide")]])


async def _question(desk: Desk, asked: Asked, place: int, wrong: bool = False) -> None:
    words, question = desk.words, cautions.QUESTIONS[place]
    html = lines(
        words.say("다시 생각해 주세요. {because}", because=words.plain(question.because))
        if wrong
        else None,
        words.say("질문 {place}/{count}", place=place + 1, count=len(cautions.QUESTIONS)),
        words.say(question.text),
    )
    rows = [
        [_lesson(words.plain(answer), QUIZ, f"{place}:{number}")]
        for number, answer in enumerate(question.answers)
    ]
    await desk.answer(asked, html, [*rows, [_lesson(words.plain("카드 다시 읽기"), CARD, "0")]])


async def _answered(desk: Desk, asked: Asked, figure: str) -> None:
    """Go on after a right answer; say why a wrong one is wrong, and ask again."""
    at, _, given = figure.partition(":")
    place = int(at)
    if not given:
        await _question(desk, asked, place)
    elif int(given) != cautions.QUESTIONS[place].right:
        await _question(desk, asked, place, wrong=True)
    elif place + 1 < len(cautions.QUESTIONS):
        await _question(desk, asked, place + 1)
    else:
        await _ask_consent(desk, asked)


async def _ask_consent(desk: Desk, asked: Asked) -> None:
    words = desk.words
    if await desk.views.consent() == EDITION:
        html = words.say("모두 맞히셨습니다. 동의는 이미 기록되어 있습니다. 더 할 일은 없습니다.")
        rows = [[show(desk, "사이클 시작", "setup"), show(desk, "첫 화면", "start")]]
        await desk.answer(asked, html, rows)
        return
    if desk.person.role is not Role.OWNER:
        html = words.say("모두 맞히셨습니다. 동의는 주인만 할 수 있어 기록하지 않았습니다.")
        await desk.answer(asked, html, [[show(desk, "첫 화면", "start")]])
        return
    html = words.say(
        "모두 맞히셨습니다.\n"
        "위험을 읽었고, 손해가 날 수 있으며 그 책임이 저에게 있음에 동의합니다. 동의는 날짜와 함께 "
        "기록되고, 실전 주문은 그 뒤에만 나갑니다. (60초 안에 눌러 주세요)"
    )
    agree = Action(kind=Kind.CONSENT, text=EDITION)
    row = [Button(caption=words.plain("동의합니다"), action=agree), never_mind(desk)]
    again = [_lesson(words.plain("카드 다시 읽기"), CARD, "0")]
    await desk.answer(asked, html, [row, again], valid_for=CONFIRM_FOR)


async def _lesson_pressed(desk: Desk, press: Press) -> None:
    asked, action = in_its_place(press), press.action
    if action.text == CARD:
        await _card(desk, asked, int(action.figure))
    else:
        await _answered(desk, asked, action.figure)


async def _consent(desk: Desk, press: Press) -> None:
    cycles = await desk.views.cycles()
    method = cycles[0].cycle.rules.method if cycles else METHOD
    await desk.bus.ask(
        GiveConsent(
            edition=press.action.text, method=method, by=owner(press.user_id), tap=press.nonce
        )
    )
    html = desk.words.say("동의를 기록했습니다. 이제 실전 사이클을 시작할 수 있습니다.")
    rows = [[show(desk, "사이클 시작", "setup"), show(desk, "첫 화면", "start")]]
    await desk.answer(in_its_place(press), html, rows)


def _lesson(caption: str, page: str, figure: str) -> Button:
    return Button(caption=caption, action=Action(kind=Kind.LESSON, text=page, figure=figure))


ACTIONS: dict[Kind, Do] = {Kind.LESSON: _lesson_pressed, Kind.CONSENT: _consent}
