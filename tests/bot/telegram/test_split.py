import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.entities import units as chat_units
from bot.chat.html import read_html
from bot.telegram.markup import fill, without_markup
from bot.telegram.split import split, units

TEXTS = st.text(alphabet=st.sampled_from("가나 ab<&>\n\"'🎓$1"), min_size=1, max_size=60)


@st.composite
def html(draw: st.DrawFn) -> str:
    parts: list[str] = []
    for _ in range(draw(st.integers(1, 6))):
        tags = draw(st.lists(st.sampled_from(["b", "code", "i", "u"]), max_size=2, unique=True))
        opening = "".join(f"<{tag}>" for tag in tags)
        closing = "".join(f"</{tag}>" for tag in reversed(tags))
        parts.append(fill(f"{opening}{{text}}{closing}", text=draw(TEXTS)))
    return "".join(parts)


@given(html(), st.integers(2, 40))
@pytest.mark.fault(70)
def test_pieces_are_valid_short_enough_and_join_to_the_whole(whole: str, limit: int) -> None:
    pieces = split(whole, limit)
    read = [read_html(piece).text for piece in pieces]
    assert "".join(read) == read_html(whole).text
    assert all(chat_units(text) <= limit for text in read)


def test_a_short_text_stays_one_piece() -> None:
    assert split("<b>짧다</b>") == ["<b>짧다</b>"]


def test_a_cut_prefers_the_end_of_a_line() -> None:
    assert split("abc\ndefgh", 6) == ["abc\n", "defgh"]


def test_tags_open_at_a_cut_are_opened_again() -> None:
    assert split("<code>abcdef</code>", 3) == ["<code>abc</code>", "<code>def</code>"]


@pytest.mark.parametrize(("text", "count"), [("a", 1), ("가", 1), ("🎓", 2)])
def test_length_is_counted_in_utf16_units(text: str, count: int) -> None:
    assert units(text) == count


@pytest.mark.fault(70)
def test_a_refused_message_keeps_its_words_without_markup() -> None:
    assert without_markup(fill("<b>{a}</b> & co", a="1 < 2")) == "1 < 2 & co"
