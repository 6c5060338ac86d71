# make run     set everything up and serve on http://127.0.0.1:8000   (HOST, PORT, DATA change it)
# make class   the same for a class: open to the network, prints the address and its QR code
# make test    every test, those in a real browser included           (ARGS='-k live' for some)
# make fast    those that need no browser and start no process, in a minute or so
# make check   format, lint and types of Python and JavaScript, and the import contract
# make bench   every measurement of docs/measurements.md              (ARGS=--quick, or names)
# make clean   throw away what can be made again;  make distclean: the virtual environment too
#
# PyTorch is its CPU build wherever one is offered. CUDA=1 takes the plain build; TORCH_INDEX=<address>
# adds the package index that PyTorch's own start page (pytorch.org/get-started) names for a machine.

VENV ?= .venv
TORCH := 2.13.0
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INDEX := $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))
# Two files of tests at a time: each has its own server, browser, folders and ports. In their order,
# browser tests last: the loop of their driver stays, and asynchronous tests need one of their own.
PARALLEL := -n 2 --dist loadfile --no-loadscope-reorder
NODE := $(BIN)/python -m tests.node
CHROMIUM := $(BIN)/python -m tests.chromium

# The first Python here that is new enough; each is asked, since a name on PATH may lead nowhere.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; \
	done)

.DEFAULT_GOAL := help
.PHONY: help run class test fast check format bench screenshot clean distclean

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

run: $(VENV)/.run
	@exec $(BIN)/depthscope serve $(SERVE) $(ARGS)

class: $(VENV)/.run
	@exec $(BIN)/depthscope serve --class $(SERVE) $(ARGS)

test: $(VENV)/.dev $(VENV)/.node $(VENV)/.browser
	$(BIN)/python -m tests.js
	$(BIN)/python -m pytest $(PARALLEL) $(ARGS)

fast: $(VENV)/.dev $(VENV)/.node
	$(BIN)/python -m tests.js
	$(BIN)/python -m pytest $(PARALLEL) -m "not (processes or acceptance or faults or e2e)" $(ARGS)

check: $(VENV)/.dev $(VENV)/.node
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NODE) tsc
	$(NODE) eslint --max-warnings 0 .

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev $(VENV)/.browser
	$(BIN)/python -m benchmarks $(ARGS)

screenshot: $(VENV)/.dev $(VENV)/.browser
	$(BIN)/python -m docs.screenshot $(ARGS)

clean:
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -not -path './node_modules/*' -prune -exec rm -rf {} +

distclean: clean
	rm -rf $(VENV) node_modules

# --- Set-up. Each stamp stands for a step that is done, so that the second time is quick. ---

SERVE := $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT)) $(if $(DATA),--data $(DATA))
TORCH_STAMP := $(VENV)/.torch$(if $(CUDA),-cuda)

$(VENV)/pyvenv.cfg:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Depthscope needs Python 3.11 or newer; found: $$(python3 --version 2>/dev/null || echo none)."; \
		echo "Install one, or name it: make PYTHON=/path/to/python3.12 run"; exit 1; fi
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Depthscope needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) lacks the venv module (on Debian and Ubuntu: apt install python3-venv)."; exit 1; }
	@echo "Making a virtual environment in $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.torch: $(VENV)/pyvenv.cfg
	@[ -e $(VENV)/.torch-cuda ] || $(BIN)/python -c 'import torch; assert torch.__version__.split("+")[0] == "$(TORCH)"' 2>/dev/null || { \
		echo "Installing PyTorch $(TORCH), the CPU build (some 200 MB; CUDA=1 for another)"; \
		$(PIP) install -q $(INDEX) -c constraints.txt 'torch==$(TORCH)+cpu' 2>/dev/null; } || { \
		echo "No CPU build is offered under that name here; installing the plain one"; \
		$(PIP) install $(INDEX) -c constraints.txt 'torch==$(TORCH)'; }
	@touch $@

$(VENV)/.torch-cuda: $(VENV)/pyvenv.cfg
	@$(PIP) uninstall -q -y torch 2>/dev/null || true
	$(PIP) install $(INDEX) -c constraints.txt 'torch==$(TORCH)'
	@touch $@ $(VENV)/.torch

$(VENV)/.run: pyproject.toml constraints.txt $(TORCH_STAMP)
	@echo "Installing Depthscope and what it needs"
	@$(PIP) install -q -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt $(TORCH_STAMP)
	@echo "Installing Depthscope, what it needs, and the tools to test it"
	@$(PIP) install -q -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.run

$(VENV)/.node: $(VENV)/.dev package.json package-lock.json
	@echo "Installing the tools that check JavaScript"
	@$(NODE) npm ci --silent --ignore-scripts
	@touch $@

$(VENV)/.browser: $(VENV)/.dev
	@$(CHROMIUM) --install
	@touch $@
