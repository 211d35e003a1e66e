#!/bin/sh
# build-cobol.sh OUT: builds examples/cobol into OUT and writes OUT/run (README.md beside this file).
# SHIKAKU_INCLUDE is not used: the copybook holds the declarations.
set -eu
out=${1:?usage: build-cobol.sh OUT}
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$out"
cobc -x -fixed -Wall -Werror "-I$root/examples/cobol" "$root/examples/cobol/reception.cob" \
    ${SHIKAKU_LIB:+"-L$SHIKAKU_LIB"} -lshikaku -o "$out/reception"
# The copybook is for other compilers, too: their dialects, as far as cobc knows them.
printf '       %s\n' 'IDENTIFICATION DIVISION.' 'PROGRAM-ID. COPYBOOK.' 'DATA DIVISION.' 'WORKING-STORAGE SECTION.' \
    'COPY "shikaku.cpy".' 'PROCEDURE DIVISION.' '    STOP RUN.' >"$out/copybook.cob"
for dialect in mf-strict ibm-strict; do
    cobc -fsyntax-only "-std=$dialect" -fixed -Wall -Werror "-I$root/examples/cobol" "$out/copybook.cob"
done
cat >"$out/run" <<'RUN'
#!/bin/sh
exec "$(dirname "$0")/reception" "$@"
RUN
chmod +x "$out/run"
