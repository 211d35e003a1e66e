#!/bin/sh
# Starts, stops and freezes the server of with-postgres.sh; a test takes it away with it.
set -eu
dir=${SHIKAKU_PG_DIR:?run me inside with-postgres.sh}
data=$dir/data

as_owner() {
    if [ -n "$SHIKAKU_PG_OWNER" ]; then
        set -- setpriv --reuid="$SHIKAKU_PG_OWNER" --regid="$(id -g "$SHIKAKU_PG_OWNER")" --clear-groups \
            --inh-caps=-all "$@"
    fi
    (cd "$dir" && "$@")
}

pg_ctl() {
    as_owner "$SHIKAKU_PG_BIN/pg_ctl" --pgdata="$data" --silent "$@" </dev/null >/dev/null 2>"$dir/ctl.log"
}

alive() {
    [ -s "$data/postmaster.pid" ] && kill -0 "$(head -n 1 "$data/postmaster.pid")" 2>/dev/null
}

start() {
    thaw
    ! alive || return 0
    # The port by option: after a failed try another one is taken.
    if ! pg_ctl --wait --timeout=60 --log="$dir/log" --options="-p $SHIKAKU_PG_PORT" start; then
        tail -n 20 "$dir/log" "$dir/ctl.log" >&2
        return 1
    fi
}

stop() {
    thaw
    ! alive || pg_ctl --wait --timeout=60 --mode="$1" stop || ! alive
}

# The postmaster first: standing still it makes no more processes.
family() {
    echo "$1"
    grep -lsE "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status | sed 's|^/proc/||; s|/status$||' || :
}

send() {
    alive || return 0
    for pid in $(family "$(head -n 1 "$data/postmaster.pid")"); do
        kill "-$1" "$pid" 2>/dev/null || :
    done
}

freeze() {
    alive && kill -STOP "$(head -n 1 "$data/postmaster.pid")" && send STOP
}

thaw() {
    send CONT
}

case ${1:-} in
start) start ;;
stop) stop "${2:-immediate}" ;;
restart) stop immediate && start ;;
freeze) freeze ;;
thaw) thaw ;;
status) alive ;;
*)
    echo "usage: postgres-ctl.sh start|stop [fast|immediate]|restart|freeze|thaw|status" >&2
    exit 2
    ;;
esac
