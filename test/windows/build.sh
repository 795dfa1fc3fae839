#!/bin/bash
# build.sh FOLDER: compiles src/*.c into FOLDER as winsh.exe, reg.exe, taskkill.exe, replay.exe, services.exe and sstpsvc.dll
set -euo pipefail
sources=$(dirname "$(readlink -f "$0")")/src
folder=${1:?say the folder that the programs go to}
compile() { x86_64-w64-mingw32-gcc -std=c11 -O2 -s -Wall -Wextra -Werror "$@"; }

mkdir -p "$folder"
compile -o "$folder/winsh.exe" "$sources/winsh.c"
compile -municode -o "$folder/reg.exe" "$sources/reg.c"
compile -o "$folder/taskkill.exe" "$sources/taskkill.c"
compile -o "$folder/replay.exe" "$sources/replay.c"
compile -municode -o "$folder/services.exe" "$sources/services.c"
compile -shared -o "$folder/sstpsvc.dll" "$sources/sstpsvc.c"
