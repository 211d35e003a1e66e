#!/bin/sh
# Prints the folder node_modules with the npm packages that judge our output; installs them into the cache
# first when they are not there. Versions and hashes are those of npm/package-lock.json.
set -eu

from=$(cd "$(dirname "$0")/npm" && pwd)
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/shikaku
dir=$cache/npm-$(cat "$from/package.json" "$from/package-lock.json" | sha256sum | cut -c 1-16)

if [ ! -f "$dir/complete" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    cp "$from/package.json" "$from/package-lock.json" "$work"
    (cd "$work" && npm ci --ignore-scripts --no-audit --no-fund) >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        echo "判定に使う npm のパッケージを取得できませんでした。ネットワークを確かめてください。" >&2
        echo "The npm packages that judge our output could not be fetched. Check the network." >&2
        exit 1
    }
    mkdir -p "$cache"
    rm -rf "$dir.new" "$dir"
    cp -R "$work" "$dir.new"
    touch "$dir.new/complete"
    mv "$dir.new" "$dir"
fi
printf '%s\n' "$dir/node_modules"
