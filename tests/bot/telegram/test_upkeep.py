"""/health, /version, /logs, /diag, /backup, /schedule: what a person reads and gets."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from inline_snapshot import snapshot

from bot.commands.upkeep import (
    AskCondition,
    AskNewer,
    AskProgram,
    AskSessions,
    Attachment,
    CanEncrypt,
    Condition,
    MakeBackup,
    MakeDiagnosis,
    MakeLog,
)
from bot.sessions import Calendar
from bot.storage.people import Role
from bot.telegram.catalogue import Words
from bot.telegram.handlers.schedule import week
from bot.telegram.handlers.upkeep import LARGEST_FILE
from bot.telegram.markup import without_markup
from bot.timetable import Timetable, timetable
from bot.trading.model import RoundState
from bot.updates import UpdateUnknown
from tests.bot.telegram.conftest import FRIEND, House, captions
from tests.bot.telegram.samples import MARKET_NOW

WELL = Condition(
    at=MARKET_NOW,
    up_for=timedelta(days=3, hours=4),
    token_left=timedelta(hours=11, minutes=20),
    websocket="connected",
    traded_ago=timedelta(seconds=2),
    open_orders=4,
    state=12_400_000,
    disk_used=61,
    memory=96_000_000,
    backed_up_ago=timedelta(hours=9, minutes=12),
    ahead=timedelta(milliseconds=80),
    last_round=(date(2026, 10, 6), "SOXL", RoundState.SETTLED),
)


def sessions(first: date, count: int) -> tuple[Timetable, ...]:
    calendar = Calendar()
    found = [calendar.session(first) or calendar.following(first)]
    while len(found) < count:
        found.append(calendar.following(found[-1].day))
    return tuple(timetable(each) for each in found)


class Program:
    """The program's own answers, as a test sets them."""

    def __init__(self, house: House) -> None:
        self.condition = WELL
        self.backup = b"PK backup"
        self.encrypts = True
        self.newer: str | None = ""
        self.made: list[bool] = []
        bus = house.service.bus
        bus.handle(AskCondition, self._condition)
        bus.handle(AskProgram, self._program)
        bus.handle(AskNewer, self._newer)
        bus.handle(AskSessions, self._sessions)
        bus.handle(CanEncrypt, self._can_encrypt)
        bus.handle(MakeBackup, self._backup)
        bus.handle(MakeLog, self._log)
        bus.handle(MakeDiagnosis, self._diagnosis)

    async def _condition(self, _command: AskCondition) -> Condition:
        return self.condition

    async def _program(self, _command: AskProgram) -> dict[str, str]:
        return {
            "muhan": "0.6.0",
            "python": "3.11.2",
            "system": "Linux x86_64",
            "aiogram": "3.31.0",
            "state": "15",
        }

    async def _newer(self, _command: AskNewer) -> str:
        if self.newer is None:
            raise UpdateUnknown("새 판이 있는지 알 수 없습니다 (HTTP 404).", "unknown")
        return self.newer

    async def _sessions(self, command: AskSessions) -> tuple[Timetable, ...]:
        return sessions(date(2026, 10, 7), command.count)

    async def _can_encrypt(self, _command: CanEncrypt) -> bool:
        return self.encrypts

    async def _backup(self, command: MakeBackup) -> Attachment:
        self.made.append(command.plain)
        return Attachment(name="muhan-backup-20261007-182000.muhan", data=self.backup)

    async def _log(self, _command: MakeLog) -> Attachment:
        return Attachment(name="muhan-log.jsonl", data=b"{}")

    async def _diagnosis(self, _command: MakeDiagnosis) -> Attachment:
        return Attachment(name="muhan-diag.zip", data=b"PK diag")


@pytest.fixture
def program(house: House) -> Program:
    return Program(house)


async def asked(house: House, text: str) -> str:
    await house.chat.send(text)
    await house.settle()
    return str((await house.chat.last())["text"])


@pytest.mark.usefixtures("program")
async def test_health_when_all_is_well(house: House) -> None:
    assert await asked(house, "/health") == snapshot("""\
정상
KIS 토큰    11시간 20분
웹소켓      연결 · 마지막 체결 2초 전
주문        미체결 4 · 미확인 0
마지막 회차 10월 6일(화) SOXL 정산됨
알림        대기 0 · 못 전함 0
저장        DB 12.4MB · 디스크 61% 사용
매일 백업   9시간 12분 전
메모리      96.0MB
시계 오차   +0.08초
켜진 지     3일 4시간\
""")
    assert captions(await house.chat.last()) == snapshot(
        ["새로고침", "다음 일정", "로그", "진단 꾸러미"]
    )


async def test_health_names_what_is_wrong_first_and_letters_that_reached_nobody(
    house: House, program: Program
) -> None:
    program.condition = replace(
        WELL,
        wrong=("broker", "letters"),
        token_left=None,
        websocket="disconnected",
        traded_ago=None,
        unknown_orders=1,
        letters=3,
        dead=2,
        dead_why="blocked by every chat",
        backed_up_ago=None,
        memory=None,
        ahead=None,
        last_round=None,
    )
    assert await asked(house, "건강") == snapshot("""\
⚠️ 이상: 한투 응답, 밀린 알림
KIS 토큰    아직 묻지 않음
웹소켓      끊김, 다시 거는 중
주문        미체결 4 · 미확인 1
마지막 회차 아직 없음
알림        대기 3 · 못 전함 2
저장        DB 12.4MB · 디스크 61% 사용
매일 백업   아직 없음
메모리      모름
시계 오차   모름
켜진 지     3일 4시간
⚠️ 아무에게도 닿지 못한 알림 2건
왜: 모든 대화가 봇을 막았거나 지웠습니다.
지금: 봇을 막아 둔 사람이 풀면 그동안의 소식을 요약해 드립니다.\
""")


async def test_health_is_renewed_in_its_own_message(house: House, program: Program) -> None:
    await asked(house, "/health")
    before = len(await house.chat.said())
    program.condition = replace(WELL, open_orders=9)
    await house.chat.press("새로고침")
    await house.settle()
    assert len(await house.chat.said()) == before
    assert "미체결 9" in (await house.chat.last())["text"]


@pytest.mark.usefixtures("program")
async def test_version(house: House) -> None:
    assert await asked(house, "/version") == snapshot("""\
무한 0.6.0
Python         3.11.2
aiogram        3.31.0
시스템         Linux x86_64
상태 파일 형식 15
어디서         데모
새 버전 확인과 업데이트는 컴퓨터에서 합니다. 봇은 스스로 바뀌지 않습니다.\
""")


async def test_version_names_a_newer_release_and_an_address_that_did_not_answer(
    house: House, program: Program
) -> None:
    program.newer = "0.7.0"
    assert "🆕 새 판 0.7.0이 있습니다." in await asked(house, "/version")
    program.newer = None
    assert "알 수 없습니다 (HTTP 404)" in await asked(house, "/version")


@pytest.mark.usefixtures("program")
async def test_schedule(house: House) -> None:
    assert await asked(house, "/일정") == snapshot("""\
다음 미국장 7일 (한국 시각, 마감은 이튿날 새벽)
날짜          주문  개장  마감
10월 7일(수)  18:30 22:30 05:00
10월 8일(목)  18:30 22:30 05:00
10월 9일(금)  18:30 22:30 05:00
10월 12일(월) 18:30 22:30 05:00
10월 13일(화) 18:30 22:30 05:00
10월 14일(수) 18:30 22:30 05:00
10월 15일(목) 18:30 22:30 05:00
한투 점검: 매일 23:40–00:10에는 주문하지 않습니다. 주말에는 한투가 답하지 않을 수 있습니다.\
""")


@pytest.mark.parametrize(
    ("first", "told"),
    [
        (date(2026, 10, 28), "11월 2일(월)부터 서머타임 끝: 개장과 마감이 1시간 늦어집니다."),
        (date(2026, 3, 4), "3월 9일(월)부터 서머타임: 개장과 마감이 1시간 빨라집니다."),
        (date(2026, 11, 24), "11월 26일(목): 미국 휴장"),
        (
            date(2026, 11, 24),
            "* 11월 27일(금): 뉴욕 13:00 조기 폐장이라 주문도 02:30까지로 당깁니다.",
        ),
    ],
)
def test_what_is_unusual_stands_below_the_schedule(first: date, told: str) -> None:
    html = week(Words(), sessions(first, 7), datetime(2026, 1, 1, tzinfo=UTC))
    assert told in without_markup(html).splitlines()


def test_a_usual_week_has_nothing_unusual() -> None:
    html = week(Words(), sessions(date(2026, 10, 7), 5), datetime(2026, 1, 1, tzinfo=UTC))
    assert not any(word in html for word in ("서머타임", "휴장", "조기"))


def test_a_calendar_that_ends_says_so() -> None:
    assert "여기서 끝납니다" in week(Words(), sessions(date(2027, 12, 29), 3), MARKET_NOW)
    assert "알고 있는 거래일이 없습니다" in week(Words(), (), MARKET_NOW)


def test_a_session_that_is_on_is_said_to_be() -> None:
    table = sessions(date(2026, 10, 7), 7)
    assert "열려 있습니다" in week(Words(), table, table[0].session.open)
    assert "열려 있습니다" not in week(Words(), table, table[0].session.close)


@pytest.mark.usefixtures("program")
@pytest.mark.parametrize(
    ("command", "name"), [("/logs", "muhan-log.jsonl"), ("/diag", "muhan-diag.zip")]
)
async def test_logs_and_diagnostics_come_as_files(house: House, command: str, name: str) -> None:
    await house.chat.send(command)
    await house.settle()
    message = await house.chat.last()
    assert message["document"]["file_name"] == name
    assert "가렸습니다" in message["text"]


async def test_a_backup_is_asked_for_twice_and_its_button_works_once(
    house: House, program: Program
) -> None:
    assert await asked(house, "/backup") == snapshot("""\
상태 파일을 복사해 이 대화로 보낼까요? (60초 안에 눌러 주세요)
매매 기록, 잔고, 사람 목록이 들어 있고 MUHAN_BACKUP_PASSPHRASE로 암호화합니다.
열쇠와 토큰은 들어 있지 않습니다.
되돌리기는 컴퓨터에서만 합니다: muhan restore\
""")
    question = await house.chat.last()
    await house.chat.press("암호화한 백업 보내기")
    await house.settle()
    files = [m for m in await house.chat.messages() if m.get("document")]
    assert [m["document"]["file_name"] for m in files] == ["muhan-backup-20261007-182000.muhan"]
    assert files[0]["document"]["file_size"] == len(program.backup)
    assert files[0]["text"] == snapshot("""\
암호화한 백업입니다. 암호 없이는 아무도 열 수 없으니 잊지 마세요.
되돌리려면: 봇을 끄고 컴퓨터에서 muhan restore muhan-backup-20261007-182000.muhan
되돌린 뒤에는 정지된 채 시작합니다.\
""")
    receipt = next(m for m in await house.chat.messages() if m["id"] == question["id"])
    assert receipt["text"] == snapshot("백업을 보냈습니다 · muhan-backup-20261007-182000.muhan")
    assert "암호화한 백업 보내기" not in captions(receipt)
    assert program.made == [False], "encrypted"


async def test_without_a_passphrase_the_owner_is_told_what_stays_at_telegram(
    house: House, program: Program
) -> None:
    program.encrypts = False
    assert await asked(house, "/backup") == snapshot("""\
⚠️ 암호가 없어 암호화할 수 없습니다. 그대로 보낼까요? (60초 안에 눌러 주세요)
매매 기록, 잔고, 사람 목록이 들어 있고, 보내면 텔레그램 서버에 그대로 남습니다.
열쇠와 토큰은 들어 있지 않습니다.
권합니다: 컴퓨터에서 .env에 MUHAN_BACKUP_PASSPHRASE를 적고 봇을 다시 켠 뒤 /backup\
""")
    await house.chat.press("암호 없이 보내기")
    await house.settle()
    assert program.made == [True], "plain, because it was said so"
    (file,) = [m for m in await house.chat.messages() if m.get("document")]
    assert "암호화하지 않았으니" in file["text"]


@pytest.mark.usefixtures("program")
async def test_a_backup_that_nobody_confirmed_in_time_is_not_sent(house: House) -> None:
    await asked(house, "/backup")
    question = await house.chat.last()
    house.wall.at += timedelta(seconds=61)
    await house.chat.press("암호화한 백업 보내기", message=question)
    await house.settle()
    assert not [m for m in await house.chat.messages() if m.get("document")]
    assert "만료" in (await house.chat.last())["text"]


async def test_a_backup_too_large_for_telegram_says_how_else(
    house: House, program: Program
) -> None:
    program.backup = bytes(LARGEST_FILE + 1)
    await asked(house, "/backup")
    await house.chat.press("암호화한 백업 보내기")
    await house.settle()
    assert (await house.chat.last())["text"] == snapshot("""\
파일이 49.0MB라 보내지 못했습니다.
왜: 텔레그램 봇은 50MB까지만 보낼 수 있습니다.
지금: 컴퓨터에서 muhan backup 을 실행해 주세요.\
""")


@pytest.mark.usefixtures("program")
@pytest.mark.parametrize("command", ["/backup", "/logs", "/diag"])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_files_of_the_program_are_the_owners_alone(
    house: House, command: str, role: Role
) -> None:
    await house.pair(FRIEND, role)
    await house.chat.send(command, **{"as": {"id": FRIEND, "name": "친구"}})
    await house.settle()
    (said,) = await house.chat.said(FRIEND)
    assert said.startswith("주인만 할 수 있는 일입니다")
