#!/usr/bin/env bash
# tools.sh quick|all   installs with apt what the lab needs and the machine lacks.
source "$(dirname "${BASH_SOURCE[0]}")/lab.sh"

packages=(buildah skopeo umoci mmdebstrap busybox-static python3 gzip zstd ca-certificates golang-github-containers-common runc crun)
if [ "${1:-quick}" = all ]; then
  packages+=(podman docker.io containerd fuse-overlayfs uidmap catatonit netavark iptables)
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  [ "$(id -u)" = 0 ] || fail "not root, and these packages are missing: ${missing[*]}"
  command -v apt-get > /dev/null || fail "no apt-get, and these tools are missing: ${missing[*]}"
  # The packages of engines start them when they are installed; the lab starts its own, on its own sockets.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  say "apt-get install ${missing[*]}"
  apt-get -o Acquire::Check-Valid-Until=false -q update > "$LAB/log/apt.log" 2>&1 || { tail -n 20 "$LAB/log/apt.log" >&2; fail 'apt-get update failed'; }
  apt-get install -q -y --no-install-recommends "${missing[@]}" >> "$LAB/log/apt.log" 2>&1 ||
    { tail -n 20 "$LAB/log/apt.log" >&2; fail 'apt-get install failed'; }
fi
