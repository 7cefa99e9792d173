# The two commands of a newcomer: `make demo` and `make test`. Everything else is for those who work on it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
BIN := .venv/bin
CORPORA ?= ../shared/corpora

.PHONY: help demo test lint unit integration bench soak compare audit sbom browser train up down lock docs clean

help: ## say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 14

.venv/.installed: requirements/dev.txt pyproject.toml models/en_wire_core/pyproject.toml models/en_wire_core/en_wire_core/meta.json $(wildcard models/en_wire_core/en_wire_core/*.py)
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 13) else "Python 3.11 or 3.12 is needed, this is " + sys.version.split()[0])'
	@echo "installing into .venv"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation ./models/en_wire_core
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: .venv/.installed ## the main job on a fresh machine: local stack, our articles, search results, lag
	@$(BIN)/wire demo

test: lint unit integration ## everything: lint, types, layering, unit, property and integration tests

lint: .venv/.installed ## style, types, layering, the generated files, the compose file
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m docs.configuration --check
	@$(BIN)/python -m pipeline.dashboards --check
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml deploy/compose.managed.yml

unit: .venv/.installed ## the tests that need no server
	@$(BIN)/pytest -m "not integration" -n 2 --dist loadfile

integration: .venv/.installed ## the tests against a real Kafka and a real Elasticsearch, a pair for each of two processes
	@$(BIN)/pytest -m integration -n 2 --dist loadfile

bench: .venv/.installed ## speed of cleaning, enrichment and the running pipeline; quality of attribution, coreference and stance
	@$(BIN)/python -m benchmarks.cleaning --corpus $(CORPORA)/news
	@$(BIN)/python -m benchmarks.enrichment --corpus $(CORPORA)/news
	@$(BIN)/python -m benchmarks.attribution --corpus $(CORPORA)/attribution
	@$(BIN)/python -m benchmarks.coreference --corpus $(CORPORA)/coreference
	@$(BIN)/python -m benchmarks.stances --corpora $(CORPORA)
	@$(BIN)/python -m benchmarks.throughput --corpus $(CORPORA)/news

soak: .venv/.installed ## 15,000 articles while workers and servers are killed and Elasticsearch refuses, ending in an account
	@$(BIN)/python -m benchmarks.soak --corpus $(CORPORA)/news

compare: ## the pipeline side by side with Quix Streams, Bytewax and an aiokafka loop, on the local stack
	@test -x .venv-compare/bin/python || $(PYTHON) -m venv .venv-compare
	@.venv-compare/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/compare.txt
	@.venv-compare/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation ./models/en_wire_core -e .
	@.venv-compare/bin/python -m benchmarks.comparison --corpus $(CORPORA)/news

audit: .venv/.installed ## look the locked dependencies up among known vulnerabilities; fails where they can't be looked up, too
	@$(BIN)/pip-audit --strict --requirement requirements/run.txt --require-hashes --disable-pip

sbom: .venv/.installed ## a CycloneDX bill of what is installed, dist/sbom.json
	@mkdir -p dist
	@$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --validate -o dist/sbom.json requirements/run.txt

browser: ## install the Chromium that the desk page's tests drive (Debian, as root); without one they are skipped
	@command -v chromium > /dev/null && command -v chromedriver > /dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver > /dev/null; }

train: .venv/.installed ## train, score and package the language model
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/train.txt
	@$(BIN)/python -m training --corpora $(CORPORA)

up: .venv/.installed ## start the local Kafka and Elasticsearch
	@$(BIN)/wire up

down: .venv/.installed ## stop them; their data stay
	@$(BIN)/wire down

docs: .venv/.installed ## write anew what is generated: docs/configuration.md, the dashboards of Kibana and Grafana
	@$(BIN)/python -m docs.configuration
	@$(BIN)/python -m pipeline.dashboards

lock: ## resolve the dependencies anew (needs uv)
	@uv pip compile pyproject.toml --extra java --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -o requirements/run.txt
	@uv pip compile pyproject.toml --extra java --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -c requirements/run.txt -o requirements/dev.txt
	@uv pip compile pyproject.toml --group compare --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -o requirements/compare.txt
	@uv pip compile --group train --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -c requirements/run.txt -o requirements/train.txt

clean: ## remove what was built and cached here
	@rm -rf .venv .venv-compare .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
