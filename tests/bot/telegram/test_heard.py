"""What is said and pressed reaches its handler, in the hands of whoever said it."""

import json
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.storage.people import LANGUAGE, Role
from bot.telegram.menu import BY_NAME, COMMANDS, Job
from tests.bot.telegram.conftest import FRIEND, OWNER, House, captions
from tests.bot.telegram.samples import started

AS_FRIEND: dict[str, Any] = {"as": {"id": FRIEND, "name": "친구"}}


async def first_lines(house: House, chat_id: int = OWNER) -> list[str]:
    await house.settle()
    return [text.splitlines()[0] for text in await house.chat.said(chat_id)]


@pytest.mark.parametrize(
    "said", ["/today", "/오늘", "오늘", "오늘 soxl", "TODAY", "/today@muhan_bot"]
)
async def test_a_command_is_known_by_its_korean_name_and_without_a_slash(
    house: House, said: str
) -> None:
    await house.chat.send(said)
    assert (await first_lines(house))[-1].startswith("아직 회차가 없습니다")


async def test_the_keyboard_below_the_chat_comes_once_and_holds_only_harmless_commands(
    house: House,
) -> None:
    for _ in range(2):
        await house.chat.send("/start")
    await house.settle()
    boards = [call for call in await house.chat.calls("sendMessage") if "keyboard" in _markup(call)]
    assert [[key["text"] for key in row] for row in _markup(boards[0])["keyboard"]] == snapshot(
        [["오늘", "상태", "사이클"], ["손익", "주문", "도움"]]
    )
    assert len(boards) == 1


def _markup(call: dict[str, Any]) -> dict[str, Any]:
    markup = call.get("reply_markup") or {}
    return json.loads(markup) if isinstance(markup, str) else markup


async def test_every_job_of_the_help_is_a_button_and_every_command_of_it_too(house: House) -> None:
    await house.chat.send("/help")
    await house.settle()
    assert captions(await house.chat.last()) == snapshot(
        ["매일", "안전", "사이클과 성과", "돈과 시세", "설정", "관리", "용어와 위험 안내"]
    )
    await house.chat.press("안전")
    await house.settle()
    shown = await house.chat.last()
    assert "/비상정지" in shown["text"], "edited in place"
    assert captions(shown) == snapshot(
        ["일시정지", "재개", "정지", "비상정지", "해제", "모드", "다른 일 보기"]
    )
    await house.chat.press("일시정지")
    assert (await first_lines(house))[-1].startswith("무엇을 쉴까요?")


def test_every_command_is_in_one_job_of_the_help() -> None:
    assert {entry.job for entry in COMMANDS} == set(Job)
    names = [name for entry in COMMANDS for name in (entry.name, *entry.aliases)]
    assert len(names) == len(set(names)), "no two commands share a name"


@pytest.mark.parametrize("text", ["😀", "안녕", "a" * 400])
async def test_what_is_no_command_is_answered_with_buttons(house: House, text: str) -> None:
    await house.chat.send(text)
    assert (await first_lines(house))[-1] == (
        "말로 하는 지시는 받지 않습니다. 아래 버튼을 눌러 주세요."
    )
    assert captions(await house.chat.last()) == ["첫 화면", "도움말"]


async def test_a_huge_message_is_not_read(house: House) -> None:
    await house.chat.send("/stop " + "9" * 3000)
    assert (await first_lines(house))[-1].startswith("너무 긴 글이라")
    assert not house.service.asked


async def test_a_viewer_sees_percentages_and_no_amount_and_may_press_nothing(house: House) -> None:
    await house.service.record(started())
    await house.pair(FRIEND, Role.VIEWER)
    await house.chat.send("/status", **AS_FRIEND)
    shown = (await first_lines(house, FRIEND), (await house.chat.said(FRIEND))[-1])[1]
    assert "18.8%" in shown
    assert "$" not in shown.replace("•••", "")
    assert "37주" not in shown
    await house.chat.send("/stop", **AS_FRIEND)
    refused = (await first_lines(house, FRIEND))[-1]
    assert refused == "보기 전용이라 할 수 없는 일입니다. 바뀐 것은 없습니다."
    await house.chat.send("/setup", **AS_FRIEND)
    assert (await first_lines(house, FRIEND))[-1].startswith("주인만 할 수 있는 일입니다.")


async def test_each_person_is_answered_in_his_own_language(house: House) -> None:
    await house.front.desk.people.set(OWNER, LANGUAGE, "en")
    await house.chat.send("/help")
    assert (await first_lines(house))[-1] == "What would you like to do? Please choose."
    assert "Every day" in captions(await house.chat.last())


async def test_a_typed_answer_goes_to_its_question_and_a_command_ends_it(house: House) -> None:
    store, wall = house.store, house.wall
    await store.ask(OWNER, "seed", {"cycle": "1"}, expires_at=None)
    kept = await store.question(OWNER, wall.now())
    assert kept is not None
    assert kept.data == {"cycle": "1"}
    await house.chat.send("/today")
    await house.settle()
    assert await store.question(OWNER, wall.now()) is None


def test_what_lets_orders_out_is_refused_when_it_is_old() -> None:
    assert {entry.name for entry in COMMANDS if entry.fresh} == snapshot(
        {"resume", "unlock", "buynow", "mode", "setup"}
    )
    assert not BY_NAME["stop"].fresh
