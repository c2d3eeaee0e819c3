"""/whoami, /users, /revoke: who is let in, as what, and who no longer."""

from bot.clock import SEOUL
from bot.commands import RevokePerson
from bot.storage.people import Person, Role
from bot.telegram import figures
from bot.telegram.asked import Asked
from bot.telegram.catalogue import ENGLISH, mark
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.buttons import never_mind, show
from bot.telegram.handlers.family import Do, Show
from bot.telegram.handlers.press import Press
from bot.telegram.markup import Html, code, lines
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind

ROLES = {
    Role.OWNER: mark("주인"),
    Role.OPERATOR: mark("운영자"),
    Role.VIEWER: mark("보기 전용"),
}
MAY = {
    Role.OWNER: mark("모든 것을 할 수 있습니다."),
    Role.OPERATOR: mark("회차를 승인하고 멈출 수 있습니다. 설정과 사람은 주인만 바꿉니다."),
    Role.VIEWER: mark("보기만 합니다. 금액과 주식 수는 ••• 로 가립니다."),
}


async def whoami(desk: Desk, asked: Asked) -> None:
    """Tell a person his number and what he may do."""
    words, person = desk.words, desk.person
    html = lines(
        words.say(
            "번호 <code>{number}</code> · {role}",
            number=str(person.user_id),
            role=words.plain(ROLES[person.role]),
        ),
        words.say(MAY[person.role]),
        words.say("언어: {language}", language=_language(person)),
        _since(desk, person),
    )
    rows = [[show(desk, "알림과 언어", "alerts"), show(desk, "첫 화면", "start")]]
    if person.role is Role.OWNER:
        rows.insert(0, [show(desk, "사람 보기", "users")])
    await desk.answer(asked, html, rows)


def _language(person: Person) -> str:
    return "English" if person.language == ENGLISH else "한국어"


def _since(desk: Desk, person: Person) -> Html | None:
    if person.since is None:
        return None
    day = figures.day(desk.words, person.since.astimezone(SEOUL).date())
    return desk.words.say("{day}부터 함께 씁니다.", day=day)


async def users(desk: Desk, asked: Asked) -> None:
    """List everybody who is let in, with a button for each who may be let out."""
    words, people = desk.words, desk.people.all()
    rows = [
        (words.plain(ROLES[person.role]), str(person.user_id), person.name) for person in people
    ]
    others = [person for person in people if person.user_id != desk.people.owner_id]
    html = lines(
        words.say("이 봇을 쓰는 사람 {count}명", count=len(people)),
        code(figures.table(rows)),
        words.say(
            "더 들이려면 컴퓨터에서 muhan pair --role viewer 를 하고, 나온 코드를 이 봇에 보내게 "
            "하세요.\n코드는 10분 동안 한 번만 쓸 수 있습니다."
        ),
    )
    buttons = [[_letting_out(desk, person)] for person in others]
    await desk.answer(asked, html, [*buttons, [show(desk, "첫 화면", "start")]])


def _letting_out(desk: Desk, person: Person) -> Button:
    caption = desk.words.plain("{name} 내보내기", name=called(person))
    action = Action(kind=Kind.SHOW, command="revoke", text=str(person.user_id))
    return Button(caption=caption, action=action)


def called(person: Person) -> str:
    """Name a person as he calls himself, else by his number."""
    return person.name[:20] or str(person.user_id)


async def revoke(desk: Desk, asked: Asked) -> None:
    """Ask before somebody is let out; without a number, list who could be."""
    words = desk.words
    number = asked.text.strip()
    person = desk.people.of(int(number)) if number.isascii() and number.isdigit() else None
    if not number:
        await users(desk, asked)
    elif person is None:
        html = words.say("그런 번호를 쓰는 사람이 없습니다. 목록에서 골라 주세요.")
        await desk.answer(asked, html, [[show(desk, "사람 보기", "users")]])
    elif person.user_id == desk.people.owner_id:
        html = words.say(
            "주인은 내보낼 수 없습니다. 주인을 바꾸려면 .env의 TELEGRAM_OWNER_ID를 고쳐 주세요."
        )
        await desk.answer(asked, html, [[show(desk, "사람 보기", "users")]])
    else:
        html = words.say(
            "{role} {name:을} 내보낼까요? 그 사람의 버튼과 명령이 곧바로 듣지 않습니다. "
            "(60초 안에 눌러 주세요)",
            role=words.plain(ROLES[person.role]),
            name=called(person),
        )
        action = Action(kind=Kind.REVOKE, number=number)
        row = [Button(caption=words.plain("내보내기"), action=action), never_mind(desk)]
        await desk.say(asked.user_id, html, [row], valid_for=CONFIRM_FOR)


async def _revoke(desk: Desk, press: Press) -> None:
    number = int(press.action.number)
    desk.people.shut_out(number)  # at once: not even the letter about it goes there
    try:
        await desk.bus.ask(RevokePerson(user_id=number, by=owner(press.user_id), tap=press.nonce))
    finally:
        await desk.people.load()
    html = desk.words.say(
        "내보냈습니다 · {at} · 번호 {number}",
        at=figures.clock_seconds(desk.clock.now()),
        number=str(number),
    )
    rows = [[show(desk, "사람 보기", "users"), show(desk, "첫 화면", "start")]]
    await desk.receipt(press.user_id, press.message_id, html, rows)


async def pair(desk: Desk, asked: Asked) -> None:
    """Say how somebody is let in: a live code has been heard before this is asked."""
    words, is_owner = desk.words, desk.person.role is Role.OWNER
    answer = (
        words.say("주인은 무엇이든 할 수 있어 코드를 쓰지 않습니다. 코드는 그대로 남아 있습니다.")
        if is_owner
        else words.say("그 코드는 쓸 수 없습니다: 틀렸거나, 이미 썼거나, 10분이 지났습니다.")
    )
    html = lines(
        answer if asked.text.strip() else None,
        words.say(
            "사람을 들이려면 주인이 컴퓨터에서 muhan pair --role viewer 를 합니다. 나온 코드를 그 "
            "사람이 이 봇에 그대로 보내면 들어옵니다.\n"
            "코드는 10분 동안 한 번만 쓸 수 있고, 이미 쓰는 사람은 새 코드로 권한이 바뀝니다."
        ),
    )
    rows = [[show(desk, "내 권한", "whoami"), show(desk, "첫 화면", "start")]]
    if is_owner:
        rows.insert(0, [show(desk, "사람 보기", "users")])
    await desk.answer(asked, html, rows)


SHOWS: dict[str, Show] = {"whoami": whoami, "pair": pair, "users": users, "revoke": revoke}
ACTIONS: dict[Kind, Do] = {Kind.REVOKE: _revoke}
