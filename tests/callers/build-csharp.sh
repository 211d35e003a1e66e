#!/bin/sh
# build-csharp.sh OUT: builds examples/csharp into OUT and writes OUT/run (README.md beside this file).
# C# 5 with every warning, and the comments have to be well-formed: what old compilers take, new ones do.
set -eu
out=${1:?usage: build-csharp.sh OUT}
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$out"
mcs -langversion:5 -warn:4 -warnaserror "-doc:$out/Reception.xml" "-out:$out/Reception.exe" \
    "$root/examples/csharp/Shikaku.cs" "$root/examples/csharp/Reception.cs"
cat >"$out/run" <<'RUN'
#!/bin/sh
exec mono "$(dirname "$0")/Reception.exe" "$@"
RUN
chmod +x "$out/run"
