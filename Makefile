# Two commands do everything on a machine with Python 3.11 or later, make and a C compiler:
#   make decide   set up and decide a first case
#   make test     set up and run every test
PYTHON ?= python3
BIN = .venv/bin
CASE ?= examples/robbery-orange.yaml
# durable_rules has no wheels; on Python 3.13 and later it needs this name mapped to be importable.
BUILD = CPPFLAGS="-DPyEval_CallObject=PyObject_CallObject $(CPPFLAGS)"
FRESH := $(shell $(PYTHON) -c 'import sys; print("--no-cache-dir" if sys.version_info >= (3, 13) else "")')
EXTRA := $(shell $(PYTHON) -c 'import sys; print(",engine" if sys.version_info >= (3, 13) else "")')

.PHONY: decide test lint types bench clean
decide: .venv/ready
	$(BIN)/values-act decide $(CASE)

test: .venv/tested
	$(BIN)/python -m pytest

lint: .venv/developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/developed
	$(BIN)/mypy

bench: .venv/developed
	$(BIN)/python -m benchmarks.decide
	$(BIN)/python -m benchmarks.exact

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BUILD) $(BIN)/python -m pip install --quiet --disable-pip-version-check $(FRESH) -c constraints.txt -e ".[test$(EXTRA)]"
	touch .venv/ready .venv/tested

.venv/tested: .venv/ready

.venv/developed: .venv/ready
	$(BUILD) $(BIN)/python -m pip install --quiet --disable-pip-version-check $(FRESH) -c constraints.txt -e ".[dev$(EXTRA)]"
	touch .venv/developed

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
