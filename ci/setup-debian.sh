#!/bin/bash
# setup-debian.sh: what the tests need of Debian besides Node: the Windows stand-in of test/windows and a browser.
# Run as root, or as someone who may use sudo. Does nothing, at once, when everything is there.
set -euo pipefail

packages=(
  wine wine64                        # a cmd.exe, reg.exe and service control manager
  openssh-server openssh-client      # a real SSH connection to them
  gcc-mingw-w64-x86-64-win32         # compiles test/windows/src
  locales                            # code pages and languages of the pretended servers
  libxml2-utils                      # xmllint, for JUnit reports
  chromium fonts-noto-cjk            # opens the HTML report, Japanese included
)

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ $status == installed ]] || missing+=("$package")
done

if [[ ${#missing[@]} -eq 0 ]]; then
  echo "all there: ${packages[*]}"
  exit
fi

root=()
[[ $(id -u) -eq 0 ]] || root=(sudo)
export DEBIAN_FRONTEND=noninteractive
echo "missing: ${missing[*]}"
"${root[@]}" apt-get update --quiet
"${root[@]}" apt-get install --yes --quiet --no-install-recommends "${missing[@]}"
echo "installed: ${missing[*]}"
