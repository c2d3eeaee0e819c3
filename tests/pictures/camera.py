"""A phone's camera: small PNG files, a frame that fits what is shown."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Locator, Page

COLOURS = 128
LARGEST = 150_000
"""Bytes: a guide with a dozen pictures opens at once."""
MARGIN = 10


class Camera:
    """Take pictures of a page into a folder, each in a language."""

    def __init__(self, page: Page, folder: Path, language: str) -> None:
        self.page = page
        self.language = language
        self._folder = folder

    async def screen(self, name: str) -> None:
        """Take what the phone shows."""
        self._keep(name, await self.page.screenshot(animations="disabled"))

    async def of(self, name: str, part: Locator) -> None:
        """Take a part of the page alone."""
        await part.scroll_into_view_if_needed()
        self._keep(name, await part.screenshot(animations="disabled"))

    def _keep(self, name: str, png: bytes) -> None:
        path = self._folder / f"{name}.{self.language}.png"
        path.write_bytes(small(png))
        if path.stat().st_size > LARGEST:
            raise ValueError(f"{path} has {path.stat().st_size} bytes, more than {LARGEST}")


def small(png: bytes) -> bytes:
    """Give a picture with a palette of its own, which a screen of text and lines does well with."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    reduced = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    buffer = BytesIO()
    reduced.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
