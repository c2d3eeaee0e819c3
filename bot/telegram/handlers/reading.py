"""What the rooms of performance share: reading the words behind a command, and who sees amounts."""

from collections.abc import Callable, Mapping

from bot.clock import SEOUL
from bot.storage.people import Role
from bot.telegram.arguments import Arguments, Misunderstood, read
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk

PICTURE = frozenset({"그림", "picture"})
LONGEST_WORD = 30

SYMBOL, COUNT, DAY = "symbol", "count", "day"
_NAMES: Mapping[str, tuple[str, str]] = {
    SYMBOL: ("종목", "a symbol"),
    COUNT: ("번호", "a number"),
    DAY: ("날짜", "a date"),
}
_OTHER: Mapping[str, Callable[[Arguments], bool]] = {
    SYMBOL: lambda found: found.symbol is not None,
    COUNT: lambda found: found.amount is not None,
    DAY: lambda found: found.day is not None,
}


def given(
    desk: Desk,
    asked: Asked,
    words: frozenset[str] = frozenset(),
    *,
    takes: tuple[str, ...] | None = None,
) -> Arguments:
    """Read what stands behind a command; `words` are its own.

    One that says which kinds it `takes` raises Misunderstood for anything else.
    """
    today = desk.clock.now().astimezone(SEOUL).date()
    known = words | PICTURE
    found = read(asked.text.replace("#", " "), today=today, words=known)
    if takes is None:
        return found
    strange = [word for word in found.words if word not in known]
    others = any(kind not in takes and there(found) for kind, there in _OTHER.items())
    unclear = found.amount is not None and found.count is None
    if strange or others or unclear or found.percent is not None:
        raise _only(takes, words, strange[0] if strange else asked.text)
    return found


def _only(takes: tuple[str, ...], words: frozenset[str], word: str) -> Misunderstood:
    """Say what may stand there; the words of its own by a few of them."""
    korean = [*(_NAMES[kind][0] for kind in takes), *sorted(w for w in words if not w.isascii())]
    english = [*(_NAMES[kind][1] for kind in takes), *sorted(w for w in words if w.isascii())]
    shown = word[:LONGEST_WORD]
    return Misunderstood(
        f"여기서는 이것만 읽습니다: {', '.join(korean)}. '{shown}' 대신 버튼을 눌러도 됩니다.",
        f"Only this is read here: {', '.join(english)}. Press a button instead of '{shown}'.",
    )


def sees_amounts(desk: Desk) -> bool:
    """Tell whether the person may see money and shares, in pictures too."""
    return desk.person.role is not Role.VIEWER
