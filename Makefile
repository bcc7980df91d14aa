# `make run` and `make test` do all their own set-up, on a machine with Python 3.11 or newer and make.
#
# Everything lands in .venv, node_modules and app/web/static. Each step leaves a stamp and is done again only when what it
# was made from has changed, so a second run starts at once. `make run` installs the service's packages alone, so that a
# newcomer waits for no linter or test server; `make test` adds those to the same .venv.

PYTHON ?= python3
PORT ?= 8000
# Passed on to pytest: make test ARGS="tests/domain -k weight"
ARGS ?=

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help setup run test lint format bench pictures lock image clean FORCE

PIP := .venv/bin/python -m pip -qq --disable-pip-version-check --no-input install
# The lock is complete: nothing to resolve, and nothing without a hash gets in.
LOCKED := --no-deps --require-hashes -r
# A Node.js brought by PyPI lies in .venv/bin and goes first.
WITH_NODE := PATH="$(CURDIR)/.venv/bin:$$PATH"
# The oldest Node.js that sass runs on is 20.19.
NODE_WILL_DO := node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'

help: ## this list
	@echo "make run     sets up what is missing and serves the demonstration on http://127.0.0.1:8000 (PORT=8001 for another)"
	@echo "make test    sets up what is missing and runs every check: style, types, imports, tests (ARGS=... goes to pytest)"
	@echo "make setup   the set-up alone; then .venv/bin/enablers is the command line"
	@echo "make lint    style, types, imports"
	@echo "make format  puts the style right"
	@echo "make bench   the measurements"
	@echo "make pictures takes the pictures of the README anew, with Chromium"
	@echo "make lock    writes requirements/ and package-lock.json anew (UPGRADE=--upgrade takes newer versions)"
	@echo "make image   builds the container image with buildah"
	@echo "make clean   removes everything that is made here, but not var/, which holds your data"

setup: .venv/project app/web/static/manifest.json
	@:

run: setup
	@exec .venv/bin/enablers serve --demo --port $(PORT)

test: setup lint .venv/client/ready
	@echo "Testing ..."
	@.venv/bin/python -m pytest --numprocesses auto $(ARGS)

lint: .venv/project .venv/dev
	@echo "Checking style, types and imports ..."
	@.venv/bin/ruff check --quiet
	@.venv/bin/ruff format --check --quiet || { echo "Not formatted as agreed: make format puts it right."; exit 1; }
	@.venv/bin/mypy --no-error-summary
	@told=$$(.venv/bin/lint-imports --no-logo) || { echo "$$told"; exit 1; }
	@.venv/bin/hadolint Dockerfile

format: .venv/dev
	@.venv/bin/ruff check --quiet --fix-only
	@.venv/bin/ruff format

bench: setup .venv/dev
	@.venv/bin/python -m benchmarks $(ARGS)

pictures: setup .venv/dev
	@.venv/bin/python -m tests.browser.pictures

# ---- The set-up ------------------------------------------------------------------------------------------------------

# A virtual environment holds its own path and its Python's: when either has changed, it is made anew.
VENV_IS := $(CURDIR) $(shell .venv/bin/python --version 2>/dev/null)
ifneq ($(VENV_IS),$(shell cat .venv/made-for 2>/dev/null))
.venv/made-for: FORCE
endif

.venv/made-for:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "This needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -c 'import sys; print(sys.version.split()[0])' 2>/dev/null || echo missing)." >&2; \
		echo "Where a newer one has another name: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make virtual environments; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making a virtual environment in .venv ..."
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
	@echo "$(CURDIR) $$(.venv/bin/python --version)" > $@

.venv/runtime: .venv/made-for requirements/runtime.txt requirements/build.txt
	@echo "Installing the packages the service needs ..."
	@$(PIP) $(LOCKED) requirements/runtime.txt -r requirements/build.txt
	@touch $@

.venv/dev: .venv/runtime requirements/dev.txt
	@echo "Installing the packages the checks need, a PostgreSQL among them ..."
	@$(PIP) $(LOCKED) requirements/dev.txt
	@touch $@

# What makes a client of the API's description stands apart: it wants other versions of what the service uses.
.venv/client/ready: .venv/made-for requirements/client.txt
	@rm -rf .venv/client
	@$(PYTHON) -m venv .venv/client
	@.venv/client/bin/python -m pip -qq --disable-pip-version-check --no-input install $(LOCKED) requirements/client.txt
	@touch $@

.venv/project: .venv/runtime pyproject.toml
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/node: .venv/made-for requirements/node.txt
	@if ! { $(WITH_NODE) $(NODE_WILL_DO) && $(WITH_NODE) npm --version; } >/dev/null 2>&1; then \
		echo "Installing Node.js into .venv, as this machine has none that is new enough ..."; \
		$(PIP) $(LOCKED) requirements/node.txt; fi
	@touch $@

node_modules/.installed: package.json package-lock.json .npmrc | .venv/node
	@echo "Installing the packages the style sheet is built from ..."
	@$(WITH_NODE) npm ci --silent --no-progress </dev/null
	@touch $@

app/web/static/manifest.json: node_modules/.installed build-assets.mjs $(shell find app/web/assets -type f) | .venv/node
	@echo "Building the style sheet and the script ..."
	@$(WITH_NODE) node build-assets.mjs

# ---- Now and then ----------------------------------------------------------------------------------------------------

UPGRADE ?=
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" $(UPGRADE)

lock: .venv/dev .venv/node
	@echo "Locking ..."
	@$(COMPILE) pyproject.toml --output-file requirements/runtime.txt
	@$(COMPILE) pyproject.toml --all-extras --output-file requirements/extras.txt
	@$(COMPILE) --group pyproject.toml:build --output-file requirements/build.txt
	@$(COMPILE) --group pyproject.toml:node --output-file requirements/node.txt
	@$(COMPILE) --group pyproject.toml:client --output-file requirements/client.txt
	@$(COMPILE) pyproject.toml --all-extras --group pyproject.toml:dev --constraints requirements/runtime.txt --output-file requirements/dev.txt
	@$(WITH_NODE) npm install --package-lock-only --silent </dev/null

# As root in a plain sandbox, buildah works without a daemon and without name spaces of its own.
image:
	buildah --storage-driver vfs build --isolation chroot --format docker $(if $(PYTHON_IMAGE),--build-arg PYTHON_IMAGE=$(PYTHON_IMAGE)) --tag enablers .

clean:
	rm -rf .venv node_modules app/web/static *.egg-info .coverage .coverage.* .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache
	find app tests migrations benchmarks -name __pycache__ -prune -exec rm -rf {} +
