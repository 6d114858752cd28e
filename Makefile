# From nothing but GNU make and Python 3.11 or newer with venv. Every target makes the environment that it needs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
  { echo $$p; break; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
JOBS ?= 2

.PHONY: help demo docs test test-full lint format clean

help:
	@echo "make demo       search MultiChannelNet on real digits, draw it, train what was found, print its test accuracy"
	@echo "make test       the tests, a few minutes; make test-full adds the long ones"
	@echo "make docs       the documentation site, in build/docs"
	@echo "make lint       ruff, the formatters' checks, and strict types"
	@echo "make clean      remove the environment, caches and the demo's runs"

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "no Python 3.11 or newer found; give one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "making $(VENV) with $(PYTHON)"
	$(PYTHON) -m venv $(VENV)

# The stamps hold the environments still until the metadata or the tested versions change.
$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing hypercuboid and what it needs into $(VENV) (torch is large; this happens once)"
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "installing the tools for development"
	$(PIP) install -c constraints.txt -e '.[dev,docs,vision]'
	@touch $@

# A new folder each time: nothing that an earlier demo found is lost.
DEMO_RUN := runs/demo-$(shell date +%Y%m%d-%H%M%S)
DEMO_SPACE := -p 'filters=[8, 16, 32]' -p reductions=2 -p layers=2 -p head=64 --input 1x8x8

demo: $(VENV)/.run
	@echo "--- 1. the space, checked and counted"
	$(BIN)/hypercuboid check spaces/multichannelnet.hc
	$(BIN)/hypercuboid compile spaces/multichannelnet.hc $(DEMO_SPACE)
	@echo "--- 2. the search, on 718 + 719 images of digits"
	$(BIN)/hypercuboid search spaces/multichannelnet.hc $(DEMO_SPACE) --data digits --run $(DEMO_RUN) \
	  --weighting max_w --alpha-lr 0.01 --epochs 20 --seed 0 --threads 1
	@echo "--- 3. what was found, and its picture"
	$(BIN)/hypercuboid select $(DEMO_RUN)
	$(BIN)/hypercuboid render $(DEMO_RUN) -o $(DEMO_RUN)/supernet.svg
	@echo "--- 4. the generated file, trained from scratch and scored on 360 images that nothing has seen"
	$(BIN)/hypercuboid train $(DEMO_RUN)/model.py --data digits --run $(DEMO_RUN)-trained --epochs 40 --seed 0 --threads 1
	@echo "--- read $(DEMO_RUN)/model.py, open $(DEMO_RUN)/supernet.svg"

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(JOBS) $(PYTEST)

test-full: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(JOBS) -m "" $(PYTEST)

# A note of the theme about its successor is no warning of ours.
docs: $(VENV)/.dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet -f docs/site/mkdocs.yml
	@echo "open build/docs/index.html"

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/hypercuboid fmt --check --quiet spaces tests/programs
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/hypercuboid fmt spaces tests/programs

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis runs/demo-*
	find hypercuboid tests -name __pycache__ -type d -prune -exec rm -rf {} +
