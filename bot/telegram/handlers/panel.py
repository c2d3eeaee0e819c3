"""/panel: the way to the dashboard, by a link that logs in once."""

from io import BytesIO
from urllib.parse import urlsplit

from bot.commands.panel import ClosePanel, OfferPanel, PanelKey
from bot.telegram import figures
from bot.telegram.asked import Asked
from bot.telegram.catalogue import Words
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.family import Do, Show
from bot.telegram.handlers.people import ROLES
from bot.telegram.handlers.press import Press
from bot.telegram.markup import Html, lines
from bot.telegram.taps import Action, Button, Kind

_DOT = 6
"""Pixels of a module: about 250 pixels across, which a phone reads off a screen."""


async def panel(desk: Desk, asked: Asked) -> None:
    """Give a new link, in words and as a QR; the one before is dead then."""
    key = await desk.bus.ask(OfferPanel(user_id=asked.user_id))
    words = desk.words
    html = lines(
        words.say(
            "대시보드 링크 ({until}까지, 한 번)\n{link}",
            until=figures.clock(key.valid_until),
            link=key.link,
        ),
        words.say("{role} 권한으로 들어갑니다.", role=words.plain(ROLES[desk.person.role])),
        _way(words, key),
        words.say("열리지 않으면 컴퓨터에서 muhan dashboard 가 켜져 있는지 봐 주세요."),
        words.say("지금 로그인된 브라우저: {count}개", count=key.sessions)
        if key.sessions
        else None,
    )
    rows = [[show(desk, "새 링크", "panel"), show(desk, "상태 점검", "health")]]
    if key.sessions:
        close = Action(kind=Kind.PANEL_CLOSE)
        rows.append([Button(caption=words.plain("모두 로그아웃"), action=close)])
    await desk.image(asked, _qr(key.link), html, rows)


def _way(words: Words, key: PanelKey) -> Html | None:
    """Say how a link that only the bot's own machine can open is opened from elsewhere."""
    if not key.here:
        return None
    return words.say(
        "이 주소는 봇이 도는 컴퓨터에서만 열립니다. 다른 곳에서 열려면:\n"
        "· PC: ssh -L {port}:127.0.0.1:{port} (서버 주소) 를 켜 둔 채 위 링크를 엽니다.\n"
        "· 휴대폰: Tailscale 같은 사설망을 쓰고, 그 주소를 .env의 MUHAN_DASHBOARD_URL에 적습니다.",
        port=str(urlsplit(key.link).port or 80),
    )


def _qr(link: str) -> bytes:
    import segno  # noqa: PLC0415 - only a link needs it

    drawn = BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="png", scale=_DOT)
    return drawn.getvalue()


async def _close(desk: Desk, press: Press) -> None:
    ended = await desk.bus.ask(ClosePanel(user_id=press.user_id, tap=press.nonce))
    done = desk.words.say(
        "로그아웃했습니다 (브라우저 {count}개). 다시 열려면 새 링크를 받아 주세요.", count=ended
    )
    rows = [[show(desk, "새 링크", "panel"), show(desk, "첫 화면", "start")]]
    await desk.say(press.user_id, done, rows)


SHOWS: dict[str, Show] = {"panel": panel}
ACTIONS: dict[Kind, Do] = {Kind.PANEL_CLOSE: _close}
