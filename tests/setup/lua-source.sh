#!/bin/sh
# Prints the folder that holds Lua 5.4's C sources; fetches Debian's source package into the cache
# first when it is not there.
set -eu

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/shikaku
dir=$cache/lua-5.4

# Says what lies in the folder; another word than this fetches it anew.
state="Debian's source package"
is_there() {
    [ "$(cat "$dir/complete" 2>/dev/null)" = "$state" ]
}
if ! is_there; then
    # Of builds that begin at once one fetches it, the others wait.
    mkdir -p "$cache"
    exec 9>"$dir.lock"
    flock 9
fi
if ! is_there; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    # Debian's patches mend what a script could do to the memory of the host (CVE-2022-28805, CVE-2022-33099).
    if ! sh "$(dirname "$0")/../../plugin/cmake/debian-source.sh" "$work" lua5.4; then
        echo "手元のソースを指定することもできます / a copy may be named:" >&2
        echo "    cmake --preset release -DSHIKAKU_LUA_SOURCE=DIR" >&2
        exit 1
    fi
    # Those for Debian's way of building it name folders and headers of Debian.
    lua=$work/lua5.4
    sed -n '1!G;h;$p' "$lua/debian/patches/series" | grep -v cve | while read -r patch; do
        patch -s -R -p1 -d "$lua" -i "debian/patches/$patch"
    done
    rm -rf "$dir.new"
    mkdir -p "$dir.new"
    cp "$lua"/src/*.c "$lua"/src/*.h "$lua/doc/readme.html" "$lua/debian/copyright" "$dir.new/"
    printf '%s\n' "$state" >"$dir.new/complete"
    rm -rf "$dir"
    mv "$dir.new" "$dir"
fi
printf '%s\n' "$dir"
