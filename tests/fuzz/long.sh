#!/bin/sh
# The long search: every target with libFuzzer, the time divided fairly, as many at once as there are processors; then one
# check with each of its calls failing (torture). New inputs stay in a cache outside the tree, as with run.sh.
set -eu
cd "$(dirname "$0")/../.."

usage() {
    cat <<'END'
usage: sh tests/fuzz/long.sh MINUTES [--no-torture] [--only NAME]...
  MINUTES       for the searches altogether, on all processors; builds and torture come on top
  --no-torture  leaves the check with failing calls out
  --only NAME   only this target; may be given again
Ends with 1 when something was found, and names the files. Needs clang.
END
}

minutes=
only=
torture=yes
while [ $# -gt 0 ]; do
    case $1 in
    --help | -h)
        usage
        exit 0
        ;;
    --no-torture) torture=no ;;
    --only)
        only="$only ${2:-}"
        shift
        ;;
    *) minutes=$1 ;;
    esac
    shift
done
case $minutes in
'' | *[!0-9]*)
    usage >&2
    exit 2
    ;;
esac

names=${only:-$(for file in tests/fuzz/fuzz_*.c; do basename "$file" .c | sed 's/^fuzz_//'; done)}
count=$(echo "$names" | wc -w)
seconds=$((minutes * 60 * $(nproc) / count))
[ "$seconds" -ge 1 ] || seconds=1
build=build/fuzz
cache=${XDG_CACHE_HOME:-$HOME/.cache}/shikaku/fuzz
logs=$build/long
CC=${CC:-clang} cmake -S . -B $build -G Ninja --log-level=WARNING -DSHIKAKU_FUZZ=ON -DSHIKAKU_SANITIZE=address \
    -DCMAKE_BUILD_TYPE=RelWithDebInfo
if [ -z "$only" ]; then
    cmake --build $build --target fuzzers
else
    for name in $only; do
        cmake --build $build --target "fuzz_$name"
    done
fi
rm -rf $logs
mkdir -p $logs "$cache"

# What was found before this run stays what it is; only what comes now counts.
touch $logs/began
sleep 1
echo "$count targets, $seconds s each"
# shellcheck disable=SC2016 # of the inner shell
echo "$names" | tr -s ' ' '\n' | grep . | xargs -P "$(nproc)" -I NAME sh -c '
    mkdir -p "$1/NAME"
    find "$1/NAME" -type f | wc -l >"$3/NAME.before"
    "$0/bin/fuzz_NAME" -max_total_time="$2" -rss_limit_mb=1024 -timeout=60 -print_final_stats=1 \
        -artifact_prefix="$1/NAME/" "$1/NAME" tests/fuzz/corpus/NAME >"$3/NAME.log" 2>&1 || :
    find "$1/NAME" -type f | wc -l >"$3/NAME.after"' $build "$cache" "$seconds" $logs

stat_of() { sed -n "s/^stat::$2: *//p" "$logs/$1.log" | tail -n 1; }
coverage_of() { sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$logs/$1.log" | tail -n 1; }
found_of() {
    find "$cache/$1" -newer $logs/began -type f \
        \( -name 'crash-*' -o -name 'leak-*' -o -name 'timeout-*' -o -name 'oom-*' \)
}

bad=0
printf '%-20s %10s %8s %9s %6s %s\n' target runs exec/s coverage new found
for name in $names; do
    runs=$(stat_of "$name" number_of_executed_units)
    found=$(found_of "$name")
    # A target that ends without its numbers was broken off.
    if [ -z "$runs" ] && [ -z "$found" ]; then
        found=$logs/$name.log
    fi
    if [ -n "$found" ]; then
        bad=1
    fi
    printf '%-20s %10s %8s %9s %6s %s\n' "$name" "${runs:-?}" "$(stat_of "$name" average_exec_per_sec)" \
        "$(coverage_of "$name")" "$(($(cat "$logs/$name.after") - $(cat "$logs/$name.before")))" \
        "$(echo "$found" | tr '\n' ' ')"
done

if [ $torture = yes ]; then
    cmake --preset asan --log-level=WARNING >/dev/null
    cmake --build build/asan --target torture
    for kind in memory library file socket thread pcsc http db crypto text; do
        build/asan/bin/torture $kind || bad=1
    done
fi
exit $bad
