import asyncio
import io
import json
import logging
import os
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pytest
import structlog

from bot.logs import KEPT_LINES, LONGEST_LINE, configure, recent_lines, watch_loop
from bot.redaction import register_secret

TOKEN = "123456789:AAcanary-token_of_a_bot_0123456789abc"
SECRET = "canarysecret+/="
URL = f"https://api.telegram.org/bot{TOKEN}/getUpdates"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _known_secret() -> None:
    register_secret(SECRET)


@pytest.fixture(params=["json", "colours"])
def out(request: pytest.FixtureRequest) -> io.StringIO:
    stream = io.StringIO() if request.param == "json" else Terminal()
    configure("DEBUG", stream=stream)
    return stream


def fail() -> None:
    local = SECRET  # a traceback that prints locals would show it
    raise ConnectionError(f"no answer from {URL} with {local}")


def assert_masked(out: io.StringIO, *, lines: int = 1) -> None:
    text = out.getvalue()
    assert "canary" not in text
    assert "***" in text
    assert text.count("\n") >= lines


def test_a_library_record_with_percent_arguments_is_masked(out: io.StringIO) -> None:
    logging.getLogger("aiohttp.client").info("GET %s -> %d", URL, 200)
    assert_masked(out)


def test_a_library_record_with_an_extra_is_masked(out: io.StringIO) -> None:
    logging.getLogger("library").warning("call", extra={"headers": {"appkey": "canary"}})
    assert_masked(out)


def test_an_exception_is_masked_in_a_library_record(out: io.StringIO) -> None:
    try:
        fail()
    except ConnectionError:
        logging.getLogger("library").exception("polling failed")
    assert_masked(out)
    assert "ConnectionError" in out.getvalue()


def test_an_exception_and_its_cause_are_masked_in_a_record_of_ours(out: io.StringIO) -> None:
    try:
        try:
            fail()
        except ConnectionError as cause:
            raise RuntimeError("round failed") from cause
    except RuntimeError:
        structlog.get_logger("bot").exception("told", url=URL)
    assert_masked(out)
    assert "round failed" in out.getvalue()


def test_nested_values_and_names_of_values_are_masked(out: io.StringIO) -> None:
    structlog.get_logger("bot").info(
        "sent", body={"deep": [{"secretkey": "canary"}]}, **{SECRET: 1}, error=OSError(URL)
    )
    assert_masked(out)


def test_bound_context_is_masked(out: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(approval_key="canary"):
        structlog.get_logger("bot").info("called", at=URL)
    assert_masked(out)


def test_the_event_itself_is_masked(out: io.StringIO) -> None:
    structlog.get_logger("bot").info(f"url {URL}")
    assert_masked(out)


def test_a_record_that_cannot_be_formatted_does_not_print_its_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = io.StringIO()
    configure(stream=out)  # here, not in a fixture: pytest's own handler would raise
    logging.getLogger("library").info("%d of %s", SECRET, URL)
    text = out.getvalue() + "".join(capsys.readouterr())
    assert "canary" not in text
    assert "could not be logged: TypeError" in text


def test_a_stream_that_is_gone_breaks_nothing() -> None:
    stream = io.StringIO()
    configure(json=True, stream=stream)
    stream.close()
    logging.getLogger("library").warning("nobody hears this")


def test_a_warning_is_masked(out: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        # catch_warnings put its own printer in place; captured warnings come this way.
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn(f"unclosed {URL}", ResourceWarning, stacklevel=1)
        logging.captureWarnings(capture=False)
    assert_masked(out)


def test_an_error_in_a_thread_is_masked(out: io.StringIO) -> None:
    thread = threading.Thread(target=fail)
    # pytest puts its own hook in place for the test; ours is called as Python would.
    hook = threading.excepthook
    try:
        fail()
    except ConnectionError as error:
        hook(threading.ExceptHookArgs((type(error), error, error.__traceback__, thread)))
    assert_masked(out)


async def test_an_error_that_no_task_caught_is_masked(out: io.StringIO) -> None:
    loop = asyncio.get_running_loop()
    watch_loop(loop)
    try:
        loop.call_soon(fail)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    finally:
        loop.set_exception_handler(None)
    assert_masked(out)
    assert "uncaught error in the event loop" in out.getvalue()


def test_json_lines_can_be_read_back_and_say_who_and_when() -> None:
    out = io.StringIO()
    configure(stream=out)
    structlog.get_logger("bot.trading").warning("한 줄", price="51.44")
    logging.getLogger("aiogram").info("polling")
    ours, theirs = (json.loads(line) for line in out.getvalue().splitlines())
    assert (ours["event"], ours["logger"], ours["level"], ours["price"]) == (
        "한 줄",
        "bot.trading",
        "warning",
        "51.44",
    )
    assert (theirs["event"], theirs["logger"], theirs["level"]) == ("polling", "aiogram", "info")
    assert ours["timestamp"].endswith("Z")


def test_a_terminal_gets_colours_and_no_json() -> None:
    out = Terminal()
    configure(stream=out)
    structlog.get_logger("bot").info("hello")
    assert "\x1b[" in out.getvalue()
    assert not out.getvalue().startswith("{")


def test_json_can_be_asked_for_on_a_terminal() -> None:
    out = Terminal()
    configure(stream=out, json=True)
    structlog.get_logger("bot").info("hello")
    assert json.loads(out.getvalue())["event"] == "hello"


def test_lines_below_the_level_are_left_out() -> None:
    out = io.StringIO()
    configure("WARNING", stream=out)
    structlog.get_logger("bot").info("quiet")
    logging.getLogger("library").info("quiet")
    assert out.getvalue() == ""


def test_configuring_twice_does_not_write_twice() -> None:
    out = io.StringIO()
    configure(stream=out)
    configure(stream=out)
    structlog.get_logger("bot").info("once")
    assert len(out.getvalue().splitlines()) == 1


CRASH = f"""
import sys
from bot.logs import configure
configure(json=len(sys.argv) > 1)
class Leaky:
    def __del__(self):
        raise OSError({URL!r})
Leaky()
raise ConnectionError({URL!r})
"""


@pytest.mark.parametrize("options", [[], ["json"]])
def test_a_crash_of_the_whole_process_is_masked(options: list[str]) -> None:
    crash = subprocess.run(
        [sys.executable, "-c", CRASH, *options], capture_output=True, text=True, check=False
    )
    assert crash.returncode == 1
    assert "ConnectionError" in crash.stderr
    assert "OSError" in crash.stderr
    assert "canary" not in crash.stderr + crash.stdout


def test_the_last_lines_are_kept_masked_whatever_the_terminal_shows(out: io.StringIO) -> None:
    structlog.get_logger("bot").info("sent", url=URL, secret=SECRET)
    (line,) = [line for line in recent_lines() if '"sent"' in line][-1:]
    assert "canary" not in line
    assert json.loads(line)["url"].startswith("https://api.telegram.org/bot***")
    assert out.getvalue()


def test_a_secret_that_is_learnt_later_is_masked_in_lines_from_before(out: io.StringIO) -> None:
    structlog.get_logger("bot").info("early", word="learntlater42")
    register_secret("learntlater42")
    assert not any("learntlater42" in line for line in recent_lines())
    assert "early" in out.getvalue()


def test_no_more_lines_are_kept_than_agreed_and_none_is_endless(out: io.StringIO) -> None:
    for number in range(KEPT_LINES + 10):
        structlog.get_logger("bot").info("line", number=number)
    structlog.get_logger("bot").info("x" * 10_000)
    lines = recent_lines()
    assert len(lines) == KEPT_LINES
    assert max(map(len, lines)) <= LONGEST_LINE
    assert out.getvalue()


def test_the_journal_reads_a_priority_before_each_line_and_masked_json_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "journal").open("w+", encoding="utf-8") as stream:
        found = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino}")
        configure("DEBUG", stream=stream)
        log = structlog.get_logger("test")
        for tell in (log.debug, log.info, log.warning, log.error, log.critical):
            tell("called", address=URL)
        stream.seek(0)
        lines = stream.read().splitlines()
    assert [line[:3] for line in lines] == ["<7>", "<6>", "<4>", "<3>", "<2>"]
    assert all(json.loads(line[3:])["event"] == "called" for line in lines)
    assert TOKEN not in "".join(lines)
    assert all(line.startswith("{") for line in recent_lines()[-5:])


def test_another_stream_than_the_journals_gets_no_priority(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNAL_STREAM", "1:1")
    with (tmp_path / "log").open("w+", encoding="utf-8") as stream:
        configure(stream=stream)
        structlog.get_logger("test").warning("called")
        stream.seek(0)
        assert stream.read().startswith("{")
