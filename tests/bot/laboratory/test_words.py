import pytest

from bot.laboratory import words
from bot.laboratory.words import Language, all_words, word


def test_a_word_is_said_in_either_language_with_its_values() -> None:
    assert word(Language.KO, "dca", parts=40) == "적립식 (40거래일)"
    assert word(Language.EN, "dca", parts=40) == "averaging (40 sessions)"


def test_english_pictures_need_no_hangul() -> None:
    assert all(letter.isascii() for letter in all_words(Language.EN))
    assert "존버" in all_words(Language.KO)


@pytest.mark.parametrize("name", sorted(words._WORDS))
def test_both_languages_take_the_same_values(name: str) -> None:
    korean, english = words._WORDS[name]
    assert _fields(korean) == _fields(english)


def _fields(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}
