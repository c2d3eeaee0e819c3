import ast
import re
from pathlib import Path

import bot
from bot import errors
from bot.errors import MuhanError, SettingsError

SOURCES = Path(bot.__file__).parent


def test_a_sentence_is_korean_unless_english_is_asked_for() -> None:
    error = SettingsError("열쇠가 없습니다.", "There is no key.")
    assert str(error) == error.sentence() == error.sentence("ko") == "열쇠가 없습니다."
    assert error.sentence("en") == "There is no key."
    assert MuhanError("한 줄").sentence("en") == "한 줄"


def test_the_tree_in_the_docstring_names_every_error_that_ends_in_a_sentence() -> None:
    children = [
        (node.name, base.id)
        for source in SOURCES.rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if isinstance(base, ast.Name)
    ]
    ours, found = {"MuhanError"}, 0
    while found < len(ours):
        found = len(ours)
        ours |= {name for name, base in children if base in ours}
    tree = re.findall(r"── (\w+) ", errors.__doc__ or "")
    assert sorted(["MuhanError", *tree]) == sorted(ours)
