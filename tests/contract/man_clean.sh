#!/bin/sh
# The manual pages are set without a warning, each with its name and its sections in both languages.
set -eu
cd "$(dirname "$0")/../../docs/man"
export LC_ALL=C.UTF-8
for page in *.[135]; do
    said=$(man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)
    [ -z "$said" ] || { printf '%s: %s\n' "$page" "$said" >&2; exit 1; }
    lexgrog "$page" >/dev/null || { echo "$page has no line for whatis" >&2; exit 1; }
    text=$(man -E UTF-8 -l "$page" 2>/dev/null)
    for words in NAME DESCRIPTION 'SEE ALSO' を; do
        case $text in *"$words"*) ;; *) echo "$page lacks $words" >&2; exit 1 ;; esac
    done
done
