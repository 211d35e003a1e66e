#!/bin/sh
# Runs a command with a private pcscd and virtual readers (vpcd) that nobody else can see.
set -eu

UNAVAILABLE=125
readers=1

usage() {
    cat <<'HELP'
usage: with-pcscd.sh [--readers N] -- COMMAND [ARGUMENT...]

Starts pcscd with the vpcd driver inside its own network and mount namespaces, waits until the
readers are listed, runs COMMAND there and ends with its exit code; 125 when the stack cannot start.
The driver makes readers in pairs: N is rounded up to 2, 4, ...; --readers 0 starts pcscd bare.

COMMAND finds in its environment:
  SHIKAKU_VPCD_PORT   port of the first reader (35963); reader n listens on port + n - 1
  SHIKAKU_PCSCD_CTL   a program: "start", "stop", "restart" or "status" of the private pcscd
  SHIKAKU_STACK_DIR   its files: conf/vpcd lists the readers, of which SHIKAKU_STACK_READERS are awaited at a start
  SHIKAKU_PCSCD_LOG   what pcscd wrote

Set beforehand: SHIKAKU_VPCD_PORT (another first port), SHIKAKU_VPCD_DRIVER (path of libifdvpcd.so),
SHIKAKU_VPCD_WRAPPER (a driver laid before it, see wrapped_driver.c), SHIKAKU_STACK_PLAIN=1 (no
namespaces: only on a machine without a running pcscd).
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

read_arguments() {
    while [ $# -gt 0 ]; do
        case $1 in
        --help) usage; exit 0 ;;
        --readers)
            [ $# -ge 2 ] || bad_usage
            readers=$2
            shift
            ;;
        --) return 0 ;;
        *) bad_usage ;;
        esac
        shift
    done
    bad_usage
}

find_driver() {
    for driver in "${SHIKAKU_VPCD_DRIVER:-}" /usr/lib/pcsc/drivers/serial/libifdvpcd.so \
        /usr/lib*/pcsc/drivers/serial/libifdvpcd.so /usr/local/lib/pcsc/drivers/serial/libifdvpcd.so; do
        [ ! -f "$driver" ] || return 0
    done
    fail 'vpcd ドライバー (libifdvpcd.so) が見つかりません。vsmartcard-vpcd を入れるか、SHIKAKU_VPCD_DRIVER に場所を指定してください。' \
        'The vpcd driver (libifdvpcd.so) is missing. Install vsmartcard-vpcd or set SHIKAKU_VPCD_DRIVER to its path.'
}

need() {
    command -v "$1" >/dev/null 2>&1 ||
        fail "$1 が見つかりません。パッケージ $2 を入れてください。" "$1 is missing. Install the package $2."
}

# Nothing of the machine's own /run/pcscd stays visible, and nothing of ours outlives the namespace.
enter_private_run() {
    if [ -d /run/pcscd ]; then
        mount -t tmpfs -o mode=0755 shikaku /run/pcscd
    else
        mount -t tmpfs -o mode=0755 shikaku /run
        mkdir /run/pcscd
    fi
    dir=/run/pcscd/shikaku
    mkdir "$dir"
}

# pcscd would also open the USB readers of the machine, which belong to the machine's own pcscd.
hide_usb_readers() {
    for bundle in /usr/lib*/pcsc/drivers/*.bundle; do
        if [ -d "$bundle" ]; then mount -t tmpfs shikaku "$bundle"; fi
    done
}

# While the service is stopped nobody else gets a reader's port by chance: no server that takes any, no client, nor a
# card that calls there, whose call could reach itself.
keep_ports() {
    if [ "$readers" -gt 0 ]; then
        echo "$base-$((base + readers - 1))" 2>/dev/null >/proc/sys/net/ipv4/ip_local_reserved_ports || :
    fi
}

port_line() {
    grep -hE "^ *[0-9]+: [0-9A-F]+:$(printf '%04X' "$1") [0-9A-F:]+ 0A " /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# Stacks without namespaces take turns, but for one inside another.
wait_for_turn() {
    [ -z "${SHIKAKU_STACK_DIR:-}" ] && command -v flock >/dev/null 2>&1 || return 0
    exec 8>/tmp/shikaku-stack.lock
    flock -w 600 8 || :
}

check_plain() {
    [ "$(id -u)" -eq 0 ] ||
        fail 'この環境では名前空間 (unshare) を使えないため、root で実行してください。' \
            'Namespaces (unshare) are not permitted here; run as root.'
    # The listening socket, not the process: systemd may hold it for a pcscd that is yet to start.
    if grep -q ' /run/pcscd/pcscd.comm$' /proc/net/unix; then
        fail 'pcscd がすでに動いています。systemctl stop pcscd.socket pcscd などで止めるか、名前空間 (unshare) を使える環境で実行してください。' \
            'A pcscd is already running. Stop it (systemctl stop pcscd.socket pcscd), or run where namespaces (unshare) are permitted.'
    fi
    port=$base
    while [ "$port" -lt $((base + readers)) ]; do
        if port_line "$port" >/dev/null; then
            holder=$(ss -Hltnp "sport = :$port" 2>/dev/null | sed -n 's/.*users:((\([^)]*\).*/\1/p')
            fail "ポート $port は使用中です (${holder:-不明なプロセス})。そのプロセスを終了するか、SHIKAKU_VPCD_PORT に空いているポート番号を指定してください。" \
                "Port $port is taken (${holder:-unknown process}). End that process, or set SHIKAKU_VPCD_PORT to a free port."
        fi
        port=$((port + 1))
    done
}

# The driver knows its slots by number alone, so a second pair needs a library, and so globals, of
# its own; loaded twice from one path, both pairs would talk through the same two sockets.
write_reader_config() {
    mkdir "$dir/conf"
    slot=0
    while [ "$slot" -lt "$readers" ]; do
        name='Virtual PCD'
        library=$driver
        if [ "$slot" -gt 0 ]; then
            name="Virtual PCD $((slot / 2 + 1))"
            library=$dir/libifdvpcd-$slot.so
            cp "$driver" "$library"
        fi
        if [ -n "${SHIKAKU_VPCD_WRAPPER:-}" ]; then
            library=$dir/wrapped-$slot.so
            cp "$driver" "$library.vpcd"
            cp "$SHIKAKU_VPCD_WRAPPER" "$library"
        fi
        port=$(printf '0x%04X' $((base + slot)))
        printf 'FRIENDLYNAME "%s"\nDEVICENAME /dev/null:%s\nLIBPATH %s\nCHANNELID %s\n\n' \
            "$name" "$port" "$library" "$port" >>"$dir/conf/vpcd"
        slot=$((slot + 2))
    done
}

# Should this shell be killed outright, the pipe closes and the guard ends command and pcscd for it.
start_guard() {
    mkfifo "$dir/life"
    # shellcheck disable=SC2016 # the inner shell expands its own arguments
    setsid sh -c 'read -r _ <"$1/life"; kill "$(cat "$1/command")"; exec "$2" stop' \
        guard "$dir" "$SHIKAKU_PCSCD_CTL" >/dev/null 2>&1 3<&- 8>&- &
    guard=$!
    exec 9>"$dir/life"
}

cleanup() {
    trap '' INT TERM HUP
    "$SHIKAKU_PCSCD_CTL" stop 3<&- 8>&- 9>&- || :
    [ -z "$guard" ] || kill "$guard" 2>/dev/null || :
    exec 9>&-
    if [ "$mode" = plain ]; then rm -rf "$dir"; fi
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
    "$@" <&3 3<&- 8>&- 9>&- &
    command=$!
    echo "$command" >"$dir/command"
    rc=0
    wait "$command" || rc=$?
    command=''
    exit "$rc"
}

inside() {
    mode=$1 readers=$2 here=$3
    shift 3
    guard='' command=''
    if [ "$mode" = private ]; then
        ip link set lo up
        enter_private_run
        hide_usb_readers
        keep_ports
    else
        [ "$(id -u)" -ne 0 ] || wait_for_turn
        check_plain
        dir=$(mktemp -d /tmp/shikaku-stack.XXXXXX)
    fi
    write_reader_config
    SHIKAKU_STACK_DIR=$dir SHIKAKU_PCSCD_LOG=$dir/pcscd.log SHIKAKU_PCSCD_CTL=$here/pcscd-ctl.sh
    SHIKAKU_VPCD_PORT=$base SHIKAKU_STACK_READERS=$readers
    # Where the programs of one user tell each other of wrong PINs: those of one stack alone.
    export XDG_RUNTIME_DIR="$dir"
    export SHIKAKU_STACK_DIR SHIKAKU_PCSCD_LOG SHIKAKU_PCSCD_CTL SHIKAKU_VPCD_PORT SHIKAKU_STACK_READERS
    exec 3<&0
    trap cleanup EXIT
    trap 'interrupted 130' INT
    trap 'interrupted 143' TERM
    trap 'interrupted 129' HUP
    start_guard
    "$SHIKAKU_PCSCD_CTL" start 3<&- 8>&- 9>&- ||
        fail 'テスト用の pcscd を起動できませんでした。上の記録を見てください。' \
            'The private pcscd did not start; see its log above.'
    run_command "$@"
}

base=${SHIKAKU_VPCD_PORT:-35963}
case $base in '' | *[!0-9]*) bad_usage ;; esac
find_driver

if [ "${1:-}" = --inside ]; then
    shift
    inside "$@"
fi

read_arguments "$@"
case $readers in '' | *[!0-9]*) bad_usage ;; esac
readers=$(((readers + 1) / 2 * 2))
[ "$readers" -le 16 ] || bad_usage
while [ "$1" != -- ]; do shift; done
shift
[ $# -gt 0 ] || bad_usage
PATH=$PATH:/usr/sbin:/sbin
need pcscd pcscd
need setsid util-linux
here=$(cd "$(dirname "$0")" && pwd)
self=$here/$(basename "$0")

if [ "${SHIKAKU_STACK_PLAIN:-0}" != 1 ] && command -v unshare >/dev/null 2>&1; then
    need ip iproute2
    # exec keeps the process id, so that a signal to this script reaches the one that acts on it.
    if unshare --net --mount true 2>/dev/null; then
        exec unshare --net --mount --propagation private sh "$self" --inside private "$readers" "$here" "$@"
    fi
    if unshare --map-root-user --net --mount true 2>/dev/null; then
        exec unshare --map-root-user --net --mount --propagation private \
            sh "$self" --inside private "$readers" "$here" "$@"
    fi
fi
exec sh "$self" --inside plain "$readers" "$here" "$@"
