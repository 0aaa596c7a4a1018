# 公抽的全部目标。首次运行只需要 python3（3.11 以上，带 venv）和 make。
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv pip install --quiet --python $(PY)
DIST := gongchou/web/static/dist
COLLECTED := gongchou/web/collected/staticfiles.json
STATIC := $(shell find gongchou -path '*/static/*' -type f -not -path '$(DIST)/*' 2>/dev/null)
FRONTEND := $(wildcard frontend/src/* frontend/src/*/* frontend/src/*/*/* frontend/*.mjs verifier/*.py) frontend/package.json frontend/package-lock.json
NODE_IS_NEW := $(shell node -e 'process.exit(Number(parseInt(process.versions.node) < 20))' 2>/dev/null && echo yes)

.PHONY: help demo test java test-spark check bench figures assets wheel bundle locks clean environment developer

help:
	@echo "make demo    启动演示环境（PORT=8000）；make test-spark  Spark 引擎（要 Java 17）"
	@echo "make test    跑全部测试；make check  格式、类型、结构检查"
	@echo "make bench   性能测量，写 bench.json、registers.json、engines.json、monitors.json、hostile.json、pushes.json、flood.json、load.json；make figures  可靠性数字，写 figures.json、figures-postgresql.json"
	@echo "make wheel   打包；make bundle  打离线安装包并试装；make assets  构建页面资源；make clean  清理"

# --- environment: hashed locks only ---

$(VENV)/.made: requirements/installer.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 以上，请用 PYTHON= 指明。"; exit 2; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { echo "建不起虚拟环境，请先安装 python3-venv。"; exit 2; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.base: $(VENV)/.made requirements/base.lock pyproject.toml
	@$(UV) --require-hashes -r requirements/base.lock
	@test -L $(VENV) || $(UV) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.base requirements/pg.lock requirements/dev.lock
	@$(UV) --require-hashes -r requirements/pg.lock
	@$(UV) --require-hashes -r requirements/dev.lock
	@touch $@

$(VENV)/.node: $(VENV)/.made requirements/node.lock
	@echo "本机没有可用的 Node，改用随 Python 安装的。"
	@$(UV) --require-hashes -r requirements/node.lock
	@touch $@

environment: $(VENV)/.base
developer: $(VENV)/.dev

# --- page assets ---

ifeq ($(NODE_IS_NEW),yes)
NODE_READY :=
else
NODE_READY := $(VENV)/.node
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
endif

frontend/node_modules/.package-lock.json: frontend/package-lock.json | $(NODE_READY)
	@cd frontend && npm ci --silent --no-progress 2>/dev/null || npm ci
	@touch $@

$(DIST)/app.css: frontend/node_modules/.package-lock.json $(FRONTEND)
	@cd frontend && npm run build --silent -- --log-level=warning 2>/dev/null || npm run build
	@touch $@

$(COLLECTED): $(DIST)/app.css $(STATIC) $(VENV)/.base
	@rm -rf gongchou/web/collected
	@GONGCHOU_DEMO=true GONGCHOU_PROCESS=collect $(PY) manage.py collectstatic --noinput --verbosity 0

assets: $(COLLECTED)

# --- run ---

demo:
	@$(MAKE) -s -j2 $(VENV)/.base assets
	@GONGCHOU_DEMO=true exec $(PY) -m gongchou.config.cli demo --port $(PORT)

# --- look before handing in ---

check: developer
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy -p gongchou
	@$(VENV)/bin/mypy --strict -p gongchou.core -p gongchou.law
	@$(VENV)/bin/lint-imports --no-cache
	@$(VENV)/bin/djlint gongchou --lint --quiet
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py check --fail-level WARNING
	@! grep -nE 'https?://|file:' requirements/*.lock || { echo "锁文件里不能有网址。"; exit 1; }
	@! grep -nE '"resolved"' frontend/package-lock.json || { echo "锁文件里不能有网址。"; exit 1; }
	@$(VENV)/bin/pytest -q -n0 tests/architecture tests/core/test_glossary.py

# --- tests: everything on SQLite, then what touches a database again on PostgreSQL ---

test: developer
	@$(MAKE) -j2 $(VENV)/.dev $(DIST)/app.css
	@.ci/system-needs
	@GONGCHOU_TEST_STRICT=1 $(VENV)/bin/pytest -n 2
	@$(PY) tests/with_postgresql.py $(VENV)/bin/pytest -n 2 -m database

# --- the draw on Spark: half a gigabyte and Java 17, so apart from the rest ---

$(VENV)/.spark: $(VENV)/.dev requirements/spark.lock
	@$(UV) --require-hashes -r requirements/spark.lock
	@touch $@

# Asked before the download.
java:
	@java -version 2>&1 | grep -q 'version "\(17\|21\)' || { echo "Spark 需要 Java 17，请先安装，例如：apt-get install openjdk-17-jre-headless"; exit 2; }

test-spark: java
	@$(MAKE) $(VENV)/.spark
	@$(VENV)/bin/pytest -n0 tests/drawing/spark_engine.py

# --- what is measured: SHORT=1 for the slice that every change runs ---

bench: developer
	@nice $(PY) -m benchmarks.bench
	@nice $(PY) -m benchmarks.registers
	@nice $(PY) -m benchmarks.engines
	@nice $(PY) -m benchmarks.monitors
	@nice $(PY) -m benchmarks.hostile --seconds 120
	@nice $(PY) -m benchmarks.pushes
	@nice $(PY) -m benchmarks.flood
	@nice $(PY) -m benchmarks.load

figures: developer
	@nice $(PY) -m benchmarks.figures $(if $(SHORT),--short)
	@$(if $(SHORT),:,nice $(PY) -m benchmarks.figures --postgresql)

# --- release ---

wheel: assets developer
	@rm -rf build dist
	@$(PY) -m build --wheel --no-isolation --outdir dist . >build.log 2>&1 || { cat build.log; exit 1; }
	@rm -f build.log && ls dist

# For machines without internet: wheels of the locks beside ours, tried before it is handed out.
bundle: wheel
	@$(PY) deploy/bundle.py dist/gongchou-*.whl dist

COMPILE = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
locks: $(VENV)/.made
	@cd requirements && ../$(COMPILE) installer.in -o installer.lock
	@cd requirements && ../$(COMPILE) node.in -o node.lock
	@cd requirements && ../$(COMPILE) base.in -o base.lock
	@cd requirements && ../$(COMPILE) -c base.lock pg.in -o pg.lock
	@cd requirements && ../$(COMPILE) -c base.lock -c pg.lock dev.in -o dev.lock
	@cd requirements && ../$(COMPILE) -c base.lock engines.in -o engines.lock
	@cd requirements && ../$(COMPILE) -c base.lock spark.in -o spark.lock

clean:
	@rm -rf build dist *.egg-info frontend/node_modules $(DIST) gongchou/web/collected
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@test -L $(VENV) || rm -rf $(VENV)
	@echo "已清理。数据在 var/，没有动；不要了请自行删除。"
