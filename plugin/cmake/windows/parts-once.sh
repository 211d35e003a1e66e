#!/bin/sh
# parts.sh, one at a time on this machine: who comes second waits and finds the parts made.
set -eu
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/shikaku
mkdir -p "$cache"
exec flock -o "$cache/windows-parts.lock" sh "${0%/*}/parts.sh" "$@"
