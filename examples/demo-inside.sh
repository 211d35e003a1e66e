#!/bin/sh
# The part of demo.sh that runs beside the private pcscd: demo-inside.sh DEMO_FOLDER PERSON.
set -eu
demo=$1
person=$2
root=$(cd "$(dirname "$0")/.." && pwd)
bin=$root/build/bin
export SHIKAKU_LIBRARY="$root/build/lib/libshikaku.so"

gateway='' card='' check=''
# shellcheck disable=SC2317 # a trap calls it
stop() {
    trap '' INT TERM HUP # the rest of the stopping is not stopped
    for pid in $check $card $gateway; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -f "$demo/pin" "$demo/card"
}
# shellcheck disable=SC2317 # a trap calls it
stopped() {
    trap '' INT TERM HUP
    printf '\n中止しました。デモが起動したものはすべて止めます。 / Stopped, with all that the demo started.\n' >&2 || true
    exit "$1"
}
trap stop EXIT
trap 'stopped 130' INT
trap 'stopped 143' TERM
trap 'stopped 129' HUP

bold='' dim='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
fi
step() {
    printf '\n%s■ %s%s\n' "$bold" "$1" "$plain"
}
# What the demo does in the patient's place.
patient() {
    printf '%s  » %s%s\n' "$dim" "$1" "$plain"
}

wait_for() { # PID FILE
    tries=0
    while [ ! -e "$2" ]; do
        if ! kill -0 "$1" 2>/dev/null || [ "$tries" -gt 100 ]; then return 1; fi
        tries=$((tries + 1))
        sleep 0.1
    done
}

rm -f "$demo/port" "$demo/pin" "$demo/card"
# In sessions of their own: Ctrl-C is for the check, which must not lose its card before it has ended.
setsid /usr/bin/python3 -B "$root/tests/gateway/gateway.py" --pki "$demo/pki" --card-ca "$demo/card-ca/auth-ca.pem" \
    --port "$SHIKAKU_GATEWAY_PORT" --port-file "$demo/port" >"$demo/gateway.log" 2>&1 &
gateway=$!
if ! wait_for "$gateway" "$demo/port"; then
    result=0
    kill "$gateway" 2>/dev/null || true
    wait "$gateway" || result=$?
    gateway=''
    if [ "$result" = 3 ]; then
        echo "ポート $SHIKAKU_GATEWAY_PORT は使用中です。空いている番号で試してください:" >&2
        echo "Port $SHIKAKU_GATEWAY_PORT is taken. Try one that is free:" >&2
        echo "    SHIKAKU_GATEWAY_PORT=18443 sh examples/demo.sh" >&2
        exit 3
    fi
    cat "$demo/gateway.log" >&2
    echo '接続先の模擬サーバーを起動できませんでした。 / The gateway simulator did not start.' >&2
    exit 1
fi
setsid "$bin/virtual-card" --profile "$demo/person-$person/card.profile" --port "$SHIKAKU_VPCD_PORT" --wait 10 \
    --absent --control "$demo/card" >"$demo/card.log" 2>&1 &
card=$!
if ! wait_for "$card" "$demo/card"; then
    cat "$demo/card.log" >&2
    echo '仮想カードを用意できませんでした。 / The virtual card did not start.' >&2
    exit 1
fi

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

step 'プラグインを読み込む / loading the plugin'
"$bin/shikaku" --version

step 'カードリーダー / the readers'
"$bin/shikaku" readers --quick

step '受付 / at the reception desk'
mkfifo -m 600 "$demo/pin"
"$bin/shikaku" check --config "$demo/shikaku.lua" --pin-fd 0 <"$demo/pin" &
check=$!
exec 8<>"$demo/pin"
sleep 1
patient '患者さんがカードを置きます / the patient places the card'
echo insert 1<>"$demo/card"
sleep 1
patient '患者さんが暗証番号を入れます: **** (見本は 1234) / the patient enters the PIN'
echo 1234 >&8
exec 8>&-
result=0
wait "$check" || result=$?
check=''

step 'このリーダーは使えるか(カードを置いたまま、暗証番号なしで) / can this reader be used (the card lies there; no PIN)'
"$bin/shikaku" readers || :

delivered=0
for file in "$demo/out"/*.csv "$demo/out"/*.xml; do
    [ -f "$file" ] || continue
    delivered=$((delivered + 1))
    case $file in
    *.csv)
        step "uketsuke_csv.lua が作った CSV / the CSV made by uketsuke_csv.lua"
        echo "$file"
        echo '(ファイルの文字コードは CP932。ここでは UTF-8 で表示 / CP932 in the file, shown here as UTF-8)'
        iconv -f CP932 -t UTF-8 "$file" | tr -d '\r'
        ;;
    *.xml)
        step "kanja_xml.lua が作った XML / the XML made by kanja_xml.lua"
        echo "$file"
        cat "$file"
        ;;
    esac
done
if [ "$delivered" = 0 ]; then
    step '渡した文書はありません / no document was delivered'
fi

step '履歴: だれを、いつ、どう確認し、どこに渡したか(暗号化して保存) / the history, sealed where it is kept'
"$bin/shikaku" history list --config "$demo/shikaku.lua"
"$bin/shikaku" history verify --config "$demo/shikaku.lua"

step 'アプリからコピーした内容も読めます(見本) / a text that the official app copies is read too (a sample)'
"$bin/shikaku" import "$root/tests/data/app/t4.txt"

case $result in
0) meaning='資格あり / eligible' ;;
1) meaning='資格なし / not eligible' ;;
*) meaning='上の文を見てください / see the text above' ;;
esac
step "終わり / done: shikaku check → $result ($meaning)"
echo '設定 / settings: build/demo/shikaku.lua   記録 / log: build/demo/shikaku.log'
[ "$result" != 1 ] || result=0
exit "$result"
