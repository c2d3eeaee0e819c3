"""The wizard in a terminal, photographed where it asks for the keys of KIS."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pexpect
from playwright.async_api import async_playwright
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

from tests.browser.test_demo_page import CHROMIUM, QUIET
from tests.pictures.camera import Camera
from tests.stage import environment

TOKEN = "123456:AAEhBP0av28abcdefghijklmnopqrstuvwx"
CODE = re.compile(r"\): ([2-9A-Z]{4}-[2-9A-Z]{4})")
WIDTH = 88
PATIENCE = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class Walk:
    """A language's number, and the beginnings of the questions on the way to the app key."""

    number: str
    token: str
    venue: str
    app_key: str


WALKS = {
    "ko": Walk(
        number="1",
        token="봇 토큰 (",
        venue="어디에 주문",
        app_key="앱키 (화면에 보이지 않습니다): ",
    ),
    "en": Walk(
        number="2",
        token="Bot token (",
        venue="Where shall orders",
        app_key="App key (not shown as you type): ",
    ),
}


async def photograph_wizard(scratch: Path, out: Path) -> None:
    """Walk through the wizard's first steps in each language, and take what the terminal shows."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(device_scale_factor=1.5)
        for language, walk in WALKS.items():
            folder = scratch / f"setup-{language}"
            folder.mkdir()
            with _chat(folder) as address:
                shown = _walked(folder, address, walk)
            await page.set_content(_page(shown))
            camera = Camera(page, out, language)
            await camera.of("setup", page.locator("pre"))
        await browser.close()


@contextmanager
def _chat(folder: Path) -> Iterator[str]:
    words = ["--token", TOKEN, "--owner-id", "4242", "--state", str(folder / "chat.sqlite3")]
    with subprocess.Popen(
        [sys.executable, "-m", "bot.chat", *words], stdout=subprocess.PIPE, text=True
    ) as chat:
        assert chat.stdout is not None
        yield str(json.loads(chat.stdout.readline())["listening"])
        chat.terminate()


def _walked(folder: Path, address: str, walk: Walk) -> str:
    """Answer up to the question for the app key; give what stands in the terminal then."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "bot", "setup"],
        cwd=str(folder),
        env=environment()
        | {
            "TELEGRAM_API_URL": address,
            "MUHAN_HOME": str(folder / "home"),
            "TERM": "xterm-256color",
        },
        encoding="utf-8",
        timeout=PATIENCE,
        dimensions=(50, WIDTH),
    )
    shown = io.StringIO()
    child.logfile_read = shown
    child.expect("Language")
    child.sendline(walk.number)
    child.expect_exact(walk.token)
    child.sendline(TOKEN)
    child.expect(CODE)
    _send(address, child.match[1])
    child.expect_exact(walk.venue)
    child.sendline("1")
    child.expect_exact(walk.app_key)
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    text = shown.getvalue()
    return text[: text.rindex(walk.app_key) + len(walk.app_key)]


def _send(address: str, text: str) -> None:
    """Write to the bot from the owner's phone."""
    call = "import sys, urllib.request as u;u.urlopen(u.Request(sys.argv[1], sys.argv[2].encode()))"
    words = [f"{address}/chat/send", json.dumps({"text": text})]
    subprocess.run([sys.executable, "-c", call, *words], check=True, timeout=PATIENCE)


def _page(shown: str) -> str:
    """Lay what a terminal shows from the second step on out as a page."""
    lines = Text.from_ansi(shown.replace("\r\n", "\n")).split("\n")
    second = next(place for place, line in enumerate(lines) if line.plain.startswith("2/7"))
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text("\n").join(lines[second:]))
    return console.export_html(
        theme=DIMMED_MONOKAI,
        inline_styles=True,
        code_format=(
            '<pre style="background:{background};color:{foreground};padding:14px 18px;margin:0;'
            "display:inline-block;font:13px/1.18 'DejaVu Sans Mono',NanumGothicCoding,monospace\">"
            "{code}</pre>"
        ),
    )
