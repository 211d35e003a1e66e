#!/bin/sh
# One run in a folder of its own: run-soak.sh SOAK CHECKS PROFILE [LIBRARY]; soak.c tells what each is.
set -eu
soak=$1 checks=$2
shift 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 143' TERM INT HUP
"$soak" "$checks" "$dir" "$@"
