"""What comes over KIS's plain-text websocket is a hint: no order is sized or priced by it."""

import ast
from decimal import Decimal
from pathlib import Path

from bot.events import QuoteSeen
from tests.bot.trading.floor import DAY, on_floor, table_of, world

ROOT = Path(__file__).resolve().parents[2]
TOLD_BY_THE_SOCKET = {"QuoteSeen", "Trade", "OrderBook", "StreamGap", "ExecutionNotice"}
HINTED = {
    "bot/trading/broker.py",  # hands on that something came
    "bot/trading/watch.py",  # asks KIS over TLS because of it, and shows a price
}


def named(path: Path) -> set[str]:
    """Give every name that a module speaks."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def test_no_room_that_sizes_or_sends_orders_knows_what_the_socket_tells() -> None:
    rooms = (ROOT / "bot/trading").rglob("*.py")
    knowing = {str(path.relative_to(ROOT)) for path in rooms if named(path) & TOLD_BY_THE_SOCKET}
    assert knowing == HINTED


async def orders(path: Path, *, lie: Decimal | None) -> list[tuple[str, str, int, Decimal | None]]:
    """Live through an evening's sending; a lie is told of the symbol's price before each look."""
    table = table_of(DAY)
    async with on_floor(path, world()) as floor:
        await floor.begin()
        for at in (table.propose_at, table.send_from, table.verify_at):
            if lie is not None:
                floor.bus.publish(QuoteSeen(symbol="TQQQ", price=lie, at=floor.clock.at))
            await floor.live(at)
        return [
            (each.key, each.type.value, each.quantity, each.price) for each in floor.counter.placed
        ]


async def test_an_evening_of_lies_about_the_price_sends_the_same_orders(tmp_path: Path) -> None:
    truth = await orders(tmp_path / "truth", lie=None)
    assert len(truth) > 3
    assert await orders(tmp_path / "low", lie=Decimal("0.01")) == truth
    assert await orders(tmp_path / "high", lie=Decimal(99999)) == truth
