#!/bin/sh
# All set-up, all tests: `sh tests/run.sh [ctest arguments]`.
# Builds with AddressSanitizer and UBSan into build/asan, and what threads share with
# ThreadSanitizer into build/tsan; ends with ctest's summary.
set -eu
cd "$(dirname "$0")/.."

sh tests/setup/packages.sh test

export ASAN_OPTIONS="detect_leaks=1:abort_on_error=0:${ASAN_OPTIONS:-}"
export UBSAN_OPTIONS="print_stacktrace=1:${UBSAN_OPTIONS:-}"

echo "== build (asan) =="
cmake --preset asan --log-level=WARNING
cmake --build --preset asan
echo "== test =="
exec ctest --preset asan "$@"
