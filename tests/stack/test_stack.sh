#!/bin/sh
# The stack keeps its promises: exit codes, removal and return of card and service, nothing left over.
# usage: test_stack.sh VIRTUAL_CARD
set -eu
here=$(cd "$(dirname "$0")" && pwd)
stack=$here/with-pcscd.sh

fail() {
    printf 'FAIL %s\n' "$1" >&2
    exit 1
}

pass() {
    printf 'ok   %s\n' "$1"
}

# until_true SECONDS COMMAND...
until_true() {
    tries=$(($1 * 10))
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}

cards_seen() {
    [ "$(timeout 10 opensc-tool --list-readers 2>/dev/null | grep -c 'Yes.*Virtual PCD')" -eq "$1" ]
}

gone() {
    state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null) || return 0
    [ -z "$state" ] || [ "$state" = Z ]
}

# A delayed acknowledgement takes 40 ms; a machine that stands still for a moment is measured again.
send_hundred() {
    before=$(date +%s%N)
    opensc-tool --card-driver default "$@" >"$work/sent" 2>&1 || fail 'opensc-tool -s'
    each=$((($(date +%s%N) - before) / 100000))
    [ "$(grep -c '90, SW2=0x00\|SW1=0x90' "$work/sent")" -eq 100 ] || fail 'not every SELECT was answered'
    [ "$each" -lt 20000 ]
}

# Runs inside the stack: the card comes, goes and comes back; the service stops and starts.
inside_one() {
    "$card" --profile "$work/card/card.profile" --state none --port "$SHIKAKU_VPCD_PORT" --wait 60 \
        --control "$work/control" --absent &
    card_pid=$!
    trap 'kill "$card_pid" 2>/dev/null || :' EXIT
    until_true 60 test -p "$work/control" || fail 'no control FIFO'
    cards_seen 0 || fail 'a card although --absent'
    echo insert >"$work/control"
    until_true 60 cards_seen 1 || fail 'the card was not inserted'
    echo remove >"$work/control"
    until_true 60 cards_seen 0 || fail 'the card was not removed'
    echo insert >"$work/control"
    until_true 60 cards_seen 1 || fail 'the card did not come back'
    pass 'card inserted, removed, inserted through the control FIFO'

    set --
    while [ $# -lt 200 ]; do set -- "$@" -s 00A4040C0AD392F000260100000001; done
    tries=5
    until send_hundred "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || fail "an APDU took $each us: delayed acknowledgements are back"
    done
    pass "100 commands, $each us each (start of opensc-tool included)"

    "$SHIKAKU_PCSCD_CTL" stop
    ! "$SHIKAKU_PCSCD_CTL" status || fail 'pcscd still runs after stop'
    ! opensc-tool --list-readers 2>/dev/null | grep -q Virtual || fail 'readers without a service'
    "$SHIKAKU_PCSCD_CTL" start
    until_true 60 cards_seen 1 || fail 'the card did not return after the service did'
    pass 'service stopped and started; the card came back by itself'

    rc=0
    SHIKAKU_STACK_PLAIN=1 "$stack" -- true >"$work/log" 2>&1 || rc=$?
    [ "$rc" -eq 125 ] || fail "a second pcscd on a plain machine: exit $rc"
    if ! grep -q 'pcscd がすでに動いています' "$work/log" || ! grep -q 'already running' "$work/log"; then
        fail 'no bilingual message'
    fi
    echo quit >"$work/control"
    wait "$card_pid" || fail "the card ended with $?"
    trap - EXIT
    "$SHIKAKU_PCSCD_CTL" stop
    SHIKAKU_STACK_PLAIN=1 "$stack" -- opensc-tool --list-readers | grep -q 'Virtual PCD 00 01' ||
        fail 'the plain stack does not list its readers'
    [ "$("$stack" -- sh -c 'opensc-tool --list-readers | grep -c Virtual')" -eq 2 ] || fail 'a stack in a stack'
    pass 'without namespaces: refused while a pcscd runs, works when none does'
}

inside_four() {
    [ "$(opensc-tool --list-readers 2>/dev/null | grep -c Virtual)" -eq 4 ] || fail '--readers 4 lists another number'
    for n in 0 3; do
        "$card" --profile "$work/card/card.profile" --state none --port $((SHIKAKU_VPCD_PORT + n)) --wait 5 &
    done
    until_true 60 cards_seen 2 || fail 'two cards were not seen'
    opensc-tool --list-readers >"$work/list" 2>/dev/null
    [ "$(grep -c '^[03]  *Yes' "$work/list")" -eq 2 ] || { cat "$work/list"; fail 'a card sits in a wrong reader'; }
    for n in 0 3; do opensc-tool --reader "$n" --atr >/dev/null || fail "no ATR from reader $n"; done
    pass 'four readers, two cards at once; leaving them running'
}

outside() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/shikaku-stack-test.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    "$here/../virtual-card/personalise.sh" "$work/card"
    export work card

    rc=0
    "$stack" --readers 0 -- sh -c 'exit 7' || rc=$?
    [ "$rc" -eq 7 ] || fail "exit code 7 arrived as $rc"
    [ "$(echo through | "$stack" --readers 0 -- cat)" = through ] || fail 'standard input does not arrive'
    pass 'exit code and standard input pass through'

    "$stack" -- sh "$0" --inside inside_one
    "$stack" --readers 4 -- sh "$0" --inside inside_four

    for signal in TERM KILL; do
        rm -f "$work/pid"
        # Ready when the stack has noted which command it has to end.
        # shellcheck disable=SC2016 # for the shell inside
        "$stack" -- sh -c 'echo $$ >"$0.command"; until [ -s "$SHIKAKU_STACK_DIR/command" ]; do sleep 0.1; done
            cp "$SHIKAKU_STACK_DIR/pid" "$0.new"; mv "$0.new" "$0"; exec sleep 600' "$work/pid" &
        stack_pid=$!
        until_true 60 test -s "$work/pid" || fail 'the stack did not start'
        kill "-$signal" "$stack_pid"
        rc=0
        wait "$stack_pid" 2>/dev/null || rc=$?
        [ "$signal" != TERM ] || [ "$rc" -eq 143 ] || fail "SIGTERM ended with $rc"
        until_true 60 gone "$(cat "$work/pid")" || fail "pcscd outlived SIG$signal"
        until_true 60 gone "$(cat "$work/pid.command")" || fail "the command outlived SIG$signal"
    done
    pass 'SIGTERM and SIGKILL leave neither pcscd nor command'
}

if [ "${1:-}" = --inside ]; then
    "$2"
else
    card=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
    outside
fi
