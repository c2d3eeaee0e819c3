"""/export: trades, finished cycles and taxed sales as files for a spreadsheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.clock import SEOUL
from bot.commands.asking import AskTax
from bot.reports.export import Form, What, name_of, tables
from bot.reports.files import to_csv, to_xlsx
from bot.tax import Gain
from bot.telegram.arguments import Arguments
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.family import Show
from bot.telegram.handlers.reading import COUNT, given
from bot.telegram.markup import lines
from bot.telegram.taps import Button
from bot.trading.refusal import Refusal

WHAT: Mapping[str, What] = {
    "거래": What.TRADES,
    "매매": What.TRADES,
    "trades": What.TRADES,
    "사이클": What.CYCLES,
    "cycles": What.CYCLES,
    "세금": What.TAX,
    "양도세": What.TAX,
    "tax": What.TAX,
    "전부": What.ALL,
    "모두": What.ALL,
    "all": What.ALL,
}
FORMS: Mapping[str, Form] = {
    "csv": Form.CSV,
    "xlsx": Form.XLSX,
    "엑셀": Form.XLSX,
    "excel": Form.XLSX,
}
EXAMPLE = ("내보내기 거래 2026 엑셀", "export trades 2026 xlsx")
_NO_TRADES = mark("아직 넣을 것이 없습니다. 첫 거래를 정산한 뒤에 다시 눌러 주세요.")
NOTHING_YET: Mapping[What, str] = {
    What.TRADES: _NO_TRADES,
    What.CYCLES: mark("넣을 사이클이 없습니다. 사이클이 끝난 뒤에 다시 눌러 주세요."),
    What.TAX: mark("넣을 매도가 없습니다. 판 것이 결제된 뒤에 다시 눌러 주세요."),
    What.ALL: _NO_TRADES,
}
YEARS = range(2000, 2101)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which table, in which form, of which year (None for all of them)."""

    what: What
    form: Form
    year: int | None


async def export(desk: Desk, asked: Asked) -> None:
    """Send the file that was asked for, or ask which."""
    wanted = _wanted(
        given(desk, asked, frozenset({*WHAT, *FORMS}), takes=(COUNT,), example=EXAMPLE)
    )
    if wanted is None:
        html = desk.words.say(
            "어떤 파일을 드릴까요? 이 계좌에서 봇이 아는 거래만 들어 있고, 금액이 그대로 보입니다."
        )
        await desk.answer(asked, html, _choices(desk))
        return
    gains = await _gains(desk, wanted.what) if wanted.what.taxes else ()
    made = await tables(desk.views, wanted.what, wanted.year, desk.words.language, gains)
    rows = sum(len(sheet.rows) for sheet in made)
    if not rows:
        html = desk.words.say(NOTHING_YET[wanted.what])
        ways = [show(desk, "다른 파일", "export"), show(desk, "손익", "pnl")]
        await desk.answer(asked, html, [ways])
        return
    now = desk.clock.now().astimezone(SEOUL)
    data = to_xlsx(made, now) if wanted.form is Form.XLSX else to_csv(made[0])
    html = lines(
        desk.words.say(
            "{titles} · {rows}줄", titles=" · ".join(sheet.title for sheet in made), rows=rows
        ),
        desk.words.say("수수료는 한투가 뗀 금액이고, 한투가 알리기 전에는 약정 요율입니다."),
        desk.words.say("세금 계산은 참고용입니다.") if wanted.what.taxes else None,
    )
    name = name_of(wanted.what, wanted.form, wanted.year)
    await desk.file(asked, name, data, html, [[show(desk, "다른 파일", "export")]])


async def _gains(desk: Desk, what: What) -> Sequence[Gain]:
    """Read the taxed sales of every year; the workbook goes without while no rate is known."""
    try:
        return (await desk.bus.ask(AskTax())).books.gains
    except Refusal:
        if what is What.TAX:
            raise
        return ()


def _wanted(named: Arguments) -> Wanted | None:
    """Read which file is meant; several tables fit into a workbook alone."""
    what = next((WHAT[word] for word in named.words if word in WHAT), None)
    form = next((FORMS[word] for word in named.words if word in FORMS), None)
    if what is None and form is None:
        return None
    what = what or What.ALL
    year = named.count if named.count in YEARS else None
    return Wanted(what=what, form=Form.XLSX if what is What.ALL else form or Form.CSV, year=year)


def _choices(desk: Desk) -> list[list[Button]]:
    return [
        [
            show(desk, "거래 CSV", "export", "거래 csv"),
            show(desk, "사이클 CSV", "export", "사이클 csv"),
        ],
        [
            show(desk, "세금 CSV", "export", "세금 csv"),
            show(desk, "전부 엑셀", "export", "전부 xlsx"),
        ],
    ]


SHOWS: dict[str, Show] = {"export": export}
