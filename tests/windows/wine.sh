#!/bin/sh
# Builds a program for Windows and runs it under Wine: `wine.sh ROOT WORK PROGRAM SOURCE...`, the sources
# below ROOT. No screen is needed. Making Wine's folder takes some seconds and 700 MB, so it is kept
# in the user's cache; one run at a time uses it, because its clipboard is one for all.
set -eu
root=$1
work=$2
program=$3
shift 3

wine=
for found in /usr/lib/wine/wine64 "$(command -v wine64 || true)" "$(command -v wine || true)"; do
    if [ -z "$wine" ] && [ -x "$found" ]; then
        wine=$found
    fi
done
if [ -z "$wine" ]; then
    echo "wine is not installed (tests/setup/packages.sh test)" >&2
    exit 1
fi

mkdir -p "$work"
exe=$work/$program.exe
# The name of the temporary file keeps two runs of one build folder apart.
made=$work/$program.$$.exe
(
    cd "$root"
    x86_64-w64-mingw32-gcc -std=c11 -O1 -g -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror \
        -D_WIN32_WINNT=0x0A00 -finput-charset=utf-8 -DSHK_BUILDING -Iinclude -Iplugin/base -Iplugin/platform \
        "$@" -o "$made" -luser32
)
mv "$made" "$exe"

unset DISPLAY WAYLAND_DISPLAY
export WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml,winemenubuilder.exe="
cache=${XDG_CACHE_HOME:-$HOME/.cache}/shikaku
mkdir -p "$cache"
version=$("$wine" --version | sed 's/[^A-Za-z0-9.][^A-Za-z0-9.]*/-/g')
exec 9>"$cache/wine.lock"
flock -w 300 9

export WINEPREFIX="$cache/$version"
if [ ! -e "$WINEPREFIX/made" ]; then
    rm -rf "$WINEPREFIX"
    # It complains about the missing 32-bit half.
    timeout 240 "$wine" wineboot -i 9>&- >"$work/wineboot.log" 2>&1 || true
    # Its registry reaches the disk when the last of its programs has gone.
    for _ in $(seq 60); do
        [ ! -e "$WINEPREFIX/system.reg" ] || break
        sleep 1
    done
    if [ ! -e "$WINEPREFIX/system.reg" ]; then
        cat "$work/wineboot.log" >&2
        exit 1
    fi
    : >"$WINEPREFIX/made"
fi

cd "$work"
timeout 150 "$wine" "$exe" 9>&-
