"""A plan to be typed into the broker's app by hand, line by line, in the app's own words."""

from bot.telegram import figures, texts
from bot.telegram.catalogue import Words, mark
from bot.telegram.markup import Html, code, lines
from bot.trading.rounds import slots
from strategy.model import OrderType, Plan

TYPES = {
    OrderType.LOC: mark("LOC"),
    OrderType.MOC: mark("MOC"),
    OrderType.LIMIT: mark("지정가"),
}


def hand_table(words: Words, plan: Plan) -> Html:
    """Number the orders in the order of sending: sells first, rungs last; every rung has a line."""
    if not plan.orders:
        return words.say("오늘 낼 주문이 없습니다.")
    rows = [
        (
            f"{number}.",
            words.plain(texts.SIDES[slot.side]),
            words.plain(TYPES[slot.type]),
            words.plain("{quantity}주", quantity=slot.quantity),
            figures.money(slot.price) if slot.price is not None else words.plain("종가"),
        )
        for number, slot in enumerate(slots(plan, "by hand"), start=1)
    ]
    return lines(
        words.say("한투 앱에 그대로 옮겨 적을 표입니다 (해외주식 주문, 당일)."),
        code(figures.table(rows, right=frozenset({0, 3, 4}))),
    )
