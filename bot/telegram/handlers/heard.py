"""What somebody says or presses, and who answers it: command, typed answer, button.

A role is asked for here and nowhere else. A button is acknowledged first, and acts once.
"""

from dataclasses import replace
from datetime import date

import structlog
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import CallbackQuery, Message

from bot.clock import SEOUL
from bot.storage.chat import Question, TapState
from bot.storage.people import Role
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk
from bot.telegram.flood import Patience
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.family import Answer, Do, Show
from bot.telegram.handlers.people import ROLES, called
from bot.telegram.handlers.press import Press
from bot.telegram.markup import lines
from bot.telegram.menu import BY_NAME, FAST_LANE, behind, command_of, spoken
from bot.telegram.taps import QUESTIONS, Action, Kind, needed, unpacked

log = structlog.get_logger(__name__)

LONGEST = 500
"""Characters of a message that are read; no command of ours needs more."""

# Who may answer what was asked for: the owner, where nothing else is said.
ANSWERED_BY = {"backtest_principal": Role.VIEWER}

DEAD = {
    TapState.UNKNOWN: mark("이 버튼은 더 이상 쓸 수 없습니다. 첫 화면에서 다시 눌러 주세요."),
    TapState.FOREIGN: mark("다른 사람의 버튼입니다. 첫 화면에서 다시 눌러 주세요."),
    TapState.USED: mark("이미 누른 버튼입니다. 두 번 처리하지 않았습니다."),
    TapState.EXPIRED: mark("이 버튼은 만료되었습니다. 명령을 다시 눌러 주세요."),
}


class Hearing:
    """Bring what is said and pressed to the family that answers it."""

    def __init__(
        self, shows: dict[str, Show], actions: dict[Kind, Do], answers: dict[str, Answer]
    ) -> None:
        self._shows = shows
        self._actions = actions
        self._answers = answers
        self._told: dict[int, date] = {}

    async def message(self, message: Message, desk: Desk) -> None:
        """Answer a message: a command, a command's name alone, or what was asked for."""
        desk = desk.of(message.chat.id)
        asked = Asked(user_id=message.chat.id, message_id=message.message_id)
        text = (message.text or "").strip()
        if (command_of(text) or spoken(text)) not in FAST_LANE and await self._flooded(desk, asked):
            return
        if not text:
            await _say(desk, asked, mark("글자로 된 말만 읽습니다. 아래에서 골라 주세요."))
        elif len(text) > LONGEST:
            await _say(desk, asked, mark("너무 긴 글이라 읽지 않았습니다. 아래에서 골라 주세요."))
        elif (name := command_of(text)) is not None:
            await self._command(desk, name, replace(asked, text=behind(text)))
        else:
            await self._plain(desk, text, asked)

    async def _flooded(self, desk: Desk, asked: Asked) -> bool:
        patience = desk.flood.another(asked.user_id)
        if patience is Patience.TELL:
            await _say(
                desk, asked, mark("너무 빨리 여러 번 보내셨습니다. 10초쯤 쉬었다가 다시 해 주세요.")
            )
        return patience is not Patience.ANSWER

    async def _plain(self, desk: Desk, text: str, asked: Asked) -> None:
        name, rest = spoken(text), behind(text)
        question = await desk.store.question(asked.user_id, desk.wall.now())
        if question is not None and question.name in self._answers and (name is None or rest):
            await self._answered(desk, question, replace(asked, text=text))
        elif name is not None:
            await self._command(desk, name, replace(asked, text=rest))
        else:
            await _say(
                desk, asked, mark("말로 하는 지시는 받지 않습니다. 아래 버튼을 눌러 주세요.")
            )

    async def _answered(self, desk: Desk, question: Question, asked: Asked) -> None:
        """Bring an answer to who asked; the role may have changed since it was asked for."""
        wanted = ANSWERED_BY.get(question.name, Role.OWNER)
        if desk.person.role < wanted:
            await desk.store.end_question(asked.user_id)
            await self._refused(desk, asked, wanted)
        else:
            await self._answers[question.name](desk, asked, question.data)

    async def _command(self, desk: Desk, name: str, asked: Asked) -> None:
        await desk.store.end_question(asked.user_id)
        if name not in self._shows:
            await _say(desk, asked, mark("모르는 명령입니다. 아래에서 골라 주세요."))
        elif desk.person.role < BY_NAME[name].role:
            await self._refused(desk, asked, BY_NAME[name].role)
        else:
            await self._shows[name](desk, asked)

    async def tap(self, query: CallbackQuery, desk: Desk) -> None:
        """Carry out a tap once."""
        desk.acknowledge(query.id)
        desk = desk.of(query.from_user.id)
        message_id = query.message.message_id if query.message else 0
        asked = Asked(user_id=query.from_user.id, message_id=message_id)
        nonce, tap = await desk.taps.look(query.data, asked.user_id, message_id)
        if tap.state is not TapState.FRESH:
            rows = [[show(desk, "첫 화면", "start")]]
            await desk.say(
                asked.user_id, desk.words.say(DEAD[tap.state]), rows, reply_to=message_id
            )
            return
        action = unpacked(tap.action)
        if action.kind in QUESTIONS and await self._flooded(desk, asked):
            return
        if action.kind in (Kind.SHOW, Kind.AGAIN):
            await self._command(desk, action.command, _asking(asked, action))
        elif desk.person.role < needed(action.kind):
            await self._refused(desk, asked, needed(action.kind))
        else:
            await desk.store.end_question(asked.user_id)
            press = Press(user_id=asked.user_id, message_id=message_id, nonce=nonce, action=action)
            await self._actions[action.kind](desk, press)

    async def _refused(self, desk: Desk, asked: Asked, role: Role) -> None:
        """Say that somebody may not do this, and let the owner know the first time of a day."""
        text = (
            mark("주인만 할 수 있는 일입니다. 바뀐 것은 없습니다.")
            if role is Role.OWNER
            else mark("보기 전용이라 할 수 없는 일입니다. 바뀐 것은 없습니다.")
        )
        told = desk.words.say("주인에게 알렸습니다.") if await self._owner_told(desk) else None
        rows = [[show(desk, "첫 화면", "start"), show(desk, "내 권한", "whoami")]]
        html = lines(desk.words.say(text), told)
        await desk.say(asked.user_id, html, rows, reply_to=asked.message_id)

    async def _owner_told(self, desk: Desk) -> bool:
        """Tell the owner, without a sound, who tried what he may not; False when it was told."""
        person, today = desk.person, desk.wall.now().astimezone(SEOUL).date()
        if self._told.get(person.user_id) == today:
            return False
        mine = desk.of(desk.people.owner_id)
        html = mine.words.say(
            "{role} {name:이} 권한 밖의 일을 하려고 했습니다 (번호 {number}). 바뀐 것은 없습니다.\n"
            "같은 사람 일은 하루에 한 번만 알려 드립니다.",
            role=mine.words.plain(ROLES[person.role]),
            name=called(person),
            number=str(person.user_id),
        )
        try:
            await mine.say(
                mine.person.user_id, html, [[show(mine, "사람 보기", "users")]], silent=True
            )
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("the owner could not be told", error=type(error).__name__)
            return False
        self._told[person.user_id] = today
        return True


def _asking(asked: Asked, action: Action) -> Asked:
    return replace(asked, text=action.text, edit=action.kind is Kind.AGAIN)


async def _say(desk: Desk, asked: Asked, text: str) -> None:
    rows = [[show(desk, "첫 화면", "start"), show(desk, "도움말", "help")]]
    await desk.say(asked.user_id, desk.words.say(text), rows)
