"""The token desk: 24 hours a token, the same one within six, one issue a minute (kis.md 2)."""

from datetime import datetime, timedelta

from kis.transport import Reply
from tests.simulation.faults import Fault
from tests.simulation.kis import words
from tests.simulation.kis.book import SEOUL
from tests.simulation.kis.mishaps import Mishaps
from tests.simulation.kis.request import Request
from tests.simulation.world import World

LIFE = timedelta(hours=24)
SAME_WITHIN = timedelta(hours=6)
BETWEEN = timedelta(minutes=1)
_ENDINGS = {Fault.TOKEN_EXPIRED: words.EXPIRED, Fault.TOKEN_REVOKED: words.STRANGE}


class TokenDesk:
    """The tokens of the one app key."""

    def __init__(self, world: World, mishaps: Mishaps) -> None:
        self._world = world
        self._mishaps = mishaps
        self._issued = 0
        self._token = ""
        self._since: datetime | None = None
        self._ends: datetime | None = None
        self._asked_at: datetime | None = None
        self._refusal: dict[str, words.Words] = {}
        self._calls_left: dict[Fault, int] = {}

    def issue(self, request: Request) -> Reply:
        """Answer /oauth2/tokenP."""
        del request
        now = self._world.now
        if self._asked_at is not None and now - self._asked_at < BETWEEN:
            return words.plain(now, words.TOO_OFTEN, status=403)
        self._asked_at = now
        if self._since is None or self._token in self._refusal or now - self._since >= SAME_WITHIN:
            self._issued += 1
            self._token = f"token-{self._world.seed}-{self._issued:04d}"
            self._since, self._ends = now, now + LIFE
            self._shorten()
        ends = (self._ends or now).astimezone(SEOUL)
        body = {
            "access_token": self._token,
            "access_token_token_expired": f"{ends:%Y-%m-%d %H:%M:%S}",
            "token_type": "Bearer",
            "expires_in": 86400,
        }
        return words.plain(now, body)

    def approve(self, request: Request) -> Reply:
        """Answer /oauth2/Approval."""
        key = f"approval-{self._world.seed}-{request.id}"
        return words.plain(self._world.now, {"approval_key": key})

    def turned_away(self, request: Request) -> Reply | None:
        """Refuse a call whose token is not worth anything; None when it may pass."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        self._spoil(token)
        refusal = self._refusal.get(token)
        if refusal is None and token != self._token:
            refusal = words.STRANGE
        if refusal is None and self._ends is not None and self._world.now >= self._ends:
            refusal = words.EXPIRED
        if refusal is None:
            return None
        return words.refused(self._world.now, refusal, rt_cd="1", status=500)

    def _spoil(self, token: str) -> None:
        """End the token before its time, when its calls are used up."""
        if token != self._token or token in self._refusal:
            return
        for fault in list(self._calls_left):
            self._calls_left[fault] -= 1
            if not self._calls_left[fault]:
                self._refusal[token] = _ENDINGS[fault]
                self._mishaps.struck(fault, token)
                self._calls_left.clear()
                return

    def _shorten(self) -> None:
        """Throw for the call at which a new token will be found ended."""
        chance = self._world.chance("kis.tokens")
        self._calls_left = {
            fault: chance.randrange(1, 60) for fault in _ENDINGS if self._mishaps.comes(fault)
        }
