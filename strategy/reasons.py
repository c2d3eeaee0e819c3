"""Why an order is what it is, or why there is none: a code, its figures, and the sentence in words.

An order carries a `Reason`; the words are made only when somebody reads them. In a sentence the
figures stand in the order of the formula that they come from (method.md, section 2 on).
"""

from dataclasses import dataclass
from decimal import Decimal

from strategy.price import CENT, round_half_up, shown
from strategy.sentences import TEXTS, ReasonCode

__all__ = ["NO_REASON", "Figure", "Reason", "ReasonCode"]

Figure = Decimal | int

_NAMES = {code: tuple(names.split()) for code, (names, _, _) in TEXTS.items()}
_IN_CENTS = frozenset(
    {"price", "star", "line", "unit", "cap", "highest", "dearer", "floor", "cash", "principal"}
)


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its figures, in the order that the code's sentence names them.

    Prices and sums are USD, factors plain (1.19 is 19 % more), quantities shares.
    """

    code: ReasonCode
    figures: tuple[Figure, ...] = ()

    def sentence(self, language: str) -> str:
        """Put the reason into words, "ko" or "en", with its figures; no full stop."""
        _, korean, english = TEXTS[self.code]
        named = self.named()
        shown_ = {name: _shown(name, value) for name, value in named.items()}
        return (korean if language == "ko" else english).format(**shown_)

    def named(self) -> dict[str, Figure]:
        """Give the figures by the names that the sentences use."""
        return dict(zip(_NAMES[self.code], self.figures, strict=True))


NO_REASON = Reason(ReasonCode.NONE)


def _shown(name: str, value: Figure) -> str:
    if isinstance(value, int):
        return str(value)
    return f"{round_half_up(value, CENT):f}" if name in _IN_CENTS else shown(value)
