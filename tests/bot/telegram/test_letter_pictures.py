"""A letter's picture: drawn for each reader as he may see it, and never in the letter's way."""

from datetime import date

import pytest

from bot.charts.model import CyclePicture, DrawingFailed, EquityPicture, Period, Picture
from bot.events import BotStarted, PeriodEnded
from bot.storage.people import LANGUAGE, Role
from bot.telegram.classes import AlertClass, Way
from bot.telegram.preferences import way_name
from tests.bot.reports.history import played
from tests.bot.telegram.conftest import FRIEND, OWNER, SMALLEST, House, captions
from tests.bot.telegram.past import journalled
from tests.bot.telegram.test_alerts import at_night, chosen

CLOSES = ("100", "100", "97", "94", "96")
WEEK = PeriodEnded(period=Period.WEEK, first=date(2026, 9, 28), last=date(2026, 10, 4))


class Drawer:
    """Remember what was to be drawn; fail when told to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.asked: list[Picture] = []
        self.fails = fails

    async def draw(self, picture: Picture) -> bytes:
        self.asked.append(picture)
        if self.fails:
            raise DrawingFailed("no memory")
        return SMALLEST


def drawing(house: House, monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> Drawer:
    drawer = Drawer(fails=fails)
    monkeypatch.setattr(house.front.mail.notifier._postman, "draw", drawer.draw)
    return drawer


async def test_each_reader_has_the_picture_in_his_language_and_a_viewer_no_amounts(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.pair(FRIEND, Role.VIEWER)
    await house.chat.send("/start", **{"as": {"id": FRIEND, "name": "친구"}})
    await house.settle()
    await chosen(house, LANGUAGE, "en", FRIEND)
    drawer = drawing(house, monkeypatch)
    await journalled(house, played(CLOSES))
    photos = [
        [one for one in await house.chat.messages(chat) if one.get("photo")]
        for chat in (OWNER, FRIEND)
    ]
    assert [len(found) for found in photos] == [1, 1]
    ours, theirs = (found[0]["text"] for found in photos)
    assert "잔금" in ours
    assert "$" in ours
    assert "$" not in theirs.replace("$•••", "")
    cycles = [one for one in drawer.asked if isinstance(one, CyclePicture)]
    assert [(one.language, one.amounts) for one in cycles] == [("ko", True), ("en", False)]


async def test_a_letter_whose_picture_fails_goes_as_text_in_its_order(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawer = drawing(house, monkeypatch, fails=True)
    await journalled(house, played(CLOSES))
    await house.service.record(WEEK, BotStarted(version="1", unresolved=0))
    await house.settle()
    messages = [one for one in await house.chat.messages() if one["from"] == "bot"]
    assert not [one for one in messages if one.get("photo")]
    assert len(drawer.asked) >= 2
    said = [one["text"].splitlines()[0] for one in messages[-3:]]
    assert [text.split(" ")[0] for text in said] == ["10월", "주간", "무한이"]
    assert await house.outbox.unsent() == 0
    assert await house.outbox.dead() == (0, "")


async def test_a_letter_whose_picture_telegram_refuses_goes_as_text(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing(house, monkeypatch)
    await journalled(house, played(CLOSES))
    await house.chat.fault(
        method="sendPhoto", status=400, description="Bad Request: IMAGE_PROCESS_FAILED"
    )
    await house.service.record(WEEK)
    await house.settle()
    said = await house.chat.last()
    assert said["text"].startswith("주간 손익")
    assert not said.get("photo")
    assert captions(said) == ["손익", "위험", "비교"]
    assert await house.outbox.dead() == (0, "")


async def test_a_photo_that_telegram_puts_off_comes_once_and_before_what_follows(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawer = drawing(house, monkeypatch)
    await journalled(house, played(CLOSES))
    await house.chat.fault(method="sendPhoto", status=429, retry_after=17)
    await house.service.record(WEEK, BotStarted(version="1", unresolved=0))
    await house.settle()
    assert 17 in [round(slept) for slept in house.wall.slept]
    messages = [one for one in await house.chat.messages() if one["from"] == "bot"][-2:]
    assert messages[0]["photo"]
    assert messages[0]["text"].startswith("주간 손익")
    assert messages[1]["text"].startswith("무한이")
    assert isinstance(drawer.asked[-1], EquityPicture)


async def test_a_letter_that_is_turned_off_draws_nothing_and_is_in_the_digest(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journalled(house, played(CLOSES))
    await chosen(house, way_name(AlertClass.ROUTINE), Way.OFF.value)
    drawer = drawing(house, monkeypatch)
    at_night(house)
    await house.service.record(WEEK)
    await house.settle()
    assert drawer.asked == []
    assert (await house.chat.last())["text"].split(" ")[0] != "주간"
    (kept,) = await house.outbox.digest(OWNER)
    assert isinstance(kept.event, PeriodEnded)
