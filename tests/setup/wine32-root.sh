#!/bin/sh
# Prints the folder of a 32-bit Wine; makes it in the cache first when it is not there. ROOT/usr holds
# Debian's wine32 and what it depends on, to be laid over /usr in a mount namespace of one's own
# (tests/windows/wine-inside.sh does). Where neither kernel nor hypervisor runs i386 programs, ROOT/qemu-i386
# is there too. Needs no root: apt resolves, fetches and checks, and no package's script is run.
# Not debootstrap, because that runs the packages' i386 programs while it installs them.
set -eu

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/shikaku
codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# shellcheck disable=SC2016
runs_i386() {
    printf '.globl _start\n_start: movl $1,%%eax\nxorl %%ebx,%%ebx\nint $0x80\n' | as --32 -o "$work/exit.o" - &&
        ld -m elf_i386 -o "$work/exit" "$work/exit.o" && "$work/exit"
}
if runs_i386 2>/dev/null; then how=native; else how=qemu; fi
key=$(printf '%s %s' "$codename" "$how" | cat - "$0" | sha256sum | cut -c 1-16)
root=$cache/wine32-$key

# The machine's own mirrors, but not a DVD.
# shellcheck disable=SC2016
mirrors() {
    apt-get "$@" indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' 'ORIGIN: Debian' | sort -u | grep -v '^cdrom:'
}
# apt FOLDER ARCHITECTURE WORD...: with lists and a state of its own; FOLDER/sources says which.
apt() {
    own=$1
    architecture=$2
    shift 2
    mkdir -p "$own/lists/partial" "$own/archives/partial"
    : >"$own/status"
    apt-get -q -o "APT::Architecture=$architecture" -o "APT::Architectures::=$architecture" \
        -o "Dir::State=$own" -o "Dir::State::status=$own/status" -o "Dir::State::lists=$own/lists" \
        -o "Dir::Cache=$own" -o "Dir::Etc::sourcelist=$own/sources" -o Dir::Etc::sourceparts=- \
        -o APT::Sandbox::User=root "$@"
}
fetch_wine() {
    own=$work/i386
    apt "$own" i386 update &&
        apt "$own" i386 install -y --no-install-recommends --download-only wine32
}
# A mirror may list a version that it does not hold: then the release without its updates is asked.
fetch_all() {
    mkdir -p "$work/i386" "$work/host"
    mirrors >"$work/mirrors" || true
    if [ ! -s "$work/mirrors" ]; then
        # Container images come without package lists.
        mkdir -p "$work/plain/partial"
        apt-get -o "Dir::State::lists=$work/plain" -o APT::Sandbox::User=root -q update
        mirrors -o "Dir::State::lists=$work/plain" >"$work/mirrors"
    fi
    sed 's/^/deb /' "$work/mirrors" >"$work/i386/sources"
    if ! fetch_wine; then
        sed '/-security/d; s/^/deb /' "$work/mirrors" >"$work/i386/sources"
        fetch_wine || return
    fi
    [ "$how" = qemu ] || return 0
    # Before its release 8.2 QEMU takes minutes over the address space that Wine reserves (MAP_FIXED_NOREPLACE).
    sed -n "/ $codename main\$/s/\\($codename\\) main/\\1-backports main/p" "$work/mirrors" | sed 's/^/deb /' >"$work/host/sources"
    host=$(dpkg --print-architecture)
    apt "$work/host" "$host" update && (cd "$work/host/archives" && apt "$work/host" "$host" download qemu-user)
}

# unpack INTO FILE.deb
unpack() {
    dpkg-deb --fsys-tarfile "$2" | tar -x -C "$1" --keep-directory-symlink --exclude='./usr/share/*' \
        --exclude='./usr/lib/i386-linux-gnu/wine/x86_64-windows'
}
# As the script of Debian's package does: Wine's own zlib is the one of MinGW with a mark in its head.
mark_zlib() {
    {
        head -c 64 "$1"
        printf 'Wine builtin DLL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
        tail -c +97 "$1"
    } >"$2"
}
unpack_all() {
    new=$root.new
    rm -rf "$new"
    mkdir -p "$new/usr/lib" "$new/usr/bin" "$new/usr/sbin"
    for name in lib bin sbin; do
        ln -s "usr/$name" "$new/$name"
    done
    for file in "$work"/i386/archives/*.deb; do
        unpack "$new" "$file" || return
    done
    mark_zlib "$new/usr/i686-w64-mingw32/lib/zlib1.dll" \
        "$new/usr/lib/i386-linux-gnu/wine/i386-windows/zlib1.dll" || return
    rm -rf "$new"/usr/*-w64-mingw32
    # Debian's is a script that looks for this one.
    ln -sf wineserver32 "$new/usr/lib/wine/wineserver"
    if [ "$how" = qemu ]; then
        mkdir "$work/qemu"
        dpkg-deb -x "$work"/host/archives/qemu-user_*.deb "$work/qemu" &&
            cp "$work/qemu/usr/bin/qemu-i386" "$new/qemu-i386" || return
    fi
    : >"$new/complete"
}

if [ ! -e "$root/complete" ]; then
    mkdir -p "$cache"
    exec 9>"$cache/wine32-root.lock"
    flock 9
fi
if [ ! -e "$root/complete" ]; then
    echo "32 ビット版の Wine を用意します(1 分ほど、次からは不要) / fetching the 32-bit Wine (a minute, once)" >&2
    if ! { fetch_all && unpack_all && rm -rf "$root" && mv "$root.new" "$root"; } >"$work/log" 2>&1; then
        tail -n 40 "$work/log" >&2
        echo "32 ビット版の Wine を用意できませんでした。ネットワークを確かめてください。" >&2
        echo "The 32-bit Wine could not be made; see above and check the network." >&2
        exit 1
    fi
fi
printf '%s\n' "$root"
