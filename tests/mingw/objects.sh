#!/bin/sh
# Compiles for 32- and 64-bit Windows every source that needs no foreign library, so that a POSIX-only
# call outside *_posix.c is seen at once. objects.sh [ROOT]
set -eu
root=${1:-$(cd "$(dirname "$0")/../.." && pwd)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"

flags="-std=c11 -O1 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -D_WIN32_WINNT=0x0A00
  -finput-charset=utf-8 -DSHK_BUILDING"
includes="-Iinclude -Ihost-adapters"
for folder in plugin/*/; do
  includes="$includes -I$folder"
done
# A source that says "not found" of one of these headers is foreign, in the folders where it may be.
foreign_header='fatal error: (openssl/|curl/|libxml/|jansson|archive|lua|lauxlib|lualib|sqlite3|libpq-fe).*: No such file'
foreign_place='plugin/(mapping/.*|lookup/(http_curl|gateway_json).*|record/oqs_xml.*|platform/(zip_libarchive|db_sqlite|db_postgres|pq_(table|dial|talk)|[a-z0-9_]*_openssl))\.c|host-adapters/(http_json|orca_xml)\.c'

compiled=0
foreign=0
bad=0
note() {
  echo "$1" >&2
  bad=1
}

# version.h is made by CMake.
mkdir "$work/made"
for made in plugin/*/*.h.in; do
  [ -e "$made" ] && sed 's/@[A-Za-z_]*@/0/g' "$made" >"$work/made/$(basename "$made" .in)"
done

for source in plugin/*/*.c host-adapters/*.c; do
  case $source in
    *_posix.c)
      [ -e "${source%_posix.c}_win32.c" ] || note "$source has no ${source%_posix.c}_win32.c"
      continue
      ;;
  esac
  for machine in x86_64 i686; do
    # What only the optimizer sees is the same for both; widths and declarations are not.
    how="-c -o $work/object.o"
    [ "$machine" = x86_64 ] || how=-fsyntax-only
    # shellcheck disable=SC2086
    if "$machine-w64-mingw32-gcc" $flags $includes "-I$work/made" $how "$source" 2>"$work/said"; then
      compiled=$((compiled + 1))
    elif grep -Eq "$foreign_header" "$work/said"; then
      foreign=$((foreign + 1))
      echo "$source" | grep -Eqx "$foreign_place" || note "$source reaches a foreign header: $(head -n 1 "$work/said")"
    else
      note "$source does not compile with $machine:"
      cat "$work/said" >&2
    fi
  done
done

echo "$compiled sources compiled, $foreign left out for a foreign header"
[ "$compiled" -ge 60 ] || note "too few sources were compiled"
exit $bad
