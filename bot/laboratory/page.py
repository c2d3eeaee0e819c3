"""A backtest as one HTML file: figures, pictures and tables for a phone, asking nobody for more."""

import base64
from collections.abc import Iterator, Mapping
from html import escape

from bot.laboratory import sheets
from bot.laboratory.assumptions import assumptions
from bot.laboratory.page_style import CSS
from bot.laboratory.sheets import Row, Sheet
from bot.laboratory.study import Study
from bot.laboratory.words import Language, word

_FOLDED_FROM = 25
"""Tables of more rows are folded until they are tapped."""

_PAIRS = 2
"""Tables of two columns are names and values, and wrap."""

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def page(study: Study, language: Language, pictures: Mapping[str, bytes]) -> str:
    """Write the page; `pictures` are PNG files by the names of `chart.pictures`."""
    rules = study.rules
    values = {"symbol": rules.symbol, "method": rules.method, "splits": rules.splits}
    title = escape(word(language, "title", **values))
    body = "\n".join(_body(study, language, pictures))
    return (
        f'<!DOCTYPE html>\n<html lang="{language.value}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{title}</title>\n<style>\n{CSS}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _body(study: Study, language: Language, pictures: Mapping[str, bytes]) -> Iterator[str]:
    tables = {sheet.name: sheet for sheet in sheets.sheets(study, language)}
    yield from _head(study, language)
    figures = "\n".join(
        _figure(word(language, name), pictures[name]) for name in pictures if name != "starts"
    )
    yield f"<section>\n{figures}\n</section>"
    for name, sheet in tables.items():
        picture = ""
        if name == "starts_summary" and "starts" in pictures:
            picture = _figure("", pictures["starts"])
        yield _section(sheet, language, picture)
    said = "\n".join(
        f"<li>{escape(each.english if language is Language.EN else each.korean)}</li>"
        for each in assumptions(study)
    )
    title = escape(word(language, "assumptions"))
    yield f"<section>\n<h2>{title}</h2>\n<ul>{said}</ul>\n</section>"
    sha = escape(study.question.data_sha256)
    data = f"{escape(word(language, 'data'))} SHA-256 {sha}"
    yield f"<footer>{data}{_engine(study, language)}</footer>"


def _engine(study: Study, language: Language) -> str:
    """Say who played the many runs, where some were asked."""
    if not study.question.asks_many:
        return ""
    name = word(language, study.playing.engine)
    return f" · {escape(word(language, 'played_by'))}: {escape(name)}"


def _head(study: Study, language: Language) -> Iterator[str]:
    """Show the period and the figures that everybody looks at first."""
    days = study.ledgers.days
    sessions = f"{study.sessions:,} {word(language, 'sessions')}"
    yield f'<p class="period">{escape(f"{days[0]} ~ {days[-1]} · {sessions}")}</p>'
    wanted = ("final_equity", "return", "cagr", "mdd", "wins", "exhaustions")
    found = {row[0]: row[-1] for row in sheets.figures(study, language).rows}
    cards = "\n".join(
        f"<div><dt>{escape(word(language, name))}</dt>"
        f"<dd>{escape(found[word(language, name)])}</dd></div>"
        for name in wanted
    )
    yield f'<dl class="key">\n{cards}\n</dl>'


def _figure(caption: str, picture: bytes) -> str:
    source = base64.b64encode(picture).decode("ascii")
    said = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return (
        f'<figure>{said}<img alt="{escape(caption)}" src="data:image/png;base64,{source}"></figure>'
    )


def _section(sheet: Sheet, language: Language, picture: str) -> str:
    table = _table(sheet)
    if len(sheet.rows) > _FOLDED_FROM:
        all_of_them = escape(word(language, "show_all", count=f"{len(sheet.rows):,}"))
        table = f"<details><summary>{all_of_them}</summary>\n{table}\n</details>"
    return f"<section>\n<h2>{escape(sheet.title)}</h2>\n{picture}{table}\n</section>"


def _table(sheet: Sheet) -> str:
    pairs = len(sheet.header) == _PAIRS
    head = "" if pairs else f"<thead>{_row(sheet.header, 'th')}</thead>\n"
    rows = "\n".join(
        _row(row, "td", ' class="loss"' if place in sheet.losses else "")
        for place, row in enumerate(sheet.rows)
    )
    kind = "pairs" if pairs else sheet.name
    table = f'<table class="{kind}">\n{head}<tbody>\n{rows}\n</tbody>\n</table>'
    return f'<div class="scroll">{table}</div>'


def _row(cells: Row, tag: str, attributes: str = "") -> str:
    inside = "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells)
    return f"<tr{attributes}>{inside}</tr>"
