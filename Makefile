# `make demo` shows the product; `make test` runs everything that must pass.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SARIF := $(VENV)/sarif-2.1.0.json

.PHONY: demo test lint unit bench clean
.DELETE_ON_ERROR:

demo: $(VENV)/.product
	@$(BIN)/python notebooks/plant.py .demo
	@echo '$$ llmsec check notebooks .demo/churn.ipynb'
	@$(BIN)/llmsec check notebooks .demo/churn.ipynb; test $$? -eq 1
	@echo
	@echo 'The tokens above are fakes, made a second ago. Now yours:'
	@echo '  $(BIN)/llmsec check PATH             scan files or directories of notebooks'
	@echo '  $(BIN)/llmsec explain SEC103         what a rule finds and how to mend it'
	@echo '  %load_ext llmsec_nb                  in a notebook, then %llmsec check'

test: lint unit

lint: $(VENV)/.tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/nbqa ruff notebooks --select F,E9

unit: $(VENV)/.tools $(SARIF)
	SARIF_SCHEMA=$(SARIF) $(BIN)/python -m pytest --cov --cov-report=term:skip-covered --cov-fail-under=85

bench: $(VENV)/.tools
	$(BIN)/python tests/benchmarks/throughput.py $(NOTEBOOKS)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/.product: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.tools: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable . --group test --group lint
	@touch $@ $(VENV)/.product

# The official schema of SARIF 2.1.0, as a package of the npm registry carries it.
$(SARIF): | $(VENV)/bin/python
	cd $(VENV) && npm pack --silent @microsoft/jest-sarif@1.0.0-beta.0 >/dev/null
	tar -xzOf $(VENV)/microsoft-jest-sarif-1.0.0-beta.0.tgz package/lib/schemas/sarif-2.1.0-rtm.5.json > $@

clean:
	rm -rf $(VENV) .demo build dist .coverage .mypy_cache .ruff_cache .import_linter_cache .hypothesis
