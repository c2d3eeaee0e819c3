"""The wizard: its steps in their order, and what to do when they are done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import totp
from bot.addresses import Venue
from bot.console_words import Both, Words, both
from bot.errors import MuhanError
from bot.instance import running_process
from bot.service.places import SETTINGS
from bot.settings import Language, Settings
from bot.setup import broker, chat, first_cycle
from bot.setup.program import installed, program
from bot.setup.sitting import Part, Sitting
from bot.setup.venue import venue


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One part of the setup: it asks what is missing or wrong, and answers whether it is well."""

    part: Part
    title: Both
    take: Callable[[Sitting], bool]


STEPS: tuple[Step, ...] = (
    Step(part=Part.TELEGRAM, title=both("텔레그램 봇", "Telegram bot"), take=chat.telegram),
    Step(part=Part.OWNER, title=both("주인", "Owner"), take=chat.owner),
    Step(part=Part.VENUE, title=both("운용", "Venue"), take=venue),
    Step(part=Part.KEYS, title=both("한투 앱키", "KIS app key"), take=broker.keys),
    Step(part=Part.ACCOUNT, title=both("계좌", "Account"), take=broker.account),
    Step(part=Part.HTS, title=both("HTS ID", "HTS id"), take=broker.login),
    Step(part=Part.CYCLE, title=both("첫 사이클", "First cycle"), take=first_cycle.cycle),
)
_LANGUAGES = (
    (Language.KO, both("한국어", "한국어")),
    (Language.EN, both("English", "English")),
)

_PARTS = ", ".join(Part)


def walk(sitting: Sitting) -> bool:
    """Take every step; answer whether the bot can be started now.

    What a step has settled stands in `.env` at once. Raises SettingsError for what only the owner
    can mend outside of the wizard.
    """
    _language(sitting)
    _greet(sitting)
    left: list[Step] = []
    for number, step in enumerate(STEPS, 1):
        place = f"{number}/{len(STEPS)} "
        sitting.terminal.title(both(*(place + each for each in step.title)))
        if not step.take(sitting):
            left.append(step)
    sitting.terminal.title(both("끝", "Done"))
    if left:
        _come_back(sitting, left)
    else:
        _go_on(sitting, sitting.answers.complete())
    return not left


def _language(sitting: Sitting) -> None:
    terminal, answers = sitting.terminal, sitting.answers
    known = answers.get("MUHAN_LANGUAGE")
    if known and Part.LANGUAGE not in sitting.again:
        return
    chosen = terminal.choose(both("언어 / Language", "언어 / Language"), _LANGUAGES)
    terminal.words = Words(chosen.value)
    answers.keep({"MUHAN_LANGUAGE": chosen.value})


def _greet(sitting: Sitting) -> None:
    env = sitting.answers.env
    sitting.terminal.say(
        f"무한을 설치합니다. 맞다고 확인된 답은 바로 {env}에 적힙니다. Ctrl-C로 언제든 그만두고, "
        "다시 실행하면 남은 것만 묻습니다.",
        f"This sets Muhan up. An answer that is found right goes into {env} at once. Leave with "
        "Ctrl-C whenever you like: the next run asks only what is left.",
    )


def _come_back(sitting: Sitting, left: Sequence[Step]) -> None:
    words = sitting.terminal.words
    names = ", ".join(words.both(step.title) for step in left)
    env = sitting.answers.env
    again = f"{program()} setup" + ("" if str(env) == ".env" else f" --env {env}")
    sitting.terminal.say(
        f"아직 남은 것: {names}\n다음: {again} 을 다시 실행해 주세요. 그것만 묻습니다.",
        f"Still open: {names}\nNext: run {again} again. It asks only that.",
        style="yellow",
    )


def _go_on(sitting: Sitting, settings: Settings) -> None:
    terminal, env = sitting.terminal, sitting.answers.env
    if settings.muhan_venue is Venue.REAL and not _authenticator(settings):
        terminal.say(
            "! 인증 앱이 없습니다: 비상정지를 풀거나 자동으로 올릴 때 씁니다. muhan totp 로 "
            "연결하세요.",
            "! No authenticator app is connected: it lifts an emergency stop and steps approvals "
            "up. Connect one with muhan totp.",
            style="yellow",
        )
    muhan, option = program(), "" if str(env) == ".env" else f" --env {env}"
    if installed(sitting.place):
        update = f"sudo {muhan} service install --env {env}"
        terminal.say(
            f"다음: {update}\n서비스의 설정({SETTINGS})이 이 파일로 바뀝니다: 거기에만 적은 것이 "
            "있으면 먼저 옮겨 적어 주세요.",
            f"Next: {update}\nThis file takes the place of the service's ({SETTINGS}): copy over "
            "first what you wrote only there.",
            style="bold",
        )
        return
    if running_process(settings.muhan_home):
        terminal.say(
            "다음: 봇이 돌고 있습니다. 바꾼 것이 있으면 껐다가 다시 켜 주세요.",
            "Next: the bot is running. If you changed anything, stop and start it.",
        )
        return
    terminal.say(f"다음: {muhan} run{option}", f"Next: {muhan} run{option}", style="bold")
    terminal.say(
        f"켜면 텔레그램에서 /start 를 보내 보세요.\n전체 점검: {muhan} doctor{option}\n답 바꾸기: "
        f"{muhan} setup{option} --again 뒤에 {_PARTS} 가운데 하나\n"
        f"리눅스 서버에서 늘 켜 두기: sudo {muhan} service install{option}",
        f"Once it runs, send /start in Telegram.\nTo look at everything: {muhan} doctor{option}\n"
        f"To change an answer: {muhan} setup{option} --again with one of {_PARTS}\n"
        f"To keep it running on a Linux server: sudo {muhan} service install{option}",
    )


def _authenticator(settings: Settings) -> bool:
    try:
        return bool(totp.kept(settings.muhan_home))
    except MuhanError:
        return False  # its file is damaged, and the doctor and the bot say so
