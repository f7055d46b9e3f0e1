# Everything runs in a virtual environment of its own; each target makes it if it is not there yet.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
RUN := $(VENV)/bin/python
STAMP := $(VENV)/.runtime
DEV_STAMP := $(VENV)/.development

.PHONY: install demo test check bench faults fuzz clean lock

install: $(DEV_STAMP)

$(VENV)/bin/python:
	@if command -v $(PYTHON) >/dev/null 2>&1; then $(PYTHON) -m venv $(VENV); else python3 -m venv $(VENV); fi

$(STAMP): requirements.lock | $(VENV)/bin/python
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(STAMP)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(STAMP)
	@$(RUN) manage.py demo $(ARGS)

# On all cores; then those that stop, kill and count processes, one after the other.
ALONE := tests/faults tests/servers
test: $(DEV_STAMP)
ifdef ARGS
	$(RUN) -m pytest $(ARGS)
else
	$(RUN) -m pytest -n auto --dist loadfile $(ALONE:%=--ignore=%)
	$(RUN) -m pytest $(ALONE)
endif

check: $(DEV_STAMP)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(RUN) manage.py makemigrations --check --dry-run
	$(RUN) manage.py check

bench: $(DEV_STAMP)
	$(RUN) -m tests.benchmarks $(ARGS)

faults: $(DEV_STAMP)
	$(RUN) -m tests.faults $(ARGS)
	$(RUN) -m pytest tests/faults/test_killed_deliverer.py

fuzz: $(DEV_STAMP)
	$(RUN) -m tests.fuzzing $(ARGS)

lock: | $(VENV)/bin/python
	$(RUN) -m pip install --quiet --disable-pip-version-check uv
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links pyproject.toml --output-file requirements.lock
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --group dev pyproject.toml --output-file requirements-dev.lock

clean:
	@if [ -x $(RUN) ]; then $(RUN) -m visibility.servers delete || true; fi
	rm -rf $(VENV) .local .mypy_cache .ruff_cache .pytest_cache .import_linter_cache staticfiles
