# Needs only make and Python 3.11 or newer with its venv module; everything else is installed into .venv from the
# hash-pinned locks. `make demo` is the first thing to try.

PYTHON ?= python3
PORT ?= 8000
# processes that run the tests
WORKERS ?= 2
# more arguments for pytest, e.g. make test ARGS="tests/cases -x"
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest --numprocesses=$(WORKERS)
CATALOGUES := $(wildcard zhitong/locale/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset dev test test-postgres test-sqlite lint format check-long bench messages lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

# ---------------------------------------------------------------- environments

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or newer is needed: make demo PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
	    { rm -rf .venv; echo "Python's venv module is needed (Debian: apt-get install python3-venv)" >&2; exit 1; }

.venv/.runtime: .venv/bin/python requirements.lock pyproject.toml
	@echo "Installing what Zhitong needs to run (once)..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	@echo "Installing what its tests and checks need (once)..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.messages: .venv/.runtime scripts/messages.py $(CATALOGUES)
	@$(BIN)/python scripts/messages.py compile
	@touch $@

dev: .venv/.dev .venv/.messages

# ---------------------------------------------------------------- running

demo: .venv/.runtime .venv/.messages ## start the demo city on http://127.0.0.1:8000/ (PORT=9000 for another port)
	@ZHITONG_PORT=$(PORT) $(BIN)/zhitong demo

demo-reset: .venv/.runtime .venv/.messages ## throw the demo city's data away and make it anew
	@ZHITONG_PORT=$(PORT) $(BIN)/zhitong demo --reset

# ---------------------------------------------------------------- checks

test: dev ## run every test, on PostgreSQL (where its programs are found) and on SQLite
	@$(MAKE) --no-print-directory test-postgres
	@$(MAKE) --no-print-directory test-sqlite

test-postgres: dev ## run the tests that touch the database on a private PostgreSQL
	@status=0; $(BIN)/python -m tests.support.postgres || status=$$?; \
	case $$status in \
	    0) ZHITONG_TEST_DB=postgres $(PYTEST) -m "not browser" $(ARGS) || test $$? -eq 5 ;; \
	    3) ;; \
	    *) exit 1 ;; \
	esac

test-sqlite: dev ## run every test on SQLite
	@$(PYTEST) $(ARGS)

check-long: dev ## run the long checks with many more cases
	@ZHITONG_LONG=1 $(PYTEST) -m "long or exhaustive" $(ARGS)

bench: dev ## measure the office's day at 20,000 and 1,000,000 cases (long; ARGS="--small" for a first look)
	@$(BIN)/python benchmarks/day.py $(ARGS)

lint: dev ## check style and layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo

format: dev ## let the formatter write
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .

messages: dev ## collect the texts of code and templates into the catalogue, then compile it
	@$(BIN)/python scripts/messages.py extract
	@$(BIN)/python scripts/messages.py compile

lock: dev ## write the hash-pinned locks from pyproject.toml
	@scripts/lock.sh

clean: ## remove the environment and the caches; data in var/ stays
	@rm -rf .venv build *.egg-info .pytest_cache .ruff_cache .import_linter_cache .hypothesis .test-results
