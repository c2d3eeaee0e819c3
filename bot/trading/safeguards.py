"""What guards the account beside the rounds: modes, emergency stop, codes, consent, people."""

from collections.abc import Callable

from bot.bus import Bus
from bot.clock import Clock
from bot.trading.codes import Codes
from bot.trading.consent import Consent
from bot.trading.lock import Lock
from bot.trading.membership import Membership
from bot.trading.modes import Modes
from bot.trading.service import Trading


class Safeguards:
    """All of them on one desk; `wall` is the machine's clock, `secret` reads the app's secret."""

    def __init__(self, trading: Trading, *, wall: Clock, secret: Callable[[], str]) -> None:
        desk = trading.desk
        self.codes = Codes(desk, wall, secret)
        trading.silence.codes = self.codes
        self.lock = Lock(trading, self.codes)
        self.modes = Modes(desk, self.codes)
        self.consent = Consent(desk)
        self.membership = Membership(desk, wall)

    def register(self, bus: Bus) -> None:
        """Become the handler of every command about them."""
        for part in (self.lock, self.modes, self.consent, self.membership):
            part.register(bus)
