# Everything a fresh machine needs is python3 (3.11 or newer, with venv) and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: help demo serve test check format lint types layers screenshots bench soak clean
.DEFAULT_GOAL := help

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1|/' | column -t -s '|'

$(STAMP): pyproject.toml
	@echo "Setting up $(VENV) (once)"; test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --editable . --group dev
	@$(BIN)/python -m compileall -q colonies_tui || true
	@touch $@

demo: $(STAMP) ## A living colony in this terminal: local server, executors at work, the console in front
	@$(BIN)/colonies-tui demo

serve: $(STAMP) ## The local Colonies server alone, on 127.0.0.1:50080
	@$(BIN)/colonies-tui serve --print-env

format: $(STAMP) ## Rewrite the code in the project's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

check: lint types layers ## Format, lint, types, layers (nothing is rewritten)

lint: $(STAMP)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(STAMP)
	@$(BIN)/mypy

layers: $(STAMP)
	@$(BIN)/lint-imports

test: check ## Everything: set-up, check, and all tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal

screenshots: $(STAMP) ## Make the pictures in screenshots/ over the recording of the demo
	@$(BIN)/python -m tests.screenshots

bench: $(STAMP) ## Measure, as ratios to floors of the same run
	@$(BIN)/python -m pip install --quiet --group bench || echo "without networkx: its floor is left out"
	@$(BIN)/python -m benchmarks

soak: $(STAMP) ## Minutes of random faults, random keys and a living colony (SOAK_MINUTES=10)
	@$(BIN)/python -m tests.soak

clean: ## Remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
