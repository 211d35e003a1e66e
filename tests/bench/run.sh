#!/bin/sh
# Measures, beside a peer in the same run; nothing here passes or fails. `sh tests/bench/run.sh [PEOPLE]`
set -eu
cd "$(dirname "$0")/../.."
people=${1:-100000}
build=build/bench
cmake --preset release -B "$build" -DSHIKAKU_TESTS=ON --log-level=WARNING
cmake --build "$build" --target mapping_speed mapping_bulk card_plans virtual-card >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 tests/bench/bulk_answer.py "$people" "$work/bulk.xml"

echo "== one person, a fresh sandbox (forty columns of CSV) =="
"$build/bin/mapping_speed" tests/bench/forty_columns.lua tests/data/oqs/all_groups.xml
echo "== a bulk answer (forty columns of CSV) =="
"$build/bin/mapping_bulk" tests/bench/forty_columns.lua "$work/bulk.xml"
echo "== one proof by a card in a reader (plans A, B, C beside pkcs11-tool) =="
sh tests/bench/card.sh "$build"
