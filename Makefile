# Everything starts here: `make demo` or `make test` as the first command after a clone.
# Needs Python 3.11 or newer and nothing else; PYTHON=… names one, ARGS=… goes to the command.

PY := .venv/bin/python
# Run a command, and show what it said only where it failed.
quietly = mkdir -p build && { $(1); } >build/$@.log 2>&1 || { cat build/$@.log; exit 1; }
SYNC := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.DEFAULT_GOAL := help
.PHONY: help demo test check lint contracts types docs wheel coverage mutants bench clean

help: ## list these targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /|/' | \
		while IFS='|' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

# --- Environment: one .venv, a stamp for each set of packages in it ------------------------------

$(PY):
	@.ci/setup python

.venv/.demo: pyproject.toml .ci/setup $(PY)
	@.ci/setup packages -e '.[cli,sql]' && touch $@

.venv/.dev: pyproject.toml .ci/setup $(PY)
	@.ci/setup packages -e '.[arrow,cli,django,sql,testing,xlsx]' --group dev && touch .venv/.demo $@

.venv/.mutation: .venv/.dev
	@.ci/setup packages --group mutation && touch $@

.venv/.bench: .venv/.dev
	@.ci/setup packages --group bench && touch $@

# --- What a newcomer runs ------------------------------------------------------------------------

demo: .venv/.demo ## find and merge the duplicates of a generated register of customers
	@$(PY) examples/demo.py $(ARGS)
	@echo "Next: 'make test' runs the tests; README.md shows dedupkit on your own customers."

test: .venv/.dev ## run the tests (ARGS='tests/unit -x' runs some)
	@$(PY) -m $(WITH) pytest $(ARGS)
	@$(if $(WITH),,echo "Next: 'make check' runs all that must hold before a change goes in.")

# --- What must hold before a change goes in ------------------------------------------------------

check: .venv/.dev ## lint, types, import contracts, docs, wheel, and the tests with coverage
	@$(MAKE) --no-print-directory -j2 $(SYNC) lint contracts types
	@$(MAKE) --no-print-directory -j2 $(SYNC) coverage docs wheel
	@echo "All checks passed. Next: commit, with a fragment in changelog.d/ where users notice it."

lint: .venv/.dev ## style and format
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check

contracts: .venv/.dev ## which room may import which
	@.venv/bin/lint-imports

types: .venv/.dev ## mypy for the code, basedpyright for what users see
	@$(PY) -m mypy
	@$(PY) -m basedpyright
	@$(call quietly,PATH="$(CURDIR)/.venv/bin:$$PATH" basedpyright --verifytypes dedupkit --ignoreexternal)

docs: .venv/.dev ## build docs/_build/html, warnings are errors
	@$(PY) -m sphinx -q -n -T -W --keep-going docs docs/_build/html
	@echo "The docs are in docs/_build/html/index.html."

wheel: .venv/.dev ## build the wheel, install it into an empty environment, look at it
	@rm -rf build/wheel
	@$(call quietly,$(PY) -m build --wheel --outdir build/wheel)
	@WHEEL="$$(echo build/wheel/*.whl)" $(PY) -m pytest -q tests/packaging/test_wheel.py

coverage: export HYPOTHESIS_PROFILE ?= ci
coverage: .venv/.dev ## the tests, and what they leave out
	@$(MAKE) --no-print-directory test WITH='coverage run -m'
	@$(PY) -m coverage report

mutants: export HYPOTHESIS_PROFILE := mutation
mutants: export PYTHONPATH := tests/mutation
mutants: export TEST_SEED := 1
mutants: .venv/.mutation ## change the code in thousands of ways, and list what no test notices
	@rm -rf mutants/mutmut-stats.json $(if $(ARGS),,mutants)
	@.venv/bin/mutmut run $(ARGS)
	@$(PY) tests/mutation/compare.py

bench: .venv/.bench ## measure finding and merging (ARGS='merging/planning.py 500' runs one of them)
ifdef ARGS
	@$(PY) benchmarks/$(ARGS)
else
	@$(PY) benchmarks/matching/accuracy.py --samples 2400 1
	@$(PY) benchmarks/merging/planning.py
	@$(PY) benchmarks/merging/executing.py
endif

clean: ## remove all that these targets made, .venv included
	rm -rf .venv build demo mutants docs/_build .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
