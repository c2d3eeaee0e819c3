"""Who is at the dashboard: one-time keys from the chat, the sessions they begin, wrong keys."""

from collections import deque
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from secrets import token_hex

import structlog

from bot.addresses import on_this_machine
from bot.bus import Bus
from bot.clock import Clock
from bot.commands.panel import ClosePanel, OfferPanel, PanelKey
from bot.control.errors import ControlRefused
from bot.control.model import Login
from bot.events import PanelLocked, PanelOpened
from bot.storage.journal import Recording
from bot.storage.panel_sessions import IDLE, PanelSessions, begin
from bot.storage.people import People, Role
from bot.trading.refusal import Refusal, Why

GOOD_FOR = timedelta(minutes=5)
"""How long a key of /panel opens."""
TRIES = 5
RESTS = timedelta(minutes=1)
"""After so many wrong keys within so long, no key is looked at."""

Record = Callable[[], AbstractAsyncContextManager[Recording]]
"""Open a transaction whose events are journalled, told and published (`Desk.recording`)."""
TOLD_AGAIN = timedelta(hours=1)

log = structlog.get_logger(__name__)


def random_secret() -> str:
    """Make a secret that nobody guesses: 128 bits in 32 hex digits.

    Hex, because the chat's veil would take letters such as "7sh" for a number of shares.
    """
    return token_hex(16)


class Logins:
    """Make keys, take them, and know whose a session is.

    `recording` is where logins are journalled, `address` where people open the dashboard, `wall`
    the machine's clock.
    """

    def __init__(
        self,
        recording: Record,
        sessions: PanelSessions,
        people: People,
        wall: Clock,
        *,
        address: str,
        secret: Callable[[], str] = random_secret,
    ) -> None:
        self._address = address
        self._recording = recording
        self._sessions = sessions
        self._people = people
        self._wall = wall
        self._secret = secret
        self._wrong: deque[datetime] = deque(maxlen=TRIES)
        self._told: datetime | None = None

    def register(self, bus: Bus) -> None:
        """Take the chat's commands about the way in."""
        bus.handle(OfferPanel, self.offer)
        bus.handle(ClosePanel, self.close)

    async def offer(self, command: OfferPanel) -> PanelKey:
        """Make a one-time key for a person."""
        key, now = self._secret(), self._wall.now()
        until = now + GOOD_FOR
        await self._sessions.offer(key, command.user_id, now, until)
        sessions = await self._sessions.count(command.user_id, now)
        return PanelKey(
            # Behind "#": no server, log or preview of a link is sent what stands there.
            link=f"{self._address}/login#{key}",
            here=on_this_machine(self._address),
            valid_until=until,
            sessions=sessions,
        )

    async def close(self, command: ClosePanel) -> int:
        """End all that a person has at the dashboard."""
        ended = await self._sessions.close(command.user_id, self._wall.now(), tap=command.tap)
        if ended is None:
            raise Refusal(Why.TAP_USED)
        return ended

    async def login(self, key: str) -> Login:
        """Use a key up and begin a session. Raises ControlRefused."""
        now = self._wall.now()
        if self._locked(now):
            raise _locked_out()
        session = self._secret()
        async with self._recording() as recording:
            user_id = await begin(recording.transaction, key, session, now)
            if user_id is not None:
                await recording.record(PanelOpened(user_id=user_id))
        if user_id is None:
            await self._note_wrong(now)
            raise _key_over()
        return await self._known(session, user_id, now + IDLE)

    async def whose(self, session: str) -> Login:
        """Say whose a session is, and as what he is let in now. Raises ControlRefused."""
        found = await self._sessions.use(session, self._wall.now())
        if found is None:
            raise session_over()
        return await self._known(session, *found)

    async def logout(self, session: str) -> None:
        """End a session."""
        await self._sessions.end(session)

    async def _known(self, session: str, user_id: int, until: datetime) -> Login:
        person = self._people.of(user_id)
        if person is None:
            await self._sessions.end(session)
            raise session_over()
        return Login(
            session=session,
            user_id=user_id,
            role=person.role,
            name=person.name,
            language=person.language,
            valid_until=until,
        )

    async def _note_wrong(self, now: datetime) -> None:
        """Count a wrong key; the one that locks the door is told, once an hour at most."""
        self._wrong.append(now)
        log.warning("a wrong key to the dashboard")
        if not self._locked(now) or (self._told and now - self._told < TOLD_AGAIN):
            return
        self._told = now
        async with self._recording() as recording:
            await recording.record(PanelLocked())

    def _locked(self, now: datetime) -> bool:
        return len(self._wrong) == TRIES and now - self._wrong[0] < RESTS


def session_over() -> ControlRefused:
    """Say that somebody has to log in anew."""
    return ControlRefused(
        "session_over",
        "로그인이 끝났습니다: 텔레그램에서 /panel 을 보내 새 링크로 들어와 주세요.",
        "The login is over: send /panel in Telegram and come in by the new link.",
    )


def not_allowed(needed: Role) -> ControlRefused:
    """Say that somebody's role does not go so far."""
    korean, english = {
        Role.VIEWER: ("보기 전용", "a viewer"),
        Role.OPERATOR: ("운영자", "an operator"),
        Role.OWNER: ("주인", "the owner"),
    }[needed]
    return ControlRefused(
        "not_allowed",
        f"이 일은 {korean} 권한부터 할 수 있습니다: 주인에게 부탁해 주세요.",
        f"Only {english} or above may do this: ask the owner.",
    )


def _key_over() -> ControlRefused:
    return ControlRefused(
        "key_over",
        "이 링크는 쓸 수 없습니다 (이미 썼거나 5분이 지났거나 틀렸습니다): 텔레그램에서 /panel 을 "
        "다시 보내 주세요.",
        "This link opens nothing (used, older than five minutes, or wrong): send /panel again in "
        "Telegram.",
    )


def _locked_out() -> ControlRefused:
    return ControlRefused(
        "locked_out",
        "틀린 링크가 여러 번 와서 잠시 받지 않습니다: 1분 뒤 새 /panel 링크로 들어와 주세요.",
        "Too many wrong links came, so none is taken for now: wait a minute, then use a new link "
        "of /panel.",
    )
