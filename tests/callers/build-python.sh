#!/bin/sh
# build-python.sh OUT: copies examples/python into OUT and writes OUT/run (README.md beside this file).
set -eu
out=${1:?usage: build-python.sh OUT}
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$out"
cp "$root/examples/python/shikaku.py" "$root/examples/python/reception.py" "$out"
cat >"$out/run" <<'RUN'
#!/bin/sh
exec python3 -B -X dev -W error "$(dirname "$0")/reception.py" "$@"
RUN
chmod +x "$out/run"
