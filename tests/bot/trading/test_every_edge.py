"""Every edge of an order's life is reached by the real code, and no other one is."""

from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands import Pause, ResolveAmbiguous, Resume
from bot.events import OrderAccepted
from bot.storage.order_projections import WrongTurn
from bot.storage.views import OrderView
from bot.trading.life import TRANSITIONS, before
from bot.trading.model import OrderState
from tests.bot.trading.counter import List, Say
from tests.bot.trading.floor import ALICE, DAY, NEXT, Floor, on_floor, table_of, world
from tests.simulation.lives import edges

TABLE = table_of(DAY)
S = OrderState
QUIET, MINUTE, SECOND = timedelta(minutes=10), timedelta(minutes=1), timedelta(seconds=1)
Edge = tuple[OrderState, OrderState]


async def order_of(floor: Floor) -> OrderView:
    """The evening's first order."""
    order = await floor.views.order(floor.counter.placed[0].key)
    assert order is not None
    return order


def twin(floor: Floor, count: int = 1, *, late: bool = False) -> None:
    """Have orders like the first one come in, whosever they are."""
    lands = TABLE.send_from + QUIET - SECOND if late else None
    for _ in range(count):
        floor.counter.post(floor.counter.placed[0], session=DAY, lands=lands)


async def send(floor: Floor, *says: Say) -> None:
    floor.counter.script = deque(says)
    await floor.live(TABLE.send_from)


async def say(floor: Floor, number: str | None) -> None:
    slot = floor.counter.placed[0].key
    await floor.bus.ask(ResolveAmbiguous(slot=slot, order_number=number, by=ALICE))


async def a_pause_and_its_end(floor: Floor) -> None:
    await floor.owner.pause(Pause(everything=True, by=ALICE))
    await send(floor)
    await floor.owner.resume(Resume(by=ALICE))
    await floor.look()


async def a_try_that_was_turned_away_stands(floor: Floor) -> None:
    await send(floor, Say.GATEWAY)
    twin(floor)
    await floor.live(TABLE.send_from + 3 * MINUTE)


async def an_order_that_was_never_sent_stands(floor: Floor) -> None:
    await send(floor, Say.NOT_SENT)
    floor.counter.prices["TQQQ"] = None
    await floor.live(TABLE.deadline)
    floor.counter.post(floor.counter.placed[0], session=DAY, lands=TABLE.send_from + MINUTE)
    await floor.live(TABLE.settle_at)


async def a_refused_order_stands(floor: Floor) -> None:
    await send(floor, Say.REFUSE)
    twin(floor)
    await floor.live(TABLE.verify_at)


async def a_refused_order_has_twins(floor: Floor) -> None:
    await send(floor, Say.REFUSE)
    twin(floor, 2)
    await floor.live(TABLE.verify_at)


async def an_order_that_was_never_sent_has_twins(floor: Floor) -> None:
    await send(floor, Say.NOT_SENT)
    floor.counter.prices["TQQQ"] = None
    await floor.live(TABLE.deadline)
    for _ in range(2):
        floor.counter.post(floor.counter.placed[0], session=DAY, lands=TABLE.send_from + MINUTE)
    await floor.live(TABLE.settle_at)


async def an_absent_order_stands(floor: Floor) -> None:
    await send(floor, Say.UNKNOWN_LOST)
    await floor.live(TABLE.send_from + QUIET)
    twin(floor, late=True)
    await floor.live(TABLE.verify_at)


async def an_absent_order_has_twins(floor: Floor) -> None:
    await send(floor, Say.UNKNOWN_LOST)
    await floor.live(TABLE.send_from + QUIET)
    twin(floor, 2, late=True)
    await floor.live(TABLE.verify_at)


async def candidates_and_a_third(floor: Floor) -> None:
    await send(floor, Say.UNKNOWN_ACCEPTED)
    twin(floor)
    await floor.live(TABLE.send_from + MINUTE)
    twin(floor)
    await floor.live(TABLE.send_from + 10 * MINUTE)
    await say(floor, (await order_of(floor)).candidates[0])


async def none_of_the_candidates(floor: Floor) -> None:
    await send(floor, Say.UNKNOWN_LOST)
    twin(floor, 2)
    await floor.live(TABLE.send_from + MINUTE)
    await say(floor, None)


async def a_question_without_an_answer(floor: Floor) -> None:
    await send(floor, Say.UNKNOWN_LOST)
    twin(floor, 2)
    await floor.live(TABLE.settle_again_at + MINUTE)
    await say(floor, None)


async def left_unknown(floor: Floor) -> None:
    await floor.look(TABLE.propose_at)
    floor.counter.script = deque([Say.UNKNOWN_LOST])
    await floor.look(TABLE.deadline - 5 * MINUTE)
    await floor.live(TABLE.deadline + QUIET)
    assert (await order_of(floor)).state is S.UNKNOWN_TOLD


async def left_unknown_and_found(floor: Floor) -> None:
    await left_unknown(floor)
    floor.counter.post(floor.counter.placed[0], session=DAY, lands=TABLE.deadline)
    await floor.live(TABLE.settle_at)


async def left_unknown_and_doubled(floor: Floor) -> None:
    await left_unknown(floor)
    for _ in range(2):
        floor.counter.post(floor.counter.placed[0], session=DAY, lands=TABLE.deadline)
    await floor.live(TABLE.settle_at)


async def fills_that_come_in_parts(floor: Floor) -> None:
    await send(floor)
    target = (await order_of(floor)).order_number or ""
    for filled in (3, 7, 30):
        floor.counter.fill(target, filled, "57.50")
        await floor.trading.settler.book(DAY)


async def ends_of_every_kind(floor: Floor) -> None:
    """Cancelled, refused late and filled in part before the close, the rest dies with it."""
    await send(floor)
    cancelled, refused, part = (await floor.orders())[:3]
    await floor.trading.canceller.cancel(cancelled, ALICE)
    floor.counter.end(refused.order_number or "", "증거금 부족")
    floor.counter.fill(part.order_number or "", 1, "54.49", done=True)
    floor.counter.closes[DAY] = floor.counter.closes[NEXT] = floor.counter.default_close + 6
    await floor.live(TABLE.settle_again_at + MINUTE)
    ended = {order.state for order in await floor.orders()}
    assert ended == {S.CANCELLED, S.REJECTED_LATE, S.CLOSED_PARTIAL, S.EXPIRED}
    for order in await floor.orders():
        floor.counter.fill(order.order_number or "", order.filled + 1, "54.00", done=True)
    await floor.live(table_of(NEXT).propose_at + MINUTE)


SCENES: tuple[Callable[[Floor], Awaitable[None]], ...] = (
    a_pause_and_its_end,
    a_try_that_was_turned_away_stands,
    an_order_that_was_never_sent_stands,
    a_refused_order_stands,
    a_refused_order_has_twins,
    an_order_that_was_never_sent_has_twins,
    an_absent_order_stands,
    an_absent_order_has_twins,
    candidates_and_a_third,
    none_of_the_candidates,
    a_question_without_an_answer,
    left_unknown_and_found,
    left_unknown_and_doubled,
    fills_that_come_in_parts,
    ends_of_every_kind,
)


@pytest.mark.fault(30, 31, 32, 33)
async def test_every_edge_is_reached_by_the_real_code(tmp_path: Path) -> None:
    crossed: set[Edge] = set()
    for scene in SCENES:
        async with on_floor(tmp_path / scene.__name__, world()) as floor:
            await floor.begin()
            await scene(floor)
            crossed |= set(edges(await floor.entries()))
    table = {(one, other) for one, after in TRANSITIONS.items() for other in after}
    assert table - crossed == set(), "in the table, and nothing goes there"
    assert crossed - table == set()


async def test_a_wrong_turn_is_not_written(floor: Floor) -> None:
    """An order that stands cannot be accepted once more: the whole transaction is void."""
    await floor.begin()
    await send(floor)
    order = await order_of(floor)
    entries = await floor.entries()
    with pytest.raises(WrongTurn, match="open -> open"):
        async with floor.trading.desk.recording() as recording:
            await recording.record(OrderAccepted(slot=order.slot.key, order_number="777"))
    assert await floor.entries() == entries
    assert (await order_of(floor)).order_number == order.order_number


def test_the_states_before_are_the_table_read_backwards() -> None:
    for after in OrderState:
        assert set(before(after)) == {one for one in OrderState if after in TRANSITIONS[one]}


async def test_an_incomplete_list_gives_up_nothing(floor: Floor) -> None:
    await floor.begin()
    await send(floor, Say.UNKNOWN_LOST)
    floor.counter.always_list = List.INCOMPLETE
    await floor.live(TABLE.send_from + 3 * QUIET)
    assert (await order_of(floor)).state is S.UNKNOWN
