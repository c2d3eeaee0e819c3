"""The command menu: what the bot answers, by job, and who may ask for it."""

from dataclasses import dataclass
from enum import StrEnum

from aiogram.types import BotCommand, KeyboardButton, ReplyKeyboardMarkup

from bot.storage.people import Role
from bot.telegram.catalogue import ENGLISH, Words, mark


class Job(StrEnum):
    """What a command is for; /help is in this order."""

    DAY = "day"
    SAFETY = "safety"
    CYCLES = "cycles"
    MONEY = "money"
    SETTINGS = "settings"
    UPKEEP = "upkeep"


JOBS = {
    Job.DAY: mark("매일"),
    Job.SAFETY: mark("안전"),
    Job.CYCLES: mark("사이클과 성과"),
    Job.MONEY: mark("돈과 시세"),
    Job.SETTINGS: mark("설정"),
    Job.UPKEEP: mark("관리"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One command with what it does, in Korean and in English.

    `aliases` are its Korean names ("/오늘", and the word alone). `fresh` marks a command that lets
    orders go out: it is refused when its message is old. One that holds them back is not, or a
    machine whose clock is wrong could not be stopped.
    """

    name: str
    job: Job
    korean: str
    english: str
    aliases: tuple[str, ...] = ()
    role: Role = Role.VIEWER

    @property
    def fresh(self) -> bool:
        return self.name in _FRESH

    def words(self, language: str) -> str:
        return self.english if language == ENGLISH else self.korean


def _of(job: Job, *rows: tuple[str, str, str, str], role: Role = Role.VIEWER) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            name=name,
            job=job,
            korean=korean,
            english=english,
            aliases=tuple(aliases.split()),
            role=role,
        )
        for name, aliases, korean, english in rows
    )


COMMANDS: tuple[Entry, ...] = (
    *_of(
        Job.DAY,
        ("start", "시작 홈 처음", "첫 화면", "Home"),
        ("today", "오늘", "오늘 회차: 계획부터 정산까지", "Today's round, from plan to settlement"),
        ("status", "상태", "사이클 상태", "Where the cycles stand"),
        ("plan", "계획 미리보기", "다음 주문 미리보기와 이유", "Preview the next orders and why"),
        (
            "whatif",
            "가정",
            "이 종가라면 내일 주문은?",
            "Tomorrow's orders at a supposed close",
        ),
        ("orders", "주문 미체결", "미체결 주문, 취소", "Open orders, cancel"),
        ("fills", "체결", "체결 내역", "Fills of a day"),
        ("why", "왜 이유", "그날 왜 샀나, 왜 안 샀나", "Why it bought, or did not, on a day"),
    ),
    *_of(
        Job.DAY,
        ("buynow", "지금주문", "놓친 회차를 지금 주문", "Order a missed round now"),
        ("skip", "건너뛰기", "오늘 회차 건너뛰기, 되돌리기", "Skip today's round, or undo that"),
        ("sync", "맞추기 동기화", "장부와 계좌 맞춰 보기", "Hold the ledger against the account"),
        role=Role.OPERATOR,
    ),
    *_of(
        Job.SAFETY,
        ("pause", "일시정지", "일시정지 (매수만 또는 모두)", "Pause buys or all"),
        ("resume", "재개 다시시작", "다시 시작", "Resume"),
        ("stop", "정지", "정지 (주문 유지 또는 취소)", "Stop everything"),
        ("kill", "비상정지", "비상정지: 코드로만 풀립니다", "Emergency stop: only a code lifts it"),
        role=Role.OPERATOR,
    ),
    *_of(
        Job.SAFETY,
        ("unlock", "해제 잠금해제", "비상정지 풀기", "Lift the emergency stop"),
        ("mode", "모드", "알림만 / 확인 / 자동", "Alert only / confirm / auto"),
        role=Role.OWNER,
    ),
    *_of(
        Job.CYCLES,
        ("cycle", "사이클", "사이클 카드", "A cycle's card"),
        ("cycles", "사이클목록 졸업", "끝난 사이클과 도는 사이클", "Finished and running cycles"),
        ("chart", "차트", "사이클 차트", "The cycle as a picture"),
        ("pnl", "손익", "일·주·월·년 손익", "Profit by day, week, month, year"),
        ("report", "보고 리포트", "마감 보고, 주간·월간 회고", "The day's report and reviews"),
        ("risk", "위험 소진", "소진 확률, 낙폭, 쏠림", "Exhaustion odds, drawdown"),
        (
            "compare",
            "비교",
            "존버·적립식·다른 버전과 비교",
            "Against holding and other versions",
        ),
        ("backtest", "백테스트", "과거 시세로 돌려 보기", "Run the method over past prices"),
    ),
    *_of(
        Job.MONEY,
        ("balance", "잔고", "달러·원화, 주문가능, 남은 회차", "Cash, orderable, how long it lasts"),
        ("price", "시세 현재가", "현재가와 분봉", "Price and minute chart"),
        ("fx", "환율", "환율과 환차익", "Exchange rate and its effect"),
        ("tax", "세금 양도세", "양도소득세 추정", "Capital gains tax, estimated"),
    ),
    *_of(
        Job.MONEY,
        ("export", "내보내기", "거래·사이클·세금 파일", "Trades, cycles, tax as files"),
        role=Role.OPERATOR,
    ),
    *_of(
        Job.SETTINGS,
        ("setup", "설정시작 새사이클", "사이클 시작 안내", "Begin a cycle, step by step"),
        ("settings", "설정", "사이클 설정 보기와 바꾸기", "See and change a cycle's settings"),
        ("seed", "시드 원금", "시드 늘리기, 줄이기", "Add to the seed, or take from it"),
        role=Role.OWNER,
    ),
    *_of(
        Job.SETTINGS,
        ("alerts", "알림", "알림 종류, 방해금지, 언어", "Alerts, quiet hours, language"),
        ("guide", "용어 안내", "용어와 위험 안내", "Terms and risks explained"),
        ("whoami", "나", "내 번호와 권한", "My number and role"),
        ("pair", "페어링 초대", "사람 들이기: 코드는 어디서?", "How somebody is let in"),
    ),
    *_of(
        Job.SETTINGS,
        ("users", "사람 사용자", "쓰는 사람과 권한", "Who uses this, and as what"),
        ("revoke", "권한해제", "사람 내보내기", "Take somebody's access away"),
        role=Role.OWNER,
    ),
    *_of(
        Job.UPKEEP,
        ("schedule", "일정", "다음 7거래일 일정", "The next seven sessions"),
        ("health", "건강 점검", "봇과 한투 연결 상태", "How the bot and its lines are"),
        ("version", "버전", "버전", "Version"),
        ("panel", "대시보드", "대시보드 여는 법", "How to open the dashboard"),
        ("help", "도움 도움말", "도움말", "Help"),
    ),
    *_of(
        Job.UPKEEP,
        ("logs", "로그", "최근 로그 파일", "The latest log as a file"),
        ("diag", "진단", "진단 꾸러미 (비밀은 가립니다)", "Diagnostics, secrets masked"),
        ("backup", "백업", "백업 파일 받기", "Get a backup file"),
        role=Role.OWNER,
    ),
)
_FRESH = frozenset({"resume", "unlock", "buynow", "mode", "setup"})
FAST_LANE = frozenset({"stop", "pause", "kill"})
"""What waits behind nothing, and is never too much."""
BY_NAME = {entry.name: entry for entry in COMMANDS}
_ALIASES = {alias: entry.name for entry in COMMANDS for alias in entry.aliases}

HARMLESS = (("today", "status", "cycle"), ("pnl", "orders", "help"))
"""What stands on the keyboard below the chat: nothing there changes anything."""
_CAPTIONS = {
    "today": mark("오늘"),
    "status": mark("상태"),
    "cycle": mark("사이클"),
    "pnl": mark("손익"),
    "orders": mark("주문"),
    "help": mark("도움"),
}


def commands(language: str, role: Role = Role.OWNER) -> list[BotCommand]:
    """Give the menu that Telegram shows to somebody, in a language."""
    return [
        BotCommand(command=entry.name, description=entry.words(language))
        for entry in COMMANDS
        if entry.role <= role
    ]


def keyboard(words: Words) -> ReplyKeyboardMarkup:
    """Make the keyboard below the chat."""
    rows = [[KeyboardButton(text=words.plain(_CAPTIONS[name])) for name in row] for row in HARMLESS]
    return ReplyKeyboardMarkup(keyboard=rows, resize_keyboard=True, is_persistent=True)


def command_of(text: str | None) -> str | None:
    """Name the command that a message gives ("/stop@my_bot now", "/정지": stop), None for none.

    A command that nobody knows comes back as it was written.
    """
    if not text or not text.startswith("/"):
        return None
    first = text.split(maxsplit=1)[0]
    written = first.removeprefix("/").partition("@")[0].lower()
    return _ALIASES.get(written, written)


def spoken(text: str | None) -> str | None:
    """Name the command whose name or Korean name is the first word of a text without a slash."""
    first = (text or "").split(maxsplit=1)[:1]
    word = first[0].lower() if first else ""
    if word in BY_NAME:
        return word
    return _ALIASES.get(word)


def behind(text: str | None) -> str:
    """Give what stands behind the first word of a text."""
    parts = (text or "").split(maxsplit=1)
    return parts[1].strip() if len(parts) > 1 else ""
