# Two commands matter: `make run` and `make test`. `make help` lists the others.

PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --annotation-style line --custom-compile-command "make lock"

# Every module is compiled once, and not by each of the hundreds of processes that tests start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install run test check bench crash fanout lock wheel clean help

install: $(STAMP)  ## prepare .venv from the lock file

# Standard input and standard output belong to the bot, so nothing here touches them.
$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' </dev/null >&2 \
		|| { echo "rolecall needs Python 3.11 or newer: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Preparing $(VENV), which takes a minute the first time" >&2
	@$(PYTHON) -m venv $(VENV) </dev/null >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements-dev.lock </dev/null >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation --editable . </dev/null >&2
	@touch $@

run: $(STAMP)  ## start the bot
	@$(BIN)/rolecall run $(ARGS)

test: $(STAMP)  ## run the tests in parallel, e.g. make test ARGS="-k compare"
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: $(STAMP)  ## formatting, style, types, import directions, content
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/rolecall content check

bench: $(STAMP)  ## print the performance table
	@$(BIN)/python -m tests.bench $(ARGS)

crash: $(STAMP)  ## kill the bot under load 200 times, and look for lost answers
	@$(BIN)/python -m tests.crash $(ARGS)

fanout: $(STAMP)  ## send an issue to 10,000 channels, and account for each of them
	@$(BIN)/python -m tests.fanout $(ARGS)

# Keeps what is locked where it still fits; make lock ARGS=--upgrade takes the newest.
lock: $(STAMP)  ## remake both lock files
	@$(COMPILE) $(ARGS) pyproject.toml --output-file requirements.lock
	@$(COMPILE) $(ARGS) pyproject.toml --group dev --constraints requirements.lock \
		--output-file requirements-dev.lock

wheel: $(STAMP)  ## build the wheel into dist/
	@$(BIN)/python -m build --no-isolation --wheel

clean:  ## remove .venv, caches and built files
	@rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -type d -name __pycache__ -prune -exec rm -rf {} +

help:  ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 10
