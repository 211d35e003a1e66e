#!/bin/sh
# npm.sh FOLDER: prints the folder node_modules with the npm packages that FOLDER/package.json names; installs them into the
# cache first when they are not there. Versions and hashes are those of FOLDER/package-lock.json.
set -eu

from=$(cd "${1:?usage: npm.sh FOLDER}" && pwd)
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/shikaku
dir=$cache/npm-$(cat "$from/package.json" "$from/package-lock.json" | sha256sum | cut -c 1-16)

if [ ! -f "$dir/complete" ]; then
    # Tests ask for the same packages at once: one fetches them, the others wait.
    mkdir -p "$cache"
    exec 9>"$dir.lock"
    flock 9
fi
if [ ! -f "$dir/complete" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    cp "$from/package.json" "$from/package-lock.json" "$work"
    (cd "$work" && npm ci --fetch-retries=5 --ignore-scripts --no-audit --no-fund) >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        echo "テストに使う npm のパッケージを取得できませんでした。ネットワークを確かめてください。" >&2
        echo "The npm packages of the tests could not be fetched. Check the network." >&2
        exit 1
    }
    rm -rf "$dir.new" "$dir"
    cp -R "$work" "$dir.new"
    touch "$dir.new/complete"
    mv "$dir.new" "$dir"
fi
printf '%s\n' "$dir/node_modules"
