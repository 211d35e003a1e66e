#!/bin/sh
# build-c.sh OUT: builds examples/c into OUT and writes OUT/run (README.md beside this file).
set -eu
out=${1:?usage: build-c.sh OUT}
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$out"
# shellcheck disable=SC2086 # the flags are words
${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Werror ${CFLAGS:-} \
    ${SHIKAKU_INCLUDE:+"-I$SHIKAKU_INCLUDE"} "$root/examples/c/reception.c" \
    ${SHIKAKU_LIB:+"-L$SHIKAKU_LIB"} -lshikaku -o "$out/reception"
cat >"$out/run" <<'RUN'
#!/bin/sh
exec "$(dirname "$0")/reception" "$@"
RUN
chmod +x "$out/run"
