"""Korean particles, which follow the sound of the word before them."""

_PAIRS = {
    "은": ("은", "는"),
    "는": ("은", "는"),
    "이": ("이", "가"),
    "가": ("이", "가"),
    "을": ("을", "를"),
    "를": ("을", "를"),
    "과": ("과", "와"),
    "와": ("과", "와"),
    "으로": ("으로", "로"),
    "로": ("으로", "로"),
}
PARTICLES = frozenset(_PAIRS)

_FIRST, _LAST = ord("가"), ord("힣")
_FINALS = 28
_RIEUL = 8
# How the last letter or digit is read aloud in Korean: which end in a consonant, which in ㄹ.
_CLOSED = frozenset("lmnr013678LMNR")
_CLOSED_BY_RIEUL = frozenset("lr178LR")


def with_particle(word: str, particle: str) -> str:
    """Join a word and the form of a particle that its last sound asks for.

    `particle` is either form (은 or 는). A last letter or digit counts as it is read in Korean.
    """
    closed, open_ = _PAIRS[particle]
    final, rieul = _last_sound(word)
    if particle in {"으로", "로"} and rieul:
        return word + open_
    return word + (closed if final else open_)


def _last_sound(word: str) -> tuple[bool, bool]:
    heard = [character for character in word if character.isalnum()]
    if not heard:
        return False, False
    code = ord(heard[-1])
    if _FIRST <= code <= _LAST:
        final = (code - _FIRST) % _FINALS
        return final != 0, final == _RIEUL
    return heard[-1] in _CLOSED, heard[-1] in _CLOSED_BY_RIEUL
