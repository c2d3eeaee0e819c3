"""What the keeping tells: a daily backup that was not made."""

from bot.events import BackupFailed, Event
from bot.telegram.catalogue import Words, mark
from bot.telegram.markup import Html

WHY = {
    "place": mark("백업을 둘 곳에 쓸 수 없습니다 ({detail})"),
    "state": mark("상태 파일을 복사할 수 없습니다. 컴퓨터에서 muhan doctor 로 봐 주세요"),
    "proof": mark(
        "만든 백업을 시험 삼아 되돌려 보니 되지 않았습니다. 컴퓨터에서 muhan doctor 로 봐 주세요"
    ),
}


def told(words: Words, event: Event) -> Html | None:
    """Say that today's backup is missing, why, and that it stops nothing; None for all others."""
    if not isinstance(event, BackupFailed):
        return None
    reason = words.plain(WHY[event.why], detail=event.detail) if event.why in WHY else event.why
    return words.say(
        "⚠️ 오늘 백업을 만들지 못했습니다.\n"
        "왜: {reason}.\n"
        "지금: 주문은 그대로 나갑니다. 고치면 30분 안에 다시 만듭니다. 그 전에 /backup 으로 받아 "
        "두셔도 됩니다.",
        reason=reason,
    )
