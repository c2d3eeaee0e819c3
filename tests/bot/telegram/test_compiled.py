"""What is kept of the English texts is what Babel makes of them, whatever happens to the file."""

import gettext
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo

from bot.telegram.catalogue import LOCALES
from bot.telegram.compiled import catalogue, compiled

FOLDER = LOCALES / "en" / "LC_MESSAGES"

SMALL = """
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "{n}일"
msgid_plural "{n}일"
msgstr[0] "{n} day"
msgstr[1] "{n} days"

msgid "정지"
msgstr "Stop"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "en" / "LC_MESSAGES"
    made.mkdir(parents=True)
    (made / "small.po").write_text(SMALL, encoding="utf-8")
    return made


def kept_in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_what_is_kept_says_every_text_as_babel_does(tmp_path: Path) -> None:
    made = BytesIO()
    write_mo(made, catalogue(FOLDER))
    made.seek(0)
    direct = gettext.GNUTranslations(made)
    for _ in range(2):  # made and kept, then read from where it was kept
        found = compiled(FOLDER, tmp_path)
        for entry in catalogue(FOLDER):
            korean = entry.id if isinstance(entry.id, str) else entry.id[0]
            assert found.gettext(korean) == direct.gettext(korean)
            assert found.ngettext(korean, korean, 2) == direct.ngettext(korean, korean, 2)


def test_a_changed_text_is_seen_and_only_the_newest_is_kept(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert compiled(folder, kept).gettext("정지") == "Stop"
    (folder / "small.po").write_text(SMALL.replace("Stop", "Halt"), encoding="utf-8")
    assert compiled(folder, kept).gettext("정지") == "Halt"
    assert len(kept_in(kept)) == 1


@pytest.mark.parametrize("damage", [b"", b"cut", None])
def test_a_damaged_file_is_made_anew(folder: Path, tmp_path: Path, damage: bytes | None) -> None:
    kept = tmp_path / "kept"
    compiled(folder, kept)
    (file,) = kept_in(kept)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b"?" if damage is None else damage)
    assert compiled(folder, kept).ngettext("{n}일", "{n}일", 2) == "{n} days"
    assert file.read_bytes() == whole


def test_where_nothing_can_be_kept_the_texts_are_there_all_the_same(
    folder: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.write_text("a file where the folder should be")
    assert compiled(folder, kept).gettext("정지") == "Stop"
    assert kept.read_text() == "a file where the folder should be"
