"""What can go wrong at the counter, named by what the caller must do.

    KisError
    ├── ReadError               a question was not answered; nothing at the broker changed
    │   ├── KisUnavailable      wait, try again later
    │   │   └── ReadRefused     the same, and KIS said why (code, message)
    │   ├── KisBadAnswer        do not believe it: malformed or incomplete, never a number
    │   ├── KisUnknownSymbol    name another: no US exchange that KIS serves lists the symbol
    │   ├── KisNotOffered       do without it: KIS has no such call in this environment
    │   └── KisAuthError        fix the keys
    └── OrderError              an order POST did not end in a receipt
        ├── OrderNotSent        nothing was written: it may be sent later
        ├── OrderGatewayRefused never reached the order system: the rate, the token
        ├── OrderRefused        definite: KIS refused it (code, message)
        └── OrderUnknown        it may stand at the broker: look it up, never send it again

A wrong argument (a price off the tick, a MOC buy) is a `ValueError` raised before anything is
written. No message carries a key, a secret, a token or the account number.
Errors with a code say what it means as `meaning`: kind, cause and remedy (kis/codes).
"""

from kis.codes import Meaning, lookup


class KisError(Exception):
    """The root of everything that this package raises on purpose."""


class ReadError(KisError):
    """A question to KIS was not answered."""


class KisUnavailable(ReadError):
    """Wait and try again: no connection, a time-out, a server error or the rate limit."""


class ReadRefused(KisUnavailable):
    """KIS answered a read with a refusal; in maintenance it does so for every read."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message}".strip())
        self.code = code
        self.message = message

    @property
    def meaning(self) -> Meaning | None:
        """What KIS's code and words mean, where the dictionary knows it."""
        return lookup(self.code, self.message)


class KisBadAnswer(ReadError):
    """The answer is malformed or incomplete; nothing of it is used as a number."""


class KisUnknownSymbol(ReadError):
    """KIS lists no such symbol on any US exchange; it answered, and that is what it said."""

    def __init__(self, symbol: str) -> None:
        super().__init__(f"KIS lists no {symbol} on NASDAQ, NYSE or AMEX")
        self.symbol = symbol


class KisNotOffered(ReadError):
    """KIS has no such call in this environment; nothing was asked, and nothing is known."""


class KisAuthError(ReadError):
    """KIS does not accept the keys, or a token that was issued a moment ago."""


class OrderError(KisError):
    """An order or a cancel did not end in a receipt."""


class OrderNotSent(OrderError):
    """Nothing was written to KIS: no connection, or no token to ask with."""


class OrderGatewayRefused(OrderError):
    """The gateway turned the order away before the order system: the rate or the token."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message}".strip())
        self.code = code
        self.message = message

    @property
    def meaning(self) -> Meaning | None:
        """What KIS's code and words mean, where the dictionary knows it."""
        return lookup(self.code, self.message)


class OrderRefused(OrderError):
    """KIS refused the order, definitely."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message}".strip())
        self.code = code
        self.message = message

    @property
    def meaning(self) -> Meaning | None:
        """What KIS's code and words mean, where the dictionary knows it."""
        return lookup(self.code, self.message)


class OrderUnknown(OrderError):
    """Nobody knows whether the order stands at the broker."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
