#!/bin/sh
# Check after check, and what must not grow meanwhile: sh tests/soak.sh [--pcscd] [CHECKS].
# The cards lie on readers in the same process: 10,000 checks take some twenty minutes. --pcscd: on a real pcscd, which
# looks for cards a few times a second; 200 checks. Ends with 1 when memory, descriptors or threads grow.
set -eu
cd "$(dirname "$0")/.."
build=build/dev
service=no
if [ "${1:-}" = --pcscd ]; then
    service=yes
    shift
fi
cmake --preset dev --log-level=WARNING
cmake --build "$build" --target soak virtual-card
card=$build/tests/virtual-card/card
[ -e "$card/card.profile" ] || sh tests/virtual-card/personalise.sh "$card"
if [ "$service" = yes ]; then
    exec sh tests/stack/with-pcscd.sh --readers 2 -- sh tests/soak/with-card.sh "$build/bin/virtual-card" \
        "$card/card.profile" sh tests/soak/run-soak.sh "$build/bin/soak" "${1:-200}" "$card/card.profile"
fi
exec sh tests/soak/run-soak.sh "$build/bin/soak" "${1:-10000}" "$card/card.profile" "$PWD/$build/lib/libsoak_readers.so"
