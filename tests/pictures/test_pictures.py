"""The guides' pictures: each one that a page shows is there, in the page's language, and small."""

import re
from pathlib import Path

from tests.pictures.camera import LARGEST

DOCS = Path(__file__).resolve().parents[2] / "docs"
SHOWN = re.compile(r"!\[[^]]+\]\(([^)]+\.png)\)")


def test_every_picture_of_a_page_is_there_and_in_its_language() -> None:
    pages = [*DOCS.rglob("*.md"), DOCS.parent / "README.md", DOCS.parent / "README.ko.md"]
    shown = [(page, name) for page in pages for name in SHOWN.findall(page.read_text("utf-8"))]
    assert shown
    for page, name in shown:
        assert (page.parent / name).is_file(), f"{page.name} shows {name}"
        assert name.endswith(".ko.png") == page.name.endswith(".ko.md"), f"{page.name}: {name}"


def test_every_picture_is_small_and_there_in_both_languages() -> None:
    pictures = {path.name: path.stat().st_size for path in (DOCS / "pictures").glob("*.png")}
    assert max(pictures.values()) <= LARGEST
    names = {name.split(".")[0] for name in pictures}
    assert set(pictures) == {
        f"{name}.{language}.png" for name in names for language in ("ko", "en")
    }
