"""The owner's language: Korean is written in the source, English stands in a gettext catalogue."""

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path

from aiogram.utils.i18n import I18n
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.telegram.markup import Html, fill, fill_plain
from bot.trading.ports import Explain

LOCALES = Path(__file__).parent / "locales"
KOREAN = "ko"
ENGLISH = "en"


class Catalogues(I18n):
    """gettext catalogues compiled in memory: a clean clone needs no build step."""

    def find_locales(self) -> dict[str, gettext.GNUTranslations]:
        sources = sorted(self.path.glob(f"*/LC_MESSAGES/{self.domain}.po"))
        return {source.parent.parent.name: _compiled(source) for source in sources}


@cache
def _compiled(source: Path) -> gettext.GNUTranslations:
    compiled = BytesIO()
    with source.open("rb") as lines:
        write_mo(compiled, read_po(lines))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


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
        self._catalogues = Catalogues(path=LOCALES, default_locale=KOREAN)

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
        return fill(self._translated(text), **figures)

    def plain(self, text: str, **figures: object) -> str:
        return fill_plain(self._translated(text), **figures)

    def _translated(self, text: str) -> str:
        return self._catalogues.gettext(text, locale=self.language)
