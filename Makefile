# Everything a newcomer types. Needs Python ≥ 3.11, pip, make and git.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.ready ## build .venv from the pinned, hashed requirements

# Debian's bare python3 has no ensurepip: the environment is made without pip and filled from outside.
$(VENV)/.ready: requirements.txt requirements-test.txt pyproject.toml
	$(PYTHON) -m venv --without-pip --clear $(VENV)
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-test.txt
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

run: install ## start everything in one process
	@$(BIN)/python -m bot run

test: learnt ## the whole suite, a real PostgreSQL included
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

learnt: install ## what the tests need of the content, learnt once: a minute, longer than a test may take
	BOT_CACHE_DIR=.pytest_cache/shelf $(BIN)/python -m bot ask bonjour >/dev/null

check: install ## format, lint, types, import contracts, content
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot check

format: install ## put the code in its one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

chaos: install ## the long runs (or ONLY="polling-sqlite workers"); a table to bench/results/chaos.md
ifndef ONLY
	SOUFFLEUR_CHAOS=1 $(BIN)/python -m pytest tests/life tests/durability/test_callers.py tests/durability/test_weekly.py tests/durability/test_broadcasts.py tests/durability/test_rolling.py
endif
	$(BIN)/python -m tests.durability $(ONLY)

bench: $(VENV)/.bench ## the benchmarks (or ONLY="desk noticing"); tables and plots to bench/results/
	$(BIN)/python -m tests.bench $(ONLY)

$(VENV)/.bench: $(VENV)/.ready requirements-bench.txt
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	touch $@

pictures: install ## make the README's pictures again
	SOUFFLEUR_PICTURES=1 $(BIN)/python -m pytest -p no:xdist -p no:randomly tests/web/test_journey.py

lock: install ## pin the newest versions, with hashes and without index names
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url requirements-test.in -o requirements-test.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url requirements-bench.in -o requirements-bench.txt

clean: ## remove what was built (never data/)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info build

.PHONY: help install run test learnt chaos check format bench pictures lock clean
