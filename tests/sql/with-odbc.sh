#!/bin/sh
# Runs a command with ODBC settings of its own: the drivers SQLite3, PostgreSQL (UTF-16) and PostgreSQLAnsi,
# and data sources of these names. with-odbc.sh [postgres] -- COMMAND [ARGUMENT...]
#
# COMMAND finds in its environment:
#   SQL_KIND        sqlite or postgres
#   SQL_CONNECTION  connection string without user and password; SQL_USER, SQL_PASSWORD (of postgres)
#   SQL_FOLDER      an empty folder
#   SQL_DRIVERS     the files of the drivers; LSAN_OPTIONS names what these leak (odbc.supp)
# postgres: to be run inside tests/postgres/with-postgres.sh.
set -eu
kind=sqlite
if [ "$1" = postgres ]; then
  kind=postgres
  shift
fi
[ "$1" = -- ]
shift
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 143' TERM INT HUP
SQL_KIND=$kind SQL_FOLDER=$dir/work ODBCSYSINI=$dir ODBCINI=$dir/odbc.ini
mkdir "$SQL_FOLDER"
# Where the packages of Debian put their drivers; the path has the machine's name in it.
find_driver() {
  for found in /usr/lib/*/odbc/"$1" /usr/lib/odbc/"$1" /usr/lib64/"$1"; do
    if [ -e "$found" ]; then
      echo "$found"
      return
    fi
  done
  echo "ODBC のドライバー $1 がありません（tests/setup/packages.sh）。 / The ODBC driver $1 is missing." >&2
  exit 1
}
sqlite=$(find_driver libsqlite3odbc.so)
wide=$(find_driver psqlodbcw.so)
ansi=$(find_driver psqlodbca.so)
cat >"$dir/odbcinst.ini" <<INI
[SQLite3]
Driver=$sqlite
[PostgreSQL]
Driver=$wide
[PostgreSQLAnsi]
Driver=$ansi
[Broken]
Driver=$dir/none.so
INI
if [ "$kind" = sqlite ]; then
  SQL_CONNECTION="DRIVER=${SQL_DRIVER:-SQLite3};Database=$SQL_FOLDER/host.db;Timeout=300;"
  printf '[source]\nDriver=SQLite3\nDatabase=%s\nTimeout=300\n' "$SQL_FOLDER/host.db" >"$dir/odbc.ini"
else
  part() {
    echo "$SHIKAKU_PG_CONNECTION" | tr ' ' '\n' | sed -n "s/^$1=//p"
  }
  SQL_USER=$(part user) SQL_PASSWORD=$(part password)
  server="Server=$(part host);Port=$(part port);Database=$(part dbname);SSLmode=require;"
  SQL_CONNECTION="DRIVER=${SQL_DRIVER:-PostgreSQL};$server"
  echo "[source]" >"$dir/odbc.ini"
  { echo "Driver=${SQL_DRIVER:-PostgreSQL}" && echo "Servername${server#Server}" | tr ";" "\n"; } >>"$dir/odbc.ini"
  export SQL_USER SQL_PASSWORD
fi
SQL_DRIVERS="$sqlite:$wide:$ansi"
LSAN_OPTIONS="${LSAN_OPTIONS:+$LSAN_OPTIONS:}suppressions=$here/odbc.supp:print_suppressions=0"
export SQL_DRIVERS LSAN_OPTIONS SQL_KIND SQL_CONNECTION SQL_FOLDER ODBCSYSINI ODBCINI
rc=0
"$@" || rc=$?
exit "$rc"
