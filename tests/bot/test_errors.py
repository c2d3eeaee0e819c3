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
    bases = {
        node.name: [base.id for base in node.bases if isinstance(base, ast.Name)]
        for source in SOURCES.rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }

    def is_ours(name: str) -> bool:
        return name == "MuhanError" or any(map(is_ours, bases.get(name, ())))

    tree = re.findall(r"── (\w+) ", errors.__doc__ or "")
    assert sorted(tree) == sorted(name for name in bases if is_ours(name) and name != "MuhanError")
