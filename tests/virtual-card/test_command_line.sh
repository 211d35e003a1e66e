#!/bin/sh
# The exit codes of virtual-card, without a reader.
# usage: test_command_line.sh VIRTUAL_CARD PROFILE
set -u
card=$1 profile=$2 failed=0

expect() {
    want=$1
    shift
    "$card" "$@" >/dev/null 2>&1
    got=$?
    [ "$got" -eq "$want" ] || {
        printf 'virtual-card %s: exit %s, expected %s\n' "$*" "$got" "$want"
        failed=1
    }
}

# Port 1 is never a reader.
expect 0 --help
expect 1
expect 1 --profile "$profile" --nonsense
expect 1 --profile "$profile" --port 65536
expect 1 --profile "$profile" --wait 1x
expect 1 --profile "$profile" --reinsert-after soon
expect 2 --profile "$profile.missing"
expect 3 --profile "$profile" --state none --port 1
expect 3 --profile "$profile" --state none --port 1 --wait 1
expect 4 --profile "$profile" --state none --port 1 --trace "$profile/no/folder"
expect 4 --profile "$profile" --state none --port 1 --control "$profile/no/folder"
expect 0 --profile "$profile" --state none --port 1 --absent
exit "$failed"
