#!/bin/sh
# binding.sh LANGUAGE: what a binding does beyond the reception desk, with the demo route. Needs neither
# card nor server; SHIKAKU_LIB is the folder with libshikaku.so.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mkdir "$folder/demo" "$folder/out"
cp "$root"/tests/data/demo/*.xml "$folder/demo"
cp "$root/tests/data/demo/default.xml" "$folder/answer.xml"
cp "$root/examples/reception/mapping.lua" "$folder"
# The texts are UTF-8 in the bindings whatever the file says.
cat >"$folder/demo.lua" <<'LUA'
return {
  route = "demo",
  card = "demo",
  demo = { folder = "demo" },
  text_encoding = "cp932",
  deliveries = { { script = "mapping.lua", folder = "out", mode = "file", ["repeat"] = "always" } },
  store = { kind = "none" },
}
LUA
export LD_LIBRARY_PATH="$SHIKAKU_LIB"
case $1 in
csharp)
    mcs -langversion:5 -out:"$folder/Binding.exe" "$root/examples/csharp/Shikaku.cs" "$here/Binding.cs"
    mono "$folder/Binding.exe" "$folder"
    ;;
java)
    # The desk of the README compiles, too.
    # shellcheck disable=SC2016
    sed -n '/^```java$/,/^```$/{/^```/d;p}' "$root/examples/java/README.md" >"$folder/Desk.java"
    javac --release 8 -encoding UTF-8 -Xlint:-options -cp /usr/share/java/jna.jar -d "$folder" \
        "$root/examples/java/Shikaku.java" "$here/Binding.java" "$folder/Desk.java"
    java -cp "$folder:/usr/share/java/jna.jar" Binding "$folder"
    ;;
cpp)
    # shellcheck disable=SC2086 # the flags are words
    c++ -std=c++11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror ${CXXFLAGS:-} "-I$root/include" \
        "$here/binding.cpp" "-L$SHIKAKU_LIB" -lshikaku -pthread -o "$folder/binding"
    "$folder/binding" "$folder"
    ;;
pascal)
    if ! fpc -Mdelphi -Sew -vewn -Cr "-Fu$root/examples/pascal" "-FU$folder" "-FE$folder" "-Fl$SHIKAKU_LIB" \
        "$here/Binding.pas" >"$folder/fpc.log" 2>&1; then
        cat "$folder/fpc.log" >&2
        exit 1
    fi
    "$folder/Binding" "$folder"
    ;;
python)
    PYTHONPATH="$root/examples/python" python3 -B -X dev -W error "$here/binding.py" "$folder"
    ;;
node)
    packages=$(sh "$root/tests/setup/npm.sh" "$root/examples/node")
    cp "$here/binding.js" "$root/examples/node/shikaku.js" "$folder"
    ln -s "$packages" "$folder/node_modules"
    SHIKAKU_FOLDER=$folder node --test "$folder/binding.js"
    ;;
*)
    echo "usage: binding.sh cpp|csharp|java|node|pascal|python" >&2
    exit 2
    ;;
esac
