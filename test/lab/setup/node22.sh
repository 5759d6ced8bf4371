#!/usr/bin/env bash
# The latest Node.js 22 beside the machine's own: it writes zstd, which 20 does not.
source "$(dirname "${BASH_SOURCE[0]}")/lab.sh"
home=$LAB/node22

if [ ! -x "$home/bin/node" ]; then
  say "Node.js 22"
  case $(uname -m) in
    x86_64) machine=x64 ;;
    aarch64) machine=arm64 ;;
    *) fail "no Node.js 22 for $(uname -m)" ;;
  esac
  rm -rf "$home.part"
  mkdir -p "$home.part"
  (cd "$home.part" && npm pack --silent "node-linux-$machine@22" > /dev/null)
  tar -xzf "$home.part"/node-linux-*.tgz -C "$home.part" --strip-components=1
  rm "$home.part"/*.tgz
  chmod 755 "$home.part/bin/node"
  mv "$home.part" "$home"
fi
"$home/bin/node" --version >&2
