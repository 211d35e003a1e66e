#!/bin/sh
# Measures, beside a peer in the same run; nothing here passes or fails.
# usage: run.sh [PEOPLE [MOST]]   PEOPLE of the bulk result (100000), MOST of its growth (PEOPLE; 1000000 takes longer)
#        SHIKAKU_BENCH_WRITE=1    docs/performance.md and docs/performance.svg are written anew
set -eu
cd "$(dirname "$0")/../.."
people=${1:-100000}
most=${2:-$people}
sh tests/setup/packages.sh bench
build=build/bench
cmake --preset release -B "$build" -DSHIKAKU_TESTS=ON --log-level=WARNING
cmake --build "$build" --target shikaku shikaku-console mapping_speed mapping_bulk card_plans app_face pin_to_document load_plugin \
    virtual-card >/dev/null
SHIKAKU_BUILD=$PWD/$build
export SHIKAKU_BUILD
SHIKAKU_LIBRARY=$SHIKAKU_BUILD/lib/libshikaku.so
export SHIKAKU_LIBRARY
rm -rf "$build/results"
python="/usr/bin/python3 -B"

$python tests/bench/mapping_table.py 15
$python tests/bench/app_table.py 7
sh tests/bench/stack.sh 2 load_table.py 11
sh tests/bench/stack.sh 2 card_table.py 15
sh tests/bench/stack.sh 2 pin_table.py 25
for readers in 2 4 8 16; do
    sh tests/bench/stack.sh "$readers" readers_table.py 5
done
$python tests/bench/bulk_table.py "$people" 3 "$most"
echo
if [ "${SHIKAKU_BENCH_WRITE:-}" = 1 ]; then
    exec $python tests/bench/report.py --write
fi
exec $python tests/bench/report.py
