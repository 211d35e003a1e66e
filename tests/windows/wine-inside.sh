#!/bin/sh
# The part of wine.sh that runs in namespaces of its own: `wine-inside.sh make|run WINE PREFIX ROOT [PROGRAM...]`.
# As the first process of its process namespace it takes all of Wine's other processes with it when it ends.
set -eu
what=$1
wine=$2
prefix=$3
root=$4
shift 4

if [ -n "$root" ]; then
    mount -t overlay -o "lowerdir=$root/usr:/usr" overlay /usr
fi
if [ -e "$root/qemu-i386" ]; then
    mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
    printf '%s' ':shikaku-i386:M::\x7fELF\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x03\x00' \
        ':\xff\xff\xff\xff\xff\xfe\xfe\xfc\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff' \
        ":$root/qemu-i386:F" >/proc/sys/fs/binfmt_misc/register
fi

# What Wine keeps while it runs: its sockets, and with `run` all that is written on drive C.
scratch=${prefix%/*}/wine-run
mkdir -p "$scratch"
mount -t tmpfs tmpfs "$scratch"
mkdir "$scratch/tmp" "$scratch/upper" "$scratch/work"
if [ -d /run/user ]; then
    mount -t tmpfs tmpfs /run/user
fi

unset DISPLAY WAYLAND_DISPLAY
export WINEPREFIX="$prefix" TMPDIR="$scratch/tmp" LC_ALL=C.UTF-8 USER=uketsuke LOGNAME=uketsuke
export WINEDEBUG="${WINEDEBUG:--all}" WINEDLLOVERRIDES="mscoree,mshtml,winemenubuilder.exe=${WINEDLLOVERRIDES:+;$WINEDLLOVERRIDES}"

case $what in
make)
    sh "${0%/*}/wine-make.sh" "$wine" "$prefix"
    ;;
run)
    mount -t overlay -o "userxattr,lowerdir=$prefix,upperdir=$scratch/upper,workdir=$scratch/work" overlay "$prefix"
    # \\localhost\FOLDER is /FOLDER: as a share of another machine is, for the programs.
    mkdir -p "$prefix/dosdevices/unc"
    ln -sfn / "$prefix/dosdevices/unc/localhost"
    for dll in "${SHIKAKU_WINE_SYSTEM32:+$SHIKAKU_WINE_SYSTEM32/}"*.dll; do
        if [ -n "${SHIKAKU_WINE_SYSTEM32:-}" ] && [ -f "$dll" ]; then
            cp --remove-destination "$dll" "$prefix/drive_c/windows/system32/"
            name=${dll##*/}
            WINEDLLOVERRIDES="$WINEDLLOVERRIDES;${name%.dll}=n"
        fi
    done
    timeout --foreground -k 5 "${SHIKAKU_WINE_SECONDS:-300}" "$wine" "$@"
    ;;
esac
