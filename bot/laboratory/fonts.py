"""A Korean font for the pictures, from those that the system has."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from bot.laboratory.words import Language, all_words

FILES = (
    "NanumGothic.ttf",
    "NanumBarunGothic.ttf",
    "NotoSansKR-Regular.otf",
    "NotoSansKR-Regular.ttf",
    "NotoSansKR-VariableFont_wght.ttf",
    "NotoSansCJKkr-Regular.otf",
    "NotoSansCJK-Regular.ttc",
    "malgun.ttf",
    "AppleGothic.ttf",
    "UnDotum.ttf",
)
"""Fonts with Hangul by the names of their files, the ones we like best first."""

PLAIN = "DejaVu Sans"
"""What comes with matplotlib: everything but Hangul."""


def families(language: Language) -> list[str]:
    """Name the font families that a language's words are drawn with, the first first."""
    korean = korean_family() if language is Language.KO else None
    return [PLAIN] if korean is None else [korean, PLAIN]


def language_of_pictures(language: Language) -> Language:
    """Give the language that pictures can be drawn in: English where no font has Hangul."""
    if language is Language.KO and korean_family() is None:
        return Language.EN
    return language


@cache
def korean_family() -> str | None:
    """Find a font on the system that has all of our Korean words, and make it known."""
    for path in _liked(map(Path, font_manager.findSystemFonts())):
        if has_glyphs(path, all_words(Language.KO)):
            font_manager.fontManager.addfont(path)
            return str(font_manager.FontProperties(fname=path).get_name())
    return None


def has_glyphs(path: Path, text: str) -> bool:
    """Tell whether a font's file has a glyph for every letter of a text, blanks aside.

    A file that is no font has none.
    """
    try:
        font = FT2Font(path)
    except (RuntimeError, OSError):
        return False
    return all(
        font.get_char_index(ord(letter)) or letter.isascii() for letter in set(text) if letter > " "
    )


def _liked(paths: Iterable[Path]) -> Iterator[Path]:
    by_name = {path.name: path for path in paths}
    for name in FILES:
        if name in by_name:
            yield by_name[name]
