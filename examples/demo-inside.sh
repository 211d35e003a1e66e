#!/bin/sh
# The part of demo.sh that runs beside the private pcscd: demo-inside.sh DEMO_FOLDER PERSON.
set -eu
demo=$1
person=$2
root=$(cd "$(dirname "$0")/.." && pwd)
bin=$root/build/bin

gateway='' card=''
stop() {
    for pid in $card $gateway; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
}
trap stop EXIT
trap 'exit 130' INT TERM

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi
step() {
    printf '\n%s■ %s%s\n' "$bold" "$1" "$plain"
}

rm -f "$demo/port" "$demo/gateway.err"
/usr/bin/python3 -B "$root/tests/gateway/gateway.py" --pki "$demo/pki" --card-ca "$demo/card-ca/auth-ca.pem" \
    --port "$SHIKAKU_GATEWAY_PORT" --port-file "$demo/port" 2>"$demo/gateway.err" &
gateway=$!
tries=0
while [ ! -f "$demo/port" ]; do
    if ! kill -0 "$gateway" 2>/dev/null || [ "$tries" -gt 100 ]; then
        cat "$demo/gateway.err" >&2
        echo "別の番号で試してください: SHIKAKU_GATEWAY_PORT=18443 sh examples/demo.sh" >&2
        echo "Try another port as shown." >&2
        exit 3
    fi
    tries=$((tries + 1))
    sleep 0.1
done

cat >"$demo/shikaku.lua" <<LUA
return {
  route = "gateway",
  institution_code = "9919999999",
  gateway = {
    url = "https://localhost:$SHIKAKU_GATEWAY_PORT",
    ca_file = "pki/server-ca.pem",
    client_cert = "pki/device.pem",
    client_key = "pki/device.key",
  },
  deliveries = {
    { script = "$root/scripts/uketsuke_csv.lua", folder = "out" },
    { script = "$root/scripts/kanja_xml.lua", folder = "out" },
  },
  log = { file = "shikaku.log", level = "debug" },
}
LUA

step 'カードリーダー / the reader'
"$bin/shikaku" readers

step '受付 / at the reception desk'
echo '(2秒後に見本のカードを置き、暗証番号 1234 を渡します / a sample card is placed in 2 s, its PIN is 1234)'
(sleep 2 && exec "$bin/virtual-card" --profile "$demo/person-$person/card.profile" --port "$SHIKAKU_VPCD_PORT") \
    2>>"$demo/card.err" &
card=$!
result=0
printf '1234\n' | "$bin/shikaku" check --config "$demo/shikaku.lua" --pin-fd 0 || result=$?

for file in "$demo/out"/*; do
    [ -f "$file" ] || continue
    step "渡したファイル / delivered: $file"
    case $file in
    *.csv) iconv -f CP932 -t UTF-8 "$file" | tr -d '\r' ;;
    *) cat "$file" ;;
    esac
done
step "終わり / done (exit code $result)"
[ "$result" -le 1 ]
