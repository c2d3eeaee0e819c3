"""The list of commands: in the owner's language, and whole."""

import os
import subprocess
import sys

import pytest

from bot.cli import COMMANDS
from bot.cli_help import KOREAN

FIRST = {"ko": KOREAN["run"], "en": "Run the bot until it is told to stop."}


def test_every_command_has_a_korean_sentence_and_no_sentence_is_left_over() -> None:
    assert list(KOREAN) == list(COMMANDS)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_list_speaks_the_language_that_is_set_and_cuts_nothing_off(language: str) -> None:
    environ = {**os.environ, "MUHAN_LANGUAGE": language, "COLUMNS": "80", "TERM": "dumb"}
    command = [sys.executable, "-m", "bot", "--help"]
    told = subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout
    assert FIRST[language] in told
    assert FIRST["en" if language == "ko" else "ko"] not in told
    assert "…" not in told
    if language == "ko":
        assert all(sentence in told for sentence in KOREAN.values())
