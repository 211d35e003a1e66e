#!/bin/sh
# All set-up, all tests: `sh tests/run.sh [ctest arguments]`; the arguments are for the main run alone.
# In order: the threads under ThreadSanitizer (build/tsan), a check end to end under Valgrind and whole
# bulk results against their memory limits (build/dev), everything under AddressSanitizer and UBSan (build/asan). The first stage that fails
# ends the run; a good one ends with ctest's summary of the main run.
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

started=$(date +%s)
spent() {
    echo "== $1: $(($(date +%s) - started)) s =="
    started=$(date +%s)
}

sh tests/setup/packages.sh test
spent "set-up"

build tsan threads
ctest --preset tsan -L threads
spent "threads (tsan)"

build dev valgrind
ctest --preset dev -L "valgrind|memory"
spent "memory (valgrind, sizes)"

build asan
echo "== test (asan) =="
exec ctest --preset asan "$@"
