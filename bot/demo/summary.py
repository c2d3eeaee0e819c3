"""What a headless run comes to: counted from the bot's own journal and the simulator's book."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp

from bot.figures import exact
from bot.storage.database import opened
from bot.storage.views import UNRESOLVED, OrderView, RoundView, Views
from bot.trading.model import RoundState
from strategy.model import Cycle

ENDED = (RoundState.SETTLED, RoundState.SKIPPED, RoundState.LAPSED, RoundState.MISSED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """A finished run's ledger and rounds."""

    cycle: Cycle
    rounds: tuple[RoundView, ...]
    unresolved: int


async def read_run(database: Path) -> Played:
    """Read the only cycle of a demo's state file."""
    async with opened(database) as base:
        views = Views(base)
        (view,) = await views.cycles()
        return Played(
            cycle=view.cycle,
            rounds=await views.rounds_in(*RoundState),
            unresolved=len(await views.orders_in(*UNRESOLVED)),
        )


def document(played: Played, market: dict[str, Any], close: Decimal) -> dict[str, Any]:
    """Describe a run as command-line.md lays it down; `market` is the simulator's own state."""
    cycle = played.cycle
    orders = [order for each in played.rounds for order in each.orders]
    realized = sum(
        (each.settlement.realized for each in played.rounds if each.settlement), Decimal(0)
    )
    return {
        "days": len(played.rounds),
        "rounds": sum(each.state is RoundState.SETTLED for each in played.rounds),
        "orders": sum(order.order_number is not None for order in orders),
        "fills": sum(order.filled > 0 for order in orders),
        "turn": exact(cycle.turn),
        "quantity": cycle.quantity,
        "average": exact(cycle.average),
        "cash": exact(cycle.cash),
        "realized": exact(realized),
        "equity": exact(cycle.cash + cycle.quantity * close),
        "duplicates": duplicates(orders, market),
        "unresolved": played.unresolved,
        "journal_sha256": fingerprint(played.rounds),
    }


def duplicates(orders: list[OrderView], market: dict[str, Any]) -> int:
    """Count orders at the broker beyond those that the journal asked for, by their looks."""
    asked = Counter(
        (
            order.session.isoformat(),
            order.slot.symbol,
            order.slot.side.value,
            order.slot.type.value,
            order.slot.quantity,
            Decimal(order.slot.price or 0),
        )
        for order in orders
        if order.slot.attempt == 1
    )
    stood = Counter(
        (
            str(row["day"]),
            str(row["symbol"]),
            str(row["side"]),
            str(row["type"]),
            int(row["quantity"]),
            Decimal(str(row["price"] or 0)),
        )
        for row in market["orders"]
        if row["kind"] == "new"
    )
    return sum((stood - asked).values())


def fingerprint(rounds: tuple[RoundView, ...]) -> str:
    """Hash what the journal says of every round: plan, orders and their ends, settlement."""
    hashed = hashlib.sha256()
    for each in rounds:
        lines = [each.round_id, each.state.value, each.digest]
        lines += [
            f"{order.slot.index} {order.state.value} {order.filled} {order.fill_price}"
            for order in sorted(each.orders, key=lambda order: order.slot.key)
            if order.order_number is not None
        ]
        if each.settlement is not None:
            after = each.settlement.after
            lines.append(
                f"{exact(after.turn)} {after.quantity} {exact(after.average)} {exact(after.cash)}"
            )
        hashed.update("\n".join(lines).encode())
    return hashed.hexdigest()


async def market_state(simulator_url: str) -> dict[str, Any]:
    """Ask the simulator for all its orders."""
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{simulator_url}/simulator/state") as answer,
    ):
        state: dict[str, Any] = json.loads(await answer.text())
    return state
