from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.entities import units
from bot.chat.errors import Refusal
from bot.chat.formatting import parse
from bot.chat.html import read_html

REFUSED = [
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("x <b", "Unclosed start tag at byte offset 2"),
    ("<br>", 'Unsupported start tag "br" at byte offset 0'),
    ("<b/>", 'Unsupported start tag "b/" at byte offset 0'),
    ("한글<script>", 'Unsupported start tag "script" at byte offset 6'),
    ("<b>unclosed", 'Can\'t find end tag corresponding to start tag "b"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    (
        "<b><i>test</b></i>",
        'Unmatched end tag at byte offset 10, expected "</i>", found "</b>"',
    ),
    ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<a href=x/>y</a>", "Unexpected end of name token at byte offset 8"),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ("<a href", 'Unclosed start tag "a" at byte offset 0'),
    (
        "<b bold>x</b>",
        'Expected equal sign in declaration of an attribute of the tag "b" at byte offset 0',
    ),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    (
        "&#xD800;",
        (
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        ),
    ),
]


@pytest.mark.parametrize(("source", "sentence"), REFUSED)
def test_broken_html_is_refused_in_telegrams_words(source: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {sentence}"


TAGS = [
    ("b", "bold"),
    ("strong", "bold"),
    ("i", "italic"),
    ("em", "italic"),
    ("u", "underline"),
    ("ins", "underline"),
    ("s", "strikethrough"),
    ("strike", "strikethrough"),
    ("del", "strikethrough"),
    ("tg-spoiler", "spoiler"),
    ("code", "code"),
    ("pre", "pre"),
    ("blockquote", "blockquote"),
]


@pytest.mark.parametrize(("tag", "kind"), TAGS)
def test_every_tag_of_telegram_becomes_its_entity(tag: str, kind: str) -> None:
    read = read_html(f"a<{tag}>😀b</{tag.upper()}>c")
    assert read.text == "a😀bc"
    assert read.entities == ({"type": kind, "offset": 1, "length": 3},)


def test_links_languages_and_spoiler_spans_keep_their_argument() -> None:
    read = read_html(
        '<a href="https://a.b/?x=1&amp;y=2">w</a><pre><code class="language-py">p</code></pre>'
        '<span class="tg-spoiler">s</span><blockquote expandable>q</blockquote>'
    )
    assert [entity["type"] for entity in read.entities] == [
        "text_link",
        "pre",
        "spoiler",
        "expandable_blockquote",
    ]
    assert read.entities[0]["url"] == "https://a.b/?x=1&y=2"
    assert read.entities[1]["language"] == "py"


def test_a_link_that_runs_a_script_loses_its_address_and_keeps_its_words() -> None:
    assert read_html('<a href="javascript:alert(1)">w</a>').entities == ()


def test_references_are_read_and_unknown_ones_stay_as_they_are() -> None:
    assert (
        read_html("&lt;&gt;&amp;&quot;&#65;&#x42; &nbsp; & 1 > 0").text == '<>&"AB &nbsp; & 1 > 0'
    )


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")))
def test_escaped_text_comes_back_unchanged_and_unmarked(text: str) -> None:
    read = read_html(escape(text, quote=False))
    assert read.text == text
    assert read.entities == ()


def test_surrounding_space_is_trimmed_and_entities_move_with_the_text() -> None:
    read = parse("\n <b>a </b>\n", "HTML", None)
    assert read.text == "a"
    assert read.entities == ({"type": "bold", "offset": 0, "length": 1},)


def test_commands_and_addresses_mark_themselves_outside_code() -> None:
    read = parse("/kill 1/2 <code>/no</code> https://a.b/c.", "HTML", None)
    found = [(e["type"], e["offset"], e["length"]) for e in read.entities]
    assert found == [("bot_command", 0, 5), ("code", 10, 3), ("url", 14, 13)]


def test_given_entities_outside_the_text_are_refused() -> None:
    for entity, sentence in [
        (
            {"type": "bold", "offset": 100, "length": 1},
            "entity begins after the end of the text at UTF-16 offset 100",
        ),
        (
            {"type": "bold", "offset": 0, "length": 100},
            (
                "entity beginning at UTF-16 offset 0 ends after the end of the text "
                "at UTF-16 offset 100"
            ),
        ),
        ({"type": "bold", "offset": -1, "length": 1}, "receive an entity with incorrect offset -1"),
        (
            {"type": "odd", "offset": 0, "length": 1},
            "can't parse MessageEntity: Unsupported type specified",
        ),
    ]:
        with pytest.raises(Refusal) as refused:
            parse("hello", "", [entity])
        assert refused.value.description == f"Bad Request: {sentence}"


def test_a_unit_is_half_an_emoji() -> None:
    assert units("한a😀") == 4
