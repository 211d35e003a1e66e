#!/bin/sh
# The whole product once: installs what is missing, builds, starts a private card reader service, a
# virtual reader, a virtual card and a gateway simulator, and checks one made-up patient.
# Everything it starts is stopped again; a pcscd that runs on this machine is left alone.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)

usage() {
    cat <<'HELP'
usage: sh examples/demo.sh [--person N]

  --person N   one of the made-up persons of tests/gateway/persons.json (default 1)

SHIKAKU_GATEWAY_PORT (8443) and SHIKAKU_VPCD_PORT (35963) choose other ports.
HELP
}

person=1
while [ $# -gt 0 ]; do
    case $1 in
    --person)
        [ $# -ge 2 ] || { usage >&2; exit 2; }
        person=$2
        shift
        ;;
    --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
    esac
    shift
done
case $person in
'' | *[!0-9]*) usage >&2; exit 2 ;;
esac

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi
step() {
    printf '\n%s■ %s%s\n' "$bold" "$1" "$plain"
}

step '準備 / set-up'
sh tests/setup/packages.sh demo
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { cmake --preset release -DSHIKAKU_VIRTUAL_CARD=ON && cmake --build --preset release; } >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    echo 'ビルドできませんでした。 / The build failed.' >&2
    exit 1
fi
demo=$root/build/demo
mkdir -p "$demo"
rm -rf "$demo/out"
mkdir "$demo/out"
if ! { sh tests/pki/make-pki.sh "$demo/pki" &&
    { [ -f "$demo/person-$person/card.profile" ] ||
        sh tests/virtual-card/personalise.sh "$demo/person-$person" --person "$person" --ca "$demo/card-ca"; }; } >"$log" 2>&1; then
    tail -n 10 "$log" >&2
    echo '見本の証明書を作れませんでした。 / The sample certificates could not be made.' >&2
    exit 1
fi
echo '準備ができました。 / ready.'

export SHIKAKU_GATEWAY_PORT="${SHIKAKU_GATEWAY_PORT:-8443}"
status=0
sh tests/stack/with-pcscd.sh -- sh examples/demo-inside.sh "$demo" "$person" || status=$?
if [ "$status" != 0 ]; then
    printf '\n途中で止まりました(%s)。上の文を見てください。 / It stopped early; see above.\n' "$status" >&2
fi
exit "$status"
