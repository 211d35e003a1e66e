#!/bin/sh
# Makes Wine's folder: `wine-make.sh WINE PREFIX`, called by wine-inside.sh. What stands here is part of the
# name under which the folder is kept.
set -eu
wine=$1
prefix=$2
timeout --foreground 3600 "$wine" wineboot -i
# Its registry reaches the disk when the last of its programs has gone.
timeout --foreground 600 "${wine%/*}/wineserver" -w
rm -f "$prefix/wineserver"
# Services that no test needs would be started, and waited for, in every run.
sed -i -E '/^\[System\\\\CurrentControlSet\\\\Services\\\\(Eventlog|NDIS|PlugPlay)\] /,/^$/s/^"Start"=dword:00000002/"Start"=dword:00000003/' \
    "$prefix/system.reg"
