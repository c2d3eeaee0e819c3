"""What stands in the pictures, in Korean and in English."""

from bot.laboratory.words import Language

_WORDS: dict[str, tuple[str, str]] = {
    "cycle": ("{symbol} {number}번째 사이클", "{symbol}, cycle {number}"),
    "method": ("V{method} · {splits}분할", "V{method} · {splits} splits"),
    "days": ("{count}거래일", "{count} sessions"),
    "one_day": ("1거래일", "1 session"),
    "close": ("종가", "close"),
    "price": ("가격", "price"),
    "average": ("평단", "average"),
    "star": ("별지점", "star"),
    "target": ("목표", "target"),
    "previous_close": ("전일", "last close"),
    "bought": ("매수", "bought"),
    "sold": ("매도", "sold"),
    "shares": ("{count}주", "{count}"),
    "exhaustion": ("소진율", "used up"),
    "second_half": ("후반전", "2nd half"),
    "last_unit": ("마지막 1회", "last unit"),
    "normal": ("일반", "normal"),
    "reverse": ("리버스", "reverse"),
    "quarter": ("쿼터손절", "quarter"),
    "from_first": ("첫날 종가 대비", "from the first close"),
    "equity": ("평가액", "equity"),
    "equity_percent": ("수익률", "return"),
    "comparison": ("같은 날 비교", "on the same days"),
    "ours": ("무한매수법", "this method"),
    "hold": ("존버", "holding"),
    "dca": ("적립식", "averaging"),
    "calendar": ("{year}년 {month}월 실현손익", "Realized, {month}/{year}"),
    "sum": ("합계 {amount}", "in all {amount}"),
    "won_lost": ("이익 {won}일 · 손실 {lost}일", "{won} days up, {lost} down"),
    "mon": ("월", "Mon"),
    "tue": ("화", "Tue"),
    "wed": ("수", "Wed"),
    "thu": ("목", "Thu"),
    "fri": ("금", "Fri"),
    "gains_day": ("일별 실현손익", "Realized by day"),
    "gains_week": ("주별 실현손익", "Realized by week"),
    "gains_month": ("월별 실현손익", "Realized by month"),
    "gains_year": ("연도별 실현손익", "Realized by year"),
    "so_far": ("누적", "so far"),
    "minutes": ("{symbol} {month}/{day} 미국장 (한국 시각)", "{symbol}, session of {month}/{day}"),
    "seoul": ("", "Seoul time"),
    "volume": ("거래량", "volume"),
    "backtest": ("{symbol} 백테스트", "{symbol}, backtest"),
    "drawdown": ("낙폭", "drawdown"),
    "turn": ("T값", "T"),
    "usd": ("USD", "USD"),
    "splits": ("{count}분할", "{count} splits"),
}


def word(language: Language, name: str, **values: object) -> str:
    """Say a word or a phrase in a language, with its values."""
    korean, english = _WORDS[name]
    return (english if language is Language.EN else korean).format(**values)


def all_words(language: Language) -> str:
    """Give every character that the words of a language need."""
    return "".join(both[language is Language.EN] for both in _WORDS.values())
