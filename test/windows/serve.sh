#!/bin/sh
# serve.sh FOLDER: the forced command of a server's key. Counts the call by one byte, and hands it to cmd.exe.
printf . >>"$1/calls"
set -a
. "$1/environment"
set +a
cd "$WINEPREFIX/drive_c/users/$USER" && exec /usr/lib/wine/wine64 winsh.exe
