"""A flood is answered once; what holds orders back is never kept waiting by one."""

from datetime import timedelta

from bot.commands import Pause
from bot.telegram.flood import MOST, WITHIN, Flood, Patience
from tests.bot.telegram.conftest import OWNER, House, StandingClock
from tests.bot.telegram.samples import HOME


def test_a_flood_is_told_once_and_answered_again_when_it_is_over() -> None:
    wall = StandingClock(HOME)
    flood = Flood(wall)
    answers = [flood.another(OWNER) for _ in range(MOST + 3)]
    assert answers == [Patience.ANSWER] * MOST + [Patience.TELL] + [Patience.SILENT] * 2
    assert flood.another(5151) is Patience.ANSWER, "somebody else is not in it"
    wall.at += WITHIN
    assert flood.another(OWNER) is Patience.ANSWER


def test_a_steady_pace_below_the_limit_is_answered_for_ever() -> None:
    wall = StandingClock(HOME)
    flood = Flood(wall)
    for _ in range(10 * MOST):
        wall.at += WITHIN / MOST + timedelta(milliseconds=1)
        assert flood.another(OWNER) is Patience.ANSWER


async def test_a_flood_of_messages_gets_one_sentence_and_a_pause_gets_through(
    house: House,
) -> None:
    for _ in range(MOST + 20):
        await house.chat.send("/orders")
    await house.chat.send("/pause")
    await house.settle()
    said = await house.chat.said()
    assert len([text for text in said if text.startswith("너무 빨리")]) == 1
    assert len(said) == MOST + 2
    await house.chat.press("매수만")
    await house.settle()
    assert [type(command) for command in house.service.asked] == [Pause]
