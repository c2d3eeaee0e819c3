"""/guide, the cards about risk, the three questions, and the consent that they lead to."""

# ruff: noqa: E501 - a message's lines are as long as they are

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from bot.events import ConsentGiven
from bot.telegram import cautions
from bot.telegram.catalogue import LANGUAGES, Words
from bot.telegram.glossary import TERMS, found
from tests.bot.telegram.conftest import MARKET_WALL, OWNER, Chat
from tests.bot.telegram.room import Room, room_on, shown
from tests.bot.telegram.samples import HOME

RIGHT = (
    "더 살 수 없고 손해를 보며 팔 수 있다",
    "제자리보다 낮다",
    "다시 보내지 않고 찾아보며 알린다",
)


@pytest.fixture
async def room(chat: Chat, tmp_path: Path) -> AsyncIterator[Room]:
    MARKET_WALL.at, MARKET_WALL.slept, MARKET_WALL.gate = HOME, [], None
    async with room_on(chat, tmp_path / "state", venue="real") as opened:
        yield opened


async def read_the_cards(room: Room) -> None:
    await room.say("/guide 위험")
    for _ in range(len(cautions.CARDS) - 1):
        await room.press("다음")
    await room.press("세 가지만 여쭙겠습니다")


async def test_the_terms_are_buttons_and_each_is_one_sentence_or_two(room: Room) -> None:
    assert shown(await room.say("/guide")) == snapshot("""\
궁금한 말을 눌러 주세요. 처음이라면 위험 안내부터 읽어 주세요.
[위험 안내 읽기]
[무한매수법] [사이클] [회차]
[분할] [1회매수금] [T값]
[시드] [잔금] [평단]
[별지점] [목표 매도] [쿼터 매도]
[LOC] [MOC] [큰수 매수]
[급락 대비] [소진] [리버스]
[쿼터손절] [복리와 단리] [승인 방식]
[정산]
[도움말] [첫 화면]\
""")
    assert (await room.press("별지점"))["text"] == snapshot("""\
별지점
사고파는 경계가 되는 값입니다. 평단에 별%를 더한 값이고, T가 늘수록 별%는 내려갑니다.\
""")
    assert (await room.press("LOC"))["text"] == snapshot("""\
LOC
장 마감 때의 종가로, 내 값보다 나쁘지 않을 때만 체결되는 주문입니다 (장마감 지정가).\
""")


@pytest.mark.parametrize("text", ["t", "T값", "Star", "별%", "loc", "졸업"])
async def test_a_term_is_found_by_any_of_its_names(room: Room, text: str) -> None:
    term = found(Words(), text)
    assert term is not None
    answer = await room.say(f"/용어 {text}")
    assert answer["text"].endswith(term.meaning)


@pytest.mark.parametrize("text", ["없는말", "🙂", "x" * 300, "<b>"])
async def test_a_word_that_is_not_there_is_answered_with_the_list(room: Room, text: str) -> None:
    answer = await room.say(f"/guide {text}")
    assert "여기 없는 말입니다" in answer["text"]
    assert len(answer["text"]) < 120


async def test_the_risks_are_read_asked_about_and_agreed_to(room: Room) -> None:
    await room.say("/setup")
    await room.press("위험 안내 읽기")
    assert shown(await room.chat.last()) == snapshot("""\
위험 안내 1/5
살 돈이 떨어질 수 있습니다 (소진)
계속 내리면 나눠 둔 돈을 다 씁니다. 그때부터는 더 싸게 사서 평단을 낮출 수 없고, 손해를 보며 파는 날이 옵니다. 과거에도 여러 번 있었습니다.
[다음]
[용어]\
""")
    for _ in range(len(cautions.CARDS) - 1):
        page = await room.press("다음")
    assert shown(page) == snapshot("""\
위험 안내 5/5
봇도 멈출 수 있습니다
컴퓨터, 인터넷, 한투, 텔레그램은 멈출 수 있습니다. 답이 없는 주문을 봇은 다시 보내지 않고 알려 드립니다. 마지막 확인은 한투 앱에서 하셔야 합니다.
[세 가지만 여쭙겠습니다]
[뒤로]
[용어]\
""")
    assert shown(await room.press("세 가지만 여쭙겠습니다")) == snapshot("""\
질문 1/3
원금이 소진되면 어떻게 되나요?
[봇이 돈을 더 넣어 준다]
[더 살 수 없고 손해를 보며 팔 수 있다]
[저절로 본전에 팔린다]
[카드 다시 읽기]\
""")
    assert shown(await room.press("봇이 돈을 더 넣어 준다")) == snapshot("""\
다시 생각해 주세요. 나눠 둔 돈을 다 쓰면 더 살 수 없습니다. 돈을 더 넣는 것은 본인만 합니다.
질문 1/3
원금이 소진되면 어떻게 되나요?
[봇이 돈을 더 넣어 준다]
[더 살 수 없고 손해를 보며 팔 수 있다]
[저절로 본전에 팔린다]
[카드 다시 읽기]\
""")
    for answer in RIGHT[:-1]:
        await room.press(answer)
    assert await room.floor.all(ConsentGiven) == []
    assert shown(await room.press(RIGHT[-1])) == snapshot("""\
모두 맞히셨습니다.
위험을 읽었고, 손해가 날 수 있으며 그 책임이 저에게 있음에 동의합니다. 동의는 날짜와 함께 기록되고, 실전 주문은 그 뒤에만 나갑니다. (60초 안에 눌러 주세요)
[동의합니다] [그만두기]
[카드 다시 읽기]\
""")
    assert await room.floor.all(ConsentGiven) == []
    assert shown(await room.press("동의합니다")) == snapshot("""\
동의를 기록했습니다. 이제 실전 사이클을 시작할 수 있습니다.
[사이클 시작] [첫 화면]\
""")
    (given,) = await room.floor.all(ConsentGiven)
    assert (given.edition, given.by.user_id) == ("1", OWNER)
    assert "계좌 확인" in (await room.say("/setup"))["text"]


async def test_a_consent_that_is_older_than_a_minute_is_void(room: Room) -> None:
    await read_the_cards(room)
    for answer in RIGHT:
        await room.press(answer)
    MARKET_WALL.at += timedelta(seconds=61)
    await room.press("동의합니다")
    assert "만료" in (await room.chat.last())["text"]
    assert await room.floor.all(ConsentGiven) == []


async def test_who_agreed_already_is_told_so(room: Room) -> None:
    for _ in range(2):
        await read_the_cards(room)
        for answer in RIGHT:
            page = await room.press(answer)
        if "동의합니다" in shown(page):
            await room.press("동의합니다")
    assert "이미 기록되어" in page["text"]
    assert len(await room.floor.all(ConsentGiven)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_and_card_is_whole_in_both_languages(language: str) -> None:
    words = Words(language)
    for term in TERMS:
        assert words.plain(term.meaning).rstrip(")").endswith(".")
        assert found(words, words.plain(term.name)) == term
    for card in cautions.CARDS:
        assert words.plain(card.text).endswith(".")
    for question in cautions.QUESTIONS:
        assert len({words.plain(answer) for answer in question.answers}) == 3
        assert 0 <= question.right < 3


def test_no_two_terms_share_a_name() -> None:
    names = [name for term in TERMS for name in (term.name.lower(), *term.aliases)]
    assert len(names) == len(set(names)) + sum(term.name.lower() in term.aliases for term in TERMS)
