#!/bin/sh
# Prints the folder that holds Lua 5.4's C sources; fetches Debian's source package into the cache
# first when it is not there. The machine's own package lists stay as they are.
set -eu

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/shikaku
dir=$cache/lua5.4

# Says what lies in the folder; another word than this fetches it anew.
state="orig and Debian's patches"
if [ "$(cat "$dir/complete" 2>/dev/null)" != "$state" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    mkdir -p "$work/lists/partial" "$work/get" "$cache"
    # The machine's own mirrors, but not a DVD.
    # shellcheck disable=SC2016
    mirrors() {
        apt-get "$@" indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
            'Created-By: Packages' 'ORIGIN: Debian' | sort -u | sed -n '/^cdrom:/!s/^/deb-src /p'
    }
    (
        cd "$work/get"
        set -- -o "Dir::State::lists=$work/lists" -o Dir::Cache::srcpkgcache= -o Dir::Cache::pkgcache= \
            -o APT::Sandbox::User=root
        mirrors >"$work/sources.list"
        if [ ! -s "$work/sources.list" ]; then
            # Container images come without package lists.
            apt-get "$@" -q update
            mirrors "$@" >"$work/sources.list"
        fi
        chmod -R a+rX "$work"
        set -- "$@" -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=-
        apt-get "$@" -q update && apt-get "$@" -q source --download-only lua5.4
    ) >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        echo "Lua のソースを取得できませんでした。ネットワークを確かめるか、手元のソースを指定してください:" >&2
        echo "The source package of Lua could not be fetched. Check the network, or name a copy:" >&2
        echo "    cmake --preset release -DSHIKAKU_LUA_SOURCE=DIR" >&2
        exit 1
    }
    mkdir "$work/lua"
    tar -xzf "$work"/get/lua5.4_*.orig.tar.gz -C "$work/lua" --strip-components=1
    # Debian's patches mend what a script could do to the memory of the host (CVE-2022-28805, CVE-2022-33099).
    # Those for its build system say nothing about the sources.
    tar -xJf "$work"/get/lua5.4_*.debian.tar.xz -C "$work/lua"
    while read -r patch; do
        case $patch in
        *cve*) patch -s -p1 -d "$work/lua" <"$work/lua/debian/patches/$patch" ;;
        esac
    done <"$work/lua/debian/patches/series"
    rm -rf "$dir.new"
    mkdir -p "$dir.new"
    cp "$work"/lua/src/*.c "$work"/lua/src/*.h "$work"/lua/doc/readme.html "$dir.new/"
    printf '%s\n' "$state" >"$dir.new/complete"
    rm -rf "$dir"
    mv "$dir.new" "$dir"
fi
printf '%s\n' "$dir"
