#!/bin/sh
# Runs a command with a PostgreSQL server of its own that is gone afterwards.
set -eu

UNAVAILABLE=125
fsync=off

usage() {
    cat <<'HELP'
usage: with-postgres.sh [--durable] -- COMMAND [ARGUMENT...]

Makes a cluster in a temporary folder, starts it on a unix socket in that folder and on a free port of
127.0.0.1, both with a password, runs COMMAND and ends with its exit code; 125 when there is no server.
--durable: writes reach the disk (fsync); without it only a crash of the machine would lose any.

COMMAND finds in its environment:
  SHIKAKU_PG_CONNECTION  connection string of the database: TCP with a verified TLS, its owner, a password
  SHIKAKU_PG_LOCAL       the same over the unix socket
  SHIKAKU_PG_PORT        the port
  SHIKAKU_PG_CTL         a program: "start", "stop" (at once, as if it had crashed), "stop fast", "restart",
                         "freeze" (nothing answers any more), "thaw" or "status"
  SHIKAKU_PG_LOG         what the server wrote

Set beforehand: SHIKAKU_PG_BIN (folder of initdb and postgres).
HELP
}

# Japanese first: it may be a clinic's vendor who reads this.
fail() {
    printf '%s\n%s\n' "$1" "$2" >&2
    exit "$UNAVAILABLE"
}

bad_usage() {
    usage >&2
    exit "$UNAVAILABLE"
}

find_server() {
    for bin in "${SHIKAKU_PG_BIN:-}" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin; do
        [ ! -x "$bin/initdb" ] || [ ! -x "$bin/postgres" ] || return 0
    done
    fail 'PostgreSQL のサーバーが見つかりません。パッケージ postgresql を入れるか、SHIKAKU_PG_BIN に場所を指定してください。' \
        'The PostgreSQL server is missing. Install the package postgresql or set SHIKAKU_PG_BIN to its folder.'
}

# The server refuses to run as root.
find_owner() {
    owner=''
    [ "$(id -u)" -eq 0 ] || return 0
    owner=nobody
    if id postgres >/dev/null 2>&1; then owner=postgres; fi
    command -v setpriv >/dev/null 2>&1 ||
        fail 'setpriv が見つかりません。パッケージ util-linux を入れてください。' 'setpriv is missing. Install the package util-linux.'
}

as_owner() {
    if [ -n "$owner" ]; then
        set -- setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups --inh-caps=-all "$@"
    fi
    (cd "$dir" && "$@")
}

listening() {
    grep -qhE "^ *[0-9]+: [0-9A-F]+:$(printf '%04X' "$1") [0-9A-F:]+ 0A " /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# Another test may take the same port a moment later; then the server does not start and the next is tried.
next_port() {
    port=$((port + 1))
    while listening "$port"; do port=$((port + 1)); done
}

write_config() {
    cat >>"$dir/data/postgresql.conf" <<CONFIG
listen_addresses = '127.0.0.1'
unix_socket_directories = '$dir'
fsync = $fsync
full_page_writes = $fsync
max_connections = 60
shared_buffers = 16MB
dynamic_shared_memory_type = mmap
max_wal_senders = 0
wal_level = minimal
logging_collector = off
log_line_prefix = '%m [%p] '
ssl = on
ssl_cert_file = '$dir/server.crt'
ssl_key_file = '$dir/server.key'
CONFIG
}

make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$dir/server.key" -out "$dir/server.crt" 2>"$dir/openssl.log" &&
        chmod 0600 "$dir/server.key"
}

make_cluster() {
    make_certificate || return 1
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s\n' "$password" >"$dir/password"
    if [ -n "$owner" ]; then chown -R "$owner" "$dir"; fi
    as_owner "$bin/initdb" --pgdata="$dir/data" --username=shikaku --pwfile="$dir/password" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync --no-instructions >"$dir/initdb.log" 2>&1 &&
        write_config &&
        echo 'CREATE DATABASE shikaku;' |
        as_owner "$bin/postgres" --single -D "$dir/data" postgres >>"$dir/initdb.log" 2>&1
}

start_server() {
    tries=10
    port=$((20000 + $$ % 12000))
    while [ "$tries" -gt 0 ]; do
        next_port
        SHIKAKU_PG_PORT=$port
        export SHIKAKU_PG_PORT
        if "$SHIKAKU_PG_CTL" start 3<&- 9>&- 2>"$dir/start.log"; then return 0; fi
        tries=$((tries - 1))
    done
    return 1
}

# Should this shell be killed outright, the pipe closes and the guard ends command and server for it.
start_guard() {
    mkfifo "$dir/life"
    # shellcheck disable=SC2016 # the inner shell expands its own arguments
    setsid sh -c 'read -r _ <"$1/life"; kill "$(cat "$1/command")"; "$2" stop; rm -rf "$1"' \
        guard "$dir" "$SHIKAKU_PG_CTL" >/dev/null 2>&1 3<&- &
    guard=$!
    exec 9>"$dir/life"
}

cleanup() {
    trap '' INT TERM HUP
    "$SHIKAKU_PG_CTL" stop 3<&- 9>&- || :
    [ -z "$guard" ] || kill "$guard" 2>/dev/null || :
    exec 9>&-
    rm -rf "$dir"
}

interrupted() {
    if [ -n "$command" ]; then
        kill -TERM "$command" 2>/dev/null || :
        wait "$command" || :
    fi
    exit "$1"
}

# A background job of a script ignores Ctrl-C, and so would everything the command starts.
run_command() {
    if env --default-signal=INT true 2>/dev/null; then
        set -- env --default-signal=INT --default-signal=QUIT "$@"
    fi
    "$@" <&3 3<&- 9>&- &
    command=$!
    echo "$command" >"$dir/command"
    rc=0
    wait "$command" || rc=$?
    command=''
    exit "$rc"
}

while [ $# -gt 0 ]; do
    case $1 in
    --help) usage; exit 0 ;;
    --durable) fsync=on ;;
    --) break ;;
    *) bad_usage ;;
    esac
    shift
done
[ $# -gt 1 ] || bad_usage
shift
find_server
find_owner
here=$(cd "$(dirname "$0")" && pwd)
guard='' command=''
dir=$(mktemp -d /tmp/shikaku-pg.XXXXXX)
SHIKAKU_PG_DIR=$dir SHIKAKU_PG_BIN=$bin SHIKAKU_PG_OWNER=$owner SHIKAKU_PG_LOG=$dir/log
SHIKAKU_PG_CTL=$here/postgres-ctl.sh SHIKAKU_PG_PORT=0
export SHIKAKU_PG_DIR SHIKAKU_PG_BIN SHIKAKU_PG_OWNER SHIKAKU_PG_LOG SHIKAKU_PG_CTL SHIKAKU_PG_PORT
exec 3<&0
trap cleanup EXIT
trap 'interrupted 130' INT
trap 'interrupted 143' TERM
trap 'interrupted 129' HUP
start_guard
if ! make_cluster || ! start_server; then
    cat "$dir"/*.log "$dir/log" >&2 2>/dev/null || :
    fail 'テスト用の PostgreSQL を起動できませんでした。上の記録を見てください。' \
        'The private PostgreSQL server did not start; see its log above.'
fi
common="dbname=shikaku user=shikaku password=$password port=$SHIKAKU_PG_PORT"
SHIKAKU_PG_CONNECTION="host=127.0.0.1 $common sslmode=verify-full sslrootcert=$dir/server.crt"
SHIKAKU_PG_LOCAL="host=$dir $common"
export SHIKAKU_PG_CONNECTION SHIKAKU_PG_LOCAL
run_command "$@"
