"""What may be asked of the stored daily prices."""

from dataclasses import dataclass
from datetime import date

from bot.commands.command import Command


@dataclass(frozen=True, kw_only=True, slots=True)
class PricesFetched:
    """What is stored of a symbol now; `reason` says why it is not all, "" when it is."""

    symbol: str
    first: date
    last: date
    days: int
    added: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchPrices(Command[PricesFetched]):
    """Bring a symbol's stored daily prices up to date from KIS. Raises MuhanError."""

    symbol: str
