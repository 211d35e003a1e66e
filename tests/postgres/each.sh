#!/bin/sh
# Runs every program that it is given and fails when one of them fails.
set -u
bad=0
for program in "$@"; do
    "$program" || bad=1
done
exit "$bad"
