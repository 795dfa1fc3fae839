#!/bin/sh
# serve.sh FOLDER [COMMAND]: the forced command of a server's key. Counts the call by one byte, and hands it to cmd.exe:
# what the client sent, or COMMAND in place of it.
printf . >>"$1/calls"
set -a
. "$1/environment"
SSH_ORIGINAL_COMMAND=${2:-$SSH_ORIGINAL_COMMAND}
set +a
cd "$WINEPREFIX/drive_c/users/$USER" && exec "${0%/*}/wine.sh" winsh.exe
