"""Who reads what the bot writes: each in his language, with his choices."""

from collections.abc import Mapping

from bot.storage.people import People, Role
from bot.storage.views import Views
from bot.telegram.catalogue import Words
from bot.telegram.letters import Letters
from bot.telegram.offers import may
from bot.telegram.preferences import Preferences, preferences_of
from bot.telegram.taps import Button


class Readers:
    """Everybody who is told: the owner first. `speech` has the words of every language."""

    def __init__(
        self, people: People, speech: Mapping[str, Words], views: Views, *, venue: str
    ) -> None:
        self._people = people
        self._speech = speech
        self._letters = {
            language: Letters(words, views, venue=venue) for language, words in speech.items()
        }

    def chats(self) -> tuple[int, ...]:
        """List the private chats of everybody who is let in now."""
        return tuple(person.user_id for person in self._people.all())

    def language(self, chat_id: int) -> str:
        return self._people.language(chat_id)

    def words(self, chat_id: int) -> Words:
        return self._speech[self.language(chat_id)]

    def letters(self, chat_id: int) -> Letters:
        """Give what puts letters into a reader's words."""
        return self._letters[self.language(chat_id)]

    def preferences(self, chat_id: int) -> Preferences:
        return preferences_of(self._people, chat_id)

    def sees_amounts(self, chat_id: int) -> bool:
        """Tell whether a reader may see how much money and how many shares there are."""
        return self._role(chat_id) > Role.VIEWER

    def may(self, chat_id: int, button: Button) -> bool:
        """Tell whether a reader may press a button: nobody is offered what would be refused."""
        return may(self._role(chat_id), button)

    def _role(self, chat_id: int) -> Role:
        person = self._people.of(chat_id)
        return Role.VIEWER if person is None else person.role
