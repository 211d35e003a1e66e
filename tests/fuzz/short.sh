#!/bin/sh
# A short search with the programs that replay the seeds, so that it needs no build of its own:
# `sh tests/fuzz/short.sh BUILD [MILLISECONDS]`, so long for each target, as many at once as there are processors. Ends
# with 1 when something was found. SERIES=N in the environment gives the same inputs again.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-}
if [ ! -d "$build/bin" ]; then
    echo "usage: sh tests/fuzz/short.sh BUILD [MILLISECONDS]" >&2
    exit 2
fi
ms=${2:-2000}
series=${SERIES:-$(date +%s)}
out=$build/fuzz-short
rm -rf "$out"
mkdir -p "$out"
# shellcheck disable=SC2016 # of the inner shell
for file in tests/fuzz/fuzz_*.c; do
    basename "$file" .c | sed 's/^fuzz_//'
done | xargs -P "$(nproc)" -I NAME sh -c '
    if ! "$0/bin/replay_NAME" --search "$1" "$2" "$3/NAME.input" tests/fuzz/corpus/NAME >"$3/NAME.log" 2>&1; then
        echo NAME >"$3/NAME.bad"
    fi' "$build" "$ms" "$series" "$out"
echo "series $series, $ms ms each"
for log in "$out"/*.log; do
    name=$(basename "$log" .log)
    printf '%-20s %s\n' "$name" "$(tail -n 1 "$log")"
    if [ -f "$out/$name.bad" ]; then
        tail -n 30 "$log" >&2
    fi
done
bad=$(find "$out" -name '*.bad' | wc -l)
[ "$bad" -eq 0 ] || echo "found by $bad targets; inputs: $out/*.input" >&2
[ "$bad" -eq 0 ]
