"""Access tokens and websocket keys, by simulated time.

A token lives 24 hours; it is issued once a minute at most, and within six hours of its issue the
same token is given again (KIS: kis.md, section 2).
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto

from kis.simulator.store import Store, Token

LIFE = timedelta(hours=24)
SAME_WITHIN = timedelta(hours=6)
BETWEEN_ISSUES = timedelta(minutes=1)


class Standing(Enum):
    """What a presented token is worth."""

    VALID = auto()
    EXPIRED = auto()
    UNKNOWN = auto()


class Tokens:
    """The tokens of the one app key, kept in the store."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._tokens = {token.token: token for token in store.tokens()}
        answered = store.meta("token_answered")
        self._answered = datetime.fromisoformat(answered) if answered else None
        self._approvals: set[str] = set()

    def issue(self) -> Token | None:
        """Give a token, or None when the last one was given less than a minute ago."""
        now = self._now()
        if self._answered is not None and now - self._answered < BETWEEN_ISSUES:
            return None
        recent = [token for token in self._tokens.values() if now - token.issued < SAME_WITHIN]
        token = recent[-1] if recent else Token(secrets.token_urlsafe(240), now, now + LIFE)
        self._answered = now
        with self._store.transaction():
            self._store.set_meta("token_answered", now.isoformat())
            if not recent:
                self._store.save_token(token)
        self._tokens[token.token] = token
        return token

    def standing(self, text: str) -> Standing:
        token = self._tokens.get(text)
        if token is None:
            return Standing.UNKNOWN
        return Standing.VALID if self._now() < token.expires else Standing.EXPIRED

    def revoke(self, text: str) -> bool:
        """Forget a token; answers whether there was one."""
        if self._tokens.pop(text, None) is None:
            return False
        self._store.delete_token(text)
        return True

    def revoke_all(self) -> None:
        """Forget every token, as KIS was seen to over its maintenance."""
        for text in list(self._tokens):
            self.revoke(text)

    def approve(self) -> str:
        """Give a websocket key."""
        key = secrets.token_hex(16)
        self._approvals.add(key)
        return key

    def approved(self, key: str) -> bool:
        return key in self._approvals
