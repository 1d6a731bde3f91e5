# Every command of the project. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help install install-dev run simulator test soak check lint format bench migration clean

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PYTHONDONTWRITEBYTECODE ?= 1

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/.run: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ $(VENV)/.run

static/vendor/.installed: package.json package-lock.json .npmrc static/install.py | $(VENV)/.run
	$(BIN)/python static/install.py

install: $(VENV)/.run static/vendor/.installed  ## Set up what serving needs

install-dev: $(VENV)/.dev static/vendor/.installed  ## Set up tests and tools too

run: install  ## Set up, migrate and serve the app with its jobs (PORT, HOST)
	$(BIN)/flask --app app serve

simulator: install  ## Serve the built-in Amazon on SIMULATOR_PORT (SCENARIO=name)
	$(BIN)/python -m simulator

test: install-dev  ## Run all tests: units, SQLite, Postgres, a real browser
	$(BIN)/python -m tests.run

soak: install-dev  ## Run the long campaigns at full counts
	$(BIN)/python -m tests.run --soak

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/djlint templates --lint --check --quiet

check: lint test  ## What CI runs: lint, format, types, templates, then all tests

format: install-dev  ## Reformat code and templates
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djlint templates --reformat --quiet

$(VENV)/.bench: requirements-bench.txt requirements-dev.txt requirements.txt | $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	touch $@

bench: install-dev $(VENV)/.bench  ## Measure speed and memory: one table per script
	@set -e; for script in bench/bench_*.py; do $(BIN)/python -m bench.$$(basename $$script .py); done

migration: install  ## Write a migration named by name=...
	$(BIN)/flask --app app db revision --autogenerate -m "$(name)"

clean:  ## Remove everything that set-up made (not instance/)
	rm -rf $(VENV) node_modules static/vendor
