from bot.commands import ApproveRound
from bot.events import FillBooked, OrderAccepted, OrderClosed, OrderSent, RoundSubmitted
from bot.trading.model import OrderState
from tests.bot.telegram.conftest import OWNER, House, captions
from tests.bot.telegram.samples import CLOSE, ROUND, SETTLED, SLOTS, proposed, started


async def test_a_day_goes_from_the_card_to_the_result_in_one_living_message(house: House) -> None:
    await house.service.record(started(), proposed())
    await house.settle()
    card = await house.chat.having("승인")
    await house.chat.press("승인")
    await house.settle()
    assert [type(command) for command in house.service.asked] == [ApproveRound]
    for number, slot in enumerate(SLOTS):
        await house.service.record(
            OrderSent(slot=slot.key, tries=1, baseline=()),
            OrderAccepted(slot=slot.key, order_number=f"{number:010}"),
        )
    await house.service.record(RoundSubmitted(round_id=ROUND))
    await house.settle()
    fill = FillBooked(slot=SLOTS[3].key, quantity=2, price=SETTLED.close or SETTLED.fees)
    closed = [
        OrderClosed(
            slot=slot.key,
            state=OrderState.FILLED if slot is SLOTS[3] else OrderState.EXPIRED,
            reason="",
        )
        for slot in SLOTS
    ]
    await house.service.record(fill, *closed, SETTLED, at=CLOSE)
    await house.settle()
    messages = await house.chat.messages(OWNER)
    for message in messages:
        print(message["id"], message["text"], captions(message), "\n")
    final = next(message for message in messages if message["id"] == card["id"])
    assert "결과: 매수 2주 $99.10 체결" in final["text"]


async def test_start_shows_the_home_card(house: House) -> None:
    await house.service.record(started())
    await house.chat.send("/start")
    await house.settle()
    print(await house.chat.last())
