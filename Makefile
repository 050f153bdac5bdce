# captag on a fresh machine: `make run`, `make test`. Needs Python >= 3.11, make and a package index.
PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 5000
BIN    := $(VENV)/bin

.PHONY: run tag test test-slow check fix bench clean

run: $(VENV)/.ready  ## serve the page on http://127.0.0.1:$(PORT)
	$(BIN)/captag serve --port $(PORT)

tag: $(VENV)/.ready  ## make tag PHOTO=photo.jpg
	$(BIN)/captag tag $(PHOTO)

test: $(VENV)/.ready-dev  ## the whole suite, real models included
	$(BIN)/pytest -m "not slow"

test-slow: $(VENV)/.ready-dev  ## what takes minutes
	$(BIN)/pytest -m slow

check: $(VENV)/.ready-dev  ## style, types, arrows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.ready-dev  ## mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.ready-dev  ## speed, as ratios in one run; other runtimes too, where they install
	-$(BIN)/pip install -q -c constraints.txt -e ".[runtimes]"
	$(BIN)/python -m benchmarks.speed

clean:
	rm -rf $(VENV) build dist *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("captag needs Python 3.11 or newer; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --disable-pip-version-check --quiet -c constraints.txt -e .
	touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	$(BIN)/pip install --disable-pip-version-check --quiet -c constraints.txt -e ".[dev]"
	touch $@
