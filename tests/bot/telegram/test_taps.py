"""Buttons: once, by whom they were made for, in time, and over restarts."""

from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.commands import ApproveRound, Pause, Resume, SkipRound, Stop, StopAnswer
from bot.events import OrderAbsent, OrderSent, OrderUnknown, RoundApproved
from bot.storage.keeping import BUTTONS
from bot.telegram import texts
from bot.telegram.catalogue import Words
from bot.telegram.taps import (
    MOST_SHARED,
    QUESTIONS,
    SHARED_FOR,
    Action,
    Button,
    Kind,
    Nonce,
    packed,
    unpacked,
)
from bot.trading.model import SCHEDULE, Approval
from bot.trading.refusal import Why
from tests.bot.telegram.conftest import FRIEND, OWNER, House, captions, key
from tests.bot.telegram.samples import ROUND, SLOTS, proposed, slots_of, started

USED = "이미 누른 버튼입니다. 두 번 처리하지 않았습니다."


def test_a_button_carries_nothing_but_a_nonce_of_128_bits() -> None:
    data = Nonce(nonce="A" * 22).pack()
    assert data == "c:" + "A" * 22
    assert len(data.encode()) <= 64


@pytest.mark.parametrize("kind", list(Kind))
def test_an_action_survives_the_database(kind: Kind) -> None:
    action = Action(kind=kind, round_id="r", digest="d", slot="s", command="today")
    assert unpacked(packed(action)) == action


async def test_only_a_question_has_the_same_key_again(house: House) -> None:
    taps = house.front.desk.taps

    async def offered(kind: Kind, who: int = OWNER, seconds: int = 0) -> str:
        button = Button(caption="?", action=Action(kind=kind, round_id=ROUND))
        valid_for = timedelta(seconds=seconds) if seconds else None
        made = await taps.keyboard(who, [[button]], valid_for=valid_for)
        return str(made.inline_keyboard[0][0].callback_data)

    for kind in Kind:
        same = await offered(kind) == await offered(kind)
        assert same is (kind in QUESTIONS)
    assert await offered(Kind.WHY, FRIEND) != await offered(Kind.WHY)
    assert await offered(Kind.WHY, seconds=60) != await offered(Kind.WHY)


async def test_a_questions_key_is_shared_for_thirty_days_and_then_a_new_one_is(
    house: House,
) -> None:
    taps, button = house.front.desk.taps, Button(caption="?", action=Action(kind=Kind.WHY))

    async def offered() -> str:
        made = await taps.keyboard(OWNER, [[button]])
        return str(made.inline_keyboard[0][0].callback_data)

    first = await offered()
    house.wall.at += SHARED_FOR
    assert await offered() == first
    house.wall.at += timedelta(seconds=1)
    assert await offered() != first
    assert BUTTONS - timedelta(days=30) > SHARED_FOR  # a button that shares it lives on for a month


async def test_no_more_shared_keys_are_kept_than_agreed(house: House) -> None:
    taps = house.front.desk.taps
    for number in range(MOST_SHARED // 50 + 2):
        actions = [Action(kind=Kind.WHY, round_id=f"{number}.{one}") for one in range(50)]
        await taps.keyboard(OWNER, [[Button(caption="?", action=each) for each in actions]])
    assert len(taps._shared()) == MOST_SHARED


@pytest.mark.fault(73)
async def test_a_tap_is_acknowledged_and_carried_out_once(house: House) -> None:
    await house.service.record(started(), proposed())
    await house.settle()
    card = await house.chat.having("승인")
    data = key(card, "승인")
    await house.chat.press("승인", message=card)
    await house.settle()
    (asked,) = house.service.asked
    assert isinstance(asked, ApproveRound)
    assert (asked.round_id, asked.digest, asked.by.user_id) == (ROUND, "d1", OWNER)
    assert len(await house.chat.calls("answerCallbackQuery")) == 1
    now = next(m for m in await house.chat.messages() if m["id"] == card["id"])
    assert captions(now) == ["오늘 건너뛰기", "새로고침", "왜 이렇게?"]
    assert "승인됨" in now["text"]
    await again(house, card["id"], data)
    assert len(house.service.asked) == 1
    assert (await house.chat.said())[-1] == USED


async def again(house: House, message_id: int, data: str, who: int = OWNER) -> None:
    """Press a button that may be gone by now, as an old client would."""
    await house.chat.update(
        {
            "callback_query": {
                "id": "77",
                "from": {"id": who, "is_bot": False, "first_name": "주인"},
                "chat_instance": "1",
                "data": data,
                "message": {
                    "message_id": message_id,
                    "date": 1,
                    "chat": {"id": who, "type": "private"},
                },
            }
        }
    )
    await house.settle()


@pytest.mark.fault(73)
async def test_a_tap_pressed_twice_in_one_batch_acts_once(house: House) -> None:
    await house.service.record(started(), proposed())
    await house.settle()
    card = await house.chat.having("승인")
    await house.chat.press("승인", message=card)
    await again(house, card["id"], key(card, "승인"))
    assert len(house.service.asked) == 1


async def test_a_button_still_works_after_a_restart(house: House) -> None:
    await house.service.record(started(), proposed())
    await house.settle()
    await house.restart()
    await house.chat.press("승인")
    await house.settle()
    assert len(house.service.asked) == 1


@pytest.mark.fault(73, 74)
async def test_a_used_button_stays_used_after_a_restart(house: House) -> None:
    await house.service.record(started(), proposed())
    await house.settle()
    card = await house.chat.having("승인")
    await house.chat.press("승인")
    await house.settle()
    await house.restart()
    await again(house, card["id"], key(card, "승인"))
    assert len(house.service.asked) == 1


@pytest.mark.parametrize("data", ["c:" + "x" * 22, "approve", "", "c:a:b"])
async def test_a_made_up_tap_does_nothing(house: House, data: str) -> None:
    await house.service.record(started(), proposed())
    await house.settle()
    await again(house, 1, data)
    assert house.service.asked == []
    assert (await house.chat.said())[-1].startswith("이 버튼은 더 이상 쓸 수 없습니다")


async def test_a_foreign_tap_does_nothing(house: House) -> None:
    action = packed(Action(kind=Kind.STOP_KEEP))
    nonce = await house.store.offer(FRIEND, action, expires_at=None)
    await again(house, 1, f"c:{nonce}")
    assert house.service.asked == []
    assert (await house.chat.said())[-1].startswith("다른 사람의 버튼입니다")


@pytest.mark.fault(74)
async def test_a_previewed_command_expires_after_sixty_seconds(house: House) -> None:
    await house.chat.send("/stop")
    await house.settle()
    house.wall.at += timedelta(seconds=60)
    await house.chat.press("취소하고 정지")
    await house.settle()
    assert house.service.asked == []
    assert (await house.chat.said())[-1].startswith("이 버튼은 만료되었습니다")


@pytest.mark.fault(74)
async def test_the_approval_button_does_not_expire_but_is_void_when_the_plan_changes(
    house: House,
) -> None:
    await house.service.record(started(), proposed())
    await house.settle()
    card = await house.chat.having("승인")
    house.wall.at += timedelta(hours=6)
    await house.service.record(proposed(digest="d2"))
    await house.settle()
    await again(house, card["id"], key(card, "승인"))
    assert house.service.asked == []
    assert (await house.chat.said())[-1].startswith("그사이 계획이 바뀌어")
    await house.chat.press("승인")
    await house.settle()
    assert [command.digest for command in house.service.asked] == ["d2"]


async def test_stop_asks_and_its_message_becomes_the_receipt(house: House) -> None:
    await house.chat.send("/stop")
    await house.settle()
    question = await house.chat.having("취소하고 정지")
    assert captions(question) == ["유지하고 정지", "취소하고 정지", "그만두기"]
    await house.chat.press("취소하고 정지")
    await house.settle()
    (asked,) = house.service.asked
    assert isinstance(asked, Stop)
    assert asked.cancel
    assert await house.chat.said() == ["정지했습니다 · 18:20:00 · 취소 4/4건 확인"]
    assert captions(await house.chat.last()) == ["다시 시작", "미체결 보기"]


async def test_a_stop_says_what_may_still_stand(house: House) -> None:
    house.service.stopped = StopAnswer(asked=4, confirmed=2, left=1)
    await house.chat.send("/stop")
    await house.settle()
    await house.chat.press("취소하고 정지")
    await house.settle()
    assert (await house.chat.said())[-1] == snapshot("""\
정지했습니다 · 18:20:00 · 취소 2/4건 확인
⚠️ 1건은 한투에 남아 있을 수 있습니다. 아래에서 보고 앱에서 취소해 주세요.\
""")


async def test_a_stop_without_open_orders_counts_no_cancels(house: House) -> None:
    house.service.stopped = StopAnswer(asked=0, confirmed=0, left=0)
    await house.chat.send("/stop")
    await house.settle()
    await house.chat.press("취소하고 정지")
    await house.settle()
    assert (await house.chat.said())[-1] == "정지했습니다 · 18:20:00 · 취소할 주문은 없었습니다."


async def test_never_mind_changes_nothing_and_voids_itself(house: House) -> None:
    await house.chat.send("/pause")
    await house.settle()
    await house.chat.press("그만두기")
    await house.settle()
    assert house.service.asked == []
    assert await house.chat.said() == ["그만두었습니다. 바뀐 것은 없습니다."]


@pytest.mark.parametrize(("caption", "everything"), [("매수만", False), ("모두", True)])
async def test_pause_and_resume_go_by_two_taps(
    house: House, caption: str, *, everything: bool
) -> None:
    await house.chat.send("/pause")
    await house.settle()
    await house.chat.press(caption)
    await house.settle()
    await house.chat.send("/resume")
    await house.settle()
    await house.chat.press("다시 시작")
    await house.settle()
    pause, resume = house.service.asked
    assert isinstance(pause, Pause)
    assert pause.everything is everything
    assert isinstance(resume, Resume)


async def test_resume_with_nothing_to_resume_says_so(house: House) -> None:
    await house.chat.send("/resume")
    await house.settle()
    assert await house.chat.said() == ["이미 가동 중입니다. 바뀐 것은 없습니다."]


@pytest.mark.parametrize(
    ("approval", "caption"), [(Approval.CONFIRM, "건너뛰기"), (Approval.AUTO, "오늘 건너뛰기")]
)
async def test_skipping_takes_a_second_tap(house: House, approval: Approval, caption: str) -> None:
    await house.service.record(started(approval), proposed(approval))
    await house.settle()
    await house.chat.press(caption)
    await house.settle()
    assert house.service.asked == []
    await house.chat.press("건너뛰기", message=await house.chat.last())
    await house.settle()
    (asked,) = house.service.asked
    assert isinstance(asked, SkipRound)
    assert "건너뜀" in "\n".join(await house.chat.said())


async def test_alert_only_rounds_have_no_button_that_orders(house: House) -> None:
    await house.service.record(started(Approval.ALERT), proposed(Approval.ALERT))
    await house.settle()
    card = await house.chat.last()
    assert captions(card) == ["표로 보기", "새로고침", "왜 이렇게?"]
    assert "주문은 직접 내 주세요" in card["text"]


async def test_an_absent_order_offers_to_be_sent_again_once(house: House) -> None:
    slot = SLOTS[2].key
    await house.service.record(
        started(),
        proposed(),
        RoundApproved(round_id=ROUND, slots=slots_of(proposed().plan, ROUND), by=SCHEDULE),
        OrderSent(slot=slot, tries=1, baseline=()),
        OrderUnknown(slot=slot, reason="ReadTimeout"),
        OrderAbsent(slot=slot, may_resend=True),
    )
    await house.settle()
    await house.chat.press("다시 보내기")
    await house.settle()
    (asked,) = house.service.asked
    assert asked.slot == slot
    assert "다시 보내도록 했습니다. 결과는 회차 메시지에 나옵니다." in await house.chat.said()


async def test_a_refusal_becomes_a_sentence(house: House) -> None:
    for why in Why:
        house.service.refuse = why
        await house.chat.send("/pause")
        await house.settle()
        await house.chat.press("모두")
        await house.settle()
        assert (await house.chat.said())[-1] == Words().say(texts.WHYS[why])
    assert house.service.asked == []
