"""What has been chosen of a cycle that is to begin; every button of the setup carries it.

So the setup keeps no state of its own: a restart, an old message or two of them do no harm, and
[뒤로] is a button with the earlier choices.
"""

import json
from dataclasses import asdict, dataclass, fields
from decimal import Decimal

from bot.commands import Position
from bot.trading.model import Approval, Unattended
from strategy import versions
from strategy.model import Compounding, Rules

DEFAULT_SPLITS = {"4.0": 40, "3.0": 20, "2.2": 40, "2.1": 40, "1.0": 40}


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """The choices as text ("" for none yet); money is USD, `quantity` shares to be taken over.

    `aside` are shares of the symbol that stay the owner's own. `clear` is his word that no
    reservation orders rest, where the broker lists none.
    """

    symbol: str = ""
    method: str = ""
    splits: str = ""
    seed: str = ""
    compounding: str = ""
    ladder: str = ""
    first_buy: str = ""
    fee: str = ""
    approval: str = Approval.CONFIRM.value
    unattended: str = Unattended.NOTHING.value
    quantity: str = ""
    average: str = ""
    turn: str = ""
    aside: str = ""
    clear: str = ""
    beside: str = ""

    @property
    def takes_over(self) -> bool:
        """Tell whether a position that is held already is to be taken over."""
        return bool(self.quantity)

    @property
    def money(self) -> Decimal:
        return Decimal(self.seed)

    @property
    def set_aside(self) -> int | None:
        return int(self.aside) if self.aside else None

    def rules(self) -> Rules:
        """Write the agreement. Raises StrategyError for what the version does not take."""
        splits = int(self.splits)
        unofficial = splits == versions.UNOFFICIAL_SPLITS
        return versions.rules(
            self.method,
            self.symbol,
            splits,
            target_percent=versions.version(self.method).targets.get(self.symbol),
            unofficial=unofficial,
            compounding=Compounding(self.compounding) if self.compounding else None,
            ladder=int(self.ladder) if self.ladder else None,
            first_buy_percent=Decimal(self.first_buy) if self.first_buy else None,
            fee_percent=Decimal(self.fee) if self.fee else None,
        )

    def position(self) -> Position:
        """Give the position that is to be taken over; `seed` is the cash left for it."""
        return Position(
            rules=self.rules(),
            quantity=int(self.quantity),
            average=Decimal(self.average),
            cash=self.money,
            turn=Decimal(self.turn) if self.turn else None,
            not_ours=self.set_aside,
            no_reservations=bool(self.clear),
            beside=bool(self.beside),
        )


def packed(draft: Draft) -> str:
    """Write the choices that differ from an empty draft."""
    empty = asdict(Draft())
    chosen = {name: value for name, value in asdict(draft).items() if value != empty[name]}
    return json.dumps(chosen, separators=(",", ":"), sort_keys=True)


def unpacked(text: str) -> Draft:
    """Read choices; those of an older program that are not known any more are left out."""
    known = {field.name for field in fields(Draft)}
    found = json.loads(text) if text else {}
    return Draft(**{name: str(value) for name, value in found.items() if name in known})
