# bo_panel. `make demo` is all that a first look needs; `make help` lists the rest.
.POSIX:

DEPLOYMENT = service_provider
PORT = 8000
RESET =
PYTEST =
BENCH =

VENV = .venv
BIN = $(VENV)/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
INSTALLED = $(VENV)/installed
TESTABLE = $(VENV)/installed-for-tests
MEASURABLE = $(VENV)/installed-for-bench
UV = uv

help:
	@echo 'make demo     set everything up, fill a demonstration, serve it'
	@echo '              DEPLOYMENT=$(DEPLOYMENT) PORT=$(PORT) RESET=1 (make it anew)'
	@echo 'make test     everything that can run here; lists what it skips and why (PYTEST="-k word" to choose)'
	@echo 'make lint     the rooms, the style and the types only'
	@echo 'make seeds    which lines of the seeds are proven by a test'
	@echo 'make bench    the measurements, at 100,000 users (BENCH="--users 1000000" for more; see docs/benchmarks.md)'
	@echo 'make faults   jobs of 100,000 that are killed, cut off and starved (docs/faults.md; some minutes)'
	@echo 'make lock     resolve the libraries anew (needs uv)'
	@echo 'make clean    remove .venv and what tools left; the data in var/ stays'

demo: $(INSTALLED)
	@$(BIN)/bo --deployment '$(DEPLOYMENT)' demo --port '$(PORT)' $$(test '$(RESET)' != 1 || echo --reset)

# Every part runs, whatever the others found; the exit code tells whether all went well.
test: $(TESTABLE)
	@status=0; \
	$(MAKE) --no-print-directory --keep-going lint || status=1; \
	$(BIN)/python -m pytest -n auto --dist loadgroup -rfEs $(PYTEST) || status=1; \
	exit $$status

lint: rooms style types

rooms: $(TESTABLE)
	$(BIN)/lint-imports

style: $(TESTABLE)
	$(BIN)/ruff check .

types: $(TESTABLE)
	$(BIN)/mypy

bench: $(MEASURABLE)
	$(BIN)/python -m tests.benchmarks $(BENCH)

faults: $(TESTABLE)
	$(BIN)/python -m pytest tests/faults -m faults -p no:xdist -rs -v -s $(PYTEST)

seeds: $(BIN)/python
	@$(BIN)/python tests/seeds/proven.py

lock:
	$(UV) pip compile pyproject.toml --group build --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	    --custom-compile-command 'make lock' --output-file requirements.lock
	$(UV) pip compile pyproject.toml --group build --group test --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	    --constraint requirements.lock --custom-compile-command 'make lock' --output-file tests/requirements.lock
	$(UV) pip compile --group pyproject.toml:bench --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	    --custom-compile-command 'make lock' --output-file tests/benchmarks/requirements.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is older than its lock when the lock has changed, and is made anew only when all of it went well.
$(INSTALLED): $(BIN)/python requirements.lock pyproject.toml
	@echo 'Installing the libraries of requirements.lock into $(VENV) …'
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $(INSTALLED)

$(TESTABLE): $(INSTALLED) tests/requirements.lock
	@echo 'Installing the tools of tests/requirements.lock into $(VENV) …'
	@$(INSTALL) --require-hashes -r tests/requirements.lock
	@touch $(TESTABLE)

$(MEASURABLE): $(INSTALLED) tests/benchmarks/requirements.lock
	@echo 'Installing what bo_panel is measured against into $(VENV) …'
	@$(INSTALL) --require-hashes -r tests/benchmarks/requirements.lock
	@touch $(MEASURABLE)

$(BIN)/python:
	@for python in python3.13 python3.12 python3.11 python3; do \
	    if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	        exec $$python -m venv $(VENV); \
	    fi; \
	done; \
	echo 'bo_panel needs Python 3.11 or newer with venv. Install it (Debian, Ubuntu: apt install python3 python3-venv), then try again.' >&2; \
	exit 2

.PHONY: help demo test lint rooms style types bench faults seeds lock clean
