"""Why tonight's orders are what they are: the book's own sentences, in a phone's few lines."""

from collections.abc import Sequence
from decimal import Decimal

from bot.telegram import figures, texts
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html, lines
from strategy.explain import basis
from strategy.model import Leg, Order, Plan
from strategy.reasons import Reason, ReasonCode

LINES = frozenset({ReasonCode.STAR, ReasonCode.LINE})


def explained(words: Words, plan: Plan) -> Html:
    """Say where a plan comes from: its phase, unit and star, then a line for each leg."""
    return lines(
        *(words.say("{sentence}", sentence=_sentence(words, why)) for why in _basis(plan)),
        *(_leg(words, order) for order in _main(plan)),
        _ladder(words, [order for order in plan.orders if order.leg is Leg.LADDER]),
    )


def _basis(plan: Plan) -> list[Reason]:
    """Give the plan's own reasons; the star's only where no leg's sentence begins with it."""
    named = {name for order in plan.orders for name in order.why.named()}
    told = "star" in named or "line" in named
    return [why for why in basis(plan) if why.code not in LINES or not told]


def skipped_legs(words: Words, plan: Plan) -> Html | None:
    """Say of each leg that is missing tonight why it is."""
    return lines(
        *(
            words.say(
                "{leg} 생략: {reason}.",
                leg=words.plain(texts.LEGS[skip.leg]),
                reason=_sentence(words, skip.why),
            )
            for skip in plan.skips
        )
    )


def _sentence(words: Words, why: Reason) -> str:
    return why.sentence(words.language)


def _main(plan: Plan) -> list[Order]:
    """Give the main legs as the table has them; a sentence may speak of the leg above it."""
    main = [order for order in plan.orders if order.leg is not Leg.LADDER]
    return sorted(main, key=lambda order: -(order.price or Decimal(0)))


def _leg(words: Words, order: Order) -> Html | None:
    if order.why.code is ReasonCode.NONE:
        return None
    leg = words.plain(texts.LEGS[order.leg])
    return words.say("<b>{leg}:</b> {reason}", leg=leg, reason=_sentence(words, order.why))


def _ladder(words: Words, rungs: Sequence[Order]) -> Html | None:
    """Say of the rungs, in one line, what the first and the last of them come from."""
    told = [rung.why.named() for rung in rungs if rung.why.code is ReasonCode.RUNG]
    if len(told) < 2:
        return _leg(words, rungs[0]) if rungs else None
    first, last = told[0], told[-1]
    return words.say(
        "<b>급락 대비 {count}건:</b> 1주씩; "
        "1회매수금 {unit} / {least}주 = {highest}부터 / {most}주 = {lowest}까지",
        count=len(rungs),
        unit=figures.cents(first["unit"]),
        least=first["shares"],
        highest=figures.cents(first["price"]),
        most=last["shares"],
        lowest=figures.cents(last["price"]),
    )
