#!/bin/sh
# The plugin and the host adapters as gcc -fanalyzer and cppcheck see them: sh tests/analyze.sh [gcc|cppcheck].
# Minutes at first; then only what has changed is looked at again. tests/contract/analyze.txt answers what is no defect.
set -eu
cd "$(dirname "$0")/.."
cmake --preset dev --log-level=WARNING
failed=0
for tool in ${1:-cppcheck gcc}; do
    /usr/bin/python3 -B tests/contract/analyze.py "$tool" build/dev || failed=1
done
exit "$failed"
