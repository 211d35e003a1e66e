#!/bin/sh
# Prints the folder that holds Lua 5.4's C sources; fetches Debian's source package into the cache
# first when it is not there. The machine's own package lists stay as they are.
set -eu

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/shikaku
dir=$cache/lua5.4

if [ ! -f "$dir/complete" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$work/lists/partial" "$work/get" "$cache"
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' 'ORIGIN: Debian' | sort -u | sed 's/^/deb-src /' >"$work/sources.list"
    chmod -R a+rX "$work"
    (
        cd "$work/get"
        set -- -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=- \
            -o "Dir::State::lists=$work/lists" -o Dir::Cache::srcpkgcache= -o Dir::Cache::pkgcache= \
            -o APT::Sandbox::User=root
        apt-get "$@" -q update
        apt-get "$@" -q source --download-only lua5.4
    ) >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        echo "Lua のソースを取得できませんでした。 / The source package of Lua could not be fetched." >&2
        exit 1
    }
    mkdir "$work/lua"
    tar -xzf "$work"/get/lua5.4_*.orig.tar.gz -C "$work/lua" --strip-components=1
    rm -rf "$dir.new"
    mkdir -p "$dir.new"
    cp "$work"/lua/src/*.c "$work"/lua/src/*.h "$work"/lua/doc/readme.html "$dir.new/"
    touch "$dir.new/complete"
    rm -rf "$dir"
    mv "$dir.new" "$dir"
fi
printf '%s\n' "$dir"
