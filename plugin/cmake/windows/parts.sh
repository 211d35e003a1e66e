#!/bin/sh
# Builds what shikaku.dll has inside that is not ours, for one target or both, and prints the folder of
# each: `parts.sh x86_64|i686...`. From Debian's source packages, static, once: kept in the user's
# cache under a name made of these recipes and the compiler.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
packages="openssl curl jansson libarchive libxml2 sqlite3 zlib"
jobs=$(nproc 2>/dev/null || echo 2)

recipes() {
    cat "$here/parts.sh" "$here/toolchain.cmake" "$here"/parts/*
    x86_64-w64-mingw32-gcc --version
}
key=$(recipes | sha256sum | cut -c 1-16)
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/shikaku
mkdir -p "$cache"

missing=
for machine in "$@"; do
    case $machine in
    x86_64 | i686) ;;
    *)
        echo "usage: parts.sh x86_64|i686..." >&2
        exit 2
        ;;
    esac
    [ -e "$cache/windows-$machine-$key/complete" ] || missing="$missing $machine"
done

say() {
    echo "$*" >&2
}
# run NAME COMMAND...: its output is shown only when it fails.
run() {
    name=$1
    shift
    "$@" >"$work/$name.log" 2>&1 || {
        tail -n 40 "$work/$name.log" >&2
        say "$name: 作れませんでした / could not be built"
        exit 1
    }
}

# The generated single file is the same for both targets.
join_sqlite() (
    mkdir "$work/sqlite" && cd "$work/sqlite"
    "$work/src/sqlite3/configure" --disable-tcl --disable-readline --enable-shared=no
    make sqlite3.c
    cp sqlite3.c sqlite3.h "$work/src/sqlite3/"
)

# What nobody needs for TLS 1.2 and 1.3 and for keys in files is left out. No configuration file, engine
# or module is ever looked for: on Windows another user could plant one. Nothing runs at exit: the DLL
# stays until the process ends, and by then its other threads have been killed, locks in hand.
openssl_without="shared tests dso engine module autoload-config atexit comp ssl3 tls1 tls1_1 dtls srp srtp psk
    nextprotoneg cms ct cmp ts gost sm2 sm3 sm4 aria camellia seed idea bf cast rc5 mdc2 md4 whirlpool rmd160
    blake2 siphash siv ocb dsa ec2m capieng"
configure_openssl() (
    case $1 in
    x86_64) target=mingw64 tables= ;;
    *) target=mingw tables=-fno-asynchronous-unwind-tables ;;
    esac
    mkdir -p "$work/$1/openssl" && cd "$work/$1/openssl"
    set -- "$target" "--cross-compile-prefix=$1-w64-mingw32-" --prefix=/ --libdir=lib --openssldir=/nonexistent
    for word in $openssl_without; do
        set -- "$@" "no-$word"
    done
    # shellcheck disable=SC2086
    perl "$work/src/openssl/Configure" "$@" -O2 $tables -ffunction-sections -fdata-sections -D_WIN32_WINNT=0x0A00
)
install_openssl() (
    cd "$work/$1/openssl"
    cp libssl.a "$into/lib/"
    # It looks at the processor when it is first used, too; loading the DLL shall start nothing.
    "$1-w64-mingw32-objcopy" --remove-section=.ctors libcrypto.a "$into/lib/libcrypto.a"
    # The generated headers win over those of the source.
    cp -r "$work/src/openssl/include/openssl" "$into/include/"
    cp include/openssl/*.h "$into/include/openssl/"
    version=$(sed -n 's/^[# ]*define OPENSSL_VERSION_STR "\(.*\)"/\1/p' include/openssl/opensslv.h)
    for name in libssl libcrypto; do
        case $name in
        libssl) words="Requires: libcrypto" libs= ;;
        *) words='' libs="-lws2_32 -lgdi32 -lcrypt32 -lbcrypt" ;;
        esac
        cat >"$into/lib/pkgconfig/$name.pc" <<END
prefix=\${pcfiledir}/../..
Name: $name
Description: $name, static, for shikaku.dll
Version: $version
$words
Cflags: -I\${prefix}/include
Libs: -L\${prefix}/lib -l${name#lib} $libs
END
    done
)

build() {
    say "== $1: OpenSSL =="
    run "$1-configure" configure_openssl "$1"
    run "$1-openssl" make -s -C "$work/$1/openssl" -j "$jobs" build_generated
    run "$1-openssl" make -s -C "$work/$1/openssl" -j "$jobs" libcrypto.a libssl.a
    install_openssl "$1"
    say "== $1: curl, jansson, libarchive, libxml2, SQLite, zlib =="
    case $1 in x86_64) tools=win64 ;; *) tools=win32 ;; esac
    run "$1-cmake" cmake -G Ninja -S "$here/parts" -B "$work/$1/parts" -DCMAKE_BUILD_TYPE=None \
        -DCMAKE_TOOLCHAIN_FILE="$here/$tools.cmake" -DSOURCES="$work/src" \
        -DCMAKE_PREFIX_PATH="$into" -DCMAKE_INSTALL_PREFIX="$into"
    run "$1-parts" cmake --build "$work/$1/parts" -j "$jobs"
    run "$1-install" cmake --install "$work/$1/parts"
}

# What the licences ask to be given on with the binaries.
copy_licences() {
    for package in $packages; do
        mkdir -p "$into/licences/$package"
        cp "$work/src/$package/debian/copyright" "$into/licences/$package/copyright.txt"
        for name in LICENSE.txt LICENSE LICENSE.md COPYING Copyright README; do
            [ ! -f "$work/src/$package/$name" ] || cp "$work/src/$package/$name" "$into/licences/$package/"
        done
    done
    cp "$work/src/versions" "$into/versions"
}

# libpq and ODBC are loaded when a host has them; only libpq's declarations are needed, and of those none
# that Debian's file of widths makes different.
copy_libpq() {
    for name in libpq-fe.h postgres_ext.h; do
        cp "/usr/include/postgresql/$name" "$into/include/"
    done
    echo '#define PG_INT64_TYPE long long int' >"$into/include/pg_config_ext.h"
}

if [ -n "$missing" ]; then
    say "Windows 版の部品を作ります(数分、次からは不要) / building the parts of the Windows DLL (minutes, once)"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    # shellcheck disable=SC2086
    sh "$here/../debian-source.sh" "$work/src" $packages
    # Debian's change for ELF is no assembly for Windows.
    run pic patch -R -p1 -d "$work/src/openssl" -i debian/patches/pic.patch
    run sqlite join_sqlite
    # OpenSSL writes into itself when it was built: the day of its source, so that the same sources give the
    # same DLL.
    SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -l "$work/src/openssl/debian/changelog" -S Timestamp)
    export SOURCE_DATE_EPOCH
    for machine in $missing; do
        into=$work/$machine/made
        mkdir -p "$into/lib/pkgconfig" "$into/include"
        build "$machine"
        copy_licences
        copy_libpq
        : >"$into/complete"
        # Whole or not at all, even when two builds come to it at once.
        whole=$(mktemp -d "$cache/new.XXXXXX")
        chmod 755 "$whole"
        cp -r "$into/." "$whole/"
        mv -T "$whole" "$cache/windows-$machine-$key" 2>/dev/null || rm -rf "$whole"
    done
fi
for machine in "$@"; do
    printf '%s\n' "$cache/windows-$machine-$key"
done
