# Every target makes what it needs: .venv from the locks, with the standard library's venv and pip.
PYTHON ?= python3
# Branch coverage below this fails the check; it only rises. (Child processes are not counted.)
COVERAGE_FLOOR := 93
# Words handed on to the command, as in: make demo ARGS="--port 9000"
ARGS ?=

CHAT_TESTS := tests/bot/telegram tests/bot/chat tests/browser
BOT_TESTS := tests/bot
# The bot's part is the longest: these follow the rest's, which end early.
LAB_TESTS := tests/bot/laboratory
# What these reach in the test's own process, the others reach too; the rest of their work is done in
# processes that coverage does not count. Measuring them would double their time for nothing.
WORLD_TESTS := tests/simulation tests/faults
PROCESS_TESTS := tests/checker tests/test_kill.py tests/test_parity.py
# Searches and deaths at every step: the same lines a thousand times.
SEARCH_TESTS := tests/strategy/kernel/test_twin.py \
	$(addprefix tests/strategy/test_,laws.py machine.py real_starts.py) \
	$(addprefix tests/bot/trading/test_,called_back_killed.py deaths.py mock_deaths.py random_days.py) \
	tests/bot/watching/test_calendar_end.py
PLAIN_TESTS := $(WORLD_TESTS) $(PROCESS_TESTS) $(SEARCH_TESTS)
BIN := .venv/bin
RUNTIME := .venv/.runtime-made
DEV := .venv/.dev-made
DASHBOARD := .venv/.dashboard-made
KERNEL := .venv/.kernel-made
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet

# Hundreds of processes start in the tests: each would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: venv kernel demo setup dashboard run test check covered-chat covered-bot covered-rest plain-types plain-world plain-processes bench bench-check simulate simulate-whole simulate-long exposure pictures clean
.DEFAULT_GOAL := demo

demo: $(if $(findstring --dashboard,$(ARGS)),$(DASHBOARD),$(RUNTIME))
	@$(BIN)/muhan demo $(ARGS)

# After an update: .venv as the lock has it now, and nothing started.
venv: $(RUNTIME)

setup: $(RUNTIME)
	@$(BIN)/muhan setup $(ARGS)

run: $(RUNTIME)
	@$(BIN)/muhan run $(ARGS)

dashboard: $(DASHBOARD)
	@$(BIN)/muhan dashboard $(ARGS)

# The compiled engine of backtests and sweeps, Parquet and dask, into .venv; all answers stay the same.
kernel: $(KERNEL)

test: $(DEV)
	$(BIN)/pytest $(ARGS)

check: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry bot kis strategy
	$(BIN)/coverage erase
	@$(MAKE) --no-print-directory --jobs=6 \
		plain-types covered-chat covered-bot covered-rest plain-world plain-processes
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=$(COVERAGE_FLOOR)

# Much of the tests' time is waiting, for processes and for the disk, so all parts run side by side.
plain-types: $(DEV)
	$(BIN)/mypy

covered-chat: $(DEV)
	$(BIN)/coverage run -m pytest -q $(CHAT_TESTS)

covered-bot: $(DEV)
	$(BIN)/coverage run -m pytest -q $(BOT_TESTS) \
		$(addprefix --ignore=,$(CHAT_TESTS) $(LAB_TESTS) $(PLAIN_TESTS))

covered-rest: $(DEV)
	$(BIN)/coverage run -m pytest -q \
		$(addprefix --ignore=,$(BOT_TESTS) $(PLAIN_TESTS))
	$(BIN)/coverage run -m pytest -q $(LAB_TESTS) $(addprefix --ignore=,$(PLAIN_TESTS))

plain-world: $(DEV)
	$(BIN)/pytest -q $(WORLD_TESTS)

plain-processes: $(DEV)
	$(BIN)/pytest -q $(PROCESS_TESTS) $(SEARCH_TESTS)

# The guides' pictures anew, by the program itself: two minutes of a demo in a browser.
pictures: $(DEV)
	$(BIN)/python -m tests.pictures $(ARGS)

# Ours beside named baselines of the same run, as one table; python -m tests.benchmarks.page writes
# what was kept of it into docs/performance.md. bench-check measures anew and compares ratios. A whole
# run begins the table anew; a part (make bench ARGS="-k bus") adds to it.
bench: $(DEV)
	@$(if $(ARGS),,rm -f build/bench.json)
	$(BIN)/pytest -q -s -o python_files='bench_*.py' tests/benchmarks $(ARGS)

bench-check: bench
	$(BIN)/python -m tests.benchmarks.page --check

# Seeded days of the real program in a simulated world, kills at its I/O points, and planted bugs
# that have to be found: prints what was covered, and fails when that is too little. `simulate` is a
# part that takes some minutes; `simulate-whole` kills at every point; `simulate-long` goes on.
simulate: $(DEV)
	$(BIN)/python -m tests.simulation.suite --seeds 120 --days 10 --sweep 20 --every 40 --jobs 2 $(ARGS)

simulate-whole: $(DEV)
	$(BIN)/python -m tests.simulation.suite --seeds 2000 --days 10 --sweep 20 --jobs 2 $(ARGS)

simulate-long: $(DEV)
	$(BIN)/python -m tests.simulation.suite --seeds 10000 --days 20 --sweep 20 --jobs 2 $(ARGS)

# How much of the machine the service's unit can reach, as systemd rates it: 0 is nothing, 10 all.
# Fails above 1.5. Nothing of systemd is started.
exposure: $(RUNTIME)
	@mkdir -p build
	@$(BIN)/muhan service print > build/muhan.service
	@systemd-analyze security --offline=true --no-pager --threshold=15 build/muhan.service

# 10,000 simulated days of the whole program in one process: memory and the state file as they pass.
years: $(DEV)
	$(BIN)/python -m tests.years $(ARGS)

# Licences of what runs (from what is installed), then known weaknesses of the locks: those are asked
# of PyPI over the network, and what could not be asked about fails.
audit: $(DEV)
	$(BIN)/python -m tests.security.licences
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --requirement requirements.lock
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --requirement requirements-dev.lock

# What make and the tools made; never .env, a database or anything that git keeps.
clean:
	rm -rf .venv .venv-peers build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache .coverage .coverage.*
	find bot kis strategy tests -type d -name __pycache__ -prune -exec rm -rf {} +

$(RUNTIME): requirements.lock pyproject.toml
	$(call make-venv,requirements.lock)
	@touch $@

# The dev lock holds the runtime lock's versions too, so it serves both.
$(DEV): requirements-dev.lock requirements.lock pyproject.toml
	$(call make-venv,requirements-dev.lock)
	@touch $(RUNTIME) $@

$(DASHBOARD): requirements-dev.lock $(RUNTIME)
	$(call add-extra,streamlit plotly starlette)
	@touch $@

$(KERNEL): requirements-dev.lock $(RUNTIME)
	$(call add-extra,numpy numba dask distributed pyarrow)
	@touch $@

# An extra alone: its names are asked for, its versions and hashes are the dev lock's.
# The pip that Python 3.11 and 3.12 bring takes no hash from a constraint, so the lock's own comes first.
define add-extra
@sed -n '/^pip==/,/[^\\]$$/p' requirements-dev.lock > .venv/pip.lock
@$(PIP) --require-hashes -r .venv/pip.lock
@$(PIP) --require-hashes -c requirements-dev.lock $(1)
endef

define make-venv
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "Muhan needs Python 3.11 or newer, and '$(PYTHON)' is not: name one, as in make PYTHON=python3.11 $(or $(MAKECMDGOALS),demo)" >&2; exit 1; }
@test -x $(BIN)/python || echo "Making .venv (once; a few minutes)..."
@$(PYTHON) -m venv .venv || { \
	echo "'$(PYTHON) -m venv' failed: on Debian and Ubuntu, install python3-venv and try again." >&2; exit 1; }
@$(PIP) --require-hashes -r $(1)
@$(PIP) --no-deps --no-build-isolation -e .
endef
