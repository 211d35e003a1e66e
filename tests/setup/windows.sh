#!/bin/sh
# Makes ahead of time what the tests for Windows need: the DLL's parts and Wine for both bitnesses, which are
# kept in the cache, and with them build/win64 and build/win32. At the lowest priority, so that it can run beside
# other work; silent unless it fails. Twice at once is harmless, but for the two builds.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
log=$(mktemp)
trap 'rm -f "$log" "$log.wine"' EXIT
renice -n 19 -p $$ >"$log" 2>&1 || true

# Each leads a group of processes, which ends as a whole: what compiles, and Wine, which does not heed TERM.
give_up() {
    trap '' INT TERM HUP
    kill -s TERM -- ${wine:+"-$wine"} ${parts:+"-$parts"} 2>/dev/null || true
    sleep 10
    kill -s KILL -- ${wine:+"-$wine"} ${parts:+"-$parts"} 2>/dev/null || true
    exit "$1"
}
wine='' parts=''
trap 'give_up 130' INT
trap 'give_up 143' TERM HUP
# shellcheck disable=SC2016 # the inner shell expands its own arguments
setsid sh -c 'sh "$1" x86_64 && sh "$1" i686' prepare "$root/tests/windows/wine.sh" >"$log.wine" 2>&1 &
wine=$!
# shellcheck disable=SC2016
setsid sh -c 'sh "$1/plugin/cmake/windows/parts-once.sh" x86_64 i686 && cd "$1" && for bits in 64 32; do
    cmake --preset "win$bits" --log-level=WARNING && cmake --build --preset "win$bits" -j 1 || exit
done' prepare "$root" >>"$log" 2>&1 &
parts=$!
bad=0
wait "$wine" || bad=1
wait "$parts" || bad=1
[ $bad = 0 ] || cat "$log" "$log.wine" >&2
exit $bad
