"""The bot at Telegram: its token, a webhook in the way, and the owner's pairing."""

import asyncio

from pydantic import SecretStr

from bot.addresses import TELEGRAM, telegram_address
from bot.cli_pair import find_owner
from bot.console_words import both
from bot.doctor import chat
from bot.doctor.findings import Status
from bot.errors import MuhanError
from bot.setup import shapes
from bot.setup.sitting import LATER, WHAT_NEXT, Next, Part, Sitting

_BOTFATHER = both(
    "텔레그램에서 @BotFather(파란 체크)를 찾아 대화를 엽니다.\n"
    "  1. /newbot 을 보냅니다.\n"
    "  2. 봇 이름을 정합니다 (예: 내 무한매수).\n"
    "  3. bot으로 끝나는 사용자 이름을 정합니다 (예: my_muhan_bot).\n"
    "  4. '123456789:AAE...' 같은 토큰을 받습니다. 그 줄을 통째로 복사하세요.\n"
    "이미 만든 봇이면 /token 으로 다시 볼 수 있습니다. 이 봇은 무한만 써야 합니다.",
    "In Telegram, find @BotFather (with the blue mark) and open the chat.\n"
    "  1. Send /newbot.\n"
    "  2. Give the bot a name (such as My Muhan).\n"
    "  3. Give it a user name that ends in bot (such as my_muhan_bot).\n"
    "  4. It answers with a token like '123456789:AAE...'. Copy that line whole.\n"
    "For a bot you have already, /token shows it again. Nothing but Muhan may use this bot.",
)
_PAIRING = both(
    "이제 봇이 누구의 말을 들을지 정합니다: 코드를 보낸 사람이 주인이 됩니다.\n"
    "휴대폰으로 QR을 찍으면 봇과의 대화가 열립니다. [시작]을 누르면 코드가 저절로 갑니다.",
    "Now it is settled whom the bot obeys: whoever sends the code becomes the owner.\n"
    "Scan the QR with your phone: the bot's chat opens, and [Start] sends the code by itself.",
)
_UNHOOK = both(
    "웹훅을 지우고 무한이 메시지를 직접 받게 할까요?",
    "Remove the webhook, so that Muhan hears the messages itself?",
)

_NEXT = (
    (Next.ANEW, both("코드로 새로 연결", "Pair anew with a code")),
    (Next.SAME, both("다시 확인", "Look again")),
    LATER,
)


def telegram(sitting: Sitting) -> bool:
    """Have a token that Telegram knows (getMe), and no webhook in the way."""
    terminal = sitting.terminal

    def ask() -> dict[str, str]:
        typed = terminal.ask(
            both("봇 토큰 (화면에 보이지 않습니다)", "Bot token (not shown as you type)"),
            shapes.token,
            hidden=True,
        )
        return {"TELEGRAM_BOT_TOKEN": typed}

    well = sitting.settle(
        Part.TELEGRAM, ("TELEGRAM_BOT_TOKEN",), guide=(_BOTFATHER,), ask=ask, looks=(chat.bot,)
    )
    return well and _unhooked(sitting)


def _unhooked(sitting: Sitting) -> bool:
    """See that no webhook takes the messages; one that does is removed if the owner says so."""
    terminal = sitting.terminal
    settings = sitting.answers.trial({})
    finding = sitting.look(settings, chat.webhook)
    if finding.status is Status.OK:
        return True
    terminal.finding(finding)
    if finding.status is Status.FAIL and terminal.yes(_UNHOOK):
        try:
            asyncio.run(_unhook(settings.telegram_bot_token, settings.telegram_api_url))
        except MuhanError as error:
            terminal.error(error)
        else:
            terminal.finding(finding := sitting.look(settings, chat.webhook))
    return finding.status is not Status.FAIL


async def _unhook(token: SecretStr, api_url: str) -> None:
    # aiogram takes seconds to import.
    from bot.clock import SystemClock  # noqa: PLC0415 - see above
    from bot.telegram.listening import listening  # noqa: PLC0415 - see above

    async with listening(token, api_url, SystemClock()) as ear:
        await ear.unhook()


def owner(sitting: Sitting) -> bool:
    """Have an owner whom the bot may write to; somebody new is found by a one-time code."""
    terminal = sitting.terminal
    if not sitting.answers.get("TELEGRAM_BOT_TOKEN"):
        terminal.say("봇 토큰이 있어야 연결할 수 있습니다.", "This needs the bot's token first.")
        return False
    anew = Part.OWNER in sitting.again or not _known(sitting)
    while not (_paired(sitting) if anew else _reached(sitting)):
        options = _NEXT if _known(sitting) else (_NEXT[0], _NEXT[-1])
        now = terminal.choose(WHAT_NEXT, options)
        if now is Next.LATER:
            return False
        anew = now is Next.ANEW
    return True


def _known(sitting: Sitting) -> bool:
    get = sitting.answers.get
    return bool(get("TELEGRAM_OWNER_ID") or get("TELEGRAM_ALLOWED_IDS"))


def _reached(sitting: Sitting) -> bool:
    finding = sitting.look(sitting.answers.trial({}), chat.owner)
    sitting.terminal.finding(finding)
    return finding.status is not Status.FAIL


def _paired(sitting: Sitting) -> bool:
    """Show a code and wait for whoever sends it; tell why nobody was found."""
    terminal, answers = sitting.terminal, sitting.answers
    answers.may_keep("TELEGRAM_OWNER_ID")
    terminal.say(*_PAIRING)
    token = SecretStr(answers.get("TELEGRAM_BOT_TOKEN"))
    api = telegram_address(answers.get("TELEGRAM_API_URL") or TELEGRAM)
    try:
        asyncio.run(find_owner(answers.env, token, api, terminal.words, out=terminal.out))
    except MuhanError as error:
        terminal.error(error)
        return False
    return True
