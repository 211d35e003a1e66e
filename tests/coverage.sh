#!/bin/sh
# Which lines of plugin/ and host-adapters/ run under the tests and the fuzz targets' seeds: `sh tests/coverage.sh`.
# Builds with clang into build/coverage (no sanitizer), runs every test that runs the product, and writes
#   build/coverage/table.txt      lines and regions of each folder and file
#   build/coverage/uncovered.txt  every block that did not run, with its source
# A process that is killed by a test counts nothing. FUZZ_CORPUS=FOLDER adds inputs that libFuzzer found (long.sh).
# Takes about half an hour on two cores.
set -eu
cd "$(dirname "$0")/.."
build=build/coverage
flags="-fprofile-instr-generate -fcoverage-mapping"
sh tests/setup/packages.sh test
CC=${CC:-clang} cmake -S . -B $build -G Ninja --log-level=WARNING -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_C_FLAGS="$flags" -DCMAKE_C_FLAGS_DEBUG="-O1 -g1" -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld \
    -DCMAKE_SHARED_LINKER_FLAGS=-fuse-ld=lld
cmake --build $build
rm -rf $build/profiles
mkdir -p $build/profiles
# One file for each program, which its processes add to.
export LLVM_PROFILE_FILE="$PWD/$build/profiles/%4m.profraw"
failed=0
ctest --test-dir $build --output-log $build/run.log -j3 --no-tests=error \
    -E '^(contract|setup|install|callers|packs)\.' -LE 'valgrind|memory|callers' "$@" >$build/ctest.txt || failed=8
tail -n 20 $build/ctest.txt
llvm-profdata-14 merge -sparse -o $build/all.profdata $build/profiles/*.profraw
python3 tests/coverage_table.py $build
exit $failed
