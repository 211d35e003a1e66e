#!/bin/sh
# Installs the Debian packages that are missing: `packages.sh demo`, `test` or `bench`.
# Nothing is touched when all are there. Needs root, or sudo without a question.
set -eu

build="gcc patch xz-utils libc6-dev cmake ninja-build pkg-config libssl-dev libcurl4-openssl-dev libxml2-dev
    libpcsclite-dev libjansson-dev libarchive-dev libsqlite3-dev libpq-dev unixodbc-dev dpkg-dev file ca-certificates"
stack="pcscd vsmartcard-vpcd iproute2 util-linux openssl python3 python3-cryptography"
judge="git g++ gcc-mingw-w64-x86-64 gcc-mingw-w64-i686 g++-mingw-w64-x86-64 g++-mingw-w64-i686
    libcmocka-dev opensc opensc-pkcs11 clang-format clang-tidy shellcheck valgrind libxml2-utils lua5.4 python3-lxml man-db gdb
    llvm lld wine64 debootstrap tcl perl postgresql odbc-postgresql libsqliteodbc unixodbc sqlite3 tinyproxy-bin microsocks dante-server nghttp2-proxy"
# The languages of examples/.
callers="mono-mcs mono-runtime libjna-java fp-compiler fp-units-base gnucobol3"
# The peers of tests/bench, beside what it builds and runs with.
peers="git opensc opensc-pkcs11 libcmocka-dev libxml2-utils xsltproc python3-lxml"
# A Node.js that is not Debian's brings its own npm.
command -v npm >/dev/null || judge="$judge nodejs npm"
command -v node >/dev/null || peers="$peers nodejs"
command -v javac >/dev/null || callers="$callers default-jdk-headless"

case ${1:-} in
demo) wanted="$build $stack" ;;
test) wanted="$build $stack $judge $callers" ;;
bench) wanted="$build $stack $peers" ;;
*)
    echo "usage: packages.sh demo|test|bench" >&2
    exit 2
    ;;
esac

look() {
    missing=
    # shellcheck disable=SC2086
    have=$(dpkg-query -W -f ' ${Package}:${db:Status-Status} ' $wanted 2>/dev/null || true)
    for package in $wanted; do
        case $have in
        *" $package:installed "*) ;;
        *) missing="$missing $package" ;;
        esac
    done
    [ -n "$missing" ] || exit 0
}
look
# Of two runs that begin at once the second waits: apt itself refuses to fetch its lists twice.
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/shikaku
mkdir -p "$cache"
exec 9>"$cache/packages.lock"
flock 9
look

as_root=
if [ "$(id -u)" != 0 ]; then
    as_root="sudo -n"
    if ! $as_root true 2>/dev/null; then
        echo "管理者の権限が必要です。次を実行してからやり直してください:" >&2
        echo "Root is needed. Run this and start again:" >&2
        echo "    sudo apt-get install -y --no-install-recommends$missing" >&2
        exit 1
    fi
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
echo "足りないパッケージを入れます(1〜3 分) / installing (1 to 3 minutes):$missing"
# shellcheck disable=SC2086
if ! { $as_root apt-get -q update && $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q \
    -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing; } >"$log" 2>&1 9>&-; then
    tail -n 20 "$log" >&2
    echo "パッケージを入れられませんでした。上の文とネットワークを確かめてください。" >&2
    echo "The packages could not be installed; see above and check the network." >&2
    exit 1
fi
