# Needs Python >= 3.11, make and the package registry; everything else is set up in $(VENV).
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEV := $(VENV)/.stamp-dev
SPARK := $(VENV)/.stamp-spark

.PHONY: help setup demo test test-spark test-all check format lock samples pictures clean

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

# The stamp is written last: a set-up that was interrupted starts over.
$(DEV): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "fcim-audit needs Python 3.11 or newer")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(SPARK): $(DEV) requirements/spark.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --require-hashes -r requirements/spark.txt
	@touch $@

setup: $(DEV)  ## make $(VENV) with everything but Spark

demo: $(DEV)  ## audit the sample organisation; reports go to fcim-demo/
	$(BIN)/fcim-audit demo --out fcim-demo

test: $(DEV)  ## all tests but those of Spark; what needs LibreOffice or Chromium is skipped where it is missing
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not spark"

test-spark: $(DEV) $(SPARK)  ## the tests of Spark; they need Java
	$(BIN)/python -m pytest -m spark

test-all: test test-spark  ## every test

check: $(DEV)  ## format, lint, types, import directions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/fcim-audit checklist lint --complete

format: $(DEV)  ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(DEV)  ## pin every dependency again
	$(BIN)/python scripts/lock.py

samples: $(DEV)  ## make the sample organisations and Word templates again
	$(BIN)/python scripts/make_samples.py
	$(BIN)/python -m scripts.make_templates

pictures: $(DEV)  ## draw the pictures of the docs again (LibreOffice, Chromium, poppler-utils)
	$(BIN)/python -m scripts.make_pictures

clean:  ## remove what was set up and built
	rm -rf $(VENV) dist build fcim-demo .mypy_cache .ruff_cache .pytest_cache .coverage
