#!/bin/sh
# All set-up, all tests: `sh tests/run.sh [ctest arguments]`; the arguments are for the main run alone.
# In order: the threads under ThreadSanitizer (build/tsan); a check end to end under Valgrind, whole bulk
# results against their memory limits and the hosts of examples/ (build/dev); everything under AddressSanitizer
# and UBSan (build/asan), the main run; a short random search with the fuzz targets (build/asan); the DLLs for Windows
# under Wine (build/win64, build/win32). A stage whose tests fail does not keep the others from being run; the run then
# ends with 8, as ctest does. Whatever cannot be built ends it at once. The last words are ctest's summary of the main
# run, or which stages failed.
set -eu
cd "$(dirname "$0")/.."

export ASAN_OPTIONS="detect_leaks=1:abort_on_error=0:${ASAN_OPTIONS:-}"
export UBSAN_OPTIONS="print_stacktrace=1:${UBSAN_OPTIONS:-}"

# build PRESET [TARGET]
build() {
    echo "== build ($1) =="
    cmake --preset "$1" --log-level=WARNING
    cmake --build --preset "$1" ${2:+--target "$2"}
}

failed=
# judged STAGE ctest-arguments...
judged() {
    stage=$1
    shift
    ctest "$@" || failed="$failed, $stage"
}

started=$(date +%s)
spent() {
    echo "== $1: $(($(date +%s) - started)) s =="
    started=$(date +%s)
}

sh tests/setup/packages.sh test
spent "set-up"

# Minutes of compiling, while the other stages mostly wait. It is told when this run has ended, however that came.
setpriv --pdeathsig TERM sh tests/setup/windows.sh &
ahead=$!

build tsan threads
judged tsan --preset tsan -L threads
spent "threads (tsan)"

build dev valgrind
judged dev --preset dev -L "valgrind|memory|callers"
spent "memory (valgrind, sizes), callers"

build asan
echo "== test (asan) =="
judged asan --preset asan --output-log build/asan/run.log "$@"
spent "everything (asan)"
sh tests/fuzz/short.sh build/asan || failed="$failed, random search"
spent "random search (asan)"

wait "$ahead" || {
    echo "tests/setup/windows.sh failed; its words stand further up" >&2
    exit 1
}
for bits in 64 32; do
    build "win$bits"
    judged "win$bits" --preset "win$bits"
    spent "Windows, $bits bits"
done

echo "== main run (asan) =="
sed -n '/tests passed/,$p' build/asan/run.log

if [ -n "$failed" ]; then
    echo "== tests failed in: ${failed#, } ==" >&2
    exit 8
fi
