#!/bin/sh
# Starts and stops the private pcscd of with-pcscd.sh; a test takes the service away with it.
set -eu
dir=${SHIKAKU_STACK_DIR:?run me inside with-pcscd.sh}
pid_file=$dir/pid
PATH=$PATH:/usr/sbin:/sbin

# A process that has ended but was not yet reaped still answers kill -0.
alive() {
    [ -s "$pid_file" ] || return 1
    state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$(cat "$pid_file")/status" 2>/dev/null) || return 1
    [ -n "$state" ] && [ "$state" != Z ]
}

listening() {
    grep -qE "^ *[0-9]+: [0-9A-F]+:$(printf '%04X' "$1") [0-9A-F:]+ 0A " /proc/net/tcp
}

ready() {
    [ -S /run/pcscd/pcscd.comm ] || return 1
    slot=0
    while [ "$slot" -lt "$SHIKAKU_STACK_READERS" ]; do
        listening $((SHIKAKU_VPCD_PORT + slot)) || return 1
        slot=$((slot + 1))
    done
    listed
}

# The ports open a moment before clients see the readers; ask as a client where one is at hand.
listed() {
    if [ "$SHIKAKU_STACK_READERS" -eq 0 ] || ! command -v opensc-tool >/dev/null 2>&1; then
        return 0
    fi
    [ "$(opensc-tool --list-readers 2>/dev/null | grep -c 'Virtual PCD')" -ge "$SHIKAKU_STACK_READERS" ]
}

start() {
    ! alive || return 0
    # A pcscd that was killed leaves these behind and the next one would refuse to start.
    rm -f /run/pcscd/pcscd.comm /run/pcscd/pcscd.pid
    setsid pcscd --foreground --config "$dir/conf" >>"$dir/pcscd.log" 2>&1 </dev/null &
    echo $! >"$pid_file"
    tries=1200
    until ready; do
        tries=$((tries - 1))
        if [ "$tries" -eq 0 ] || ! alive; then
            cat "$dir/pcscd.log" >&2
            return 1
        fi
        sleep 0.05
    done
}

stop() {
    if alive; then
        pid=$(cat "$pid_file")
        # It may end by itself just then.
        kill -TERM "$pid" 2>/dev/null || :
        tries=100
        while alive; do
            tries=$((tries - 1))
            [ "$tries" -ne 0 ] || kill -KILL "$pid" 2>/dev/null || :
            sleep 0.05
        done
    fi
    rm -f "$pid_file"
}

case ${1:-} in
start) start ;;
stop) stop ;;
restart) stop; start ;;
status) alive ;;
*)
    echo 'usage: pcscd-ctl.sh start|stop|restart|status' >&2
    exit 2
    ;;
esac
