"""A viewer walks through every command: no amount, no number of shares, in text or on a button."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.storage.people import LANGUAGE, Role
from bot.telegram.flood import WITHIN
from bot.telegram.menu import COMMANDS
from bot.trading.model import Approval
from tests.bot.telegram.conftest import MARKET_WALL, OWNER, Chat, captions
from tests.bot.telegram.room import Room, room_on
from tests.bot.trading.floor import DAY, table_of

# What the owner reads of this very round: prices, unit, cash, principal, and what is held.
AMOUNT = re.compile(
    r"[$₩]\s?\d|\d\s?(?:원(?!금)|won\b|dollars?\b)|\d ?주(?![일간식차년말])|\d ?sh(?:ares?)?\b"
    r"|57\.50?|54\.(?:50?|49)|\b50(?:\.00)?(?= |;|$)|\b500\.00|45\.45|41\.66|8,?000|10,?000|\b40주"
)
# Words about what one may type hold amounts that are nobody's.
EXAMPLES = re.compile(r"예: .*|e\.g\. .*|For example.*")

# These ask what this room has nobody to answer for (prices, rates, the machine); test_money.py and
# test_upkeep.py have their texts.
ELSEWHERE = frozenset({"price", "fx", "tax", "schedule", "health", "version"})


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_no_answer_shows_a_viewer_an_amount_or_a_number_of_shares(
    chat: Chat, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room_on(chat, tmp_path / "state.db") as room:
        await room.front.desk.people.set(OWNER, LANGUAGE, language)
        monkeypatch.setitem(room.front.desk.people._named, OWNER, Role.VIEWER)
        await room.floor.begin(approval=Approval.AUTO)
        await room.floor.live(table_of(DAY).send_from + timedelta(minutes=1))
        await room.settle()
        with capture_logs() as logged:  # the odds want prices, which nobody fetched here
            await asked_everything(room)
        assert "a handler failed" not in [each["event"] for each in logged]
        for message in await chat.messages():
            if message["from"] != "bot":
                continue
            seen = "\n".join([message["text"], message.get("caption") or "", *captions(message)])
            for line in EXAMPLES.sub("", seen).splitlines():
                assert not AMOUNT.search(line), f"{line!r} in\n{seen}"


async def asked_everything(room: Room) -> None:
    """Ask every command that a viewer may, alone and for a symbol."""
    for entry in COMMANDS:
        if entry.role is not Role.VIEWER or entry.name in ELSEWHERE:
            continue
        for behind in ("", " TQQQ", " TQQQ 60"):
            MARKET_WALL.at += WITHIN
            await room.chat.send(f"/{entry.name}{behind}")
            await room.settle()
