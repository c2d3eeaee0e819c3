from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import font_manager

from bot.laboratory import fonts
from bot.laboratory.words import Language

BUNDLED = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@pytest.fixture
def nothing_found_yet() -> Iterator[None]:
    fonts.korean_family.cache_clear()
    yield
    fonts.korean_family.cache_clear()


def test_the_bundled_font_has_no_hangul() -> None:
    assert fonts.has_glyphs(BUNDLED, "equity 0-9 ()")
    assert not fonts.has_glyphs(BUNDLED, "평")


def test_what_is_no_font_has_no_glyph(tmp_path: Path) -> None:
    path = tmp_path / "NanumGothic.ttf"
    path.write_bytes(b"no font")
    assert not fonts.has_glyphs(path, "a")
    assert not fonts.has_glyphs(tmp_path / "none.ttf", "a")


@pytest.mark.usefixtures("nothing_found_yet")
def test_without_a_korean_font_pictures_are_in_english(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "NanumGothic.ttf"
    broken.write_bytes(b"no font")
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(BUNDLED), str(broken)])
    assert fonts.korean_family() is None
    assert fonts.language_of_pictures(Language.KO) is Language.EN
    assert fonts.families(Language.KO) == [fonts.PLAIN]


@pytest.mark.usefixtures("nothing_found_yet")
def test_a_korean_font_of_the_system_is_found() -> None:
    family = fonts.korean_family()
    if family is None:
        pytest.skip("no font with Hangul is installed (apt: fonts-nanum)")
    assert fonts.families(Language.KO) == [family, fonts.PLAIN]
    assert fonts.language_of_pictures(Language.KO) is Language.KO
    assert family in {font.name for font in font_manager.fontManager.ttflist}


def test_english_needs_no_font_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "korean_family", lambda: pytest.fail("not asked"))
    assert fonts.families(Language.EN) == [fonts.PLAIN]
    assert fonts.language_of_pictures(Language.EN) is Language.EN
