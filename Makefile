# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000

.PHONY: run test check bench operating requirements format clean

run: .venv/run.done ## Set up, fill the site with both rehearsed trials (once), open it on http://127.0.0.1:8000
	$(BIN)/trialwright serve --demo --port $(PORT)

test: .venv/dev.done check ## Everything that the build machine runs
	$(BIN)/pytest -n 2 --dist loadfile

check: .venv/dev.done ## The part of `make test` without tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.repository.licences

bench: .venv/dev.done ## Timings against a stated limit or a peer
	@for file in bench/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

operating: .venv/dev.done ## Measure size and coverage of every method at both designs again (ten minutes)
	@for study in IRCT2016090729747N1 NCT02382874; do $(BIN)/python -m trialwright.simulate.measured $$study --trials 20000 --seed 1 || exit 1; done

requirements: .venv/dev.done ## Pin the dependencies again, with hashes
	$(BIN)/uv pip compile -q pyproject.toml --extra site --extra analysis --extra report --extra build $(PINS) -o requirements/run.txt
	$(BIN)/uv pip compile -q pyproject.toml --all-extras -c requirements/run.txt $(PINS) -o requirements/dev.txt
PINS := --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
	--custom-compile-command "make requirements"

format: .venv/dev.done
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.venv/bin/pip:
	$(PYTHON) -m venv .venv

.venv/run.done: requirements/run.txt pyproject.toml | .venv/bin/pip
	@echo "Installing what the site needs; this takes a minute or two the first time."
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.done: requirements/dev.txt pyproject.toml | .venv/bin/pip
	@echo "Installing the tools; this takes a minute or two the first time."
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ .venv/run.done

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
