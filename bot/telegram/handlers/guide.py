"""/guide: the glossary by buttons, and the way to the risks."""

from bot.telegram.agreements import heading
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk
from bot.telegram.glossary import TERMS, Term, found
from bot.telegram.handlers.buttons import again, show
from bot.telegram.handlers.family import Show
from bot.telegram.handlers.onboarding import first_card
from bot.telegram.markup import Html, lines
from bot.telegram.taps import Button

IN_A_ROW = 3
LONGEST = 40
_RISKS = frozenset({"위험", "위험안내", "risk", "risks"})


async def guide(desk: Desk, asked: Asked) -> None:
    """Explain a term, or list them all; with "위험" behind it, begin the cards about risk."""
    words = desk.words
    if asked.text.strip().lower() in _RISKS:
        await first_card(desk, asked)
        return
    if not asked.text:
        html = words.say("궁금한 말을 눌러 주세요. 처음이라면 위험 안내부터 읽어 주세요.")
        await desk.answer(asked, html, _keys(desk))
        return
    term = found(words, asked.text)
    if term is None:
        html = words.say(
            "{asked:은} 여기 없는 말입니다. 아래에서 골라 주세요.", asked=asked.text[:LONGEST]
        )
        await desk.answer(asked, html, _keys(desk))
        return
    await desk.answer(asked, _explained(desk, term), _keys(desk))


def _explained(desk: Desk, term: Term) -> Html:
    words = desk.words
    name, meaning = heading(words, term.name), words.say(term.meaning)
    return lines(words.say("<b>{term}</b>", term=name), meaning)


def _keys(desk: Desk) -> list[list[Button]]:
    words = desk.words
    keys = [again(desk, "guide", term.name, heading(words, term.name)) for term in TERMS]
    rows = [keys[place : place + IN_A_ROW] for place in range(0, len(keys), IN_A_ROW)]
    risks = show(desk, mark("위험 안내 읽기"), "guide", "위험")
    return [[risks], *rows, [show(desk, mark("도움말"), "help"), show(desk, "첫 화면", "start")]]


SHOWS: dict[str, Show] = {"guide": guide}
