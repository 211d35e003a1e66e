#!/bin/sh
# Prints the folder node_modules with the npm packages that judge our output (npm.sh).
exec sh "$(dirname "$0")/npm.sh" "$(dirname "$0")/npm"
