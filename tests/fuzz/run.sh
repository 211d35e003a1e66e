#!/bin/sh
# Lets libFuzzer search: `sh tests/fuzz/run.sh NAME [SECONDS]`. New inputs go to a cache outside the
# tree; what it finds is kept there too. Needs clang.
set -eu
cd "$(dirname "$0")/../.."
name=${1:-}
seconds=${2:-60}
if [ ! -f "tests/fuzz/fuzz_$name.c" ]; then
    echo "usage: sh tests/fuzz/run.sh NAME [SECONDS]; NAME is one of:" >&2
    for file in tests/fuzz/fuzz_*.c; do
        basename "$file" .c | sed 's/^fuzz_/  /' >&2
    done
    exit 2
fi
build=build/fuzz
found=${XDG_CACHE_HOME:-$HOME/.cache}/shikaku/fuzz/$name
mkdir -p "$found"
CC=${CC:-clang} cmake -S . -B $build -G Ninja --log-level=WARNING -DSHIKAKU_FUZZ=ON -DSHIKAKU_SANITIZE=address \
    -DCMAKE_BUILD_TYPE=RelWithDebInfo
cmake --build $build --target "fuzz_$name"
words=tests/fuzz/corpus/$name.dict
[ ! -f "$words" ] || set -- "-dict=$words"
[ -f "$words" ] || set --
exec "$build/bin/fuzz_$name" "$@" -max_total_time="$seconds" -rss_limit_mb=1024 -timeout=10 \
    -artifact_prefix="$found/" "$found" "tests/fuzz/corpus/$name"
