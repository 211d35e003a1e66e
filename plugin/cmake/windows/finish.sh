#!/bin/sh
# What is left when shikaku.dll is linked: `finish.sh MACHINE DLL DEF DEBUG IMPORTS LIBRARY`. Paths are absolute.
# The debug information moves from the DLL into DEBUG, and the import library is made of the names in DEF.
set -eu
machine=$1 dll=$2 def=$3 debug=$4 imports=$5 library=$6
tool() {
    program=$machine-w64-mingw32-$1
    shift
    "$program" "$@"
}

# On x86 the header's __stdcall makes callers ask for _shk_open@12, while the DLL exports shk_open: the
# import library leads from one to the other. How many bytes each takes is read in the DLL's own symbols.
symbols=$(tool nm "$dll")
{
    echo "LIBRARY shikaku.dll"
    echo "EXPORTS"
    sed -n '/^EXPORTS/,$s/^ *\(shk_[a-z_]*\)$/\1/p' "$def" | while read -r name; do
        case $machine in
        i686) decorated=$(echo "$symbols" | sed -n "s/^.* T _\($name@[0-9]*\)$/\1/p") ;;
        *) decorated=$(echo "$symbols" | sed -n "s/^.* T \($name\)$/\1/p") ;;
        esac
        if [ -z "$decorated" ]; then
            echo "$name is not in $dll as the header declares it" >&2
            exit 1
        fi
        echo "    $decorated"
    done
} >"$imports"
rm -f "$library"
# The library's path and the process would name its symbols and members.
cd "$(dirname "$library")"
tool dlltool --kill-at --deterministic-libraries --temp-prefix shikaku_ --input-def "$imports" \
    --output-lib "$(basename "$library")"
cd "$OLDPWD"

tool objcopy --only-keep-debug "$dll" "$debug"
# They would write the time of day into the DLL.
SOURCE_DATE_EPOCH=0 tool strip --strip-all "$dll"
