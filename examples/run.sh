#!/bin/sh
# One of the sample hosts at work: builds the plugin and the host, starts a private card reader service, a virtual
# card and a gateway simulator, and shows one reception with a wrong PIN and the right one.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)
languages=$(for script in tests/callers/build-*.sh; do basename "$script" .sh | sed 's/^build-//'; done | tr '\n' ' ')

usage() {
    cat <<HELP
使い方 / usage: sh examples/run.sh LANGUAGE

  LANGUAGE   $languages

言語の道具(コンパイラーなど)は sh tests/setup/packages.sh test が入れます。
The compilers and run-times are installed by: sh tests/setup/packages.sh test
HELP
}

case ${1:-} in
--help | -h)
    usage
    exit 0
    ;;
esac
if [ $# -ne 1 ] || [ ! -f "tests/callers/build-$1.sh" ]; then
    usage >&2
    exit 2
fi

sh tests/setup/packages.sh demo
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
echo 'ビルドしています(初回は1〜2分) / building (one to two minutes the first time)'
if ! { cmake --preset release -DSHIKAKU_VIRTUAL_CARD=ON && cmake --build --preset release; } >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    echo 'ビルドできませんでした。上の文を見てください。 / The build failed; see above.' >&2
    exit 1
fi
export SHIKAKU_BUILD="$root/build" SHIKAKU_INCLUDE="$root/include" SHIKAKU_LIB="$root/build/lib"
/usr/bin/python3 -B tests/callers/callers.py "$1" --show
