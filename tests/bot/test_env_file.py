"""`.env` is written at once, for the owner's eyes, and what it says comes back."""

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_settings import DotEnvSettingsSource

from bot.env_file import write, write_all
from bot.settings import Settings

LINES = "# a note\nexport KIS_ACCOUNT=1\nOTHER='a b'\n\nKIS_HTS_ID=first\nKIS_HTS_ID=second\n"


def read(path: Path, name: str) -> str | None:
    return DotEnvSettingsSource(Settings, env_file=path).env_vars.get(name.lower())


@given(value=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])))
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_what_is_read(
    value: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("env") / ".env"
    try:
        write(path, "KIS_HTS_ID", value)
    except ValueError:
        assert not value.isprintable() or "${" in value
        assert not path.exists()
    else:
        assert read(path, "KIS_HTS_ID") == value


def test_every_other_line_stays_and_the_line_that_counts_is_changed(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(LINES)
    write_all(path, {"KIS_HTS_ID": "new", "KIS_ACCOUNT": "2", "MUHAN_VENUE": "paper"})
    assert path.read_text() == (
        "# a note\nKIS_ACCOUNT=2\nOTHER='a b'\n\nKIS_HTS_ID=first\nKIS_HTS_ID=new\n"
        "MUHAN_VENUE=paper\n"
    )
    assert read(path, "KIS_HTS_ID") == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_draft_that_a_power_cut_left_is_in_nobodys_way(tmp_path: Path) -> None:
    path, draft = tmp_path / ".env", tmp_path / ".env.new"
    draft.write_text("half a li")
    draft.chmod(0o644)
    write(path, "MUHAN_VENUE", "mock")
    assert path.read_text() == "MUHAN_VENUE=mock\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not draft.exists()


def test_a_value_that_env_cannot_carry_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(LINES)
    for value in ("two\nlines", "${HOME}"):
        with pytest.raises(ValueError, match="one line"):
            write_all(path, {"MUHAN_VENUE": "mock", "KIS_HTS_ID": value})
    assert path.read_text() == LINES


def test_a_link_leads_to_the_file_that_is_written(tmp_path: Path) -> None:
    place, link = tmp_path / "kept" / "env", tmp_path / ".env"
    place.parent.mkdir()
    place.write_text("MUHAN_VENUE=mock\n")
    link.symlink_to(place)
    write(link, "MUHAN_VENUE", "paper")
    assert link.is_symlink()
    assert place.read_text() == "MUHAN_VENUE=paper\n"
