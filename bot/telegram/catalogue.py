"""The owner's language: Korean is written in the source, English stands in a gettext catalogue."""

import gettext
from functools import cache
from pathlib import Path
from string import Formatter

from bot.telegram.compiled import compiled
from bot.telegram.markup import Html, fill, fill_plain
from bot.trading.ports import Explain

LOCALES = Path(__file__).parent / "locales"
KOREAN = "ko"
ENGLISH = "en"
LANGUAGES = (KOREAN, ENGLISH)


@cache
def _translations(language: str) -> gettext.NullTranslations:
    """Read a language's catalogue; Korean, which is the source, needs none."""
    folder = LOCALES / language / "LC_MESSAGES"
    return compiled(folder) if folder.is_dir() else gettext.NullTranslations()


def mark(text: str) -> str:
    """Name a text for translation where it is kept in a table; `Words` translates it when said."""
    return text


class Words:
    """Say things in the owner's language.

    `say` gives HTML with every figure escaped, `plain` text for places without markup. `explain`
    knows what the broker's own words mean.
    """

    def __init__(self, language: str = KOREAN, *, explain: Explain = lambda _: None) -> None:
        self.language = language
        self._explain = explain

    @property
    def korean(self) -> bool:
        return self.language != ENGLISH

    def meaning(self, reason: str) -> Html | None:
        """Say what a reason of the broker's means and what to do, where that is known."""
        found = self._explain(reason)
        if found is None:
            return None
        cause, remedy = (pair[not self.korean] for pair in (found.cause, found.remedy))
        return self.say("뜻: {cause}\n할 일: {remedy}", cause=cause, remedy=remedy)

    def remedy(self, reason: str) -> Html | None:
        """Say what to do about a reason of the broker's, where that is known."""
        found = self._explain(reason)
        if found is None:
            return None
        return self.say("→ {remedy}", remedy=found.remedy[not self.korean])

    def say(self, text: str, **figures: object) -> Html:
        return fill(self._translated(text, figures), **figures)

    def plain(self, text: str, **figures: object) -> str:
        return fill_plain(self._translated(text, figures), **figures)

    def _translated(self, text: str, figures: dict[str, object]) -> str:
        spoken = _translations(self.language)
        counted = spoken.ngettext(text, text, _number(text, figures))
        return counted if counted != text else spoken.gettext(text)


def _number(text: str, figures: dict[str, object]) -> int:
    """Find the number that decides a text's plural form: its first whole figure."""
    names = (name for _, name, _, _ in Formatter().parse(text) if name)
    values = (figures.get(name) for name in names)
    return next((abs(value) for value in values if isinstance(value, int)), 1)
