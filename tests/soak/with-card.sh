#!/bin/sh
# A virtual card off the first reader of the machine's service, which obeys SOAK_CONTROL: with-card.sh VIRTUAL-CARD PROFILE
# COMMAND [ARGUMENT...]. Inside tests/stack/with-pcscd.sh.
set -eu
dir=$(mktemp -d)
SOAK_CONTROL=$dir/control
export SOAK_CONTROL
mkfifo "$SOAK_CONTROL"
"$1" --profile "$2" --state none --port "$SHIKAKU_VPCD_PORT" --wait 10 --control "$SOAK_CONTROL" --absent &
card=$!
trap 'kill "$card" 2>/dev/null || :; rm -rf "$dir"' EXIT
trap 'exit 143' TERM INT HUP
shift 2
"$@"
