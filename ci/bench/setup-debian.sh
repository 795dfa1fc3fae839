#!/bin/bash
# setup-debian.sh: what the benchmarks need of Debian besides Node: an SSH server, and the peers that it compares with.
# Run as root, or as someone who may use sudo. Does nothing, at once, when everything is there.
set -euo pipefail

packages=(
  openssh-server openssh-client findutils perl-base  # the servers, and the plain peer
  ansible-core                                       # ansible-playbook
  python3-testinfra python3-pytest-xdist             # testinfra, and its workers
  openscap-scanner openscap-utils                    # oscap, and oscap-ssh
  nmap                                               # looks at servers from outside
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
