"""Questions at the keyboard: one sentence for what is no answer, and the question again."""

import getpass
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.console_words import Words, both
from bot.setup import shapes
from bot.setup.terminal import Terminal, Unfit

QUESTION = both("물음", "Question")
SECRET = (shapes.token, shapes.app_key, shapes.app_secret)
PICKS = (("a", both("가", "A")), ("b", both("나", "B")))


def asked(*typed: str | Exception, language: str = "ko") -> tuple[Terminal, StringIO]:
    lines = iter(typed)

    def read(_prompt: str, hidden: bool) -> str:
        del hidden
        line = next(lines)
        if isinstance(line, Exception):
            raise line
        return line

    out = StringIO()
    return Terminal(Words(language), out=out, read=read), out


def test_a_number_picks_and_enter_picks_the_default() -> None:
    assert asked("2")[0].choose(QUESTION, PICKS) == "b"
    assert asked("")[0].choose(QUESTION, PICKS, default=2) == "b"


@pytest.mark.parametrize("wrong", ["0", "3", "b", "-1", "２", "1.0", "99999999999999999999"])
def test_what_is_no_number_of_the_list_is_told_and_asked_again(wrong: str) -> None:
    terminal, out = asked(wrong, "1", language="en")
    assert terminal.choose(QUESTION, PICKS) == "a"
    assert out.getvalue().count("Write a number from 1 to 2.") == 1


def test_yes_and_no_are_understood_in_both_languages() -> None:
    for word, meant in {"y": True, "네": True, "YES": True, "아니오": False, "n": False}.items():
        assert asked(word)[0].yes(QUESTION) is meant
    terminal, out = asked("글쎄", "")
    assert terminal.yes(QUESTION, default=False) is False
    assert out.getvalue().count("y 또는 n으로") == 1


def test_bytes_that_are_no_text_are_told_and_asked_again() -> None:
    broken = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid")
    terminal, out = asked(broken, "x")
    assert terminal.ask(QUESTION, str) == "x"
    assert out.getvalue().count("읽을 수 없는") == 1


def test_a_terminal_that_would_show_a_key_is_not_asked_for_one() -> None:
    terminal, _ = asked(getpass.GetPassWarning("would be shown"))
    with pytest.raises(Unfit, match="숨겨"):
        terminal.ask(QUESTION, shapes.token, hidden=True)


@pytest.mark.parametrize(
    ("parse", "wrong"),
    [
        (shapes.token, "123456"),
        (shapes.token, "123456:AAE hBP0"),
        (shapes.app_key, "k" * 180),
        (shapes.app_key, "두벌식으로친열쇠열쇠"),
        (shapes.app_secret, "two words two words"),
        (shapes.account, "1234-567"),
        (shapes.account, "١٢٣٤٥٦٧٨01"),
        (shapes.login, "a b"),
        (shapes.usd, "0"),
        (shapes.usd, "1e400"),
        (shapes.usd, "NaN"),
        (shapes.percent, "25"),
        (shapes.percent, "-1"),
    ],
)
def test_each_answer_has_a_shape(parse: Callable[[str], object], wrong: str) -> None:
    with pytest.raises(Unfit) as refused:
        parse(wrong)
    assert refused.value.korean != refused.value.english
    if parse in SECRET:
        assert wrong not in refused.value.korean + refused.value.english


def test_an_account_may_be_written_as_one_likes() -> None:
    for typed in ("12345678-01", "1234567801", "12345678 01", "12345678"):
        assert shapes.account(typed) == "12345678-01"


def test_numbers_may_be_written_as_people_do() -> None:
    assert shapes.usd("$10,000") == 10_000
    assert f"{shapes.percent('0.25%')}" == "0.25"


def run(env: Path, typed: str = "") -> Result:
    call = ["setup", "--env", str(env)]
    return CliRunner().invoke(app, call, input=typed, env={"MUHAN_LANGUAGE": "ko"})


def test_without_a_terminal_it_is_refused_with_one_sentence(tmp_path: Path) -> None:
    done = run(tmp_path / ".env", "1\n")
    assert done.exit_code == 3
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "터미널" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_env_that_others_may_read_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("MUHAN_LANGUAGE=ko\n")
    env.chmod(0o644)
    done = run(env)
    assert done.exit_code == 3
    assert "chmod 600" in done.stderr


def test_a_key_is_not_read_where_it_cannot_be_hidden() -> None:
    """Without a terminal getpass would show what is typed."""
    call = "from bot.setup.terminal import keyboard; print(keyboard('key: ', True))"
    done = subprocess.run(
        [sys.executable, "-c", call],
        input="CANARY\n",
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "GetPassWarning" in done.stderr
    assert "CANARY" not in done.stdout + done.stderr
