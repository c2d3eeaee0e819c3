"""The laboratory: a backtest by sliders, and a grid of them, run in a worker with a way out."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import streamlit as st

from bot.dashboard import lab_results as results
from bot.dashboard.bench import Bench, Job, Result, bench_of
from bot.dashboard.house import this_house
from bot.dashboard.lab_choice import Choice, choose, decimal, splits_of
from bot.dashboard.living import live
from bot.dashboard.room import Room
from bot.laboratory.errand import Brought, Errand
from bot.laboratory.grid_errand import Grid, GridErrand
from bot.laboratory.price_store import FOLDER
from bot.laboratory.workshop import OnStep, StoredPrices, Workshop
from strategy.versions import METHODS

PROGRESS_EVERY = timedelta(seconds=1)
STEPS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


def show(room: Room) -> None:
    """Draw the page."""
    say, home = room.words.say, this_house().home
    st.header(say("실험실", "Laboratory"), anchor=False)
    st.caption(
        say(
            "지난 시세로 돌려 봅니다. 주문과 장부는 그대로입니다.",
            "Runs over past prices. Orders and the ledger stay as they are.",
        )
    )
    bench = bench_of(home)
    stored = stored_prices(home, bench.workshop)
    if not stored:
        st.info(
            say(
                "저장된 시세가 없습니다. 채팅에서 /backtest 를 보내고 [시세 받기]를 누르거나, "
                "터미널에서 muhan prices TQQQ 를 실행한 뒤 다시 열어 주세요.",
                "No prices are stored. Send /backtest in the chat and press [Fetch prices], or run "
                "muhan prices TQQQ in a terminal, then open this again.",
            )
        )
        return
    choice = choose(room, stored)
    running = bench.running()
    if choice is not None:
        _offered(room, bench, choice, busy=running is not None)
    if running is not None:
        live(_progress, every=PROGRESS_EVERY)
    _brought(room, bench)


def stored_prices(home: Path, workshop: Workshop) -> dict[str, StoredPrices]:
    """List the symbols whose stored prices can be used."""
    symbols = sorted(path.stem for path in (home / FOLDER).glob("*.csv"))
    found = {symbol: workshop.stored(symbol) for symbol in symbols}
    return {symbol: prices for symbol, prices in found.items() if prices is not None}


def _offered(room: Room, bench: Bench, choice: Choice, *, busy: bool) -> None:
    say = room.words.say
    one, many = st.tabs([say("한 번", "One run"), say("분할 × 목표", "Splits × target")])
    with one:
        if st.button(say("돌리기", "Run"), type="primary", disabled=busy, key="lab-run"):
            _begin(room, bench, choice.title, Brought, errand_of(room, choice))
    with many:
        errand = _grid_chosen(room, choice)
        if st.button(say("표 만들기", "Make the grid"), disabled=busy, key="lab-grid-run"):
            rules = choice.rules
            _begin(room, bench, f"{rules.symbol} V{rules.method}", Grid, errand)


def errand_of(room: Room, choice: Choice) -> Errand:
    """Write the errand of a choice; the browser draws, so the worker does not."""
    return Errand(
        rules=choice.rules,
        principal=choice.principal,
        start=choice.start,
        language=room.words.language,
        amounts=not room.shown.veiled,
        drawn=False,
    )


def _grid_chosen(room: Room, choice: Choice) -> GridErrand:
    say = room.words.say
    low, high = st.slider(
        say("목표 범위 %", "targets from, to %"), 3.0, 30.0, (5.0, 20.0), 0.5, "%.1f", "lab-targets"
    )
    step = st.select_slider(say("간격 %", "step %"), STEPS, value=2.5, key="lab-step")
    return GridErrand(
        rules=choice.rules,
        principal=choice.principal,
        start=choice.start,
        splits=tuple(splits_of(METHODS[choice.rules.method])),
        targets=targets(decimal(low), decimal(high), decimal(step)),
    )


def targets(low: Decimal, high: Decimal, step: Decimal) -> tuple[Decimal, ...]:
    """List the targets from one to another, both percent."""
    return tuple(low + step * number for number in range(int((high - low) / step) + 1))


def _begin(
    room: Room, bench: Bench, title: str, kind: type[Result], errand: Errand | GridErrand
) -> None:
    async def work(workshop: Workshop, on_step: OnStep) -> Result:
        if isinstance(errand, GridErrand):
            return await workshop.grid(errand, on_step)
        return await workshop.run(errand, on_step)

    if bench.begin(room.login.user_id, title, kind, work) is None:
        st.warning(
            room.words.say(
                "다른 계산이 돌고 있습니다. 끝난 뒤에 다시 눌러 주세요.",
                "Another work is running. Press again when it is over.",
            )
        )
        return
    st.rerun()


def _progress(room: Room) -> None:
    """Say how far it is; the page is drawn anew once it is over."""
    say = room.words.say
    job = bench_of(this_house().home).running()
    if job is None:
        st.rerun()
    step = job.step
    part = min(step.done / step.total, 1.0) if step.total else 0.0
    st.progress(part, say(f"{job.title} · {part:.0%}", f"{job.title} · {part:.0%}"))
    mine = job.user_id == room.login.user_id
    if mine and st.button(say("그만두기", "Stop"), icon=":material/stop:", key="lab-stop"):
        job.future.cancel()
        st.rerun()


def _brought(room: Room, bench: Bench) -> None:
    """Show what a person's last works came to, the newest kind first."""
    jobs = [bench.last(room.login.user_id, kind) for kind in (Brought, Grid)]
    ended = sorted((job for job in jobs if job is not None and job.over), key=_number, reverse=True)
    for job in ended:
        _one(room, job)


def _number(job: Job) -> int:
    return job.number


def _one(room: Room, job: Job) -> None:
    result, error = job.result, job.error
    if error is not None:
        st.error(error.sentence(room.words.language), icon=":material/error:")
    elif isinstance(result, Brought):
        results.run(room, job.title, result)
    elif isinstance(result, Grid):
        results.grid(room, job.title, result)
    else:
        st.caption(room.words.say(f"{job.title}: 그만두었습니다.", f"{job.title}: stopped."))
