"""What comes after the close: a session's result with its picture, a cycle's end, a look back."""

from bot.charts.model import CyclePicture
from bot.charts.of_rounds import cycle_picture
from bot.events import CloseConfirmed, PeriodEnded, RoundForeseen, RoundSettled
from bot.reports import pictures, record
from bot.reports.periods import Span
from bot.storage.views import RoundView, Views
from bot.telegram import completion, imitations, rehearsal, rehearsal_card, results
from bot.telegram.catalogue import Words
from bot.telegram.classes import AlertClass
from bot.telegram.markup import lines
from bot.telegram.message import Message
from bot.telegram.review import review
from bot.telegram.taps import Action, Button, Kind

FEWEST_DAYS = 2
"""A picture of one day says nothing that the words do not."""


async def told(
    words: Words,
    views: Views,
    event: RoundSettled | CloseConfirmed | RoundForeseen,
    view: RoundView,
    *,
    rehearsed: bool,
) -> list[Message]:
    """Write what is told of a round after its session's close."""
    if isinstance(event, RoundForeseen):
        symbol = view.plan.cycle.rules.symbol if view.plan else ""
        return [Message(html=rehearsal.foreseen(words, event, symbol))]
    if isinstance(event, CloseConfirmed):
        final = imitations.confirmed(words, view)
        return [Message(html=final)] if final else []
    by = rehearsal_card.final(words, provisional=event.provisional)
    html = lines(
        results.settled(words, event),
        by if rehearsed else None,
        imitations.compared(words, view),
    )
    picture = await _picture(words, views, event)
    day = Message(
        html=html, buttons=_next(words, event), picture=None if event.finished else picture
    )
    if event.finished is None:
        return [day]
    end = await completion.card(words, views, event)
    return [
        day,
        Message(html=end.html, buttons=end.buttons, picture=picture, alert=AlertClass.TRADES),
    ]


def _next(words: Words, event: RoundSettled) -> tuple[Button, ...]:
    """Offer what somebody may want to see after a close."""
    symbol = event.before.rules.symbol
    return (
        _show(words.plain("차트"), "chart", symbol),
        _show(words.plain("왜 이렇게?"), "why", event.session.isoformat()),
        _show(words.plain("사이클"), "cycle", symbol),
    )


def _show(caption: str, command: str, text: str) -> Button:
    return Button(caption=caption, action=Action(kind=Kind.SHOW, command=command, text=text))


async def _picture(words: Words, views: Views, event: RoundSettled) -> CyclePicture | None:
    """Describe the cycle up to the session; none for a session that is old news by now."""
    if await views.settled_after(event.cycle_id, event.session) is not None:
        return None
    rounds = await views.rounds_of_cycle(event.cycle_id, event.before.number)
    picture = cycle_picture(
        rounds,
        event.before.number,
        await views.splits(event.before.rules.symbol),
        language=words.language,
        amounts=True,
    )
    return picture if picture and len(picture.days) >= FEWEST_DAYS else None


async def period(words: Words, views: Views, event: PeriodEnded) -> Message:
    """Look back on a week or a month that is over."""
    history = await record.read(views)
    span = Span(period=event.period, first=event.first, last=event.last)
    return Message(
        html=review(words, span, history, await views.cycles()),
        buttons=(
            _show(words.plain("손익"), "pnl", ""),
            _show(words.plain("위험"), "risk", ""),
            _show(words.plain("비교"), "compare", ""),
        ),
        picture=pictures.review(
            history, event.period, event.first, language=words.language, amounts=True
        ),
    )
