"""/backup: a copy of the state in this chat, encrypted unless the owner says otherwise twice."""

from bot.commands.upkeep import CanEncrypt, MakeBackup
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import never_mind, show
from bot.telegram.handlers.family import Do, Show
from bot.telegram.handlers.press import Press
from bot.telegram.handlers.upkeep import send_file
from bot.telegram.markup import Html, lines
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind

PLAIN = "plain"


async def backup(desk: Desk, asked: Asked) -> None:
    """Ask before the state is copied into this chat, and say who could read it there."""
    if await desk.bus.ask(CanEncrypt()):
        html, caption, how = _encrypted(desk), desk.words.plain("암호화한 백업 보내기"), ""
    else:
        html, caption, how = _open(desk), desk.words.plain("암호 없이 보내기"), PLAIN
    action = Action(kind=Kind.BACKUP, text=how)
    rows = [[Button(caption=caption, action=action), never_mind(desk)]]
    await desk.answer(asked, html, rows, valid_for=CONFIRM_FOR)


def _encrypted(desk: Desk) -> Html:
    return desk.words.say(
        "상태 파일을 복사해 이 대화로 보낼까요? (60초 안에 눌러 주세요)\n"
        "매매 기록, 잔고, 사람 목록이 들어 있고 MUHAN_BACKUP_PASSPHRASE로 암호화합니다.\n"
        "열쇠와 토큰은 들어 있지 않습니다.\n"
        "되돌리기는 컴퓨터에서만 합니다: muhan restore"
    )


def _open(desk: Desk) -> Html:
    return desk.words.say(
        "⚠️ 암호가 없어 암호화할 수 없습니다. 그대로 보낼까요? (60초 안에 눌러 주세요)\n"
        "매매 기록, 잔고, 사람 목록이 들어 있고, 보내면 텔레그램 서버에 그대로 남습니다.\n"
        "열쇠와 토큰은 들어 있지 않습니다.\n"
        "권합니다: 컴퓨터에서 .env에 MUHAN_BACKUP_PASSPHRASE를 적고 봇을 다시 켠 뒤 /backup"
    )


async def _back_up(desk: Desk, press: Press) -> None:
    if not await desk.taps.use(press.nonce):
        return
    words = desk.words
    plain = press.action.text == PLAIN
    attachment = await desk.bus.ask(MakeBackup(plain=plain))
    asked = Asked(user_id=press.user_id, message_id=press.message_id)
    first = (
        words.say("백업입니다. 암호화하지 않았으니 안전한 곳에 옮기고 이 메시지는 지워 주세요.")
        if plain
        else words.say("암호화한 백업입니다. 암호 없이는 아무도 열 수 없으니 잊지 마세요.")
    )
    then = words.say(
        "되돌리려면: 봇을 끄고 컴퓨터에서 muhan restore {name}\n"
        "되돌린 뒤에는 정지된 채 시작합니다.",
        name=attachment.name,
    )
    sent = await send_file(desk, asked, attachment, lines(first, then))
    done = (
        words.say("백업을 보냈습니다 · {name}", name=attachment.name)
        if sent
        else words.say("백업을 보내지 못했습니다. 아래 메시지를 봐 주세요.")
    )
    rows = [[show(desk, "상태 점검", "health")]]
    await desk.receipt(press.user_id, press.message_id, done, rows)


SHOWS: dict[str, Show] = {"backup": backup}
ACTIONS: dict[Kind, Do] = {Kind.BACKUP: _back_up}
