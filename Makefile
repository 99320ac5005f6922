# Two commands: `make study` runs the main job, `make test` everything that CI runs. VENV=path uses another environment.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -q -c tools/constraints.txt

.PHONY: study test docs install install-dev readme clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.textres: $(BIN)/python settings.ini setup.py tools/constraints.txt
	@echo 'Installing textres and what it needs (several GB, a few minutes) …'
	$(PIP) -e .
	@touch $@

$(VENV)/.textres-dev: $(BIN)/python settings.ini setup.py tools/constraints.txt
	@echo 'Installing textres, what it needs and what the tests need (several GB, a few minutes) …'
	$(PIP) -e '.[dev,offline]'
	@touch $(VENV)/.textres $@

install: $(VENV)/.textres
install-dev: $(VENV)/.textres-dev

study: install
	$(BIN)/textres reproduce digits

test: install-dev
	PATH=$(abspath $(BIN)):$$PATH $(BIN)/python tools/test.py

docs: install-dev
	$(BIN)/python tools/docs.py

readme: install-dev
	$(BIN)/python tools/readme.py

clean:
	rm -rf build dist *.egg-info
