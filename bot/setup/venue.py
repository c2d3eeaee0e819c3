"""Where orders will go: the rehearsal is offered first, real money only behind a warning."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from bot.addresses import Venue
from bot.console_words import Both, both
from bot.errors import MuhanError
from bot.events import BotStarted
from bot.settings import Settings
from bot.setup.sitting import Part, Sitting
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.storage.views import Views

NAMES: dict[Venue, Both] = {
    Venue.DEMO: both("데모", "demo"),
    Venue.PAPER: both("리허설", "rehearsal"),
    Venue.MOCK: both("한투 모의", "KIS's practice account"),
    Venue.REAL: both("실전", "real money"),
}
_OFFERS = (
    (
        Venue.PAPER,
        both(
            "리허설 (추천): 한투의 실제 시세로 연습합니다. 주문은 이 컴퓨터 안에서만 체결됩니다.",
            "Rehearsal (recommended): KIS's live prices; orders are filled on this machine only.",
        ),
    ),
    (
        Venue.MOCK,
        both(
            "한투 모의: 한투의 모의투자 계좌. LOC가 없어 장 마감 무렵에 흉내 냅니다.",
            "KIS's practice account: it knows no LOC, which is imitated near the close.",
        ),
    ),
    (
        Venue.REAL,
        both("실전: 실제 돈으로 주문합니다.", "Real money: orders spend your own."),
    ),
)
_WARNING = both(
    "실전은 실제 돈입니다.\n"
    "  · 3배 ETF는 가치의 대부분을 잃을 수 있고, 무한매수법도 원금을 다 쓴 뒤 더 떨어질 수 "
    "있습니다.\n"
    "  · 이 프로그램은 도구이지 조언이 아니며, 주문의 책임은 본인에게 있습니다.\n"
    "  · 리허설로 몇 주를 지내 본 뒤에 고르기를 권합니다.\n"
    "봇을 켠 뒤 대화에서 위험을 읽고 동의해야 첫 주문이 나갑니다.",
    "This is real money.\n"
    "  · Leveraged ETFs can lose most of their value, and the method can use up its principal and\n"
    "    go on falling.\n"
    "  · This program is a tool, not advice: nobody but you answers for your orders.\n"
    "  · Rehearse for some weeks before you choose this.\n"
    "No order goes out before you have read the risks in the chat and agreed.",
)
_WORDS = ("실전", "real")


def venue(sitting: Sitting) -> bool:
    """Have a venue that the addresses and the state file fit."""
    terminal, answers = sitting.terminal, sitting.answers
    chosen = answers.get("MUHAN_VENUE")
    asked = not chosen or Part.VENUE in sitting.again
    while True:
        try:
            if asked:
                chosen = _choose(sitting).value
            settings = answers.trial({"MUHAN_VENUE": chosen})
        except MuhanError as error:
            terminal.error(error)
            if not asked:
                answers.may_keep("MUHAN_VENUE")
            asked = True
            continue
        break
    home = _another_home(sitting, settings)
    if asked or home:
        answers.keep({"MUHAN_VENUE": chosen, **home})
    name = terminal.words.both(NAMES[settings.muhan_venue])
    terminal.say(f"✓ {name}", f"✓ {name}", style="green")
    return True


def _choose(sitting: Sitting) -> Venue:
    terminal = sitting.terminal
    while True:
        chosen = terminal.choose(both("어디에 주문할까요", "Where shall orders go"), _OFFERS)
        if chosen is not Venue.REAL:
            return chosen
        terminal.say(*_WARNING, style="yellow")
        typed = terminal.ask(
            both(
                "그래도 고르려면 '실전'이라고 적으세요 (Enter: 다시 고르기)",
                "To choose it all the same, write 'real' (Enter: choose again)",
            ),
            str,
        )
        if typed.lower() in _WORDS:
            return chosen


@dataclass(frozen=True, kw_only=True, slots=True)
class _Record:
    """What a folder holds: whether cycles were begun in it, and at which venue a bot last ran."""

    begun: bool
    venue: str


def _another_home(sitting: Sitting, settings: Settings) -> dict[str, str]:
    """Name another folder where the present one keeps cycles of another venue (decision 0018)."""
    home, wanted = settings.muhan_home, settings.muhan_venue
    record = asyncio.run(_record(home))
    before = record.venue or sitting.answers.get("MUHAN_VENUE") or Venue.MOCK.value
    if not record.begun or before == wanted.value:
        return {}
    another = _folder_of(wanted, home)
    old = sitting.terminal.words.both(NAMES[Venue(before)])
    sitting.terminal.say(
        f"{home}에는 {old}의 기록이 있어 그대로 두고, 이제부터는 {another}에 둡니다.",
        f"{home} keeps the record of {old}, and is left as it is; from now on it is {another}.",
    )
    return {"MUHAN_HOME": str(another)}


def _folder_of(venue: Venue, home: Path) -> Path:
    """Find the folder beside in which a venue's bot ran before, or name a fresh one."""
    stem = home.name
    for other in Venue:
        stem = stem.removesuffix(f"-{other.value}")
    first, own = home.with_name(stem), home.with_name(f"{stem}-{venue.value}")
    return first if asyncio.run(_record(first)).venue == venue.value else own


async def _record(home: Path) -> _Record:
    if not (home / DATABASE_NAME).exists():
        return _Record(begun=False, venue="")
    async with opened(home / DATABASE_NAME) as database:
        started = await Journal(database).last(BotStarted)
        return _Record(
            begun=await Views(database).ever_begun(), venue=started.venue if started else ""
        )
