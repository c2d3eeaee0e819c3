"""Updates one by one, in order, never lost; and the troubles of polling."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.storage.people import People
from bot.telegram.front import ChatClosed, TelegramFront
from tests.bot.telegram.conftest import OWNER, TOKEN, House
from tests.bot.telegram.samples import started


async def test_updates_are_answered_in_the_order_they_came(house: House) -> None:
    for n in range(6):
        await house.chat.send("/help" if n % 2 else "/report")
    await house.settle()
    said = [text.splitlines()[0] for text in await house.chat.said()]
    assert (
        said
        == [
            "아직 끝난 회차가 없습니다. 첫 마감 뒤에 보여 드립니다.",
            "무엇을 하시겠습니까? 골라 주세요.",
        ]
        * 3
    )


@pytest.mark.parametrize(
    "malformed",
    [
        {"message": {"message_id": "nonsense"}},
        {"callback_query": []},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": OWNER, "type": 7}}},
    ],
)
async def test_a_malformed_update_is_counted_and_the_rest_of_its_batch_is_answered(
    house: House, malformed: dict[str, Any]
) -> None:
    await house.chat.send("/help")
    await house.chat.update(malformed)
    await house.chat.send("/report")
    await house.settle()
    assert len(await house.chat.said()) == 2
    assert house.front.polling_loop.malformed == 1


async def test_an_update_of_an_unknown_kind_is_turned_away(house: House) -> None:
    await house.chat.update({"brand_new_thing": {"id": 1}})
    await house.chat.send("/help")
    await house.settle()
    assert len(await house.chat.said()) == 1
    assert house.front.access.turned_away["kind"] == 1


@pytest.mark.fault(78)
async def test_stop_does_not_wait_behind_something_slow(house: House) -> None:
    await house.service.record(started())
    house.service.hold = asyncio.Event()
    await house.chat.send("/plan")
    await house.chat.send("/help")
    await house.chat.send("/stop")
    async with asyncio.timeout(60):
        while not any("정지하면" in text for text in await house.chat.said()):  # noqa: ASYNC110 - the page's own way
            await asyncio.sleep(0.01)
    await house.chat.press("유지하고 정지")
    async with asyncio.timeout(60):
        while not house.service.asked:  # noqa: ASYNC110 - the page's own way
            await asyncio.sleep(0.01)
    assert not any("무엇을 하시겠습니까" in text for text in await house.chat.said())
    house.service.hold.set()
    await house.settle()
    assert any("무엇을 하시겠습니까" in text for text in await house.chat.said())


@pytest.mark.fault(72)
async def test_an_update_that_was_not_handled_when_the_bot_died_is_handled_afterwards(
    house: House,
) -> None:
    house.service.hold = asyncio.Event()
    await house.chat.send("/plan")
    async with asyncio.timeout(60):
        while not house.front.polling_loop._open:  # noqa: ASYNC110 - the loop tells nobody
            await asyncio.sleep(0.005)
    await house.front.stop()
    house.service.hold.set()
    assert await house.chat.said() == []
    await house.restart()
    await house.settle()
    assert len(await house.chat.said()) == 1


@pytest.mark.fault(72)
async def test_what_the_process_before_handled_is_not_handled_again_though_never_confirmed(
    house: House,
) -> None:
    await house.front.stop()
    await house.chat.send("/help")
    polled = await house.chat._post(f"/bot{TOKEN}/getUpdates", {})
    (update,) = polled["result"]
    assert await house.store.first_sight(update["update_id"])
    await house.restart()
    await house.settle()
    assert await house.chat.said() == []


async def test_a_conflict_and_a_lost_connection_are_waited_out(house: House) -> None:
    house.wall.slept.clear()
    await house.chat.fault(method="getUpdates", status=409, count=2)
    await house.chat.fault(method="getUpdates", status=502)
    await house.chat.fault(method="getUpdates", status=429, retry_after=7)
    await house.chat.send("/help")
    await house.settle()
    await house.chat.send("/report")
    await house.settle()
    assert len(await house.chat.said()) == 2
    assert house.wall.slept[:4] == [1.0, 2.0, 4.0, 7]


async def test_pending_updates_of_the_time_before_the_start_are_answered(house: House) -> None:
    await house.front.stop()
    await house.chat.send("/help")
    await house.restart()
    await house.settle()
    assert len(await house.chat.said()) == 1


def another(house: House, address: str, token: str) -> TelegramFront:
    return TelegramFront(
        token=SecretStr(token),
        api_url=address,
        people=People(house.database, owner_id=OWNER, operators=(), language="en"),
        language="en",
        bus=house.service.bus,
        views=house.service.views,
        outbox=house.outbox,
        chat_store=house.store,
        clock=house.market,
        wall=house.wall,
        nursery=house.nursery,
        venue="demo",
        account_hint="",
    )


async def test_a_token_that_telegram_does_not_know_ends_the_start_with_a_sentence(
    house: House,
) -> None:
    front = another(house, house.chat.address, "999999:AAEwrongwrongwrongwrongwrongwrongwr")
    with pytest.raises(ChatClosed, match="TELEGRAM_BOT_TOKEN") as told:
        await front.start()
    assert "999999" not in str(told.value)


@pytest.mark.fault(76)
async def test_a_webhook_is_removed_and_pending_updates_are_kept(house: House) -> None:
    asked: list[tuple[str, dict[str, str]]] = []

    async def answer(request: web.Request) -> web.Response:
        method = request.match_info["method"]
        form = await request.post()
        asked.append((method, {name: str(value) for name, value in form.items()}))
        results: dict[str, Any] = {
            "getMe": {"id": 123456, "is_bot": True, "first_name": "b", "username": "b_bot"},
            "getWebhookInfo": {
                "url": "https://thief.example/",
                "has_custom_certificate": False,
                "pending_update_count": 3,
            },
            "getUpdates": [],
        }
        return web.json_response({"ok": True, "result": results.get(method, True)})

    app = web.Application()
    app.router.add_post("/bot{token}/{method}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    front = another(house, f"http://127.0.0.1:{runner.addresses[0][1]}", TOKEN)
    await front._prepare()
    await front.stop()
    row = await house.database.one("SELECT body FROM journal WHERE type = 'WebhookFound'")
    assert row is not None
    assert "thief.example" in row["body"]
    await runner.cleanup()
    assert ("deleteWebhook", {"drop_pending_updates": "false"}) in asked
    languages = [form.get("language_code") for method, form in asked if method == "setMyCommands"]
    assert languages == [None, "ko", "en"]
