#!/bin/sh
# Prints the folder of a small Debian of this machine's release: `debian-root.sh ARCH "INSTALLED…" ["FETCHED…"]`.
# INSTALLED are packages that it has beside the smallest set; FETCHED lie in its apt's cache with all that they
# need, so that apt can install them later without a network. Made with debootstrap where it is missing, and kept
# in the cache; nobody writes into it: mount an overlay above. Needs root.
set -eu

arch=$1 installed=$2 fetched=${3:-}
PATH=$PATH:/usr/sbin:/sbin
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/shikaku
# The first place that the machine itself takes Debian from, but not a DVD.
# shellcheck disable=SC2016
place() {
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'ORIGIN: Debian' |
        sed '/^cdrom:/d; /-\(updates\|security\|backports\)/d' | head -n 1
}
found=$(place)
if [ -z "$found" ]; then
    # Container images come without package lists.
    apt-get -q update >&2
    found=$(place)
fi
mirror=${found% *} release=${found#* }
key=$(printf '%s\n' 1 "$arch" "$release" "$installed" "$fetched" | sha256sum | cut -c 1-16)
dir=$cache/deb-root-$arch-$key

make() {
    # What debootstrap mounts in there is gone with it, even when it was killed.
    unshare --mount --propagation private debootstrap --variant=minbase --arch="$arch" \
        ${installed:+"--include=$(printf %s "$installed" | tr -s ' ' ,)"} "$release" "$dir.new" "$mirror" || return
    if [ -n "$fetched" ]; then
        # shellcheck disable=SC2086
        chroot "$dir.new" sh -c 'apt-get -q update && apt-get -q install --no-install-recommends -y --download-only "$@"' \
            sh $fetched || return
    fi
    touch "$dir.new/made"
}

if [ ! -f "$dir/made" ]; then
    # Held by all that is started here: what was left behind by somebody's end is waited for.
    mkdir -p "$cache"
    exec 9>"$dir.lock"
    flock 9
fi
if [ ! -f "$dir/made" ]; then
    rm -rf "$dir.new" "$dir"
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    make >"$log" 2>&1 || {
        tail -n 30 "$log" >&2
        echo "Debian ($arch) のフォルダーを作れませんでした。ネットワークと、root で動かしているかを確かめてください。" >&2
        echo "The Debian root ($arch) could not be made. Check the network, and that this runs as root." >&2
        exit 1
    }
    mv "$dir.new" "$dir"
fi
printf '%s\n' "$dir"
