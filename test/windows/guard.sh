#!/bin/bash
# guard.sh FOLDER: waits until its stdin ends, then ends everything that runs for FOLDER, and removes FOLDER.
# The test process holds the other end of that pipe; so this happens at stop(), and also when the process is killed.
set -u
folder=${1:?say the folder of the stand-ins}
[[ $folder == */sstp-audit-stand-ins-* ]] || exit 2

cat >/dev/null

# Every process below $1, and $1, from /proc: a container need not have ps. Each is stopped before what it started is looked
# for, since what it started afterwards would live on, and write into the folder while that is removed.
tree() {
  local file state parent
  kill -STOP "$1" 2>/dev/null
  for file in /proc/[0-9]*/stat; do
    read -r state 2>/dev/null <"$file" || continue
    read -r _ parent _ <<<"${state##*) }"
    [[ $parent == "$1" ]] && tree "${file//[!0-9]/}"
  done
  echo "$1"
}

# What runs in one of our prefixes, their servers included, whose registries nobody wants to have saved.
running() { grep -lsz "^WINEPREFIX=$folder/" /proc/[0-9]*/environ | cut -d / -f 3; }

[[ -s $folder/sshd.pid ]] && sshd=$(tree "$(<"$folder/sshd.pid")") && kill -9 $sshd 2>/dev/null
for _ in {1..100}; do
  left=$(running)
  [[ -n $left ]] || ! rm -rf "$folder" || exit 0
  kill -9 $left 2>/dev/null
  sleep 0.05
done
exit 1
