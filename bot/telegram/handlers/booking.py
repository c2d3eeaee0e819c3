"""What every preview of a change has in common: its effect, the way back, the receipt."""

from datetime import date

from bot.commands import ChangePreview
from bot.telegram import figures
from bot.telegram.bookkeeping import effect_table
from bot.telegram.desk import Desk
from bot.telegram.handlers.press import Press
from bot.telegram.markup import Html, code, lines
from bot.telegram.taps import Action, Button, Kind


def effect(desk: Desk, shown: ChangePreview) -> Html:
    """Show what a change moves, and from which session."""
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


async def done(desk: Desk, press: Press, session: date | None) -> None:
    """Turn the preview into the receipt, and offer to start again what is still held."""
    words = desk.words
    html = words.say("받았습니다.")
    if session is not None:
        day = figures.day(words, session)
        html = words.say("받았습니다. {day} 회차부터 적용합니다.", day=day)
    await desk.receipt(press.user_id, press.message_id, html)
    if any(view.held for view in await desk.views.cycles()):
        again = Action(kind=Kind.SHOW, command="resume")
        html = words.say("멈춘 종목이 있습니다. 잔고와 맞으면 다시 시작해 주세요.")
        row = [Button(caption=words.plain("다시 시작"), action=again)]
        await desk.say(press.user_id, html, [row])
