"""What a backtest takes for granted and what it cannot know, in Korean and in English."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.figures import exact
from bot.laboratory.sheets import named
from bot.laboratory.study import Study


class Sentence(NamedTuple):
    """The same said twice."""

    korean: str
    english: str


def assumptions(study: Study) -> list[Sentence]:
    """List what this run supposes, what it leaves out and what it cannot know."""
    return [*_fills(), *_prices(study), *_money(study), *_beside(study), *_unknown()]


def _fills() -> Iterator[Sentence]:
    yield Sentence(
        "LOC·MOC 주문은 그날 종가에 전량 체결됩니다. 종가 단일가 매매는 어떤 수량이든 받아 준다고 "
        "봅니다.",
        "LOC and MOC orders fill whole at the session's close: the closing auction takes any size.",
    )
    yield Sentence(
        "지정가 매도는 그날 고가가 지정가에 닿으면 지정가에(시가가 더 높으면 시가에) 전량 "
        "체결됩니다. 실제로는 일부만 체결되거나 안 될 수 있습니다.",
        "A limit inside the day's range fills whole, at the limit, or at the open where the day "
        "opens beyond it; in truth it may fill in part or not at all.",
    )
    yield Sentence(
        "일봉은 장중 순서와 프리·애프터마켓을 담지 않습니다: 지정가 매도는 종가 주문보다 먼저 "
        "체결된 것으로 봅니다.",
        "A daily bar knows neither the order of prices inside the day nor the hours before and "
        "after it: limit sales count as filled before the orders at the close.",
    )
    yield Sentence(
        "증권사의 매수 가능 금액, 호가 제한, 주문 거부는 없다고 봅니다.",
        "The broker's buying power, price limits and refusals are left out.",
    )


def _prices(study: Study) -> Iterator[Sentence]:
    yield Sentence(
        "파일의 종가를 공식 종가로 봅니다. 가격은 읽을 때 센트 단위로 반올림합니다"
        + _by_scale(study, "(먼저 {}배)")
        + ".",
        "The file's close is taken for the official one; prices are rounded half-up to the cent as "
        "they are read" + _by_scale(study, " (times {} first)") + ".",
    )
    if study.missing:
        yield Sentence(
            f"시세가 없는 거래일 {len(study.missing)}일은 건너뛰었습니다: 그날은 거래하지 않고, "
            "값을 지어내지 않으며, 다음 거래일의 전일 종가는 마지막으로 아는 종가입니다.",
            f"{len(study.missing)} sessions without a bar were skipped: nothing trades there and "
            "nothing is invented; the previous close after them is the last close known.",
        )
    if study.jumps:
        yield Sentence(
            f"액면분할처럼 가격이 뛴 날이 있습니다({named(study.jumps)}). 수정 주가가 아니라면 "
            "--share-splits로 분할을 알려 주세요.",
            f"Prices jump as in a share split ({named(study.jumps)}): if the file is not adjusted, "
            "give its splits with --share-splits.",
        )
    if study.has_split():
        yield Sentence(
            "액면분할은 권리락일의 주문을 만들기 전에 수량·평단·종가에 반영하고, 남는 단주는 직전 "
            "종가로 받습니다.",
            "Splits change shares, average and known closes before the ex-date's plan; a part of a "
            "share is paid at the last close.",
        )
    else:
        yield Sentence(
            "시세는 액면분할이 반영된(수정) 가격이라고 봅니다. 옛 가격은 실제 거래 가격과 달라 "
            "살 수 있는 주수도 달랐습니다.",
            "Prices are taken as adjusted for splits: old ones are not those that traded, nor are "
            "the numbers of shares that they would have bought.",
        )
    yield (
        Sentence(
            "배당은 권리락일에 세금 없이 현금으로 받습니다.",
            "Dividends arrive as cash on their ex-dates, untaxed.",
        )
        if study.has_dividend()
        else Sentence("배당은 넣지 않았습니다.", "Dividends are left out.")
    )


def _money(study: Study) -> Iterator[Sentence]:
    rules = study.rules
    sale = rules.fee_percent if rules.sell_fee_percent is None else rules.sell_fee_percent
    rates = (exact(rules.fee_percent), exact(sale), exact(rules.sec_fee_percent))
    if any(rate != "0" for rate in rates):
        buy, sell, sec = rates
        yield Sentence(
            f"수수료는 매수 {buy} %, 매도 {sell} %, SEC fee {sec} %(매도만)를 주문마다 센트로 "
            "반올림해 뺐습니다.",
            f"Fees: {buy} % on buys, {sell} % on sales and {sec} % to the SEC (sales only), each "
            "rounded to the cent for every order.",
        )
    else:
        yield Sentence(
            "수수료를 넣지 않았습니다: --fee-percent, --sec-fee-percent로 넣을 수 있습니다.",
            "No fees are charged: give --fee-percent and --sec-fee-percent.",
        )
    yield Sentence(
        "양도소득세와 환율은 넣지 않았습니다. 모든 금액은 달러입니다.",
        "Taxes and exchange rates are left out: all sums are US dollars.",
    )
    yield Sentence(
        "쉬는 현금에는 이자가 붙지 않습니다.",
        "Cash that waits earns nothing.",
    )
    count = len(study.ledgers.results)
    if count > 1:
        yield Sentence(
            f"원금을 {count}개 사이클에 똑같이 나누고 {study.ledgers.stagger}거래일 간격으로 "
            "시작합니다. 시작을 기다리는 원금은 현금입니다.",
            f"The principal is divided among {count} cycles that start "
            f"{study.ledgers.stagger} sessions apart; a seed that waits is cash.",
        )


def _beside(study: Study) -> Iterator[Sentence]:
    parts = study.dca.parts
    yield Sentence(
        "존버는 시작 전 종가에 원금 전부로, 적립식은 원금을 똑같이 나눠 첫 "
        f"{parts}거래일 동안 매일 종가에 삽니다. 둘 다 소수점 주식, 매수 수수료 포함, 끝까지 "
        "보유입니다.",
        "Holding buys with the whole principal at the close before the run; dollar-cost averaging "
        f"spends an equal part of it at the close of each of the first {parts} sessions. Both buy "
        "parts of shares, pay the commission on buys, and keep everything.",
    )
    drawing = study.question.drawing
    if drawing is not None:
        yield Sentence(
            f"소진 확률은 이 기간의 일봉 모양을 {drawing.block}거래일 토막으로 다시 뽑아(원형 블록 "
            f"부트스트랩, 시드 {drawing.seed}) 마지막 종가 뒤에 이어 붙인 {drawing.runs}개의 가상 "
            "미래에서, 새 사이클이 한 번이라도 소진된 비율입니다. 구간(Wilson 95 %)은 뽑기의 "
            "오차만 말하고, 미래가 과거와 닮았는지는 말하지 않습니다.",
            f"The odds of exhaustion are the share of {drawing.runs} imagined futures, made of "
            f"this run's daily bars drawn again in blocks of {drawing.block} sessions (circular "
            f"block bootstrap, seed {drawing.seed}) after the last close, in which a fresh cycle "
            "ran out of units at least once. The 95 % Wilson interval is the error of the drawing "
            "alone, not whether the future will be like the past.",
        )


def _unknown() -> Iterator[Sentence]:
    yield Sentence(
        "한 번 지나간 시세 하나로 한 계산입니다. 살아남은 종목의 과거이며, 앞으로도 그럴지는 알 수 "
        "없습니다.",
        "This is one history, of a fund that survived it; whether the future is like it, nobody "
        "can know.",
    )


def _by_scale(study: Study, words: str) -> str:
    scale = study.question.scale
    return "" if scale == 1 else words.format(exact(scale))
