# Each target makes its own virtual environment when there is none, or when pyproject.toml has changed since.
#
#   make demo        crawl the made-up site on this machine and show what came of it
#   make test        the tests
#   make check       format, lint, types, tests
#   make snapshots   rewrite the fixtures' expectations and print what changed [NAMES="one two"]
#   make bench       accuracy on labelled pages, beside trafilatura [DATA=folder] [ARGS="--set fundus"]
#   make floors      accuracy on labelled pages against benchmarks/floors.toml [DATA=folder]
#   make speed       how fast, beside lxml's bare parse and trafilatura [DATA=folder] [ARGS="--pages 100"]
#   make fuzz        pages that nobody meant to write, against what is promised [DATA=folder] [ARGS="--pages 200000"]
#   make chaos       crawls of a living site killed at random moments, the corpus held against the site [ARGS="--kills 100"]
#   make powerloss   the same with what was not synced lost [ARGS="--rounds 200"]
#   make batch-chaos batches and their workers killed at random moments, held against one left alone [ARGS="--kills 100"]
#   make batch-bench batches beside the bare read and trafilatura, one worker and two, memory [DATA=folder] [ARGS="--pages 5000"]
#   make crawl-bench crawl speed beside plain Scrapy, memory, requests [DATA=folder] [ARGS="--requests"]
#   make train       the body classifier's weights from labelled pages, and those that each fold has not seen [DATA=folder]

PYTHON ?= python3
VENV ?= .venv
DATA ?= ../shared/data
JOBS ?= auto
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEV_INSTALLED := $(VENV)/.installed-dev
BENCH_INSTALLED := $(VENV)/.installed-bench

.DEFAULT_GOAL := help
.PHONY: help install demo test lint check snapshots bench floors speed fuzz chaos powerloss batch-chaos batch-bench crawl-bench train clean

help:
	@sed -n 's/^#   //p' Makefile

install: $(DEV_INSTALLED)

$(INSTALLED): pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "newsscraper needs Python 3.11 or later, and there is no $(PYTHON): make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "newsscraper needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) --version 2>&1): make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian: apt install python3-venv)"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(DEV_INSTALLED): $(INSTALLED) tests/archive/replay.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@test -x $(VENV)/replay/bin/python || $(BIN)/python -m venv $(VENV)/replay
	$(VENV)/replay/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/archive/replay.txt
	@touch $@

$(BENCH_INSTALLED): $(DEV_INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

demo: $(INSTALLED)
	$(BIN)/newsscraper demo

test: $(DEV_INSTALLED)
	$(BIN)/python -m pytest -n $(JOBS)

lint: $(DEV_INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint test

snapshots: $(DEV_INSTALLED)
	$(BIN)/python -m tests.pages.snapshots $(NAMES)

bench: $(BENCH_INSTALLED)
	$(BIN)/python benchmarks/accuracy.py --data $(DATA) $(ARGS)

floors: $(DEV_INSTALLED)
	$(BIN)/python benchmarks/accuracy.py --data $(DATA) --set fundus --rival none --floors benchmarks/floors.toml

speed: $(BENCH_INSTALLED)
	$(BIN)/python benchmarks/speed.py --data $(DATA) --floors benchmarks/floors.toml $(ARGS)

train: $(DEV_INSTALLED)
	$(BIN)/python -m training --data $(DATA) --folds-out benchmarks/held_out $(ARGS)

fuzz: $(DEV_INSTALLED)
	$(BIN)/python benchmarks/fuzz.py $(if $(wildcard $(DATA)),--data $(DATA)) $(ARGS)

chaos: $(DEV_INSTALLED)
	$(BIN)/python benchmarks/chaos.py $(ARGS)

powerloss: $(DEV_INSTALLED)
	$(BIN)/python benchmarks/powerloss.py $(ARGS)

batch-chaos: $(DEV_INSTALLED)
	$(BIN)/python benchmarks/batch_chaos.py $(ARGS)

batch-bench: $(BENCH_INSTALLED)
	$(BIN)/python benchmarks/batch.py --data $(DATA) $(ARGS)

crawl-bench: $(BENCH_INSTALLED)
	$(BIN)/python benchmarks/crawl.py $(if $(wildcard $(DATA)),--data $(DATA)) $(ARGS)

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
