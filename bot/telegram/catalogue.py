"""The owner's language: Korean is written in the source, English stands in a gettext catalogue."""

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter

from aiogram.utils.i18n import I18n
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.telegram.markup import Html, fill, fill_plain
from bot.trading.ports import Explain

LOCALES = Path(__file__).parent / "locales"
KOREAN = "ko"
ENGLISH = "en"
LANGUAGES = (KOREAN, ENGLISH)


class Catalogues(I18n):
    """gettext catalogues compiled in memory: a clean clone needs no build step."""

    def find_locales(self) -> dict[str, gettext.GNUTranslations]:
        folders = sorted(self.path.glob("*/LC_MESSAGES"))
        return {folder.parent.name: _compiled(folder) for folder in folders}


def catalogue(folder: Path) -> Catalog:
    """Read a language's catalogue: a file for each family of commands, taken as one."""
    whole = Catalog(locale=folder.parent.name)
    for source in sorted(folder.glob("*.po")):
        with source.open("rb") as lines:
            for message in read_po(lines, locale=folder.parent.name):
                if message.id:
                    whole[message.id] = message
    return whole


@cache
def _compiled(folder: Path) -> gettext.GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, catalogue(folder))
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
        return fill(self._translated(text, figures), **figures)

    def plain(self, text: str, **figures: object) -> str:
        return fill_plain(self._translated(text, figures), **figures)

    def _translated(self, text: str, figures: dict[str, object]) -> str:
        number = _number(text, figures)
        counted = self._catalogues.gettext(text, text, number, locale=self.language)
        if counted != text:
            return counted
        return self._catalogues.gettext(text, locale=self.language)


def _number(text: str, figures: dict[str, object]) -> int:
    """Find the number that decides a text's plural form: its first whole figure."""
    names = (name for _, name, _, _ in Formatter().parse(text) if name)
    values = (figures.get(name) for name in names)
    return next((abs(value) for value in values if isinstance(value, int)), 1)
