#!/usr/bin/env bash
# Docker 28 beside the machine's own: the packages of a later Debian, unpacked and not installed. Its programs run on
# Debian 12 as they are, with the runc of the machine.
source "$(dirname "${BASH_SOURCE[0]}")/lab.sh"
newer=${LAYERLINT_LAB_SUITE:-forky}
home=$LAB/engines/docker28

if [ ! -x "$home/usr/sbin/dockerd" ]; then
  say "docker of Debian $newer"
  apt=$LAB/engines/apt
  mkdir -p "$apt"/{lists/partial,cache/archives/partial}
  : > "$apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(debian_mirror) $newer main" > "$apt/sources.list"
  # an apt with lists and a status of its own, so that the machine's package state is neither read nor changed
  own=(-q -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root -o "Dir::Etc::SourceList=$apt/sources.list"
    -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$apt/lists" -o "Dir::State::Status=$apt/status" -o "Dir::Cache=$apt/cache")
  apt-get "${own[@]}" update > "$LAB/log/docker28.log" 2>&1 || { tail "$LAB/log/docker28.log" >&2; fail "no $newer at this machine's mirror"; }
  rm -rf "$home.part"
  mkdir -p "$home.part/packages"
  (cd "$home.part/packages" && apt-get "${own[@]}" download docker.io docker-cli docker-buildx containerd) >> "$LAB/log/docker28.log" 2>&1
  for package in "$home.part"/packages/*.deb; do dpkg-deb -x "$package" "$home.part"; done
  rm -rf "$home.part/packages"
  mv "$home.part" "$home"
fi
# a client configuration that knows buildx, and no credentials of the machine
mkdir -p "$home/config/cli-plugins"
ln -sf "$home/usr/libexec/docker/cli-plugins/docker-buildx" "$home/config/cli-plugins/docker-buildx"
"$home/usr/sbin/dockerd" --version >&2
