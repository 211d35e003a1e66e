#!/bin/sh
# A short search with the programs that replay the seeds, so that it needs no build of its own:
# `sh tests/fuzz/short.sh BUILD [TIMES [NAME...]]`; TIMES as many inputs as short.txt says, of all targets or of these, as many
# targets at once as there are processors. The same inputs on every machine; SERIES=N in the environment gives others. Ends
# with 1 when something was found. A leak is told without its input; `replay_NAME --search-leaks` finds that.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-}
if [ ! -d "$build/bin" ]; then
    echo "usage: sh tests/fuzz/short.sh BUILD [TIMES [NAME...]]" >&2
    exit 2
fi
times=${2:-1}
[ $# -lt 2 ] || shift
shift
series=${SERIES:-1}
out=$build/fuzz-short
rm -rf "$out"
mkdir -p "$out"
names=$*
[ -n "$names" ] || names=$(for file in tests/fuzz/fuzz_*.c; do basename "$file" .c | sed 's/^fuzz_//'; done)
# shellcheck disable=SC2016 # of the inner shell
for name in $names; do
    runs=$(sed -n "s/^$name //p" tests/fuzz/short.txt)
    echo "$name $((${runs:-1000} * times))"
done | xargs -P "$(nproc)" -L 1 sh -c '
    if ! "$0/bin/replay_$3" --search "$4" "$1" "$2/$3.input" "tests/fuzz/corpus/$3" >"$2/$3.log" 2>&1; then
        echo "$3" >"$2/$3.bad"
    fi' "$build" "$series" "$out"
echo "series $series"
for log in "$out"/*.log; do
    name=$(basename "$log" .log)
    printf '%-20s %s\n' "$name" "$(tail -n 1 "$log")"
    if [ -f "$out/$name.bad" ]; then
        tail -n 60 "$log" >&2
    fi
done
bad=$(find "$out" -name '*.bad' | wc -l)
[ "$bad" -eq 0 ] || echo "found by $bad targets; inputs: $out/*.input" >&2
[ "$bad" -eq 0 ]
