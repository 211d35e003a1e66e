#!/bin/sh
# build-java.sh OUT: builds examples/java into OUT and writes OUT/run (README.md beside this file).
# For Java 8 with every warning, and the comments have to be well-formed. JNA is Debian's libjna-java.
set -eu
out=${1:?usage: build-java.sh OUT}
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$out"
# A release that javac calls old is what is wanted.
javac --release 8 -encoding UTF-8 -Xlint:all,-options -Xdoclint:all/public -Werror -cp /usr/share/java/jna.jar \
    -d "$out" "$root/examples/java/Shikaku.java" "$root/examples/java/Reception.java"
cat >"$out/run" <<'RUN'
#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
exec java -cp "$here:/usr/share/java/jna.jar" Reception "$@"
RUN
chmod +x "$out/run"
