"""What the rooms of performance share: reading the words behind a command, and who sees amounts."""

from collections.abc import Callable, Mapping

from bot.storage.people import Role
from bot.telegram.arguments import Arguments, Misunderstood, read
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk
from bot.telegram.korean import with_particle

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
    example: tuple[str, str] = ("", ""),
) -> Arguments:
    """Read what stands behind a command; `words` are its own.

    One that says which kinds it `takes` raises Misunderstood for anything else, with its `example`.
    """
    today = desk.today
    known = words | PICTURE
    found = read(asked.text.replace("#", " "), today=today, words=known)
    if takes is None:
        return found
    strange = [word for word in found.words if word not in known]
    others = any(kind not in takes and there(found) for kind, there in _OTHER.items())
    unclear = found.amount is not None and found.count is None
    if strange or others or unclear or found.percent is not None:
        raise _only(takes, example, strange[0] if strange else asked.text)
    return found


def _only(takes: tuple[str, ...], example: tuple[str, str], word: str) -> Misunderstood:
    """Say that a word means nothing here, and what would."""
    shown = word[:LONGEST_WORD]
    if any(example):
        return Misunderstood(
            f"여기서는 '{shown}'의 뜻을 모릅니다. 이렇게 써 주세요: {example[0]}",
            f"'{shown}' means nothing here. Write it like this: {example[1]}",
        )
    korean, english = (", ".join(_NAMES[kind][which] for kind in takes) for which in (0, 1))
    return Misunderstood(
        f"여기서는 '{shown}'의 뜻을 모릅니다. 이것만 읽습니다: {korean}.",
        f"'{shown}' means nothing here. Only this is read: {english}.",
    )


def sees_amounts(desk: Desk) -> bool:
    """Tell whether the person may see money and shares, in pictures too."""
    return desk.person.role is not Role.VIEWER


def only(found: Arguments, *kinds: str) -> Arguments:
    """Let nothing stand behind a command but the kinds named. Raises Misunderstood.

    `kinds` are fields of `Arguments`.
    """
    if found.words:
        raise Misunderstood(
            f"{with_particle(repr(found.words[0][:30]), '은')} 알아듣지 못했습니다."
            " 아래 버튼을 쓰거나 종목, 날짜, 숫자만 적어 주세요.",
            f"{found.words[0][:30]!r} was not understood."
            " Use the buttons, or write a symbol, a date or a number.",
        )
    for kind in ("symbol", "day", "amount", "percent"):
        if kind not in kinds and getattr(found, kind) is not None:
            raise Misunderstood(
                f"이 명령은 그런 것을 받지 않습니다: {getattr(found, kind)}.",
                f"This command takes no such thing: {getattr(found, kind)}.",
            )
    return found
