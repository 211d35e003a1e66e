#!/bin/sh
# Installs the Debian packages that are missing: `packages.sh demo` or `packages.sh test`.
# Nothing is touched when all are there. Needs root, or sudo without a question.
set -eu

build="gcc patch xz-utils libc6-dev cmake ninja-build pkg-config libssl-dev libcurl4-openssl-dev libxml2-dev
    libpcsclite-dev libjansson-dev libarchive-dev libsqlite3-dev libpq-dev unixodbc-dev dpkg-dev ca-certificates"
stack="pcscd vsmartcard-vpcd iproute2 util-linux openssl python3 python3-cryptography"
judge="git g++ gcc-mingw-w64-x86-64 gcc-mingw-w64-i686 g++-mingw-w64-x86-64 g++-mingw-w64-i686
    libcmocka-dev opensc opensc-pkcs11 clang-format clang-tidy shellcheck valgrind libxml2-utils lua5.4 python3-lxml man-db gdb
    wine64 postgresql odbc-postgresql libsqliteodbc unixodbc sqlite3 tinyproxy-bin microsocks dante-server nghttp2-proxy"
# A Node.js that is not Debian's brings its own npm.
command -v npm >/dev/null || judge="$judge nodejs npm"

case ${1:-} in
demo) wanted="$build $stack" ;;
test) wanted="$build $stack $judge" ;;
*)
    echo "usage: packages.sh demo|test" >&2
    exit 2
    ;;
esac

missing=
for package in $wanted; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

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
    -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "パッケージを入れられませんでした。上の文とネットワークを確かめてください。" >&2
    echo "The packages could not be installed; see above and check the network." >&2
    exit 1
fi
