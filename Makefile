# `make run` and `make test` work alone on a fresh machine: git, make and Python are enough (bin/find-python says which).
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := run
.PHONY: run test test-all check fix bench lock chromium communes

# Without compiled bytecode every start costs seconds.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
PY := .venv/bin/python
# -qq drops warnings and keeps errors. A module is compiled when it is first imported: many never are.
PIP := $(PY) -m pip install -qq --no-compile --disable-pip-version-check --require-hashes --only-binary :all:
TEMPLATES = $(shell git ls-files '*.html')
# Addresses of machines and registries, written so as not to find themselves.
PRIVATE := (/[w]ork/|/[h]ome/|/[r]oot/|/[U]sers/|pypi[.]org|pythonhosted[.]org|npmjs[.]org|debian[.]org)

$(PY):
	@python=$$(bin/find-python)
	echo "Environnement de $$("$$python" --version)…"
	"$$python" -m venv --clear .venv

.venv/run.stamp: requirements.lock | $(PY)
	@echo "Installation des bibliothèques…"
	$(PIP) -r requirements.lock
	$(PY) -c 'import django; assert django.VERSION[:2] == (6, 1), django.VERSION'
	touch $@

.venv/dev.stamp: requirements-dev.lock | $(PY)
	@echo "Installation des bibliothèques et des outils de test…"
	$(PIP) -r requirements-dev.lock
	$(PY) -c 'import django; assert django.VERSION[:2] == (6, 1), django.VERSION'
	touch $@

# The State's communes and postal codes, beside the Python libraries: data, of which nothing runs.
communes: .venv/communes.stamp

.venv/communes.stamp: package-lock.json .npmrc requirements-npm.lock | $(PY)
	@echo "Communes et codes postaux…"
	cp package.json package-lock.json .npmrc .venv/
	install() { "$$1" ci --prefix .venv --ignore-scripts --no-audit --no-fund --silent; }
	if npm --version >/dev/null 2>&1 && install npm || { $(PIP) -r requirements-npm.lock && install .venv/bin/npm; }; then
		touch $@
	else
		echo "Les codes postaux n’ont pas pu être installés : une commune se cherche par son nom. Refaites make communes." >&2
		[ -z "$${CI:-}" ]
	fi

# A secret of this machine, made once: the key of the demo, the password of its accounts.
var/%: | $(PY)
	@mkdir -p var
	(umask 077 && $(PY) -c 'import secrets; print(secrets.token_urlsafe(40))' > $@)

var/demo_password: | $(PY)
	@mkdir -p var
	(umask 077 && $(PY) -c 'import secrets; print("-".join(secrets.token_hex(2) for _ in range(4)))' > $@)

run: .venv/run.stamp .venv/communes.stamp | var/secret_key var/demo_password
	@if (exec 3<>/dev/tcp/127.0.0.1/$(PORT)) 2>/dev/null; then
		echo "Le port $(PORT) est déjà pris : choisissez-en un autre, par exemple make run PORT=8001." >&2
		exit 1
	fi
	export SECRET_KEY="$${SECRET_KEY:-$$(cat var/secret_key)}"
	export DEMO_PASSWORD="$${DEMO_PASSWORD:-$$(cat var/demo_password)}"
	export SITE_URL="$${SITE_URL:-http://127.0.0.1:$(PORT)}"
	# Of the demonstration only: a real service gives its own.
	export SERVICE_EMAIL="$${SERVICE_EMAIL:-service@example.org}"
	echo "Base de données…"
	$(PY) manage.py migrate --verbosity 0
	echo "Styles, scripts et images…"
	$(PY) manage.py collectstatic --no-input --verbosity 0
	echo "Listes et territoires du département…"
	$(PY) manage.py start_department 01
	echo "Exemples et comptes de démonstration…"
	$(PY) manage.py load_examples --with-accounts
	cat <<-END

		Le catalogue       http://127.0.0.1:$(PORT)/
		L’administration   http://127.0.0.1:$(PORT)/admin/
		Se connecter       http://127.0.0.1:$(PORT)/compte/login/

		Ctrl-C pour arrêter.
	END
	exec .venv/bin/gunicorn isic.wsgi --bind 127.0.0.1:$(PORT)

PYTEST := $(PY) -m pytest -q -n 2 --dist worksteal

# Everything on SQLite; on PostgreSQL, what can differ there. A browser waits more than it works: three share two cores.
test: .venv/dev.stamp communes chromium
	@mkdir -p var
	failed=0
	echo "Tests sur SQLite, ceux d’un navigateur parmi eux"
	env -u TEST_DATABASE_URL $(PYTEST) -n 3 -m "not whole" | tee var/test-sqlite.log || failed=1
	echo "Tests sur PostgreSQL de ce qui peut y différer"
	$(PY) -m tests.postgres $(PYTEST) -m "engine and not browser and not whole" | tee var/test-postgresql.log || failed=1
	echo "SQLite       $$(tail -n 1 var/test-sqlite.log)"
	echo "PostgreSQL   $$(tail -n 1 var/test-postgresql.log)"
	exit $$failed

# What `make test` leaves out: every combination of the matrices, and on PostgreSQL the tests without the mark `engine`.
test-all: .venv/dev.stamp communes chromium
	@mkdir -p var
	failed=0
	echo "Matrices entières sur SQLite"
	env -u TEST_DATABASE_URL $(PYTEST) --whole -m "matrix or whole" | tee var/test-all-sqlite.log || failed=1
	echo "Matrices entières et autres tests sur PostgreSQL"
	$(PY) -m tests.postgres $(PYTEST) --whole -m "not browser and (matrix or whole or not engine)" | tee var/test-all-postgresql.log || failed=1
	echo "SQLite       $$(tail -n 1 var/test-all-sqlite.log)"
	echo "PostgreSQL   $$(tail -n 1 var/test-all-postgresql.log)"
	exit $$failed

# The browser without its windows is the same one at half the cost; a whole one does where there is no other.
chromium:
	@has() { for name; do if command -v "$$name" >/dev/null; then return; fi; done; return 1; }
	if has "$${CHROMIUM:-}" chromium-headless-shell; then exit 0; fi
	if [ "$$(id -u)" = 0 ] && has apt-get; then
		echo "Installation de Chromium…"
		install="apt-get install -qq -y --no-install-recommends"
		if apt-get update -qq && { $$install chromium-headless-shell || has chromium || $$install chromium; } >/dev/null; then exit 0; fi
	fi
	if has chromium chromium-browser google-chrome google-chrome-stable; then exit 0; fi
	echo "Chromium manque et ne peut pas être installé ici : les tests dans un navigateur sont laissés de côté." >&2
	[ -z "$${CI:-}" ]

check: .venv/dev.stamp
	@mkdir -p var
	set -x
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djade --check $(TEMPLATES)
	.venv/bin/lint-imports
	.venv/bin/shellcheck .ci/run bin/find-python
	$(PY) -m tests.locks
	if git grep -nIE '$(PRIVATE)'; then exit 1; fi
	export SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')" SITE_URL=https://example.org \
		EMAIL_URL=smtp+tls://mail.example.org:587 DATABASE_URL=sqlite:///var/check.sqlite3 \
		SERVICE_EMAIL=service@example.org LEGAL_PUBLISHER=Exemple LEGAL_DIRECTOR=Exemple LEGAL_HOST=Exemple \
		ACCESSIBILITY_PLAN_URL=https://example.org/schema
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check --deploy --fail-level WARNING
	$(PY) manage.py collectstatic --no-input --verbosity 0

fix: .venv/dev.stamp
	@.venv/bin/ruff check --fix --quiet . || true
	.venv/bin/ruff format .
	.venv/bin/djade $(TEMPLATES)

bench: .venv/dev.stamp
	@$(PY) -m bench

# Versions stay as they are unless UPGRADE=--upgrade. The first line ties each lock to pyproject.toml.
lock: .venv/dev.stamp
	@compile=".venv/bin/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-header --no-annotate $(UPGRADE)"
	$$compile pyproject.toml -o requirements.lock
	$$compile pyproject.toml --group dev -o requirements-dev.lock
	$$compile --group npm -o requirements-npm.lock
	$(PY) -m tests.locks --sign
