"""What the dashboard is told of events: a level and a sentence in Korean and in English.

`{shares}` and `{money}` are dots for a viewer; nothing else in a sentence is an amount.
"""

from dataclasses import dataclass

from bot.events import (
    AfterwardsSet,
    ApprovalSet,
    BotStarted,
    BrokerReturned,
    BrokerTroubled,
    CodeRefused,
    CycleChanged,
    CycleEnded,
    CycleStarted,
    Event,
    FillBooked,
    ForeignFillSeen,
    LawBroken,
    LedgerMismatched,
    MoneyMoved,
    OrderAbsent,
    OrderAccepted,
    OrderAmbiguous,
    OrderClosed,
    OrderRefused,
    OrdersFreed,
    OrdersHeld,
    OrderUnknown,
    OrderWithheld,
    PanelLocked,
    RoundApproved,
    RoundCurtailed,
    RoundDelayed,
    RoundForeseen,
    RoundLapsed,
    RoundMissed,
    RoundProposed,
    RoundRestored,
    RoundSettled,
    RoundSkipped,
    RoundSubmitted,
    TradingKilled,
    TradingPaused,
    TradingResumed,
    TradingStopped,
    TradingUnlocked,
    UnattendedApplied,
    UnattendedSet,
    UsdShort,
    WebhookFound,
)

ALARM, ORDER, INFO = "alarm", "order", "info"


@dataclass(frozen=True, slots=True)
class Sentence:
    """How loud an event is, and its words with places for figures."""

    level: str
    korean: str
    english: str


WHYS: dict[str, tuple[str, str]] = {
    "disk": ("디스크에 적을 수 없습니다", "the disk cannot be written"),
    "clock": ("이 컴퓨터의 시계가 한투와 다릅니다", "this machine's clock differs from KIS's"),
    "restarts": ("봇이 되풀이해 다시 시작했습니다", "the bot started again and again"),
    "chat": ("대화가 막혀 알릴 수 없습니다", "nobody can be told in the chat"),
    "token": ("다른 프로그램이 봇 토큰을 쓰고 있습니다", "another program uses the bot's token"),
    "law": ("지켜야 할 규칙이 깨졌습니다", "a rule that has to hold is broken"),
    "one_sent": (
        "답을 기다리는데 다른 주문을 냈습니다",
        "an order went out while one was unanswered",
    ),
    "sent_twice": ("같은 주문을 두 번 내려 했습니다", "an order was about to be sent twice"),
    "one_number": ("한 주문번호가 두 주문의 것이 되었습니다", "two orders have one number"),
    "fill_shrank": ("체결 수량이 줄었습니다", "a fill became smaller"),
    "fill_beyond": ("주문보다 많이 체결되었습니다", "more was filled than ordered"),
    "shares": ("체결과 장부의 주식 수가 다릅니다", "fills and ledger differ in shares"),
    "overspent": ("하루 매수 한도보다 많이 샀습니다", "more was bought than a day's limit"),
    "cash": ("장부의 현금이 0 아래로 내려갔습니다", "the ledger's cash fell below 0"),
    "ledger": ("기록과 장부가 다릅니다", "journal and ledger differ"),
    "fills": ("기록과 주문표의 체결이 다릅니다", "journal and orders differ in fills"),
    "turn": ("주문의 상태가 있을 수 없는 쪽으로 바뀌려 했습니다", "an order's state made no sense"),
}
"""Why orders are held back (`trading.holds.Hold`), and which law is broken (`bot.watching`)."""

SENTENCES: dict[type[Event], Sentence] = {
    BotStarted: Sentence(INFO, "봇이 시작했습니다.", "The bot has started."),
    TradingPaused: Sentence(INFO, "일시정지했습니다.", "Trading is paused."),
    TradingResumed: Sentence(INFO, "다시 시작했습니다.", "Trading goes on."),
    TradingStopped: Sentence(ALARM, "정지했습니다.", "Trading is stopped."),
    TradingKilled: Sentence(ALARM, "비상정지가 켜졌습니다.", "The emergency stop is on."),
    TradingUnlocked: Sentence(
        ALARM,
        "비상정지가 풀렸습니다. 지금은 정지 상태입니다.",
        "The emergency stop is lifted. Trading is stopped now.",
    ),
    CodeRefused: Sentence(
        ALARM, "누가 틀린 인증 코드를 넣었습니다.", "Somebody gave a wrong code of the app."
    ),
    PanelLocked: Sentence(
        ALARM,
        "대시보드에 틀린 링크가 여러 번 왔습니다.",
        "Wrong links came to the dashboard, several within a minute.",
    ),
    WebhookFound: Sentence(
        ALARM,
        "누가 봇 토큰을 쓰고 있습니다. BotFather에서 토큰을 바꾸세요.",
        "Somebody else uses the bot's token. Revoke it at BotFather.",
    ),
    LawBroken: Sentence(
        ALARM,
        "있을 수 없는 일이 보여 멈췄습니다: {why_ko}",
        "Something that cannot be was found, so trading stopped: {why_en}",
    ),
    OrdersHeld: Sentence(ALARM, "주문을 막았습니다: {why_ko}", "Orders are held back: {why_en}"),
    OrdersFreed: Sentence(
        INFO, "막았던 주문을 풀었습니다: {why_ko}", "Orders may go out again: {why_en}"
    ),
    BrokerTroubled: Sentence(ALARM, "한투가 답하지 않습니다.", "KIS does not answer."),
    BrokerReturned: Sentence(INFO, "한투가 다시 답합니다.", "KIS answers again."),
    UsdShort: Sentence(
        ALARM, "달러가 모자랍니다. 필요 {money}", "USD do not last: {money} are needed."
    ),
    CycleStarted: Sentence(
        INFO, "{symbol} 사이클을 시작했습니다.", "A cycle of {symbol} has begun."
    ),
    CycleChanged: Sentence(
        INFO, "{symbol} 장부가 바뀌었습니다.", "The ledger of {symbol} was changed."
    ),
    CycleEnded: Sentence(INFO, "{symbol} 사이클이 끝났습니다.", "The run of {symbol} is over."),
    AfterwardsSet: Sentence(
        INFO,
        "{symbol}: 비우고 나면 {afterwards_ko}.",
        "{symbol}: once it holds nothing it {afterwards_en}.",
    ),
    ApprovalSet: Sentence(
        INFO, "{symbol} 승인 방식이 바뀌었습니다.", "The approval of {symbol} was changed."
    ),
    UnattendedSet: Sentence(
        INFO,
        "승인이 없을 때의 동작이 바뀌었습니다.",
        "What goes out without a tap was changed.",
    ),
    RoundProposed: Sentence(
        ORDER,
        "{symbol} 오늘 회차를 계획했습니다 (주문 {count}건).",
        "Tonight's round of {symbol} is planned (orders: {count}).",
    ),
    RoundApproved: Sentence(ORDER, "{symbol} 회차가 승인됐습니다.", "{symbol}: round approved."),
    RoundSubmitted: Sentence(
        ORDER, "{symbol} 주문을 모두 처리했습니다.", "{symbol}: all orders have been to KIS."
    ),
    RoundSkipped: Sentence(ORDER, "{symbol} 회차를 건너뛰었습니다.", "{symbol}: round skipped."),
    RoundCurtailed: Sentence(
        ORDER, "{symbol} 나간 주문을 거두고 있습니다.", "{symbol}: orders are being called back."
    ),
    RoundRestored: Sentence(
        ORDER, "{symbol} 거둔 주문을 다시 냅니다.", "{symbol}: called-back orders go out again."
    ),
    UnattendedApplied: Sentence(
        ALARM,
        "{symbol} 승인이 없어 정해 둔 대로 냅니다.",
        "{symbol}: nobody tapped, so what was chosen goes out.",
    ),
    RoundLapsed: Sentence(
        ALARM, "{symbol} 회차를 내지 않고 마감했습니다.", "{symbol}: the round lapsed unsent."
    ),
    RoundMissed: Sentence(
        ALARM, "{symbol} 회차를 놓쳤습니다.", "{symbol}: a session passed without a round."
    ),
    RoundDelayed: Sentence(
        ALARM,
        "{symbol} 주문이 늦어지고 있습니다 (마감 {count}분 전).",
        "{symbol}: orders are late ({count} minutes to the deadline).",
    ),
    OrderWithheld: Sentence(
        ORDER, "{symbol} {side_ko} 주문을 내지 않았습니다.", "{symbol}: a {side_en} was not sent."
    ),
    OrderAccepted: Sentence(
        ORDER,
        "{symbol} {side_ko} {shares}주 접수",
        "{symbol}: {side_en} of {shares} sh accepted",
    ),
    OrderRefused: Sentence(
        ALARM,
        "{symbol} {side_ko} {shares}주를 한투가 거부했습니다.",
        "{symbol}: KIS refused a {side_en} of {shares} sh.",
    ),
    OrderUnknown: Sentence(
        ALARM,
        "{symbol} {side_ko} {shares}주: 답이 없어 확인하고 있습니다.",
        "{symbol}: no answer about a {side_en} of {shares} sh; it is looked for.",
    ),
    OrderAbsent: Sentence(
        ALARM,
        "{symbol} {side_ko} {shares}주가 한투에 보이지 않습니다.",
        "{symbol}: a {side_en} of {shares} sh is not seen at KIS.",
    ),
    OrderAmbiguous: Sentence(
        ALARM,
        "{symbol} {side_ko} 주문이 어느 것인지 대화에서 골라 주세요.",
        "{symbol}: say in the chat which order the {side_en} is.",
    ),
    FillBooked: Sentence(
        ORDER,
        "{symbol} {side_ko} {shares}주 체결 · 평균 {money}",
        "{symbol}: {side_en} filled, {shares} sh at {money}",
    ),
    OrderClosed: Sentence(
        ORDER, "{symbol} {side_ko} 주문이 끝났습니다.", "{symbol}: a {side_en} order is over."
    ),
    RoundForeseen: Sentence(
        INFO, "오늘 결과가 미리 나왔습니다 (T {turn}).", "The day's result is foreseen (T {turn})."
    ),
    RoundSettled: Sentence(
        INFO,
        "{symbol} 정산했습니다: T {turn} · 실현 {money}",
        "{symbol}: settled, T {turn}, realized {money}",
    ),
    LedgerMismatched: Sentence(
        ALARM,
        "{symbol} 장부와 잔고가 달라 멈췄습니다.",
        "{symbol}: ledger and account differ, so it is held.",
    ),
    ForeignFillSeen: Sentence(
        ALARM,
        "{symbol} 봇이 하지 않은 체결이 보였습니다 ({shares}주).",
        "{symbol}: a fill that is not the bot's was seen ({shares} sh).",
    ),
    MoneyMoved: Sentence(
        ALARM, "계좌의 달러가 움직였습니다: {money}", "USD of the account moved: {money}"
    ),
}
