"""Whatever breaks, whoever asked hears of it, and what comes next is answered."""

import pytest
from structlog.testing import capture_logs

from bot.telegram.asked import Asked
from bot.telegram.desk import Desk
from bot.telegram.handlers import SHOWS
from bot.telegram.markup import Html
from bot.telegram.sending import LONGEST_CAPTION
from tests.bot.telegram.conftest import OWNER, SMALLEST, House, captions
from tests.bot.telegram.samples import tapped

STILL_ANSWERED = "무엇을 하시겠습니까"


async def still_answers(house: House) -> bool:
    await house.chat.send("/help")
    await house.settle()
    return (await house.chat.said())[-1].startswith(STILL_ANSWERED)


async def broken(_: Desk, __: Asked) -> None:
    raise KeyError("a mistake of ours")


async def test_a_broken_handler_is_told_and_the_next_message_is_answered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SHOWS, "fx", broken)
    await house.chat.send("/fx")
    await house.settle()
    assert (await house.chat.said())[-1].startswith("처리하지 못했습니다.")
    assert captions(await house.chat.last())
    assert await still_answers(house)


async def test_what_cannot_even_be_told_ends_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> Html:
        raise RuntimeError("telling failed too")

    monkeypatch.setitem(SHOWS, "stop", broken)
    monkeypatch.setitem(SHOWS, "fx", broken)
    monkeypatch.setattr("bot.telegram.failures._sentence", failing)
    with capture_logs() as logged:
        for word in ("/fx", "/stop"):
            await house.chat.send(word)
        await house.settle()
    assert [each["event"] for each in logged].count("background task failed") == 2
    assert not house.nursery.failed.is_set()
    assert await still_answers(house)


@pytest.mark.parametrize("action", ['{"kind": "gone"}', '{"kind": "why", "x": 1}', "{}", "?"])
async def test_a_button_of_another_version_is_dead_and_ends_nothing(
    house: House, action: str
) -> None:
    key = await house.store.offer(OWNER, action, expires_at=None)
    await house.chat.send("/help")
    await house.settle()
    under = (await house.chat.last())["id"]
    await house.chat.update(tapped(f"c:{key}", OWNER, under, house.wall.now()))
    await house.settle()
    assert (await house.chat.said())[-1].startswith("이 버튼은 더 이상 쓸 수 없습니다.")
    assert not house.nursery.failed.is_set()
    assert await still_answers(house)


async def test_an_answer_that_telegram_refuses_is_told_in_another(house: House) -> None:
    await house.chat.fault(
        method="sendMessage", status=400, description="Bad Request: BUTTON_DATA_INVALID"
    )
    await house.chat.send("/help")
    await house.settle()
    (said,) = await house.chat.said()
    assert said.startswith("답을 보여 드리지 못했습니다.")
    assert await still_answers(house)


@pytest.mark.parametrize("kind", ["photo", "document"])
async def test_a_caption_is_measured_as_telegram_does_and_what_is_longer_follows(
    house: House, kind: str
) -> None:
    words = Html("😀" * (LONGEST_CAPTION // 2 + 1) + "끝")
    sender = house.front.desk.sender
    if kind == "photo":
        await sender.photo(OWNER, SMALLEST, words)
    else:
        await sender.document(OWNER, "a.csv", b"1", words)
    file, text = await house.chat.messages()
    assert not file.get("caption")
    assert text["text"].endswith("끝")


async def test_a_stranger_is_not_told_of_an_error_either(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> str:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(type(house.store.pairing), "live", fail)
    await house.chat.send("2346-789A", **{"as": {"id": 99, "name": "누구"}})
    await house.settle()
    assert await house.chat.said(99) == []
    assert not house.nursery.failed.is_set()
