#!/bin/sh
# One of the measurements that want a reader, beside a private pcscd: stack.sh READERS PROGRAM [ARGUMENT...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
readers=$1
program=$2
shift 2
exec sh "$here/../stack/with-pcscd.sh" --readers "$readers" -- /usr/bin/python3 -B "$here/$program" "$@"
