#!/usr/bin/env bash
# Writes requirements.lock and requirements-dev.lock from pyproject.toml: every version pinned, every file by hash,
# for all platforms, and without any download address (each site has its own index).
#
#   scripts/lock.sh            keep the pinned versions wherever they still satisfy pyproject.toml
#   scripts/lock.sh --upgrade  take the newest versions
#   scripts/lock.sh --check    write nothing; fail if the locks no longer answer pyproject.toml
set -euo pipefail
cd "$(dirname "$0")/.."

uv="${UV:-.venv/bin/uv}"
[ -x "$uv" ] || uv=$(command -v uv) || { echo "uv is missing: run 'make dev' first" >&2; exit 1; }

compile() { # compile OUTPUT [arguments...]: resolve pyproject.toml into OUTPUT
    local output=$1
    shift
    "$uv" pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
        --no-header --python-version 3.11 pyproject.toml "$@" --output-file "$output" >/dev/null
}

case "${1:-}" in
    --check)
        work=$(mktemp -d)
        trap 'rm -rf "$work"' EXIT
        # The present pins are the starting point, so a newer release somewhere does not count as a difference.
        cp requirements.lock requirements-dev.lock "$work"
        compile "$work/requirements.lock" --group build
        compile "$work/requirements-dev.lock" --group build --group dev --extra train --constraint requirements.lock
        status=0
        for lock in requirements.lock requirements-dev.lock; do
            # The path of a constraint file in the annotations differs between two places; the pins must not.
            if ! diff -u <(grep -v '^ *#' "$lock") <(grep -v '^ *#' "$work/$lock"); then
                echo "$lock does not answer pyproject.toml: run 'make lock'" >&2
                status=1
            fi
        done
        exit "$status"
        ;;
    --upgrade)
        rm -f requirements.lock requirements-dev.lock
        ;;
    "") ;;
    *)
        echo "usage: scripts/lock.sh [--upgrade | --check]" >&2
        exit 2
        ;;
esac

compile requirements.lock --group build
compile requirements-dev.lock --group build --group dev --extra train --constraint requirements.lock
echo "requirements.lock: $(grep -c '==' requirements.lock) packages, requirements-dev.lock: $(grep -c '==' requirements-dev.lock)"
