"""/health, /version, /logs, /diag: the program itself."""

from bot.commands.upkeep import (
    AskCondition,
    AskNewer,
    AskProgram,
    Attachment,
    Condition,
    MakeDiagnosis,
    MakeLog,
)
from bot.telegram import figures, texts
from bot.telegram.asked import Asked
from bot.telegram.audience import BLOCKED, REFUSED
from bot.telegram.catalogue import Words, mark
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import again, show
from bot.telegram.handlers.family import Show
from bot.telegram.markup import Html, code, lines
from bot.telegram.spans import ago, span
from bot.telegram.watched import BEATS
from bot.trading.model import RoundState
from bot.updates import UpdateUnknown

LARGEST_FILE = 49 * 10**6
"""Bytes: a bot may send files of 50 MB."""

WEBSOCKET = {
    "": mark("아직 열지 않음"),
    "connected": mark("연결"),
    "disconnected": mark("끊김, 다시 거는 중"),
    "refused": mark("한투가 거부"),
    "subscription_refused": mark("연결 (일부 종목 거부)"),
    "gap": mark("연결 (잠시 끊겼음)"),
}
ROUNDS = {
    RoundState.PROPOSED: mark("계획됨"),
    RoundState.APPROVED: mark("승인됨"),
    RoundState.SUBMITTING: mark("보내는 중"),
    RoundState.WORKING: mark("접수됨"),
    RoundState.SKIPPED: mark("건너뜀"),
    RoundState.LAPSED: mark("주문하지 않음"),
    RoundState.MISSED: mark("놓침"),
    RoundState.SETTLED: mark("정산됨"),
}
DEAD = {
    BLOCKED: mark("모든 대화가 봇을 막았거나 지웠습니다."),
    REFUSED: mark("텔레그램이 그 글을 받지 않았습니다. 로그에 까닭이 있습니다."),
}


async def health(desk: Desk, asked: Asked) -> None:
    """Show how the bot, its lines and its machine are."""
    condition = await desk.bus.ask(AskCondition())
    rows = [
        [again(desk, "health"), show(desk, "다음 일정", "schedule")],
        [show(desk, "로그", "logs"), show(desk, "진단 꾸러미", "diag")],
    ]
    await desk.answer(asked, told(desk.words, condition), rows)


def told(words: Words, condition: Condition) -> Html:
    """Put the bot's condition into words: what is wrong first, then the figures."""
    wrong = [texts.word(words, BEATS, code) for code in condition.wrong]
    head = (
        words.say("⚠️ 이상: {wrong}", wrong=", ".join(dict.fromkeys(wrong)))
        if wrong
        else words.say("정상")
    )
    dead = (
        words.say(
            "⚠️ 아무에게도 닿지 못한 알림 {count}건\n"
            "왜: {why}\n"
            "지금: 봇을 막아 둔 사람이 풀면 그동안의 소식을 요약해 드립니다.",
            count=condition.dead,
            why=texts.word(words, DEAD, condition.dead_why),
        )
        if condition.dead
        else None
    )
    return lines(head, code(figures.table(_figures(words, condition))), dead)


def _figures(words: Words, condition: Condition) -> list[tuple[str, str]]:
    left = condition.token_left
    token = span(words, left) if left is not None else words.plain("아직 묻지 않음")
    websocket = texts.word(words, WEBSOCKET, condition.websocket)
    if condition.traded_ago is not None:
        seen = ago(words, condition.traded_ago)
        websocket = words.plain("{state} · 마지막 체결 {seen}", state=websocket, seen=seen)
    ahead = condition.ahead
    memory = condition.memory
    return [
        (words.plain("KIS 토큰"), token),
        (words.plain("웹소켓"), websocket),
        (
            words.plain("주문"),
            words.plain(
                "미체결 {open} · 미확인 {unknown}",
                open=condition.open_orders,
                unknown=condition.unknown_orders,
            ),
        ),
        (words.plain("마지막 회차"), _last_round(words, condition)),
        (
            words.plain("알림"),
            words.plain(
                "대기 {waiting} · 못 전함 {dead}", waiting=condition.letters, dead=condition.dead
            ),
        ),
        (
            words.plain("저장"),
            words.plain(
                "DB {state} · 디스크 {used}% 사용",
                state=_megabytes(condition.state),
                used=condition.disk_used,
            ),
        ),
        (words.plain("매일 백업"), _backed_up(words, condition)),
        (words.plain("메모리"), _megabytes(memory) if memory else words.plain("모름")),
        (
            words.plain("시계 오차"),
            words.plain("{seconds}초", seconds=f"{ahead.total_seconds():+.2f}")
            if ahead is not None
            else words.plain("모름"),
        ),
        (words.plain("켜진 지"), span(words, condition.up_for)),
    ]


def _backed_up(words: Words, condition: Condition) -> str:
    age = condition.backed_up_ago
    return words.plain("아직 없음") if age is None else ago(words, age)


def _last_round(words: Words, condition: Condition) -> str:
    if condition.last_round is None:
        return words.plain("아직 없음")
    session, symbol, state = condition.last_round
    return f"{figures.day(words, session)} {symbol} {words.plain(ROUNDS[state])}"


def _megabytes(size: int) -> str:
    return f"{size / 10**6:.1f}MB"


async def version(desk: Desk, asked: Asked) -> None:
    """Name what runs here."""
    words, program = desk.words, await desk.bus.ask(AskProgram())
    html = lines(
        words.say("무한 {version}", version=program["muhan"]),
        code(
            figures.table(
                [
                    ("Python", program["python"]),
                    ("aiogram", program["aiogram"]),
                    (words.plain("시스템"), program["system"]),
                    (words.plain("상태 파일 형식"), program["state"]),
                    (words.plain("어디서"), words.plain(texts.VENUES[desk.venue])),
                ]
            )
        ),
        await _newer(desk),
        words.say("새 버전 확인과 업데이트는 컴퓨터에서 합니다. 봇은 스스로 바뀌지 않습니다."),
    )
    await desk.answer(asked, html, [[show(desk, "상태 점검", "health")]])


async def _newer(desk: Desk) -> Html | None:
    """Name a newer release where one is known of; that nobody could be asked is worth a line."""
    words = desk.words
    try:
        newer = await desk.bus.ask(AskNewer())
    except UpdateUnknown as error:
        return words.say("{sentence}", sentence=error.sentence(words.language))
    return words.say("🆕 새 판 {version}이 있습니다.", version=newer) if newer else None


async def logs(desk: Desk, asked: Asked) -> None:
    """Send the last lines of the log; keys, tokens and account numbers are masked in it."""
    html = desk.words.say(
        "최근 로그입니다. 열쇠, 토큰, 계좌번호는 가렸습니다. 종목과 수량은 들어 있습니다."
    )
    await send_file(desk, asked, await desk.bus.ask(MakeLog()), html)


async def diagnosis(desk: Desk, asked: Asked) -> None:
    """Send the bundle for whoever is to help."""
    html = desk.words.say(
        "진단 꾸러미입니다. 도와줄 사람에게 보낼 수 있습니다.\n"
        "설정은 있는지만, 장부는 건수와 시각만 담았고, 로그의 열쇠·토큰·계좌번호·사람 번호는 "
        "가렸습니다."
    )
    await send_file(desk, asked, await desk.bus.ask(MakeDiagnosis()), html)


async def send_file(desk: Desk, asked: Asked, attachment: Attachment, html: Html) -> bool:
    """Send a file, or say why it cannot be sent."""
    rows = [[show(desk, "상태 점검", "health"), show(desk, "첫 화면", "start")]]
    if len(attachment.data) > LARGEST_FILE:
        await desk.say(
            asked.user_id,
            desk.words.say(
                "파일이 {size}라 보내지 못했습니다.\n"
                "왜: 텔레그램 봇은 50MB까지만 보낼 수 있습니다.\n"
                "지금: 컴퓨터에서 muhan backup 을 실행해 주세요.",
                size=_megabytes(len(attachment.data)),
            ),
            rows,
        )
        return False
    if not attachment.data:  # which Telegram would refuse, and nobody would hear of it
        empty = desk.words.say("아직 적힌 것이 없어 보낼 파일이 없습니다.")
        await desk.say(asked.user_id, empty, rows)
        return False
    await desk.file(asked, attachment.name, attachment.data, html, rows)
    return True


SHOWS: dict[str, Show] = {
    "health": health,
    "version": version,
    "logs": logs,
    "diag": diagnosis,
}
