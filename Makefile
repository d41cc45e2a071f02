# `make demo` shows the product; `make test` runs everything that must pass.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SARIF := $(VENV)/sarif-2.1.0.json

LAB := labextension
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: demo test lint unit coverage panel browser hosts bundle pack clusters bench screenshots clean
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

# What the browser tests need is fetched while the types are checked.
test: $(VENV)/.tools
	$(MAKE) --jobs=2 --output-sync=target lint hosts
	$(MAKE) unit panel browser

lint: $(VENV)/.tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/nbqa ruff notebooks --select F,E9

# Tests start many processes: the first writes what it has compiled, also where the environment is
# set not to.
unit: $(VENV)/.tools $(SARIF)
	SARIF_SCHEMA=$(SARIF) HYPOTHESIS_PROFILE=quick PYTHONDONTWRITEBYTECODE= \
	  $(BIN)/python -m pytest --ignore=tests/browser --numprocesses=2 --dist=worksteal

# The same with every line counted: it takes half as long again.
coverage: $(VENV)/.tools $(SARIF)
	SARIF_SCHEMA=$(SARIF) $(BIN)/python -m pytest --ignore=tests/browser --numprocesses=2 --dist=worksteal \
	  --cov --cov-report=term:skip-covered --cov-fail-under=85

# The panel: types as the schema says, lint, unit tests; and the bundle is what its sources make.
panel: $(LAB)/node_modules/.installed | $(VENV)/bin/python
	cd $(LAB) && npm run --silent wire:check && npm run --silent lint && npm test --silent
	rm -rf $(VENV)/bundle && cp -r llmsec_nb/labextension $(VENV)/bundle
	cd $(LAB) && npm run --silent build:prod
	diff -r $(VENV)/bundle llmsec_nb/labextension

bundle: $(LAB)/node_modules/.installed
	cd $(LAB) && npm run --silent wire && npm run --silent build:prod

# The formats of credentials as the product reads them.
pack: | $(VENV)/bin/python
	$(BIN)/python -m llmsec_nb.rules.secrets.records

# In Chromium, on Notebook 7 and JupyterLab, 4.2 and 4.4 included unless LLMSEC_OLD_HOSTS=0.
browser: $(VENV)/.tools $(LAB)/node_modules/.installed $(VENV)/.chromium
	$(BIN)/python -m pytest tests/browser

hosts: $(VENV)/.tools $(LAB)/node_modules/.installed $(VENV)/.chromium
	$(BIN)/python -m tests.browser.hosts

# Spark and Ray on this machine; they take half a gigabyte, and Java.
clusters: $(VENV)/.tools
	$(BIN)/python -m pip install --quiet --group clusters
	$(BIN)/python -m pytest tests/training_data/test_engines.py

bench: $(VENV)/.tools
	$(BIN)/python tests/benchmarks/throughput.py $(NOTEBOOKS)
	$(BIN)/python tests/benchmarks/panel.py

screenshots: $(VENV)/.tools $(VENV)/.chromium
	$(BIN)/python docs/screenshots.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

# The panel's bundle is in the repository: neither npm nor a build is needed.
$(VENV)/.product: pyproject.toml | $(VENV)/bin/python
	SKIP_JUPYTER_BUILDER=1 $(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.tools: pyproject.toml | $(VENV)/bin/python
	SKIP_JUPYTER_BUILDER=1 $(BIN)/python -m pip install --quiet --editable . --group test --group lint
	@touch $@ $(VENV)/.product

$(LAB)/node_modules/.installed: $(LAB)/package-lock.json
	cd $(LAB) && npm ci --ignore-scripts --silent
	@touch $@

# Debian's Chromium, unless there is one. Elsewhere: install Chromium or Chrome yourself.
$(VENV)/.chromium: | $(VENV)/bin/python
ifeq ($(CHROMIUM),)
	apt-get update -qq && apt-get install -qq --yes chromium fonts-dejavu >/dev/null
endif
	@touch $@

# The official schema of SARIF 2.1.0, as a package of the npm registry carries it.
$(SARIF): | $(VENV)/bin/python
	cd $(VENV) && npm pack --silent @microsoft/jest-sarif@1.0.0-beta.0 >/dev/null
	tar -xzOf $(VENV)/microsoft-jest-sarif-1.0.0-beta.0.tgz package/lib/schemas/sarif-2.1.0-rtm.5.json > $@

clean:
	rm -rf $(LAB)/node_modules $(LAB)/lib $(LAB)/tsconfig.tsbuildinfo $(VENV) .demo build dist .coverage .mypy_cache .ruff_cache .import_linter_cache .hypothesis
