"""The words of the console, Korean and English: why a command was not carried out, what to do."""

from bot.errors import MuhanError
from bot.trading.ports import Explain
from bot.trading.refusal import Refusal, Why

Both = tuple[str, str]
"""The same in Korean and in English."""


def both(korean: str, english: str) -> Both:
    """Join the two."""
    return korean, english


REFUSALS: dict[Why, Both] = {
    Why.SYMBOL_RUNS: both(
        "{symbol} 사이클이 이미 돌고 있습니다: muhan cycle list로 확인해 주세요. 같은 종목에 "
        "하나 더 두려면 --second를 붙이세요.",
        "A cycle of {symbol} runs already: look at muhan cycle list. Add --second to run another "
        "one on the symbol.",
    ),
    Why.PRINCIPAL_TOO_SMALL: both(
        "원금을 쓸 수 없습니다 ({detail}): 0보다 큰 금액을 적어 주세요.",
        "The principal cannot be used ({detail}): write a sum above 0.",
    ),
    Why.CYCLE_UNKNOWN: both(
        "{cycle}번 사이클이 없습니다: muhan cycle list로 번호를 확인해 주세요.",
        "There is no cycle {cycle}: look at muhan cycle list.",
    ),
    Why.SYMBOL_UNKNOWN: both(
        "{symbol} 사이클이 없습니다: muhan cycle list로 확인해 주세요.",
        "No cycle runs on {symbol}: look at muhan cycle list.",
    ),
    Why.CHANGE_DIFFERS: both(
        "그사이 장부가 바뀌어 효과가 달라졌습니다: 명령을 다시 실행해 확인해 주세요.",
        "The ledger moved meanwhile, so the effect is another: run the command again.",
    ),
    Why.SPLIT_TWICE: both(
        "{symbol} 분할을 이미 받아 두었습니다: 두 번 반영하지 않습니다.",
        "A split of {symbol} was told already: it is not booked twice.",
    ),
    Why.SPLIT_TOO_LATE: both(
        "{session}에 분할 뒤 가격으로 체결된 {symbol} 주문이 있어 반영할 수 없습니다: --from을 그 "
        "다음 거래일로 적고 한투 잔고와 맞는지 확인해 주세요.",
        "Orders of {symbol} were filled on {session}, at the price after the split: give a later "
        "--from, and see whether the ledger then agrees with KIS.",
    ),
    Why.DATE_PASSED: both(
        "{date}은(는) 지난 날짜입니다: 오늘(뉴욕)이나 그 뒤를 적어 주세요.",
        "{date} has passed: write today's date in New York or a later one.",
    ),
    Why.IMPORT_QUANTITY: both(
        "적은 {given}주에 다른 사이클 {others}주와 봇의 것이 아닌 {not_ours}주를 더해도 한투 잔고 "
        "{broker}주와 다릅니다: 수량을 고치거나 --not-ours를 적어 주세요.",
        "{given} shares, {others} of other cycles and {not_ours} that are not the bot's do not "
        "make the {broker} that KIS shows: mend the quantity, or say --not-ours.",
    ),
    Why.IMPORT_AVERAGE: both(
        "적은 평단 {given}이(가) 한투의 {broker}와 0.5센트 넘게 다릅니다: 평단을 확인해 주세요.",
        "The average {given} is more than half a cent off KIS's {broker}: look at it again.",
    ),
    Why.IMPORT_DIFFERS: both(
        "그사이 잔고나 걸린 주문이 바뀌었습니다: 명령을 다시 실행해 확인해 주세요.",
        "The account or its resting orders changed meanwhile: run the command again.",
    ),
    Why.TURN_NEEDED: both(
        "이 버전의 T는 직접 적어야 합니다: --turn을 적어 주세요 (원가로 계산하면 {turn}).",
        "This version needs your own T: write --turn (from the cost it would be {turn}).",
    ),
    Why.NOT_OURS: both(
        "봇의 것이 아닌 주식은 0주 이상이어야 합니다: {quantity}주",
        "The shares that are not the bot's are 0 or more, not {quantity}.",
    ),
    Why.NOT_KILLED: both(
        "비상정지가 켜져 있지 않습니다: 풀 것이 없습니다.",
        "The emergency stop is not on: there is nothing to lift.",
    ),
    Why.BROKER_SILENT: both(
        "한투에 물어볼 수 없습니다 ({reason}): 잠시 뒤 다시 해 주세요.",
        "KIS cannot be asked ({reason}): try again in a while.",
    ),
}


class Words:
    """Say things in the owner's language."""

    def __init__(self, language: str, *, explain: Explain = lambda _: None) -> None:
        self.language = language
        self._explain = explain

    def say(self, korean: str, english: str) -> str:
        return english if self.language == "en" else korean

    def both(self, pair: Both) -> str:
        return self.say(*pair)

    def error(self, error: MuhanError) -> str:
        """Say why a command was not carried out."""
        if isinstance(error, Refusal) and error.why in REFUSALS:
            said = self.both(REFUSALS[error.why]).format(**error.figures)
            remedy = self._remedy(str(error.figures.get("reason", "")))
            return f"{said} {remedy}".strip()
        sentence = error.sentence(self.language)
        return sentence if sentence.endswith(".") else f"{sentence}."

    def _remedy(self, reason: str) -> str:
        """Say what to do about a reason of the broker's, where that is known."""
        found = self._explain(reason) if reason else None
        return "" if found is None else self.say(*found.remedy)
