"""The order of the looks, what each of them needs, and going on after one that fails."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.console_words import Both, both
from bot.doctor import account, broker, chat, day, files, journal, machine, programs
from bot.doctor.findings import Finding, Status, skipped, wrong
from bot.doctor.patient import Patient


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One look: its name in JSON, its title, and the looks without which it is pointless."""

    name: str
    title: Both
    look: Callable[[Patient], Awaitable[Finding]]
    needs: tuple[str, ...] = ()


LOOKS: tuple[Look, ...] = (
    Look(name="settings", title=both("설정", "Settings"), look=machine.settings),
    Look(name="venue", title=both("운용", "Venue"), look=machine.venue, needs=("settings",)),
    Look(name="home", title=both("폴더", "Folder"), look=machine.home, needs=("settings",)),
    Look(
        name="permissions",
        title=both("권한", "Permissions"),
        look=files.permissions,
        needs=("home",),
    ),
    Look(name="disk", title=both("디스크", "Disk"), look=machine.disk, needs=("settings",)),
    Look(
        name="instance", title=both("실행", "Running"), look=machine.instance, needs=("settings",)
    ),
    Look(
        name="calendar", title=both("달력", "Calendar"), look=machine.calendar, needs=("settings",)
    ),
    Look(name="window", title=both("주문 시간", "Hours"), look=day.window, needs=("calendar",)),
    Look(name="state", title=both("상태 파일", "State file"), look=files.state, needs=("home",)),
    Look(name="journal", title=both("장부", "Ledger"), look=journal.journal, needs=("state",)),
    Look(name="backup", title=both("백업", "Backups"), look=files.backup, needs=("state",)),
    Look(name="versions", title=both("프로그램", "Program"), look=programs.versions),
    Look(name="fonts", title=both("글꼴", "Fonts"), look=programs.fonts),
    Look(name="service", title=both("서비스", "Service"), look=programs.service),
    Look(name="address", title=both("한투 주소", "KIS"), look=broker.address, needs=("settings",)),
    Look(name="clock", title=both("시계", "Clock"), look=broker.clock, needs=("address",)),
    Look(name="keys", title=both("앱키", "App key"), look=broker.keys, needs=("address",)),
    Look(name="token", title=both("토큰", "Token"), look=broker.token, needs=("keys",)),
    Look(name="account", title=both("계좌", "Account"), look=account.account, needs=("token",)),
    Look(name="money", title=both("달러", "USD"), look=account.money, needs=("account",)),
    Look(name="symbols", title=both("종목", "Symbols"), look=journal.symbols, needs=("token",)),
    Look(name="notices", title=both("체결통보", "Notices"), look=account.notices, needs=("keys",)),
    Look(name="telegram", title=both("텔레그램", "Telegram"), look=chat.bot, needs=("settings",)),
    Look(name="owner", title=both("주인", "Owner"), look=chat.owner, needs=("telegram",)),
    Look(name="webhook", title=both("웹훅", "Webhook"), look=chat.webhook, needs=("telegram",)),
    Look(
        name="conflict", title=both("듣는 곳", "Listening"), look=chat.conflict, needs=("telegram",)
    ),
)


async def visit(
    env: Path,
    environ: Mapping[str, str],
    *,
    tell: Callable[[str, str], None],
    looks: tuple[Look, ...] = LOOKS,
    poll_seconds: int = 4,
) -> list[tuple[Look, Finding]]:
    """Look at everything in order. `tell` hears, in both languages, what is being looked at."""
    found: list[tuple[Look, Finding]] = []
    missing: dict[str, Look] = {}
    async with AsyncExitStack() as stack:
        patient = Patient(
            env=env, environ=environ, tell=tell, stack=stack, poll_seconds=poll_seconds
        )
        for number, look in enumerate(looks, 1):
            lacking = next((missing[name] for name in look.needs if name in missing), None)
            if lacking is not None:
                korean, english = lacking.title
                finding = skipped(
                    both(
                        f"'{korean}'부터 고쳐야 볼 수 있습니다.",
                        f"It can be looked at once '{english}' is mended.",
                    )
                )
                missing[look.name] = lacking
            else:
                tell(
                    f"[{number}/{len(looks)}] {look.title[0]}",
                    f"[{number}/{len(looks)}] {look.title[1]}",
                )
                finding = await _seen(look, patient)
                if finding.status is Status.FAIL:
                    missing[look.name] = look
            found.append((look, finding))
    return found


async def _seen(look: Look, patient: Patient) -> Finding:
    """Look; a file that the machine does not let us see is a finding too."""
    try:
        return await look.look(patient)
    except OSError as error:
        place, reason = error.filename or "?", error.strerror or type(error).__name__
        return wrong(
            both(f"{place}을(를) 볼 수 없습니다 ({reason})", f"{place} is not seen ({reason})"),
            remedy=both(
                "그 파일의 주인과 권한을 확인해 주세요: 봇과 같은 사용자로 실행해야 합니다.",
                "Look at the file's owner and mode: this must run as the user of the bot.",
            ),
        )
