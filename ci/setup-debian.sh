#!/bin/bash
# setup-debian.sh: what the tests need of Debian besides Node: the Windows stand-in of test/windows, a domain and a second
# client for WinRM, judges of SSTP, and a browser.
# Run as root, or as someone who may use sudo. Does nothing, at once, when everything is there.
set -euo pipefail

"$(dirname "$0")/windows-node.sh"

packages=(
  wine wine64                        # a cmd.exe, reg.exe and service control manager
  openssh-server openssh-client      # a real SSH connection to them
  gcc-mingw-w64-x86-64-win32         # compiles test/windows/src
  locales                            # code pages and languages of the pretended servers
  python3-winrm python3-requests-ntlm  # a second WinRM client
  krb5-kdc krb5-admin-server krb5-user curl python3-gssapi  # Kerberos: a domain, its user and its server
  sstp-client nmap tshark            # judges of the probe and of the server that its tests pretend
  softether-vpnserver softether-vpncmd  # a real server that answers HTTPS and hangs in SSTP
  libxml2-utils                      # xmllint, for JUnit reports
  ansible-core                       # a real inventory of Ansible
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
# Nothing that is installed starts by itself: the tests start what they need, on loopback.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' | "${root[@]}" install --mode=755 /dev/stdin "$policy"
  trap '"${root[@]}" rm -f "$policy"' EXIT
fi
# Nor at the next boot: SoftEther would listen on all addresses and register a name for itself.
"${root[@]}" mkdir -p /etc/systemd/system
"${root[@]}" ln --symbolic --force /dev/null /etc/systemd/system/softether-vpnserver.service
"${root[@]}" apt-get update --quiet
"${root[@]}" apt-get install --yes --quiet --no-install-recommends "${missing[@]}"
echo "installed: ${missing[*]}"
