"""Looks at Telegram: that the bot's token is answered, and that nobody else takes its messages."""

import json
from typing import Any

import aiohttp

from bot.console_words import both
from bot.doctor.findings import Finding, skipped, warning, well, wrong
from bot.doctor.patient import Patient

SECONDS = 10
_TOKEN = both(
    "텔레그램의 BotFather에서 /token으로 토큰을 다시 보고 TELEGRAM_BOT_TOKEN에 그대로 적어 주세요.",
    "Ask BotFather for the token again with /token, and copy it into TELEGRAM_BOT_TOKEN.",
)


async def bot(patient: Patient) -> Finding:
    """Ask Telegram who the bot is."""
    status, result = await _ask(patient, "getMe")
    if status == 200:
        name = result.get("username", "?")
        return well(f"@{name}", f"@{name}")
    if status in {401, 404}:
        return wrong(
            both("텔레그램이 봇 토큰을 받지 않습니다", "Telegram does not accept the bot's token"),
            why=both(
                "토큰이 틀렸거나 BotFather에서 새로 바뀌었습니다.",
                "It is wrong, or BotFather has issued another.",
            ),
            remedy=_TOKEN,
        )
    return wrong(
        both("텔레그램이 대답하지 않습니다", "Telegram does not answer"),
        why=both(f"HTTP {status}", f"HTTP {status}")
        if status
        else both("연결 없음", "No connection"),
        remedy=both(
            "인터넷 연결과 TELEGRAM_API_URL을 확인해 주세요.",
            "Look at the Internet connection and at TELEGRAM_API_URL.",
        ),
    )


async def owner(patient: Patient) -> Finding:
    """See that the bot may write to its owner, which Telegram allows once the owner wrote first."""
    status, _ = await _ask(patient, "getChat", chat_id=patient.settings.telegram_owner_id)
    if status == 200:
        return well("주인과 대화할 수 있습니다", "The owner can be written to")
    return wrong(
        both("봇이 주인에게 쓸 수 없습니다", "The bot cannot write to its owner"),
        why=both(
            "텔레그램 봇은 먼저 말을 건 사람에게만 쓸 수 있습니다: 아니면 TELEGRAM_OWNER_ID가 "
            "틀렸습니다.",
            "A bot may write only to those who wrote to it first: or TELEGRAM_OWNER_ID is wrong.",
        ),
        remedy=both(
            "텔레그램에서 봇에 /start를 보내고, TELEGRAM_OWNER_ID가 본인의 숫자 ID인지 보세요.",
            "Open the bot in Telegram and send /start, and see that TELEGRAM_OWNER_ID is your own "
            "numeric id.",
        ),
    )


async def webhook(patient: Patient) -> Finding:
    """See that no webhook takes the bot's messages away."""
    status, result = await _ask(patient, "getWebhookInfo")
    if status != 200:
        return warning(
            both("웹훅을 확인하지 못했습니다", "The webhook could not be looked at"),
            remedy=both("잠시 뒤 다시 실행해 주세요.", "Run it again in a while."),
        )
    if result.get("url"):
        return wrong(
            both("봇에 웹훅이 걸려 있습니다", "A webhook is set for the bot"),
            why=both(
                "메시지가 다른 곳으로 갑니다: 다른 프로그램이거나 토큰을 가져간 사람입니다.",
                "Its messages go elsewhere: to another program, or to somebody who has the token.",
            ),
            remedy=both(
                "봇을 켜면 지워집니다: 직접 걸지 않았으면 BotFather의 /revoke로 토큰을 바꾸세요.",
                "Starting the bot removes it: if it is not yours, change the token with "
                "BotFather's /revoke.",
            ),
        )
    return well("웹훅이 없습니다", "No webhook is set")


async def conflict(patient: Patient) -> Finding:
    """Listen for a moment, to hear whether another program takes the bot's messages.

    Nothing is confirmed, so the bot gets every message all the same. While our own bot runs here
    it is not asked: the question would push its own listening away.
    """
    if patient.process:
        return skipped(
            both(
                "돌고 있는 봇이 스스로 지켜봅니다: 다른 곳에서 듣기 시작하면 주문을 멈추고 "
                "알립니다.",
                "The bot that runs watches this itself: it stops orders and tells you when "
                "somebody else begins to listen.",
            )
        )
    status, _ = await _ask(patient, "getUpdates", limit=1, timeout=patient.poll_seconds)
    if status == 409:
        return wrong(
            both(
                "다른 프로그램이 이 봇의 메시지를 받고 있습니다 (409)",
                "Another program takes the messages of this bot (409)",
            ),
            why=both(
                "같은 토큰으로 다른 컴퓨터의 봇이 켜져 있거나, 토큰을 가져간 사람이 있습니다.",
                "A bot on another machine runs with the same token, or somebody has taken it.",
            ),
            remedy=both(
                "다른 컴퓨터의 봇을 꺼 주세요. 모르는 일이면 BotFather의 /revoke로 토큰을 "
                "바꾸세요.",
                "Stop the bot on the other machine. If there is none, change the token with "
                "BotFather's /revoke.",
            ),
        )
    if status != 200:
        return warning(
            both("누가 듣는지 확인하지 못했습니다", "It could not be seen who listens"),
            remedy=both("잠시 뒤 다시 실행해 주세요.", "Run it again in a while."),
        )
    return well("이 봇의 메시지를 받는 다른 프로그램이 없습니다", "Nobody else takes its messages")


async def _ask(patient: Patient, method: str, **query: int) -> tuple[int, dict[str, Any]]:
    """Ask the Bot API; status 0 when it was not reached.

    No error of the HTTP library is let out: its words hold the address, and so the token.
    """
    settings = patient.settings
    token = settings.telegram_bot_token.get_secret_value()
    limit = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as http,
            http.get(f"{settings.telegram_api_url}/bot{token}/{method}", params=query) as answer,
        ):
            body = json.loads(await answer.text())
    except (aiohttp.ClientError, OSError, ValueError):
        return 0, {}
    result = body.get("result") if isinstance(body, dict) else None
    return answer.status, result if isinstance(result, dict) else {}
