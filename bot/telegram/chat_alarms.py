"""Messages about the chat itself: a token in other hands, and a chat that could not be reached."""

from bot.events import Event, OrdersFreed, OrdersHeld, WebhookFound
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html
from bot.trading.holds import Hold


def told(words: Words, event: Event) -> Html | None:
    """Put an event about the chat into words; None for any other."""
    match event:
        case WebhookFound():
            return _webhook(words, event)
        case OrdersHeld(why=Hold.TOKEN, detail="revoked"):
            return words.say(
                "⚠️ 텔레그램이 봇 토큰을 받지 않아 새 주문을 멈췄습니다.\n"
                "왜: 토큰이 폐기되었거나 바뀌었고, 그동안 아무것도 알릴 수 없었습니다.\n"
                "지금: 새 토큰으로 시작한 뒤 1분 동안 조용하면 주문은 저절로 다시 나갑니다."
            )
        case OrdersHeld(why=Hold.TOKEN):
            return _token(words)
        case OrdersHeld(why=Hold.CHAT):
            return _blocked(words)
        case OrdersFreed(why=Hold.TOKEN):
            return words.say(
                "이제 이 봇 토큰을 쓰는 다른 프로그램이 없습니다. 새 주문을 다시 보냅니다.\n"
                "지금: 다른 프로그램이 본인의 것이 아니었다면 BotFather 에서 토큰을 바꿔 주세요."
            )
        case OrdersFreed(why=Hold.CHAT):
            return words.say("다시 알릴 수 있게 되어 새 주문을 다시 보냅니다.")
    return None


def _token(words: Words) -> Html:
    return words.say(
        "⚠️ 다른 프로그램이 이 봇 토큰으로 1분 넘게 대화를 읽고 있어 새 주문을 멈췄습니다.\n"
        "왜: 무한이 두 곳에서 켜져 있거나, 토큰이 새어 나갔습니다. 한투 열쇠와는 상관없습니다.\n"
        "지금: 다른 곳의 봇을 꺼 주세요. 모르는 일이면 @BotFather 에 /revoke 를 보내 토큰을 "
        "바꾸고, .env 의 TELEGRAM_BOT_TOKEN 을 고친 뒤 다시 시작해 주세요. "
        "1분 동안 조용하면 주문은 저절로 다시 나갑니다."
    )


def _webhook(words: Words, event: WebhookFound) -> Html:
    return words.say(
        "⚠️ 누군가 이 봇에 웹훅({host})을 걸어 대화를 가로채고 있었습니다. 웹훅은 지웠습니다.\n"
        "왜: 웹훅은 봇 토큰을 가진 사람만 걸 수 있습니다.\n"
        "지금: 본인이 한 일이 아니면 @BotFather 에 /revoke 를 보내 토큰을 바꾸고, "
        ".env 의 TELEGRAM_BOT_TOKEN 을 고친 뒤 다시 시작해 주세요.",
        host=event.host,
    )


def _blocked(words: Words) -> Html:
    return words.say(
        "⚠️ 이 대화에 글을 보낼 수 없어 새 주문을 멈췄습니다.\n"
        "왜: 봇이 차단되었거나 대화가 지워져, 주문이 어떻게 되었는지 알릴 수 없었습니다.\n"
        "지금: 대화가 돌아오면 저절로 다시 나갑니다. 알림 없이도 주문하려면 .env 에 "
        "MUHAN_BLOCKED=keep 을 적어 주세요."
    )
