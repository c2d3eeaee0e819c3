"""What to do about an answer of KIS's that is none: the code's own remedy, or the kind's."""

from bot.console_words import Both, both
from bot.doctor.findings import Finding, wrong
from bot.redaction import masked
from kis import codes
from kis.errors import KisAuthError, ReadError

_KEYS = both(
    "KIS_APP_KEY와 KIS_APP_SECRET을 KIS Developers에서 다시 복사해 주세요.",
    "Copy KIS_APP_KEY and KIS_APP_SECRET again from KIS Developers.",
)
_AGAIN = both(
    "한투 점검 시간이 아닌지 보고, 잠시 뒤 다시 실행해 주세요.",
    "See that KIS is not being maintained, and run it again in a while.",
)


def told(error: ReadError, what: Both) -> Finding:
    """Say what was not answered, why as far as KIS said it, and what to do."""
    words = masked(str(error))
    meaning = codes.explain(words)
    if meaning is not None:
        return wrong(
            both(f"{what[0]} ({words})", f"{what[1]} ({words})"),
            why=both(*meaning.cause),
            remedy=both(*meaning.remedy),
        )
    remedy = _KEYS if isinstance(error, KisAuthError) else _AGAIN
    return wrong(what, why=both(f"한투의 대답: {words}", f"KIS's answer: {words}"), remedy=remedy)
