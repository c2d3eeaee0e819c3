"""What the figures of a backtest are called, in Korean and in English."""

from enum import StrEnum


class Language(StrEnum):
    KO = "ko"
    EN = "en"


_WORDS: dict[str, tuple[str, str]] = {
    "title": (
        "{symbol} 무한매수법 V{method} · {splits}분할",
        "{symbol} V{method}, {splits} splits",
    ),
    "figures": ("결과", "figures"),
    "value": ("값", "value"),
    "period": ("기간", "period"),
    "sessions": ("거래일", "sessions"),
    "principal": ("원금", "principal"),
    "final_equity": ("최종 평가액", "final equity"),
    "return": ("수익률", "return"),
    "realized": ("실현손익 (수수료 후)", "realized, after fees"),
    "fees": ("수수료 (SEC fee 포함)", "fees, SEC fee included"),
    "sec_fees": ("SEC fee", "SEC fee"),
    "cagr": ("연평균 수익률", "growth a year"),
    "mdd": ("최대 낙폭", "deepest fall"),
    "cycles_finished": ("끝난 사이클", "cycles finished"),
    "wins": ("수수료 후 이익 / 손실", "wins / losses, after fees"),
    "longest_cycle": ("가장 긴 사이클", "longest cycle"),
    "phases": ("모드별 거래일", "sessions in each mode"),
    "exhaustions": ("소진", "exhausted"),
    "exhaustions_value": (
        "{count}번, 모두 {sessions}거래일 (가장 길게 {longest}일)",
        "{count} times, {sessions} sessions (longest {longest})",
    ),
    "never": ("없음", "never"),
    "odds": ("소진 확률 ({horizon}거래일)", "odds of exhaustion in {horizon} sessions"),
    "odds_value": (
        "{percent} % ({low}~{high} %, {runs}번 중 {hits}번)",
        "{percent} % ({low} to {high} %; {hits} of {runs})",
    ),
    "missing": ("시세가 없어 건너뛴 거래일", "sessions skipped for want of a bar"),
    "normal": ("일반", "normal"),
    "reverse": ("리버스", "reverse"),
    "quarter": ("쿼터손절", "quarter"),
    "comparison": ("존버·적립식과 비교", "beside holding and averaging"),
    "way": ("방법", "way"),
    "method": ("무한매수법", "this method"),
    "hold": ("존버", "holding"),
    "dca": ("적립식 ({parts}거래일)", "averaging ({parts} sessions)"),
    "years": ("연도별", "by year"),
    "year": ("연도", "year"),
    "cycles": ("사이클", "cycles"),
    "won": ("이익", "won"),
    "lost": ("손실", "lost"),
    "cycle": ("사이클", "cycle"),
    "ledger": ("원장", "ledger"),
    "from": ("시작", "from"),
    "to": ("끝", "to"),
    "days": ("일수", "days"),
    "profit": ("손익", "profit"),
    "percent": ("%", "%"),
    "max_turn": ("최대 T", "max T"),
    "used_up": ("소진", "out"),
    "yes": ("예", "yes"),
    "running": ("진행 중", "running"),
    "spells": ("소진 구간", "when the units were used up"),
    "starts": ("시작일별 결과 ({horizon}거래일 뒤)", "by start date, after {horizon} sessions"),
    "starts_summary": ("시작일별 요약", "start dates, summed up"),
    "show_all": ("{count}개 모두 보기", "show all {count}"),
    "fees_short": ("수수료", "fees"),
    "profit_short": ("실현손익", "realized"),
    "count": ("횟수", "starts"),
    "worst": ("최저", "worst"),
    "median": ("중앙값", "median"),
    "best": ("최고", "best"),
    "gained": ("이익으로 끝남", "ended with a gain"),
    "beat_hold": ("존버보다 나음", "better than holding"),
    "ran_out": ("한 번이라도 소진", "ran out at least once"),
    "assumptions": ("이 계산의 가정과 한계", "what this supposes and cannot know"),
    "data": ("데이터", "data"),
    "played_by": ("시작일과 소진 확률을 돌린 엔진", "start dates and odds played by"),
    "kernel": ("빠른 엔진 (숫자는 기본 엔진과 같음)", "the kernel (the reference's numbers)"),
    "reference": ("기본 엔진", "the reference"),
    "equity": ("평가액 (USD)", "equity (USD)"),
    "price": ("가격 (USD)", "price (USD)"),
    "close": ("종가", "close"),
    "average": ("평단", "average"),
    "star": ("별지점", "star price"),
    "bought": ("매수", "bought"),
    "sold": ("매도", "sold"),
    "turn": ("T", "T"),
    "drawdown": ("낙폭 (%)", "drawdown (%)"),
    "start": ("시작일", "start"),
    "sweep_title": ("{symbol} · {runs}번 돌린 결과", "{symbol}, {runs} runs"),
    "sweep_results": ("조건별 결과 (시작일 모두)", "each agreement over all start dates"),
    "sweep_by": ("{what}별 (나머지 조건 모두)", "by {what}, whatever the rest"),
    "sweep_more": (
        "외 {count}개 조건은 --json이나 --out 파일에 있습니다.",
        "{count} more agreements stand in --json and in the file of --out.",
    ),
    "percentile_5": ("하위 5 %", "low 5 %"),
    "odds_short": ("소진 확률", "odds to run out"),
    "worst_fall": ("최악 낙폭", "worst fall"),
    "heat_median": ("수익률 중앙값 (%)", "median return (%)"),
    "heat_odds": ("소진 확률 (%)", "odds of exhaustion (%)"),
    "fan": ("시작일별 수익률 (%)", "return by start date (%)"),
    "fan_all": ("모든 조건", "all agreements"),
    "fan_middle": ("가운데 90 %", "middle 90 %"),
    "horizon": ("기간 (거래일)", "horizon (sessions)"),
    "horizon_short": ("{sessions}거래일", "{sessions} sessions"),
    "horizon_end": ("끝까지", "to the end"),
    "symbol": ("종목", "symbol"),
    "version": ("버전", "version"),
    "splits": ("분할", "splits"),
    "target_percent": ("목표 (%)", "target (%)"),
    "ladder": ("하락 대비 매수 수", "ladder"),
    "first_buy_percent": ("첫 매수 (%)", "first buy (%)"),
    "compounding": ("복리 방식", "compounding"),
    "fee_percent": ("수수료 (%)", "fee (%)"),
}


def word(language: Language, name: str, **values: object) -> str:
    """Say a word or a phrase in a language, with its values."""
    korean, english = _WORDS[name]
    return (english if language is Language.EN else korean).format(**values)


def known(name: str) -> bool:
    """Tell whether there is a word by this name."""
    return name in _WORDS


def all_words(language: Language) -> str:
    """Give every character that the words of a language need."""
    return "".join(word[language is Language.EN] for word in _WORDS.values())
