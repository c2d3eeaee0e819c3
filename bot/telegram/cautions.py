"""What everybody reads before real money: five cards about the risk, and three questions.

Another text needs another edition: `trading.consent.EDITION` says which one was agreed to.
"""

from dataclasses import dataclass

from bot.telegram.catalogue import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A risk, in a title and a few sentences."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question with its answers; `right` is the place of the right one."""

    text: str
    answers: tuple[str, ...]
    right: int
    because: str


CARDS: tuple[Card, ...] = (
    Card(
        title=mark("살 돈이 떨어질 수 있습니다 (소진)"),
        text=mark(
            "계속 내리면 나눠 둔 돈을 다 씁니다. 그때부터는 더 싸게 사서 평단을 낮출 수 없고, "
            "손해를 보며 파는 날이 옵니다. 과거에도 여러 번 있었습니다."
        ),
    ),
    Card(
        title=mark("크게 줄어든 채로 오래갈 수 있습니다 (낙폭)"),
        text=mark(
            "3배 ETF는 절반보다 더 떨어진 적이 여러 번 있습니다. 계좌가 크게 줄어든 채 몇 달, 몇 "
            "해를 갈 수 있습니다. 없어도 되는 돈으로만 하세요."
        ),
    ),
    Card(
        title=mark("오르내리기만 해도 줄어듭니다 (레버리지 감쇠)"),
        text=mark(
            "지수가 10% 내리고 다시 제자리로 와도 3배 ETF는 제자리로 오지 못합니다. 오래 들고 "
            "있으면 지수가 그대로여도 손해일 수 있습니다."
        ),
    ),
    Card(
        title=mark("과거는 약속이 아닙니다"),
        text=mark(
            "백테스트와 소진 확률은 지난 시세로 센 것입니다. 앞으로 더 나쁜 일이 있을 수 있고, "
            "환율과 세금(양도소득세)도 따로 듭니다."
        ),
    ),
    Card(
        title=mark("봇도 멈출 수 있습니다"),
        text=mark(
            "컴퓨터, 인터넷, 한투, 텔레그램은 멈출 수 있습니다. 답이 없는 주문을 봇은 다시 보내지 "
            "않고 알려 드립니다. 마지막 확인은 한투 앱에서 하셔야 합니다."
        ),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    Question(
        text=mark("원금이 소진되면 어떻게 되나요?"),
        answers=(
            mark("봇이 돈을 더 넣어 준다"),
            mark("더 살 수 없고 손해를 보며 팔 수 있다"),
            mark("저절로 본전에 팔린다"),
        ),
        right=1,
        because=mark("나눠 둔 돈을 다 쓰면 더 살 수 없습니다. 돈을 더 넣는 것은 본인만 합니다."),
    ),
    Question(
        text=mark("지수가 10% 내렸다가 제자리로 오면 3배 ETF는?"),
        answers=(
            mark("제자리보다 낮다"),
            mark("제자리로 온다"),
            mark("제자리보다 높다"),
        ),
        right=0,
        because=mark("하루에 3배씩 움직이므로 오르내릴수록 줄어듭니다. 이것이 감쇠입니다."),
    ),
    Question(
        text=mark("주문에 답이 없으면 봇은?"),
        answers=(
            mark("될 때까지 다시 보낸다"),
            mark("없던 일로 한다"),
            mark("다시 보내지 않고 찾아보며 알린다"),
        ),
        right=2,
        because=mark("다시 보내면 두 번 살 수 있습니다. 그래서 찾아보고 알리기만 합니다."),
    ),
)
