#!/bin/sh
# OpenSC, which knows nothing of this project, must take the virtual card for a My Number Card.
# usage: opensc.sh VIRTUAL_CARD
set -eu
here=$(cd "$(dirname "$0")" && pwd)

if [ "${1:-}" != --inside ]; then
    for tool in opensc-tool pkcs15-tool pkcs11-tool openssl; do
        command -v "$tool" >/dev/null 2>&1 || { echo "$tool is missing (packages opensc, openssl)" >&2; exit 1; }
    done
    card=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
    exec "$here/../stack/with-pcscd.sh" -- sh "$0" --inside "$card"
fi

card=$2
pin=2580
wrong_pin=1111
work=$(mktemp -d "${TMPDIR:-/tmp}/shikaku-opensc.XXXXXX")
card_pid=''

finish() {
    [ -z "$card_pid" ] || kill "$card_pid" 2>/dev/null || :
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    printf 'FAIL %s\n' "$1" >&2
    [ ! -s "$work/log" ] || cat "$work/log" >&2
    exit 1
}

pass() {
    printf 'ok   %s\n' "$1"
}

# OpenSC caches certificates below HOME; a cache of another run would prove nothing.
HOME=$work
export HOME
unset XDG_CACHE_HOME OPENSC_CONF OPENSC_DRIVER

module=''
for candidate in /usr/lib/*/opensc-pkcs11.so /usr/lib/*/pkcs11/opensc-pkcs11.so /usr/lib/opensc-pkcs11.so; do
    [ ! -e "$candidate" ] || { module=$candidate; break; }
done
[ -n "$module" ] || fail 'opensc-pkcs11.so not found (package opensc-pkcs11)'

"$here/../virtual-card/personalise.sh" "$work/card" --pin "$pin" || fail 'personalise'
"$card" --profile "$work/card/card.profile" --port "$SHIKAKU_VPCD_PORT" --wait 5 --allow-signature \
    --trace "$work/trace" --forbidden-marker "$work/forbidden" 2>"$work/log" &
card_pid=$!

# pcscd polls the reader for a card; a loaded machine may take its time.
tries=600
until opensc-tool --atr >"$work/atr" 2>/dev/null; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail 'the card does not appear in the reader'
    sleep 0.1
done
pass "card in the reader, ATR $(cat "$work/atr")"

name=$(opensc-tool --name 2>"$work/log")
case $name in
*[Jj][Pp][Kk][Ii]*) pass "opensc-tool --name: $name" ;;
*) fail "opensc-tool --name says: $name" ;;
esac

pkcs15-tool --list-certificates >"$work/certs" 2>"$work/log" || fail 'pkcs15-tool --list-certificates'
grep -q 'User Authentication Certificate$\|User Authentication Certificate\]' "$work/certs" || { cat "$work/certs"; fail 'no authentication certificate listed'; }
grep -q 'Digital Signature Certificate' "$work/certs" || { cat "$work/certs"; fail 'no signature certificate listed'; }
pass "certificates listed: $(grep -c '^X.509 Certificate' "$work/certs")"

id=$(awk '/^X.509 Certificate/ { hit = /User Authentication Certificate/ } hit && $1 == "ID" { print $3; exit }' "$work/certs")
pkcs15-tool --read-certificate "$id" --output "$work/read.pem" >"$work/log" 2>&1 || fail 'read the certificate'
[ "$(openssl x509 -in "$work/read.pem" -noout -fingerprint -sha256)" = \
    "$(openssl x509 -in "$work/card/auth.pem" -noout -fingerprint -sha256)" ] || fail 'another certificate came back'
openssl verify -CAfile "$work/card/ca/auth-ca.pem" "$work/read.pem" >"$work/log" 2>&1 || fail 'the certificate does not chain'
pass 'the certificate read is the one on the card and chains to its CA'

tries_left() {
    LC_ALL=C pkcs15-tool --list-pins 2>/dev/null |
        awk '/^PIN \[/ { hit = /User Authentication/ } hit && /Tries left/ { print $NF; exit }'
}

p11() {
    pkcs11-tool --module "$module" --token-label "$label" "$@"
}

label=$(pkcs11-tool --module "$module" --list-token-slots 2>/dev/null |
    sed -n 's/^  token label *: *\(.*Authentication.*[^ ]\) *$/\1/p' | head -n 1)
[ -n "$label" ] || fail 'no PKCS#11 token for user authentication'
printf 'sample data that a stranger has signed' >"$work/data"
p11 --login --pin "$pin" --sign --id "$id" --mechanism SHA256-RSA-PKCS --input-file "$work/data" \
    --output-file "$work/sig" >"$work/log" 2>&1 || fail 'PKCS#11 sign'
openssl x509 -in "$work/read.pem" -noout -pubkey >"$work/pub.pem"
openssl dgst -sha256 -verify "$work/pub.pem" -signature "$work/sig" "$work/data" >"$work/log" 2>&1 ||
    fail 'openssl does not accept the signature'
pass "PKCS#11 token '$label' signs and openssl verifies"

printf x >>"$work/data"
! openssl dgst -sha256 -verify "$work/pub.pem" -signature "$work/sig" "$work/data" >/dev/null 2>&1 ||
    fail 'the signature fits changed data too'

[ "$(tries_left)" = 3 ] || fail "expected 3 tries, OpenSC sees $(tries_left)"
! p11 --login --pin "$wrong_pin" --sign --id "$id" --mechanism SHA256-RSA-PKCS --input-file "$work/data" \
    --output-file "$work/none" >"$work/log" 2>&1 || fail 'a wrong PIN signed'
[ "$(tries_left)" = 2 ] || fail "after a wrong PIN OpenSC sees $(tries_left) tries, expected 2"
pass 'a wrong PIN is refused and the counter falls from 3 to 2'

: >"$work/log"
kill -0 "$card_pid" 2>/dev/null || fail 'the card program has died'
[ ! -e "$work/forbidden" ] || fail "forbidden command: $(cat "$work/forbidden")"
kill "$card_pid"
wait "$card_pid" || fail "the card program ended with $?"
card_pid=''
grep -q '^pin 2$' "$work/card/card.profile.state" || fail 'the counter was not kept'
pass "nothing forbidden in $(wc -l <"$work/trace") commands; the counter is kept"
