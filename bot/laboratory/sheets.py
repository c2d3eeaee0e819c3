"""The tables of a backtest for people: the terminal and the page show the same ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bot.laboratory.study import Study
from bot.laboratory.words import Language, word
from strategy import exhaustion, start_dates
from strategy.comparison import Comparison
from strategy.exhaustion import Spell
from strategy.model import Phase
from strategy.performance import return_percent

Row = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A table with its title; `losses` are the rows that lost money."""

    name: str
    title: str
    header: Row
    rows: tuple[Row, ...]
    losses: frozenset[int] = field(default_factory=frozenset)


def sheets(study: Study, language: Language) -> list[Sheet]:
    """Lay out a study's tables; those that would be empty are left out."""
    every = (
        figures(study, language),
        compared(study, language),
        by_year(study, language),
        cycles(study, language),
        spells(study, language),
        starts_summary(study, language),
        starts(study, language),
    )
    return [sheet for sheet in every if sheet.rows]


def figures(study: Study, language: Language) -> Sheet:
    """Give the run's figures, one a row."""
    return Sheet(
        name="figures",
        title=word(language, "figures"),
        header=(word(language, "figures"), word(language, "value")),
        rows=tuple(_figures(study, language)),
    )


def compared(study: Study, language: Language) -> Sheet:
    """Set the run beside holding and plain averaging."""
    ledgers = study.ledgers
    own = (ledgers.final_equity, ledgers.return_percent, ledgers.cagr_percent)
    dca = word(language, "dca", parts=study.dca.parts)
    return Sheet(
        name="comparison",
        title=word(language, "comparison"),
        header=_words(language, "way", "final_equity", "return", "cagr", "mdd"),
        rows=(
            (word(language, "method"), *_worth(*own, ledgers.max_drawdown_percent)),
            (word(language, "hold"), *_compared(study.hold)),
            (dca, *_compared(study.dca)),
        ),
    )


def by_year(study: Study, language: Language) -> Sheet:
    """Give what each year brought, with its cycles won and lost after fees."""
    names = (
        "year",
        "return",
        "hold",
        "mdd",
        "profit_short",
        "cycles",
        "won",
        "lost",
        "fees_short",
    )
    return Sheet(
        name="years",
        title=word(language, "years"),
        header=_words(language, *names),
        rows=tuple(
            (
                str(year.year),
                _percent(year.return_percent),
                _percent(year.hold_return_percent),
                _percent(-year.max_drawdown_percent),
                _money(year.realized),
                str(year.cycles),
                str(year.wins),
                str(year.losses),
                _money(year.fees),
            )
            for year in study.years
        ),
        losses=_places(year.return_percent < 0 for year in study.years),
    )


def cycles(study: Study, language: Language) -> Sheet:
    """List the cycles that ended."""
    names = ("cycle", "from", "to", "days", "profit", "percent", "max_turn", "used_up")
    several = len(study.ledgers.results) > 1
    out = [exhaustion.used_up_cycles(result) for result in study.ledgers.results]
    rows = [
        (
            *((str(ledger),) if several else ()),
            str(cycle.number),
            cycle.started.isoformat(),
            cycle.ended.isoformat(),
            str(cycle.sessions),
            _money(cycle.realized),
            _percent(return_percent(cycle.principal, cycle.principal + cycle.realized)),
            f"{cycle.max_turn:.2f}",
            word(language, "yes") if cycle.number in out[ledger - 1] else "",
        )
        for ledger, cycle in study.finished
    ]
    return Sheet(
        name="cycles",
        title=word(language, "cycles"),
        header=_words(language, *(("ledger",) if several else ()), *names),
        rows=tuple(rows),
        losses=_places(cycle.realized <= 0 for _, cycle in study.finished),
    )


def spells(study: Study, language: Language) -> Sheet:
    """List when the units were used up."""
    several = len(study.ledgers.results) > 1

    def row(spell: Spell) -> Row:
        cells = (spell.start.isoformat(), spell.end.isoformat(), str(spell.sessions))
        return (str(spell.ledger), *cells) if several else cells

    names = ("ledger", "from", "to", "days") if several else ("from", "to", "days")
    return Sheet(
        name="spells",
        title=word(language, "spells"),
        header=_words(language, *names),
        rows=tuple(row(spell) for spell in study.spells),
    )


def starts_summary(study: Study, language: Language) -> Sheet:
    """Sum up the starts: worst, median and best return, and how many gained or ran out."""
    rows: tuple[Row, ...] = ()
    if study.starts:
        summed = start_dates.summed(study.starts)
        share = f" / {summed.count}"
        rows = (
            (word(language, "count"), str(summed.count)),
            (word(language, "worst"), _percent(summed.worst_percent)),
            (word(language, "median"), _percent(summed.median_percent)),
            (word(language, "best"), _percent(summed.best_percent)),
            (word(language, "gained"), f"{summed.gained}{share}"),
            (word(language, "beat_hold"), f"{summed.better_than_hold}{share}"),
            (word(language, "ran_out"), f"{summed.ran_out}{share}"),
        )
    return Sheet(
        name="starts_summary",
        title=word(language, "starts_summary"),
        header=_words(language, "figures", "value"),
        rows=rows,
    )


def starts(study: Study, language: Language) -> Sheet:
    """Give what the run was worth by the day that it started on."""
    starting = study.question.starting
    return Sheet(
        name="starts",
        title=word(language, "starts", horizon=starting.horizon) if starting else "",
        header=_words(language, "start", "to", "final_equity", "return", "hold", "mdd", "used_up"),
        rows=tuple(
            (
                each.start.isoformat(),
                each.end.isoformat(),
                _money(each.final_equity),
                _percent(each.return_percent),
                _percent(each.hold_return_percent),
                _percent(-each.max_drawdown_percent),
                str(each.exhausted_sessions or ""),
            )
            for each in study.starts
        ),
        losses=_places(each.return_percent < 0 for each in study.starts),
    )


def _figures(study: Study, language: Language) -> Iterator[Row]:
    ledgers = study.ledgers
    yield word(language, "period"), f"{ledgers.days[0]} ~ {ledgers.days[-1]}"
    yield word(language, "sessions"), f"{study.sessions:,}"
    yield word(language, "principal"), f"{_money(ledgers.principal)} USD"
    yield word(language, "final_equity"), f"{_money(ledgers.final_equity)} USD"
    yield word(language, "return"), _percent(ledgers.return_percent)
    yield word(language, "cagr"), _percent(ledgers.cagr_percent)
    yield word(language, "mdd"), _percent(-ledgers.max_drawdown_percent)
    yield word(language, "realized"), f"{_money(ledgers.realized)} USD"
    yield word(language, "fees"), f"{_money(ledgers.fees)} USD"
    yield word(language, "sec_fees"), f"{_money(ledgers.sec_fees)} USD"
    yield word(language, "cycles_finished"), str(len(study.finished))
    yield word(language, "wins"), f"{study.wins} / {len(study.finished) - study.wins}"
    yield word(language, "longest_cycle"), _longest(study, language)
    yield word(language, "phases"), _phases(study, language)
    yield word(language, "exhaustions"), _exhaustions(study, language)
    if study.odds is not None:
        yield word(language, "odds", horizon=study.odds.horizon), _odds(study, language)
    if study.missing:
        yield word(language, "missing"), named(study.missing)


def named(days: Sequence[object], most: int = 8) -> str:
    """Name days, the first ones of many."""
    shown = ", ".join(map(str, days[:most]))
    return f"{len(days)}: {shown}" + (", ..." if len(days) > most else "")


def _longest(study: Study, language: Language) -> str:
    longest = study.longest
    ended = word(language, "running") if longest.ended is None else str(longest.ended)
    days = f"{longest.sessions:,} {word(language, 'sessions')}"
    return f"#{longest.number}, {days} ({longest.started} ~ {ended})"


def _phases(study: Study, language: Language) -> str:
    counted = study.phases
    return " · ".join(
        f"{word(language, phase.value)} {counted[phase]:,}" for phase in Phase if counted[phase]
    )


def _exhaustions(study: Study, language: Language) -> str:
    if not study.spells:
        return word(language, "never")
    return word(
        language,
        "exhaustions_value",
        count=len(study.spells),
        sessions=study.exhausted_sessions,
        longest=max(spell.sessions for spell in study.spells),
    )


def _odds(study: Study, language: Language) -> str:
    odds = study.odds
    if odds is None:
        return ""
    low, high = odds.interval_percent
    return word(
        language,
        "odds_value",
        percent=f"{odds.percent:.1f}",
        low=f"{low:.1f}",
        high=f"{high:.1f}",
        hits=odds.exhausted,
        runs=odds.runs,
    )


def _compared(other: Comparison) -> Row:
    return _worth(
        other.final_equity, other.return_percent, other.cagr_percent, other.max_drawdown_percent
    )


def _worth(equity: Decimal, gained: Decimal, yearly: Decimal, fall: Decimal) -> Row:
    return _money(equity), _percent(gained), _percent(yearly), _percent(-fall)


def _words(language: Language, *names: str) -> Row:
    return tuple(word(language, name, parts="") for name in names)


def _money(value: Decimal) -> str:
    return f"{value:,.2f}"


def _percent(value: Decimal) -> str:
    # Adding nothing turns the -0.0 of a small loss into 0.0.
    return f"{round(value, 1) + 0:,.1f} %"


def _places(flags: Iterator[bool]) -> frozenset[int]:
    return frozenset(place for place, flag in enumerate(flags) if flag)
