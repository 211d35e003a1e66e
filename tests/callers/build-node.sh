#!/bin/sh
# build-node.sh OUT: copies examples/node and its npm packages into OUT and writes OUT/run (README.md beside this file).
set -eu
out=${1:?usage: build-node.sh OUT}
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$out"
packages=$(sh "$root/tests/setup/npm.sh" "$root/examples/node")
rm -rf "$out/node_modules"
cp -R "$packages" "$out/node_modules"
cp "$root/examples/node/shikaku.js" "$root/examples/node/reception.js" "$out"
cat >"$out/run" <<'RUN'
#!/bin/sh
exec node "$(dirname "$0")/reception.js" "$@"
RUN
chmod +x "$out/run"
