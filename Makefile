# What people and CI run. Needed: make and Python 3.11 or later (another one: make PYTHON=python3.13 …).

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help conformance test lint format types wheel docs pages lock bench ci clean

help: ## tell what there is to make
	@awk -F ":.*## " '/^[a-z]+:.*## / { printf "%-14s%s\n", $$1, $$2 }' Makefile

conformance: $(READY) ## hold the embedded server, or ARGS="--base-url URL …", to the contract; writes reports/
	$(BIN)/pytest $(ARGS)

test: $(READY) ## run the suite's own tests
	$(BIN)/pytest tests $(ARGS)

lint: $(READY) ## ruff, its formatter, and the layers of the package
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

format: $(READY) ## let ruff's formatter have its way
	$(BIN)/ruff format .

types: $(READY) ## mypy, strict
	$(BIN)/mypy

wheel: $(READY) ## build dist/*.whl
	$(BIN)/python -m build --wheel --no-isolation --outdir dist

pages: $(READY) ## write the pages that are made from the code
	$(BIN)/python docs/site/generate.py

docs: $(READY) ## build the documentation into build/site; a broken link fails
	$(BIN)/python docs/site/generate.py --check
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --config-file docs/site/mkdocs.yml

lock: $(READY) ## pin every package anew in requirements.lock
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

clean: ## remove what was made here, but for reports
	rm -rf .venv build dist .mypy_cache .ruff_cache .hypothesis

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed; tell one by make PYTHON=…")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@touch $@
