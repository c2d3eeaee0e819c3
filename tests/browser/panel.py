"""The dashboard for browser tests: the real command, and somebody who looks at it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import Page, async_playwright, expect

from bot.storage.database import DATABASE_NAME, opened
from bot.storage.panel_sessions import PanelSessions, begin
from tests.browser.test_demo_page import CHROMIUM, PATIENCE, PHONE, QUIET, take
from tests.stage import environment

OWNER = 1000001


@asynccontextmanager
async def dashboard(home: Path, *, language: str = "ko", packages: str = "") -> AsyncIterator[str]:
    """Run the command on a free port; give the address that it prints.

    `packages` is a folder whose modules come before those that are installed.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "dashboard", "--port", "0", "--json"),
        *("--env", str(home / "no.env")),
        stdout=asyncio.subprocess.PIPE,
        env=environment()
        | {
            "MUHAN_HOME": str(home),
            "MUHAN_VENUE": "demo",
            "MUHAN_LANGUAGE": language,
            "TELEGRAM_OWNER_ID": str(OWNER),
            "PYTHONPATH": packages,
        },
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            told = await process.stdout.readline()
        yield json.loads(told)["listening"]
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
    assert process.returncode == 0, "it ends in order when it is asked to"


async def let_in(home: Path, user_id: int = OWNER) -> str:
    """Begin a session at a state file that no bot uses, as /panel and its link do."""
    now, session = datetime.now(UTC), f"session-of-{user_id}"  # noqa: TID251 - a real process' clock
    async with opened(home / DATABASE_NAME) as database:
        await PanelSessions(database).offer("0" * 32, user_id, now, now + timedelta(minutes=5))
        async with database.transaction() as tx:
            assert await begin(tx, "0" * 32, session, now) == user_id
    return session


class Visitor:
    """Somebody with the dashboard open: looks, presses, and keeps a picture of each step."""

    def __init__(self, page: Page, address: str, album: Path) -> None:
        self.page = page
        self.address = address
        self.album = album
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    async def goes(self, path: str = "") -> None:
        await self.page.goto(f"{self.address}/{path}")

    async def sees(self, *texts: str) -> None:
        """Wait until the page has all of the texts."""
        for text in texts:
            await expect(self.page.locator(".stMain")).to_contain_text(text)

    async def presses(self, caption: str) -> None:
        await self.page.get_by_role("button", name=caption, exact=True).click()

    async def confirms(self, *texts: str) -> None:
        """Read the window that asks, and press the button that does it."""
        window = self.page.get_by_role("dialog")
        for text in texts:
            await expect(window).to_contain_text(text)
        await window.get_by_role("button", name="확인").click()
        await expect(window).to_be_hidden()

    async def fits(self) -> None:
        """Nothing sticks out sideways."""
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await self.page.evaluate(wide)

    async def picture(self, name: str) -> None:
        await take(self.page, self.album / f"{name}.png")


@asynccontextmanager
async def visitor(
    address: str,
    album: Path,
    *,
    session: str = "",
    language: str = "",
    size: tuple[int, int] = PHONE,
) -> AsyncIterator[Visitor]:
    """Open a browser of one's own, logged in where there is a session."""
    expect.set_options(timeout=PATIENCE * 1000)
    cookies = {"muhan_session": session, "muhan_language": language}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            is_mobile=size == PHONE,
            has_touch=size == PHONE,
            locale="ko-KR",
            timezone_id="Asia/Seoul",
        )
        await context.add_cookies(
            [
                {"name": name, "value": value, "url": address}
                for name, value in cookies.items()
                if value
            ]
        )
        somebody = Visitor(await context.new_page(), address, album)
        try:
            yield somebody
        except BaseException:
            await somebody.picture("where-it-went-wrong")
            raise
        finally:
            await browser.close()
        assert somebody.complaints == []
