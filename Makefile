# Two commands are all you need: `make demo` and `make test`. Both set everything up first and can be run again.

PYTHON ?= python3
VENV ?= .venv
# auto: the GPU where there is one; cpu: leave it out
DEVICE ?= auto
# further arguments for the demo or pytest: make demo ARGS="--epochs 3"
ARGS ?=

SETUP = $(PYTHON) scripts/setup_env.py --device $(DEVICE) --venv $(VENV)
RUN = $(VENV)/bin/python

# What `make check` runs, in this order; a new check is one more name here and one more target below.
CHECKS = check-format check-lint check-types check-layers check-wheel check-slow check-kernels check-coverage

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help python setup demo test check dev-environment $(CHECKS) test-versions test-torch gpu bench clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile
	@echo "  PYTHON=python3.12 selects the interpreter, DEVICE=cpu leaves the GPU out, ARGS=... is passed on"

python:
	@command -v $(PYTHON) >/dev/null || { echo "setup: there is no $(PYTHON); install Python 3.10 or newer, or name one: make PYTHON=python3.12"; exit 1; }

setup: python ## make .venv for this machine's device
	@$(SETUP)

demo: python ## train a small network on handwritten digits
	@$(SETUP) --extras demo
	@$(RUN) -m gputensor.demo $(ARGS)

test: python ## run the tests
	@$(SETUP) --extras test
	@$(RUN) -m pytest -m "not slow" $(ARGS)

check: $(CHECKS) ## format, lint, types, layers, wheel, slow tests, CUDA sources, coverage

dev-environment: python
	@$(SETUP) --extras dev

check-format: dev-environment
	$(RUN) -m ruff format --check .

check-lint: dev-environment
	$(RUN) -m ruff check .
	! git grep -nE '^(<<<<<<<|>>>>>>>) '  # marks of a merge in pages and data, which no linter reads

check-types: dev-environment
	$(RUN) -m mypy
	$(RUN) -m basedpyright

check-layers: dev-environment
	$(RUN) -m pytest -q tests/test_layers.py

check-wheel: dev-environment
	$(RUN) scripts/check_wheel.py

check-slow: dev-environment
	$(RUN) -m pytest -q -m slow

# Compiling CUDA sources needs CuPy and NVRTC, but neither a driver nor a GPU; an environment of its own keeps them out of the other.
check-kernels: VENV = .venv-cuda
check-kernels: python
	@$(SETUP) --device cpu --extras test,kernels
	$(RUN) -m pytest -q tests/cuda tests/doubles/test_names.py

# The suite once more: counting lines takes half as long as the tests themselves, which people should not wait for.
check-coverage: dev-environment
	$(RUN) -m pytest -q -m "not slow" --cov --cov-report=term --cov-fail-under=95

test-versions: python ## run the tests on every Python found, and on the oldest NumPy
	@$(PYTHON) scripts/run_on_versions.py $(ARGS)

test-torch: VENV = .venv-torch
test-torch: python ## compare with PyTorch, in an environment of its own
	@$(SETUP) --extras test,bench
	@$(RUN) -m pytest -m torch $(ARGS)

gpu: python ## run the tests that need a GPU with whatever Python and CuPy are there
	@PYTHONPATH=. $(PYTHON) -m pytest -m gpu $(ARGS)

bench: VENV = .venv-torch
bench: python ## measure speeds beside NumPy and PyTorch, on an idle machine
	@$(SETUP) --extras test,bench
	@$(RUN) bench/overhead.py $(ARGS)
	@$(RUN) bench/import_time.py

clean: ## remove environments, caches and build results
	rm -rf .venv .venv-* build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
