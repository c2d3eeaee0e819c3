"""Who is at the door: a session's person, by the running bot, or by the state file while it is off.

The bot decides as long as it answers. While it does not, the same sessions are found by their hash
in the state file, so that somebody who was let in can go on looking; nothing can be commanded then.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.control.client import ControlClient
from bot.control.errors import BotDown, BotSilent, ControlRefused
from bot.control.model import Login
from bot.dashboard.reading import Reading
from bot.errors import MuhanError
from bot.storage.database import Database
from bot.storage.panel_sessions import holder
from bot.storage.people import People, Person

COOKIE = "muhan_session"
LANGUAGE_COOKIE = "muhan_language"
REMEMBERED = timedelta(seconds=2)
"""A page asks for dozens of files: so long an answer of the bot's is good for all of them."""
LEFT_ALONE = timedelta(seconds=10)
"""So long a bot that hangs is not asked again, so that the pages go on by the state file."""
MOST = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Who the settings name, for the time when the bot cannot be asked."""

    owner_id: int
    operators: frozenset[int]
    language: str


class Doorkeeper:
    """Know sessions. Asked from the web server's and from Streamlit's threads alike."""

    def __init__(
        self, control: ControlClient, reading: Reading, clock: Clock, named: Named
    ) -> None:
        self._control = control
        self._reading = reading
        self._clock = clock
        self._named = named
        self._known: dict[str, tuple[datetime, Login]] = {}
        self._lock = threading.Lock()
        self._silent_at: datetime | None = None

    @property
    def silent(self) -> bool:
        """Tell whether the bot hangs: it was asked a moment ago and gave no answer."""
        at = self._silent_at
        return at is not None and abs(self._clock.now() - at) < LEFT_ALONE

    def known(self, session: str) -> Login | None:
        """Say whose a session is, as what he may be let in now; None for nobody's."""
        if not session:
            return None
        now = self._clock.now()
        with self._lock:
            found = self._known.get(session)
        if found is not None and now - found[0] < REMEMBERED:
            return found[1]
        login = self._ask(session, now)
        with self._lock:
            self._known.pop(session, None)
            while len(self._known) >= MOST:
                self._known.pop(next(iter(self._known)))
            if login is not None:
                # From when the answer came: of a bot that hangs it takes a while.
                self._known[session] = self._clock.now(), login
        return login

    def forget(self, session: str) -> None:
        """Ask anew the next time: a session that was ended is nobody's at once."""
        with self._lock:
            self._known.pop(session, None)

    def _ask(self, session: str, now: datetime) -> Login | None:
        if self.silent:
            return self._by_the_file(session, now)
        try:
            return self._control.whoami(session)
        except ControlRefused:
            return None
        except BotSilent:
            self._silent_at = self._clock.now()
            return self._by_the_file(session, now)
        except BotDown:
            return self._by_the_file(session, now)

    def _by_the_file(self, session: str, now: datetime) -> Login | None:
        try:
            person = self._reading.database(lambda database: self._person(database, session, now))
        except MuhanError:  # a file that cannot be read lets nobody in
            return None
        if person is None:
            return None
        return Login(
            session=session,
            user_id=person.user_id,
            role=person.role,
            name=person.name,
            language=person.language,
            valid_until=now,
        )

    async def _person(self, database: Database, session: str, now: datetime) -> Person | None:
        user_id = await holder(database, session, now)
        if user_id is None:
            return None
        people = People(
            database,
            owner_id=self._named.owner_id,
            operators=self._named.operators,
            language=self._named.language,
        )
        await people.load()
        return people.of(user_id)
