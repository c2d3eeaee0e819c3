import re

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.entities import Formatted, units
from bot.chat.formatting import parse
from bot.chat.rendering import to_html

OURS = re.compile(
    r"</?(?:b|i|u|s|code|pre|blockquote|span|button|a)"
    r'(?: (?:tabindex|class|role|aria-label|type|data-command|href|target|rel)="[^"<>]*")*>'
)
KINDS = ["bold", "code", "pre", "text_link", "spoiler", "bot_command", "url", "blockquote"]


def test_a_message_of_the_bot_is_rendered_with_our_tags() -> None:
    read = parse('<b>T</b> 7 &lt; 8\n<pre>x</pre> <a href="https://a.b/">l</a>', "HTML", None)
    assert to_html(read) == (
        '<b>T</b> 7 &lt; 8\n<pre tabindex="0"><code>x</code></pre> '
        '<a href="https://a.b/" target="_blank" rel="noopener noreferrer nofollow">l</a>'
    )


@given(st.data(), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_nothing_but_our_tags_reaches_the_page(data: st.DataObject, text: str) -> None:
    length = units(text)
    entities = []
    for _ in range(data.draw(st.integers(0, 4))):
        begin = data.draw(st.integers(0, length))
        size = data.draw(st.integers(0, length - begin))
        address = data.draw(st.sampled_from(["javascript:x", 'https://a"><script>', "tg://x"]))
        kind = data.draw(st.sampled_from(KINDS))
        entities += [{"type": kind, "offset": begin, "length": size, "url": address}] * (size > 0)
    html = to_html(Formatted(text=text, entities=tuple(entities)))
    rest = OURS.sub("", html)
    assert "<" not in rest
    assert ">" not in rest
    assert 'href="javascript' not in html


@given(st.data())
def test_overlapping_marks_nest_and_close_in_order(data: st.DataObject) -> None:
    entities = tuple(
        {"type": data.draw(st.sampled_from(["bold", "italic", "code"])), "offset": n, "length": m}
        for n, m in data.draw(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4)), max_size=4))
    )
    html = to_html(Formatted(text="abcdefghij", entities=entities))
    open_tags: list[str] = []
    for slash, tag in re.findall(r"<(/?)(\w+)>", html):
        if slash:
            assert open_tags.pop() == tag
        else:
            open_tags.append(tag)
    assert not open_tags
    assert re.sub(r"<[^>]*>", "", html) == "abcdefghij"
