"""Why a command was not carried out, in Korean and in English, for whoever sits at a screen."""

from bot.trading.refusal import Refusal, Why

Both = tuple[str, str]
"""The same in Korean and in English."""


def both(korean: str, english: str) -> Both:
    """Join the two."""
    return korean, english


_WHYS: dict[Why, Both] = {
    Why.TAP_USED: both(
        "이미 확인한 일입니다. 두 번 처리하지 않았습니다.",
        "This was confirmed already. It was not done twice.",
    ),
    Why.STOPPED: both(
        "정지 중이라 할 수 없습니다. 먼저 다시 시작해 주세요.",
        "Trading is stopped. Resume it first.",
    ),
    Why.KILLED: both(
        "비상정지 중이라 할 수 없습니다. 먼저 비상정지를 풀어 주세요.",
        "The emergency stop is on. Lift it first.",
    ),
    Why.NOT_KILLED: both(
        "비상정지가 켜져 있지 않습니다. 바뀐 것은 없습니다.",
        "The emergency stop is not on. Nothing has changed.",
    ),
    Why.NO_SECRET: both(
        "인증 앱을 연결하지 않아 코드를 확인할 수 없습니다. 컴퓨터에서 muhan unlock 을 하고, "
        "muhan totp 로 인증 앱을 연결해 두세요.",
        "No authenticator app is connected, so no code can be checked. Run muhan unlock at the "
        "machine, and connect an app with muhan totp.",
    ),
    Why.CODE_SHAPE: both(
        "인증 코드는 여섯 자리 숫자입니다. 인증 앱의 코드를 다시 적어 주세요.",
        "A code has six digits. Type the app's code again.",
    ),
    Why.CODE_WRONG: both(
        "인증 코드가 맞지 않아 아무것도 바꾸지 않았습니다. 새 코드가 뜨면 다시 적어 주세요.",
        "The code is wrong, so nothing was changed. Type the next one.",
    ),
    Why.CODE_LATER: both(
        "틀린 코드가 여러 번 와서 잠시 받지 않습니다. 10분 뒤에 하거나 컴퓨터에서 해 주세요.",
        "Too many wrong codes came. Wait ten minutes, or do it at the machine.",
    ),
    Why.CODE_USED: both(
        "이미 쓴 코드입니다. 30초쯤 뒤 새 코드를 적어 주세요.",
        "That code was used. Type the next one in half a minute.",
    ),
    Why.CONSENT_NEEDED: both(
        "실전은 위험 안내를 읽고 동의한 뒤에 시작할 수 있습니다. 텔레그램의 /guide 에서 읽어 "
        "주세요.",
        "Real money begins after the risks were read and agreed to: /guide in Telegram.",
    ),
    Why.AUTO_LATER: both(
        "실전 사이클은 처음부터 자동으로 시작할 수 없습니다. 확인으로 시작해 주세요.",
        "A cycle of real money does not begin on automatic. Begin it with confirm.",
    ),
    Why.SYMBOL_RUNS: both(
        "이 종목은 이미 사이클이 돌고 있습니다. 목록에서 확인해 주세요.",
        "A cycle of this symbol runs already. Look at the list.",
    ),
    Why.PRINCIPAL_TOO_SMALL: both(
        "원금을 쓸 수 없습니다. 0보다 큰 금액을 적어 주세요.",
        "The principal cannot be used. Write a sum above 0.",
    ),
    Why.NOT_OURS: both(
        "봇의 것이 아닌 주식 수는 0 이상이어야 합니다. 다시 적어 주세요.",
        "The shares that are not the bot's are 0 or more. Write them again.",
    ),
    Why.BROKER_SILENT: both(
        "한투가 응답하지 않아 처리하지 못했습니다. 잠시 뒤 다시 해 주세요.",
        "KIS does not answer, so nothing was done. Try again in a while.",
    ),
    Why.GATE_SHUT: both(
        "아직 시작 점검 중이라 할 수 없습니다. 점검이 끝난 뒤 다시 해 주세요.",
        "The start-up checks are not over. Try again when they are.",
    ),
    Why.CYCLE_UNKNOWN: both(
        "그런 사이클이 없습니다. 목록에서 골라 주세요.", "There is no such cycle."
    ),
    Why.CYCLE_OVER: both(
        "이 사이클은 이미 끝났습니다. 새 사이클을 시작해 주세요.",
        "This run is over already. Begin a new cycle.",
    ),
    Why.AGREED_ALREADY: both(
        "이미 그렇게 정해져 있습니다. 바뀐 것은 없습니다.",
        "It is so already. Nothing has changed.",
    ),
    Why.ROUND_UNKNOWN: both(
        "그런 회차가 없습니다. 오늘 화면을 봐 주세요.", "There is no such round."
    ),
    Why.ROUND_CHANGED: both(
        "그사이 계획이 바뀌었습니다. 새 계획을 보고 다시 해 주세요.",
        "The plan has changed meanwhile. Look at the new one and try again.",
    ),
    Why.ROUND_DECIDED: both(
        "이 회차는 이미 결정되었습니다. 더 할 일은 없습니다.",
        "This round is decided already. There is nothing left to do.",
    ),
    Why.ROUND_TOO_LATE: both(
        "주문 마감이 지나 처리하지 않았습니다. 다음 회차를 기다려 주세요.",
        "The deadline has passed, so nothing was done. Wait for the next round.",
    ),
    Why.ROUND_GOING: both(
        "이 회차는 이미 나가고 있습니다. 두 번 주문하지 않습니다.",
        "This round goes out already. Nothing is ordered twice.",
    ),
    Why.ALERT_ONLY: both(
        "알림만 받는 설정이라 봇은 주문하지 않습니다. 텔레그램의 /mode 에서 바꿀 수 있습니다.",
        "This cycle only alerts, so the bot orders nothing. /mode in Telegram changes that.",
    ),
}


def told(refusal: Refusal) -> Both:
    """Put a refusal into words; one without words of its own here says what it says of itself."""
    if refusal.why in _WHYS:
        return _WHYS[refusal.why]
    if refusal.why is Why.CHANGE_REFUSED:
        return refusal.korean, refusal.english
    return (
        f"할 수 없습니다 ({refusal.why.value}). 텔레그램에서 상태를 봐 주세요.",
        f"This cannot be done ({refusal.why.value}). Look at the status in Telegram.",
    )
