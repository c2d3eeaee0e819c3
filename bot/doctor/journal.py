"""Looks at the ledger: that it opens, which symbols run, and that KIS knows them."""

from bot.console_words import Both, both
from bot.doctor.findings import Finding, joined, skipped, warning, well, wrong
from bot.doctor.patient import Patient
from bot.doctor.remedies import told
from bot.errors import MuhanError
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.storage.views import Views
from bot.trading.recovery import check_ledger
from kis.errors import KisUnknownSymbol, ReadError
from kis.models import Exchange

TRIED = ("TQQQ", "SOXL")
_EXCHANGES = {
    Exchange.NASDAQ: both("나스닥", "NASDAQ"),
    Exchange.NYSE: both("뉴욕", "NYSE"),
    Exchange.AMEX: both("아멕스", "AMEX"),
}


async def journal(patient: Patient) -> Finding:
    """Rebuild the ledger from the journal, where there is one, and note the symbols that run."""
    path = patient.settings.muhan_home / DATABASE_NAME
    if path.exists() and not patient.readable_state:
        return skipped(
            both(
                "봇이 새 형식으로 올린 뒤에 볼 수 있습니다.",
                "It can be looked at once a start of the bot has brought it to the new format.",
            )
        )
    if path.exists():
        try:
            async with opened(path) as database:
                views = Views(database)
                await check_ledger(Journal(database), views)
                cycles = await views.cycles()
        except MuhanError as error:
            return wrong(
                both("장부를 열 수 없습니다", "The ledger cannot be opened"),
                why=both(error.korean, error.english),
                remedy=both(
                    "디스크와 백업을 확인하고, 고치기 전에는 봇을 켜지 마세요.",
                    "Look at disk and backup, and do not start the bot before it is mended.",
                ),
            )
        patient.symbols = tuple(dict.fromkeys(one.cycle.rules.symbol for one in cycles))
    if not patient.symbols:
        return warning(
            both("돌고 있는 사이클이 없습니다", "No cycle runs"),
            why=both("사이클이 없으면 주문도 없습니다.", "Without a cycle there are no orders."),
            remedy=both("muhan cycle start로 시작해 주세요.", "Start one with muhan cycle start."),
        )
    names = ", ".join(patient.symbols)
    return well(f"사이클: {names}", f"Cycles: {names}")


async def symbols(patient: Patient) -> Finding:
    """Ask where each symbol is listed and what it costs; the usual two where no cycle runs."""
    seen: list[Both] = []
    for symbol in patient.symbols or TRIED:
        try:
            listed = await patient.kis.symbols.exchange(symbol)
            quote = await patient.kis.prices.quote(symbol, listed)
        except KisUnknownSymbol:
            return wrong(
                both(f"한투가 {symbol} 종목을 모릅니다", f"KIS does not know {symbol}"),
                why=both(
                    "나스닥, 뉴욕, 아멕스 어디에도 없습니다.",
                    "It is on none of NASDAQ, NYSE and AMEX.",
                ),
                remedy=both(
                    "종목 이름이 바뀌었거나 상장폐지되었는지 확인해 주세요.",
                    "See whether the ticker changed, or the symbol was delisted.",
                ),
            )
        except ReadError as error:
            return told(
                error, both(f"{symbol} 시세를 볼 수 없습니다", f"The price of {symbol} is not seen")
            )
        korean, english = _EXCHANGES[listed]
        seen.append(
            both(f"{symbol} {korean} ${quote.last:.2f}", f"{symbol} on {english} ${quote.last:.2f}")
        )
    return well(*joined(seen))
