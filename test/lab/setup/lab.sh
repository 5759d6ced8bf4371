# shellcheck shell=bash
# Sourced by the other scripts here: where the lab keeps its things, and what they share.
#
#   LAYERLINT_LAB   everything the lab makes: bases, stores of the engines, finished images. A few GB, safe to delete.
#
# Every script does only what is not done yet, so that running one again costs a second. Nothing listens on anything but
# a unix socket below $LAYERLINT_LAB.
set -euo pipefail
LAB=${LAYERLINT_LAB:-${TMPDIR:-/var/tmp}/layerlint-lab}
mkdir -p "$LAB"/{bases,store,run,engines,log}
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
# Blobs are spooled through TMPDIR; /tmp may be small or in memory.
export TMPDIR=${TMPDIR:-/var/tmp}

# shellcheck disable=SC1091
. /etc/os-release
SUITE=${VERSION_CODENAME:-bookworm}

# A mirror can be a frozen snapshot, whose Release files are past their date.
APT_RELAXED='Acquire::Check-Valid-Until "false"; Acquire::Check-Date "false";'

say() { printf '[lab] %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# The Debian mirror this machine uses itself, whichever it is.
debian_mirror() {
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true; } |
    sed -nE 's/^(URIs:|deb( +\[[^]]*\])?) +([^ ]+).*/\3/p' | grep -E '/debian/?$' | head -n 1 | sed 's,/$,,'
}

# The overlay driver where the kernel and the file system allow it: vfs copies every layer.
storage_driver() {
  if [ ! -s "$LAB/storage-driver" ]; then
    local d driver=vfs
    d=$(mktemp -d "$LAB/probe.XXXXXX")
    mkdir "$d"/{lower,upper,work,merged}
    if mount -t overlay overlay -o "lowerdir=$d/lower,upperdir=$d/upper,workdir=$d/work" "$d/merged" 2>/dev/null; then
      umount "$d/merged"
      driver=overlay
    fi
    rm -rf "$d"
    echo "$driver" > "$LAB/storage-driver"
  fi
  cat "$LAB/storage-driver"
}

# buildah and podman with a store of the lab's own; the machine's images stay untouched.
containers() { # containers buildah|podman ARGS...
  local tool=$1 arguments
  shift
  arguments=(--root "$LAB/store/containers" --runroot "$LAB/run/containers" --storage-driver "$(storage_driver)")
  # Without a service manager podman cannot make a cgroup for itself.
  if [ "$tool" = podman ]; then arguments+=(--cgroup-manager cgroupfs --events-backend file); fi
  "$tool" "${arguments[@]}" "$@"
}
