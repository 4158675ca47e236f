# Two commands: `make run` and `make test`. Both set everything up first; Python 3.11+ and make are all they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DIR ?= ../shared/eval
unexport PYTHONDONTWRITEBYTECODE  # what one process of the tests has compiled, the others need not

.PHONY: run worker test check style quality training training-encoder bench bench-discord bench-telegram bench-scale faults lock audit clean

run: $(VENV)/.run
	@$(BIN)/hearsay run

worker: $(VENV)/.run
	@$(BIN)/hearsay worker

# Types are checked beside the tests, and said after them. --dist loadgroup: one test after the other goes to whoever
# is free, in the order of tests/conftest.py.
test: $(VENV)/.dev style
	@echo "── types, beside the tests ──"; $(BIN)/mypy > $(VENV)/types 2>&1 & types=$$!; \
	echo "── tests ──"; $(BIN)/pytest -q -n auto --dist loadgroup --no-loadscope-reorder --inline-snapshot=disable; tests=$$?; \
	echo "── types ──"; wait $$types; types=$$?; cat $(VENV)/types; exit $$((tests | types))

check: $(VENV)/.dev style
	@echo "── types ──"; $(BIN)/mypy

style: $(VENV)/.dev
	@echo "── format, lint, imports ──"
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports

quality: $(VENV)/.dev
	$(BIN)/python -m tests.quality.ratchet

training: $(VENV)/.training

training-encoder: $(VENV)/.encoder

bench: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks

bench-discord: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks.on discord

bench-telegram: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks.on telegram

bench-scale: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks.scale

faults: $(VENV)/.dev
	$(BIN)/python -m tests.faults

# The lock holds versions and hashes and no addresses, so it installs from whatever index pip is set up for.
lock: $(VENV)/.dev
	$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-header --group dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header -c requirements-dev.lock pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header -c requirements-dev.lock --group dev --group training pyproject.toml -o requirements-training.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header -c requirements-training.lock --group dev --group training --group encoder pyproject.toml -o requirements-encoder.lock

# Needs the internet, so it is no part of `test`. --strict: or it passes when it could look nothing up.
audit: $(VENV)/.dev
	$(BIN)/uv tool run pip-audit==2.10.1 -r requirements.lock --no-deps --disable-pip --strict

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Hearsay needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 " + "run")'
	$(PYTHON) -m venv $(VENV)

# --no-deps: the lock names everything, and pip 23.2 fails to resolve extras that are asked for twice (lxml[html-clean]).
$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

# torch, for `$(BIN)/python -m tests.training encoder train|measure`: 3 GB, of which nothing runs later.
$(VENV)/.encoder: requirements-encoder.lock $(VENV)/.training
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-encoder.lock
	@touch $@

# scikit-learn, for `$(BIN)/python -m tests.training PART train|measure`; nothing that runs needs it.
$(VENV)/.training: requirements-training.lock $(VENV)/.dev
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-training.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
