#!/bin/sh
# Fetches Debian source packages and unpacks them, Debian's patches applied:
# `debian-source.sh INTO PACKAGE...` leaves INTO/PACKAGE/ for each and a line `PACKAGE VERSION` in INTO/versions.
# The machine's own package lists stay as they are. apt checks what it fetches against the signed lists.
set -eu
into=$1
shift

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mkdir -p "$work/get" "$into"

# apt PROGRAM ARGUMENTS: with lists of our own; $lists says which.
apt() {
    program=$1
    shift
    "$program" -o "Dir::State::lists=$work/$lists" -o "Dir::Etc::sourcelist=$work/$lists.list" \
        -o Dir::Etc::sourceparts=- -o Dir::Cache::srcpkgcache= -o Dir::Cache::pkgcache= \
        -o APT::Sandbox::User=root "$@"
}
# The machine's own mirrors, but not a DVD.
# shellcheck disable=SC2016
mirrors() {
    "$@" indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' 'ORIGIN: Debian' | sort -u | sed -n '/^cdrom:/!s/^/deb-src /p'
}
# A mirror may list a version that it does not hold: then the release without its updates is asked, and
# after it the next older version.
lists_of() {
    lists=$1
    mkdir -p "$work/$lists/partial"
    case $lists in
    all)
        mirrors apt-get >"$work/all.list"
        if [ ! -s "$work/all.list" ]; then
            # Container images come without package lists.
            mkdir -p "$work/plain/partial"
            apt-get -o "Dir::State::lists=$work/plain" -o APT::Sandbox::User=root -q update
            mirrors apt-get -o "Dir::State::lists=$work/plain" >"$work/all.list"
            rm -rf "$work/plain"
        fi
        ;;
    release) grep -v -e -security "$work/all.list" >"$work/release.list" ;;
    esac
    chmod -R a+rX "$work"
    apt apt-get -q update
}
fetch() {
    for version in $(apt apt-cache showsrc --only-source "$1" | sed -n 's/^Version: //p' | sort -Vru); do
        if apt apt-get -q source --download-only "$1=$version"; then
            printf '%s %s\n' "$1" "$version" >>"$work/versions"
            return
        fi
        echo "$1 $version: $lists lists it and does not hold it" | tee -a "$work/told"
        rm -f "$work/get/$1"_*
    done
    return 1
}
get_all() {
    cd "$work/get"
    lists_of all || return
    for package in "$@"; do
        lists=all
        if ! fetch "$package"; then
            lists_of release && fetch "$package" || return
        fi
        rm -rf "${into:?}/$package"
        dpkg-source --no-check --extract "$work/get/$package"_*.dsc "$work/unpacked" || return
        mv "$work/unpacked" "$into/$package" || return
    done
}
if ! get_all "$@" >"$work/log" 2>&1; then
    cat "$work/log" >&2
    echo "ソースパッケージを取得できませんでした。ネットワークを確かめてください: $*" >&2
    echo "The source packages could not be fetched; check the network: $*" >&2
    exit 1
fi
[ ! -e "$work/told" ] || cat "$work/told" >&2
cp "$work/versions" "$into/versions"
