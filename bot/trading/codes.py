"""The codes of the owner's authenticator app, each of them good once."""

import unicodedata
from collections.abc import Callable
from datetime import timedelta

from bot import totp
from bot.clock import Clock
from bot.errors import MuhanError
from bot.events import CodeRefused
from bot.storage.database import Transaction
from bot.storage.lock_projections import last_step, wrong_codes
from bot.trading.desk import Desk
from bot.trading.model import Actor
from bot.trading.refusal import Refusal, Why

TRIES = 5
RESTS = timedelta(minutes=10)
"""After so many wrong codes in a row none is looked at for so long."""


class Codes:
    """Look codes up. `wall` is the machine's clock, `secret` reads the secret, "" for none."""

    def __init__(self, desk: Desk, wall: Clock, secret: Callable[[], str]) -> None:
        self._desk = desk
        self._wall = wall
        self._secret = secret

    @property
    def known(self) -> bool:
        """Tell whether there is a secret to make codes from; one that cannot be read is none."""
        try:
            return bool(self._secret())
        except MuhanError:
            return False

    @property
    def needed(self) -> bool:
        """Tell whether the emergency stop is lifted by a code: always where money is real."""
        try:
            return self._desk.real or bool(self._secret())
        except MuhanError:
            return True  # a secret that cannot be read opens nothing

    async def step_of(self, code: str, by: Actor) -> int:
        """Find the half minute of a code; a wrong one is journalled and told.

        Raises Refusal: no secret, no six digits, a wrong code, too many wrong ones.
        """
        secret, typed = self._secret(), _digits(code)
        if not secret:
            raise Refusal(Why.NO_SECRET)
        if len(typed) != totp.DIGITS:
            raise Refusal(Why.CODE_SHAPE)
        async with self._desk.recording() as recording:
            since = self._desk.clock.now() - RESTS
            if await wrong_codes(recording.transaction, since) >= TRIES:
                raise Refusal(Why.CODE_LATER)
            step = totp.step_of(secret, typed, self._wall.now())
            if step is None:
                await recording.record(CodeRefused(by=by))
        if step is None:
            raise Refusal(Why.CODE_WRONG)
        return step

    @staticmethod
    async def unused(tx: Transaction, step: int | None) -> None:
        """Refuse, in the transaction of its effect, a code that was used or that is older."""
        if step is not None and step <= await last_step(tx):
            raise Refusal(Why.CODE_USED)


def _digits(code: str) -> str:
    """Read "123 456" and full-width digits; whatever is no digit otherwise makes it no code."""
    plain = unicodedata.normalize("NFKC", code)
    joined = "".join(plain.replace("-", " ").split())
    return joined if joined.isascii() and joined.isdigit() else ""
