"""How the service stands, as systemd tells it."""

from dataclasses import dataclass

from bot.service.errors import ServiceRefused
from bot.service.runner import Runner
from bot.service.units import NAME

FIELDS = (
    "LoadState",
    "ActiveState",
    "SubState",
    "StatusText",
    "NRestarts",
    "MemoryCurrent",
    "ActiveEnterTimestamp",
    "Result",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The service as it is: `state` is systemd's word, `doing` the bot's own.

    `memory` is in bytes, None where systemd does not count it; `since` is systemd's own text.
    """

    installed: bool
    state: str
    doing: str
    since: str
    restarts: int
    memory: int | None
    result: str

    @property
    def well(self) -> bool:
        return self.state == "active"


def standing(runner: Runner, *, user: bool) -> Standing:
    """Ask systemd. Raises ServiceRefused where none answers."""
    scope = ("--user",) if user else ()
    fields = ",".join(FIELDS)
    done = runner(("systemctl", *scope, "show", NAME, f"--property={fields}"))
    if done.status:
        raise ServiceRefused(
            f"systemd가 답하지 않습니다({done.last_line}): 이 컴퓨터가 systemd를 쓰는지 봐 주세요. "
            "쓰지 않으면 muhan run을 직접 켜 두어야 합니다.",
            f"systemd does not answer ({done.last_line}): see whether this machine uses it. "
            "Where it does not, muhan run has to be kept running by hand.",
        )
    told = dict(line.split("=", 1) for line in done.said.splitlines() if "=" in line)
    memory, restarts = told.get("MemoryCurrent", ""), told.get("NRestarts", "")
    counted = memory.isdigit() and int(memory) < 2**63  # systemd's word for "not counted"
    return Standing(
        installed=told.get("LoadState") == "loaded",
        state=told.get("ActiveState", ""),
        doing=told.get("StatusText", ""),
        since=told.get("ActiveEnterTimestamp", ""),
        restarts=int(restarts) if restarts.isdigit() else 0,
        memory=int(memory) if counted else None,
        result=told.get("Result", ""),
    )
