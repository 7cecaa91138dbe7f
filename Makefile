# Everything the project does from the command line. `make` lists it; docs/deploying.md is about production.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:
.PHONY: help run dev test soak bench mutants screenshots check lint types imports migrations system format lock clean port css FORCE

# What takes long is one command a line and no shell around it, so that a stopped make stops it too.
VENV := .venv
BIN := $(VENV)/bin
VENV_FITS := $(shell sh site/config/find_python.sh --fits $(BIN)/python && echo yes)
MANAGE := $(BIN)/python manage.py
CSS := theme/static/theme/css/site.css
CSS_SOURCES := $(shell find templates theme home review release purchases learning courses library access mail -path theme/static/theme/css -prune -o \
	-type f \( -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.mjs' \) -print 2>/dev/null)
STYLES := $(shell git ls-files '*.css' 2>/dev/null)
SCRIPTS := $(shell git ls-files '*.js' '*.mjs' ':!theme/static/theme/vendor' 2>/dev/null)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUNBUFFERED := 1
unexport PYTHONHOME

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: port $(VENV)/.runtime $(CSS) ## start the demo site, its worker and its scheduler on http://localhost:8000 (or PORT)
	@env PYTHONPATH=site $(BIN)/python -m config.launch run

dev: port $(VENV)/.runtime ## the same for development: DEBUG, reload, CSS rebuilt as you type
	@env PYTHONPATH=site $(BIN)/python -m config.launch dev

test: $(VENV)/.dev $(CSS) ## run every test; ARGS="-k gate" picks some, BROWSER=none leaves the browser out
	@$(BIN)/python tests/run.py $(ARGS)

soak: $(VENV)/.dev $(CSS) ## what takes long or needs more: nginx, the HTTP Observatory and Lighthouse (npm), longer searches
	@$(BIN)/python -m pytest -m soak tests/soak $(ARGS)
	@SOAK=1 $(BIN)/python -m pytest access/tests/test_altered.py access/tests/test_any_order.py access/tests/test_delivered.py \
		access/tests/test_policy.py purchases/tests/test_any_history.py tests/test_hostile.py tests/test_money_faults.py $(ARGS)
	@EVERY_LOCK=1 $(BIN)/python -m pytest -n auto -m "refusal and not soak" $(ARGS)

bench: $(VENV)/.dev $(CSS) ## what a site of a million learners and 2,000 courses costs next to the demo; ARGS="--learners 10000" for less
	@$(BIN)/python benchmarks/run.py $(ARGS)

mutants: $(VENV)/.dev $(CSS) ## name the small faults in mail/, access/, purchases/ and learning/ that no test notices; ARGS="access/policy.py" or "--sample 200"
	@$(BIN)/python -m tests.mutation $(ARGS)

screenshots: $(VENV)/.dev $(CSS) ## take the screenshots of docs/editing.md anew, of the demo in a browser
	@$(BIN)/python -m pytest tests/screenshots.py

check: lint types imports migrations system ## lint, types, import contract, migrations, system and deployment checks

lint: $(VENV)/.dev
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/oxlint --quiet --deny correctness --deny suspicious $(SCRIPTS)
	@if [ -x $(BIN)/biome ]; then $(BIN)/biome lint --error-on-warnings $(STYLES); else echo "The style sheets are not looked at: biome has no wheel for this machine."; fi

types: $(VENV)/.dev
	$(BIN)/python -m mypy

imports: $(VENV)/.dev
	@PYTHONPATH=.:site $(BIN)/python -c "import sys; from importlinter.cli import lint_imports_command as lint; sys.exit(lint())"

migrations system: export DATA_DIR = var/check
migrations: $(VENV)/.dev
	@mkdir -p $(DATA_DIR)
	$(MANAGE) makemigrations --check --dry-run --settings config.settings.test

system: $(VENV)/.dev
	$(MANAGE) check --fail-level WARNING
	@SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))") \
	DJANGO_SETTINGS_MODULE=config.settings.production SITE_URL=https://courses.example.org ALLOWED_HOSTS=courses.example.org \
	MAIL_URL=smtp+tls://mail.example.org:587 MAIL_FROM=courses@example.org TRUSTED_PROXIES=1 \
	$(MANAGE) check --deploy --fail-level WARNING

format: $(VENV)/.dev ## sort imports, fix what can be fixed, lay the code out
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

lock: $(VENV)/.dev ## compile requirements*.in into the locked files (LOCK=--upgrade for newer versions)
	$(BIN)/uv pip compile $(LOCK) --universal --python-version 3.12 --generate-hashes --no-annotate --quiet \
		--custom-compile-command "make lock" --output-file requirements.txt requirements.in
	$(BIN)/uv pip compile $(LOCK) --universal --python-version 3.12 --generate-hashes --no-annotate --quiet \
		--custom-compile-command "make lock" --constraint requirements.txt --output-file requirements-dev.txt requirements-dev.in

clean: ## remove what was installed and built; var/, the site's data, stays
	rm -rf $(VENV) $(CSS) var/check .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Before anything slow: is the port free?
port:
	@$(if $(VENV_FITS),$(BIN)/python,sh site/config/find_python.sh --run) site/config/port.py

css: $(CSS)

# A .venv whose Python has gone, or is too old, is made anew; everything below then follows.
$(BIN)/python: $(if $(VENV_FITS),,FORCE)
	@sh site/config/find_python.sh --run -m venv --clear $(VENV)

$(VENV)/.runtime: requirements.txt $(BIN)/python
	@echo "Installing what the site runs on (once)."
	@$(BIN)/python site/config/install.py requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing what tests and checks need (once)."
	@$(BIN)/python site/config/install.py requirements-dev.txt
	@touch $@

$(CSS): requirements.txt $(CSS_SOURCES) | $(VENV)/.runtime
	@echo "Building the style sheet."
	@$(MANAGE) tailwind build
	@touch $@
