#!/bin/bash
# guard.sh FOLDER: waits until its stdin ends, then ends everything that runs for FOLDER, and removes FOLDER.
# The test process holds the other end of that pipe; so this happens at stop(), and also when the process is killed.
set -u
folder=${1:?say the folder of the stand-ins}
[[ $folder == */sstp-audit-stand-ins-* ]] || exit 2

cat >/dev/null

# Every process below $1, and $1, from /proc: a container need not have ps.
tree() {
  local file state
  for file in /proc/[0-9]*/stat; do
    state=$(cat "$file" 2>/dev/null) || continue
    read -r _ parent _ <<<"${state##*) }"
    [[ $parent == "$1" ]] && tree "$(basename "$(dirname "$file")")"
  done
  echo "$1"
}

# What was started by wine in one of our prefixes and outlived its server.
leftovers() { grep -lsz "^WINEPREFIX=$folder/" /proc/[0-9]*/environ | cut -d / -f 3; }

[[ -s $folder/sshd.pid ]] && sshd=$(tree "$(<"$folder/sshd.pid")") && kill $sshd 2>/dev/null
for prefix in "$folder"/{*,.cache}/prefix; do
  [[ -d $prefix ]] || continue
  export WINEPREFIX=$prefix TMPDIR=${prefix%/prefix}
  { /usr/lib/wine/wineserver64 -k; timeout 10 /usr/lib/wine/wineserver64 -w; } &
done 2>/dev/null
wait
unset WINEPREFIX TMPDIR
left=$(leftovers) && [[ -n $left ]] && kill -9 $left 2>/dev/null
rm -rf "$folder"
