#!/bin/sh
# build-cpp.sh OUT: builds examples/cpp into OUT and writes OUT/run (README.md beside this file).
set -eu
out=${1:?usage: build-cpp.sh OUT}
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$out"
# The oldest and a newer language; what runs is the oldest.
for std in c++17 c++11; do
    # shellcheck disable=SC2086 # the flags are words
    ${CXX:-c++} -std=$std -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror ${CXXFLAGS:-} \
        ${SHIKAKU_INCLUDE:+"-I$SHIKAKU_INCLUDE"} "$root/examples/cpp/reception.cpp" \
        ${SHIKAKU_LIB:+"-L$SHIKAKU_LIB"} -lshikaku -o "$out/reception"
done
cat >"$out/run" <<'RUN'
#!/bin/sh
exec "$(dirname "$0")/reception" "$@"
RUN
chmod +x "$out/run"
