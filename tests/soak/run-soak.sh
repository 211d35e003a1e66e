#!/bin/sh
# One run in a folder of its own: run-soak.sh SOAK CHECKS PROFILE [LIBRARY]; soak.c tells what each is.
set -eu
soak=$1 checks=$2
shift 2
# Each check waits for what it writes to be on the disk, which is not what is measured.
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ]; then
    export TMPDIR=/dev/shm
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 143' TERM INT HUP
"$soak" "$checks" "$dir" "$@"
