import re

import pytest

from bot.telegram.handlers import SHOWS
from bot.telegram.menu import COMMANDS, command_of, commands


def test_every_command_of_the_menu_has_a_handler_and_no_handler_is_hidden() -> None:
    assert {entry.name for entry in COMMANDS} == set(SHOWS)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_menu_is_what_telegram_takes(language: str) -> None:
    for command in commands(language):
        assert re.fullmatch(r"[a-z0-9_]{1,32}", command.command)
        assert 1 <= len(command.description) <= 256


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("/stop", "stop"),
        ("/STOP@muhan_bot now", "stop"),
        ("stop", None),
        ("", None),
        (None, None),
        ("/", ""),
    ],
)
def test_a_command_is_read_from_the_first_word(text: str | None, name: str | None) -> None:
    assert command_of(text) == name
