#!/bin/sh
# build-pascal.sh OUT: builds examples/pascal into OUT and writes OUT/run (README.md beside this file).
# SHIKAKU_INCLUDE is not used: the unit holds the declarations.
set -eu
out=${1:?usage: build-pascal.sh OUT}
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$out/units"
if ! fpc -Mdelphi -Sew -vewn -O2 -Xs "-FU$out/units" "-FE$out" ${SHIKAKU_LIB:+"-Fl$SHIKAKU_LIB"} \
    "$root/examples/pascal/reception.pas" >"$out/fpc.log" 2>&1; then
    cat "$out/fpc.log" >&2
    exit 1
fi
cat >"$out/run" <<'RUN'
#!/bin/sh
exec "$(dirname "$0")/reception" "$@"
RUN
chmod +x "$out/run"
