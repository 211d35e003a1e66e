#!/bin/sh
# Runs a program for Windows under Wine: `wine.sh x86_64|i686 PROGRAM.exe [ARGUMENT...]`, in the current
# folder, the machine's network at hand; no screen is needed. `wine.sh x86_64|i686` alone prepares.
#   SHIKAKU_WINE_SYSTEM32=DIR  DIR/*.dll lie in the system folder and are loaded from there, not Wine's own
#   SHIKAKU_WINE_SECONDS=N     the longest it may take (300)
# Every run has processes and a Windows folder of its own: what it writes on drive C, into the registry and
# onto the clipboard is gone at its end, and runs do not see each other. Drive Z is the machine's own files,
# and so is the share \\localhost.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
machine=${1:-}
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/shikaku
root=
case $machine in
x86_64)
    wine=/usr/lib/wine/wine64
    if [ ! -x "$wine" ]; then
        echo "wine is not installed (tests/setup/packages.sh test)" >&2
        exit 1
    fi
    prefix=$cache/wine64-$("$wine" --version | cat - "$here/wine-make.sh" | sha256sum | cut -c 1-16)
    ;;
i686)
    wine=/usr/lib/wine/wine
    root=$(sh "$here/../setup/wine32-root.sh")
    prefix=$root-prefix-$(sha256sum <"$here/wine-make.sh" | cut -c 1-16)
    ;;
*)
    echo "usage: wine.sh x86_64|i686 [PROGRAM.exe [ARGUMENT...]]" >&2
    exit 2
    ;;
esac
shift

own="unshare --user --map-root-user --mount --pid --fork --kill-child --mount-proc"
if ! $own true; then
    echo "wine.sh needs user namespaces (unshare --user), which this machine does not allow" >&2
    exit 1
fi

if [ ! -e "$prefix/system.reg" ]; then
    # Held by all that is started here: a Wine that somebody's end left behind is waited for.
    mkdir -p "$cache"
    exec 9>"$prefix.lock"
    flock 9
    if [ ! -e "$prefix/system.reg" ]; then
        rm -rf "$prefix.new"
        mkdir "$prefix.new"
        if ! $own sh "$here/wine-inside.sh" make "$wine" "$prefix.new" "$root" >"$prefix.log" 2>&1 ||
            [ ! -e "$prefix.new/system.reg" ]; then
            tail -n 40 "$prefix.log" >&2
            echo "Wine could not make its folder; see above" >&2
            exit 1
        fi
        mv "$prefix.new" "$prefix"
        rm "$prefix.log"
    fi
    exec 9>&-
fi
[ $# -eq 0 ] || exec $own sh "$here/wine-inside.sh" run "$wine" "$prefix" "$root" "$@"
