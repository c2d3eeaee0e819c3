"""Why there is no rehearsal room."""

from bot.errors import MuhanError


class RoomFailed(MuhanError):
    """The rehearsal room ended before it was open."""


class RoomClosed(MuhanError):
    """A console command needs the rehearsal room, and no bot runs that keeps one."""


def failed(words: str) -> RoomFailed:
    return RoomFailed(
        f"리허설 방(MUHAN_VENUE=paper)을 열지 못했습니다: {words}",
        f"The rehearsal room (MUHAN_VENUE=paper) did not open: {words}",
    )


def closed() -> RoomClosed:
    return RoomClosed(
        "리허설 방이 닫혀 있습니다: muhan run을 켜 둔 채 다시 해 주세요.",
        "The rehearsal room is closed: do this again while `muhan run` runs.",
    )
