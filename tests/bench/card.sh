#!/bin/sh
# Plans A, B and C and pkcs11-tool with OpenSC's module, one card of 1,500 bytes, one run. Prints a table.
# usage: card.sh BUILD [ROUNDS]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
SHIKAKU_BUILD=$(cd "$1" && pwd)
export SHIKAKU_BUILD
exec sh "$here/../stack/with-pcscd.sh" -- /usr/bin/python3 -B "$here/card_table.py" "${2:-15}"
