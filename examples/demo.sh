#!/bin/sh
# The whole product once: installs what is missing, builds, starts a private card reader service, a
# virtual reader, a virtual card and a gateway simulator, and checks one made-up patient.
# Everything it starts is stopped again; a pcscd that runs on this machine is left alone.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)

usage() {
    cat <<'HELP'
使い方 / usage: sh examples/demo.sh [--person N]

  --person N   見本の患者の番号(省略すると 1)。例: 3 後期高齢者、17 資格なし、30 渡せない漢字
               one of the made-up persons of tests/gateway/persons.json (default 1)

環境変数 / environment:
  SHIKAKU_GATEWAY_PORT   接続先の模擬サーバーのポート / port of the gateway simulator (8443)
  SHIKAKU_VPCD_PORT      仮想カードリーダーのポート / port of the virtual reader (35963)
  NO_COLOR=1             色を付けない / no colours

終了コード / exit code: 0 資格あり、または資格なし / eligible or not eligible, 2 使い方の誤り / usage,
  130 Ctrl-C, ほか / else: 上の文のとおり / as the text above says
HELP
}

bad_usage() {
    printf '%s\n%s\n説明 / help: sh examples/demo.sh --help\n' "$1" "$2" >&2
    exit 2
}

check_port() {
    case $2 in
    '' | *[!0-9]* | ??????*) ;;
    *) if [ "$2" -ge 1 ] && [ "$2" -le 65534 ]; then return 0; fi ;;
    esac
    bad_usage "$1 には 1〜65534 の番号を指定してください。" "$1 must be a number from 1 to 65534."
}

person=1
while [ $# -gt 0 ]; do
    case $1 in
    --person)
        [ $# -ge 2 ] || bad_usage '--person には番号が必要です。' '--person needs a number.'
        person=$2
        shift
        ;;
    --help | -h) usage; exit 0 ;;
    *) bad_usage "知らないオプションです: $1" "Unknown option: $1" ;;
    esac
    shift
done
persons=tests/gateway/persons.json
about=
case $person in
'' | *[!0-9]*) ;;
*) about=$(sed -n "s/.*{\"number\": $person, .*\"about\": \"\([^\"]*\)\".*/\1/p" "$persons") ;;
esac
if [ -z "$about" ]; then
    last=$(sed -n 's/.*{"number": \([0-9]*\), .*/\1/p' "$persons" | sort -n | tail -n 1)
    bad_usage "見本の患者に「$person」番はいません。1〜$last を指定してください。" \
        "There is no made-up person $person; choose 1 to $last."
fi
export SHIKAKU_GATEWAY_PORT="${SHIKAKU_GATEWAY_PORT:-8443}" SHIKAKU_VPCD_PORT="${SHIKAKU_VPCD_PORT:-35963}"
check_port SHIKAKU_GATEWAY_PORT "$SHIKAKU_GATEWAY_PORT"
check_port SHIKAKU_VPCD_PORT "$SHIKAKU_VPCD_PORT"

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi
demo=$root/build/demo
mkdir -p "$demo"

# What fails says why; what succeeds says nothing.
quietly() { # WHAT-FAILED COMMAND...
    failed=$1
    shift
    if ! "$@" >"$demo/setup.log" 2>&1; then
        tail -n 30 "$demo/setup.log" >&2
        printf '%s\n' "$failed" >&2
        exit 1
    fi
}
build() {
    cmake --preset release -DSHIKAKU_VIRTUAL_CARD=ON && cmake --build --preset release
}
make_samples() {
    sh tests/pki/make-pki.sh "$demo/pki" && {
        [ -f "$demo/person-$person/card.profile" ] ||
            sh tests/virtual-card/personalise.sh "$demo/person-$person" --person "$person" --ca "$demo/card-ca"
    }
}

exec 7>&2 # the log takes the place of standard error while a step runs
trap 'printf "\n中止しました。 / Stopped.\n" >&7; exit 130' INT
printf '\n%s■ 準備 / set-up%s\n' "$bold" "$plain"
sh tests/setup/packages.sh demo
echo 'ビルドしています(初回は1〜2分) / building (one to two minutes the first time)'
quietly 'ビルドできませんでした。上の文を見てください。 / The build failed; see above.' build
quietly '見本のカードと証明書を作れませんでした。build/demo を消してやり直してください。
The sample card and certificates could not be made. Remove build/demo and try again.' make_samples
rm -rf "$demo/out" "$demo/shikaku-data" "$demo/shikaku.log"
mkdir "$demo/out"
echo "準備ができました。見本の患者 $person: $about / ready"

# From here on signals belong to the script that starts and stops the services.
exec 7>&-
exec sh tests/stack/with-pcscd.sh -- sh examples/demo-inside.sh "$demo" "$person"
