"""Whether there is a newer release: asked of a real server, whatever that answers."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from bot.cli import command_line
from bot.updates import LARGEST, Release

APP = command_line("update-check")


@contextmanager
def answering(body: bytes, *, status: int = 200, location: str = "") -> Iterator[str]:
    """Serve one answer on this machine, and give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/latest"
        finally:
            server.shutdown()
            thread.join()


def check(*words: str, **environ: str) -> tuple[int, str]:
    done = CliRunner().invoke(
        APP,
        ["update-check", "--env", "/nowhere/.env", *words],
        env={"MUHAN_LANGUAGE": "en", **environ},
    )
    return done.exit_code, done.output


def told(tag: str, **more: str) -> bytes:
    return json.dumps({"tag_name": tag, **more}).encode()


def test_a_newer_release_is_told_with_its_page_and_nothing_is_changed() -> None:
    page = "https://example.org/muhan/v99.1.0"
    body = told("v99.1.0", html_url=page, published_at="2027-01-05T09:00:00Z")
    with answering(body) as address:
        status, said = check(MUHAN_UPDATE_URL=address)
        as_json = json.loads(check("--at", address, "--json")[1])
    assert status == 0
    assert "99.1.0 (2027-01-05)" in said
    assert page in said
    assert "Nothing is changed by itself" in said
    assert as_json == {
        "installed": version("muhan"),
        "latest": "99.1.0",
        "newer": True,
        "page": page,
        "published": "2027-01-05",
    }


def test_the_same_release_is_the_latest() -> None:
    with answering(told(version("muhan"))) as address:
        status, said = check("--at", address)
    assert (status, "This is the latest" in said) == (0, True)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"{}",
        b'"v1.0"',
        told("latest"),
        told("v1.0; rm -rf /"),
        told("v1.0\n"),
        told("v" + "9" * 5000),
        b"[" * 100_000,
        b" " * (LARGEST + 1),
        b"\xff\xfe\x00",
    ],
    ids=lambda body: repr(body[:16]),
)
def test_nonsense_is_one_sentence(body: bytes) -> None:
    with answering(body) as address:
        status, said = check("--at", address)
    assert status == 3
    assert len(said.splitlines()) == 1
    assert "Nothing was changed" in said


@pytest.mark.parametrize("status", [301, 403, 404, 500])
def test_an_answer_that_is_none_is_told_and_no_redirect_followed(status: int) -> None:
    with answering(told("v99.0"), status=status, location="http://127.0.0.1:1/") as address:
        ended, said = check("--at", address)
    assert ended == 3
    assert f"HTTP {status}" in said


def test_offline_is_told() -> None:
    status, said = check("--at", "http://127.0.0.1:9/")
    assert status == 3
    assert "Internet connection" in said


@pytest.mark.parametrize("address", ["http://example.org/", "file:///etc/passwd", "latest"])
def test_an_address_that_is_not_safe_is_refused(address: str) -> None:
    status, said = check("--at", address)
    assert status == 3
    assert "--at cannot be used" in said


def test_without_an_address_the_owner_is_told_where_to_write_one() -> None:
    status, said = check()
    assert status == 3
    assert "MUHAN_UPDATE_URL" in said


def test_a_page_that_could_fool_a_terminal_is_not_shown() -> None:
    with answering(told("v99.0", html_url="https://x/\x1b[2J", published_at="soon")) as address:
        status, said = check("--at", address)
    assert status == 0
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("latest", "here", "newer"),
    [
        ("0.10.0", "0.9.9", True),
        ("1.0", "1.0.0", False),
        ("0.1.0", "0.1.1", False),
        ("0.1.0.1", "0.1.0", True),
    ],
)
def test_versions_are_compared_by_their_numbers(latest: str, here: str, *, newer: bool) -> None:
    assert Release(version=latest).newer_than(here) is newer
