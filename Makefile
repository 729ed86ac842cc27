# What people and CI run. Needs make and Python 3.11 or later (to choose one: make PYTHON=python3.13 …).

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
READY := .venv/.ready
# Twice as many as cores: tests wait for half of their time, on servers and deadlines.
PARALLEL = --numprocesses $$(( $$(getconf _NPROCESSORS_ONLN) * 2 )) --dist worksteal

.PHONY: help conformance test test-fast interop lint format types wheel docs pages lock bench ci clean

help: ## list the targets
	@awk -F ":.*## " '/^[a-z-]+:.*## / { printf "%-14s%s\n", $$1, $$2 }' Makefile

conformance: $(READY) ## test the embedded server, or ARGS="--base-url URL …"; writes reports/
	$(BIN)/pytest $(ARGS)

test: $(READY) ## run the suite's own tests, but for interop
	$(BIN)/pytest tests --ignore=tests/interop -m "not slow and not interop" $(PARALLEL) $(ARGS)

test-fast: $(READY) ## run the unit tests but for whole runs, for every save
	$(BIN)/pytest tests/unit -m "not slow and not whole" $(PARALLEL) $(ARGS)

interop: $(READY) ## run other people's programs (browsers, proxies, clients), and hostile targets that take long
	$(BIN)/pytest tests -m "slow or interop" $(PARALLEL) $(ARGS)

lint: $(READY) ## ruff, its formatter, and the layers of the package
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

format: $(READY) ## format the code
	$(BIN)/ruff format .

types: $(READY) ## mypy, strict
	$(BIN)/mypy

wheel: $(READY) ## build dist/*.whl
	$(BIN)/python -m build --wheel --no-isolation --outdir dist

pages: $(READY) ## write the pages that are generated from the code
	$(BIN)/python docs/site/generate.py
	$(BIN)/python -m tests.proof.faults.detection

docs: $(READY) ## build the documentation into build/site and the example report into build/example; a broken link fails
	$(BIN)/python docs/site/generate.py --check
	$(BIN)/python docs/example/make.py build/example
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --config-file docs/site/mkdocs.yml

lock: $(READY) ## pin every package again in requirements.lock
	@mkdir -p build
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"], sep="\n")' > build/dev.in
	@rm -f build/pins
	$(BIN)/pip-compile --quiet --all-extras --strip-extras --no-annotate --no-header --no-emit-index-url --no-emit-trusted-host \
		--no-emit-find-links --output-file build/pins pyproject.toml build/dev.in
	{ echo '# Every package of the environment, pinned; made by `make lock`.'; grep '^[a-z]' build/pins; } > requirements.lock

bench: $(READY) ## measure the suite
	$(BIN)/python -m tests.bench $(ARGS)

ci: ## all that CI runs, in a clean clone
	.ci/run

clean: ## remove what was made here, except reports
	rm -rf .venv build dist .mypy_cache .ruff_cache .hypothesis

# hatchling refuses an editable install of a package that the wheel renames: the command is a script.
$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed; choose one with make PYTHON=…")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/$(BIN)/python" -m conformance "$$@"\n' "$(CURDIR)" "$(CURDIR)" > $(BIN)/photo-conformance
	@chmod +x $(BIN)/photo-conformance
	@touch $@
