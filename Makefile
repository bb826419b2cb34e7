# Everything runs in one virtual environment, made here on first use; python3.11 or newer and pip are enough.
PYTHON ?= $(shell for one in python3 python3.14 python3.13 python3.12 python3.11; do \
    $$one -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$one && break; done || echo python3)
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run test check bench demo demo-spotify screenshots schema components format ready

run: ready
	@exec $(BIN)/python -m rewrapped serve

test: ready
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile  # each process has servers and a site of its own

check: ready
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: ready
	@$(BIN)/python -m bench

demo: ready
	@$(BIN)/python -m rewrapped demo

# A site of its own beside an invented Spotify that keeps the real one's rules: sign in without keys, as anybody
demo-spotify: ready
	@exec $(BIN)/python -m tests.simulators.demo_spotify

screenshots: ready
	@$(BIN)/python -m tests.screenshots

# Write the next migration from rewrapped/storage/tables.py: make schema NAME=what_changes
schema: ready
	@$(BIN)/python -m tests.embedded.next_migration $(NAME)

# Build the components that stand on d3 from rewrapped/components/src (needs npm)
components: ready
	@$(BIN)/python -m rewrapped.components.build

format: ready
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

ready:
	@$(PYTHON) .ci/environment.py "$(VENV)"
