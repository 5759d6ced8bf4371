#!/usr/bin/env bash
# bases.sh NAME...   base images without a registry, each $LAB/bases/NAME.tar, an archive that every engine loads:
#   busybox   busybox-static of this machine, its applets as hard links; one layer
#   debian    Debian of this machine's suite by mmdebstrap, with the apt settings of the official image; one layer
#   node      debian and the node that runs this, npm from the registry; two layers
#   python    debian and Debian's python3 with pip; two layers
# What a machine needs to reach its package sources (its Debian mirror, npm registry, pip index, certificate
# authorities) is taken from the machine's own configuration here and lives in these images only.
source "$(dirname "${BASH_SOURCE[0]}")/lab.sh"
bases=$LAB/bases
path=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# finish NAME TAG CONTAINER: commits, and leaves the archive
finish() {
  containers buildah commit --quiet --rm --format docker "$3" "localhost/lab-base/$1" > /dev/null
  rm -f "$bases/$1.part"
  containers buildah push --quiet "localhost/lab-base/$1" "docker-archive:$bases/$1.part:docker.io/library/$2"
  mv "$bases/$1.part" "$bases/$1.tar"
}

# The settings in which the official images differ from a plain bootstrap; docker-clean decides what apt leaves behind.
like_official() {
  local root=$1 apt=$1/etc/apt/apt.conf.d rm='rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true'
  {
    printf 'DPkg::Post-Invoke { "%s"; };\n' "$rm"
    printf 'APT::Update::Post-Invoke { "%s"; };\n' "$rm"
    echo 'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";'
  } > "$apt/docker-clean"
  echo 'Acquire::Languages "none";' > "$apt/docker-no-languages"
  echo 'Acquire::GzipIndexes "true";' > "$apt/docker-gzip-indexes"
  echo 'Apt::AutoRemove::SuggestsImportant "false";' > "$apt/docker-autoremove-suggests"
  echo "$APT_RELAXED" > "$apt/99lab"
  echo force-unsafe-io > "$root/etc/dpkg/dpkg.cfg.d/docker-apt-speedup"
  rm -f "$root/etc/apt/sources.list" "$root/etc/hostname" "$root/etc/resolv.conf"
  # the machine's own sources: a build then finds what the machine finds, security updates too
  local mirror
  mirror=$(debian_mirror)
  {
    echo "deb $mirror $SUITE main"
    echo "deb $mirror $SUITE-updates main"
    echo "deb $mirror-security $SUITE-security main"
  } > "$root/etc/apt/sources.list"
  : > "$root/etc/machine-id"
  rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/archives/*.deb "$root"/var/cache/apt/*.bin "$root"/var/cache/ldconfig/aux-cache
  rm -rf "$root"/var/log/{apt,dpkg.log,bootstrap.log,alternatives.log}
  find "$root/dev" -mindepth 1 -delete
  # the authorities this machine trusts: TLS inside a build goes the same way as outside
  mkdir -p "$root/etc/ssl/certs"
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
}

base_busybox() {
  local root container applet
  root=$(mktemp -d "$LAB/busybox.XXXXXX")
  mkdir -p "$root"/{bin,etc,root,tmp,usr/bin,usr/sbin,var/spool/mail,home}
  chmod 755 "$root"
  chmod 1777 "$root/tmp"
  cp /bin/busybox "$root/bin/busybox"
  for applet in $(/bin/busybox --list); do ln -f "$root/bin/busybox" "$root/bin/$applet" 2>/dev/null || true; done
  printf 'root:x:0:0:root:/root:/bin/sh\nwww:x:33:33:www:/var/www:/bin/false\n' > "$root/etc/passwd"
  printf 'root:x:0:\nwww:x:33:\n' > "$root/etc/group"
  tar -C "$root" --sort=name --numeric-owner --owner=0 --group=0 -cf "$root.tar" .
  container=$(containers buildah from scratch)
  containers buildah add --quiet "$container" "$root.tar" / > /dev/null
  containers buildah config --env PATH=/bin:/usr/bin --cmd sh --created-by 'busybox of Debian' "$container"
  finish busybox busybox:1.35 "$container"
  rm -rf "$root" "$root.tar"
}

base_debian() {
  local root container
  root=$LAB/debian.root
  rm -rf --one-file-system "$root"
  mmdebstrap --quiet --variant=minbase --format=directory --aptopt="$APT_RELAXED" \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    "$SUITE" "$root" "$(debian_mirror)" > "$LAB/log/debian.log" 2>&1 || { tail "$LAB/log/debian.log" >&2; fail 'mmdebstrap failed'; }
  like_official "$root"
  tar -C "$root" --sort=name --numeric-owner --xattrs -cf "$root.tar" .
  container=$(containers buildah from scratch)
  containers buildah add --quiet "$container" "$root.tar" / > /dev/null
  containers buildah config --env "$path" --cmd bash --created-by "# debian $SUITE" "$container"
  finish debian debian:stable-slim "$container"
  rm -rf --one-file-system "$root" "$root.tar"
}

base_node() {
  need debian
  local work container registry
  work=$(mktemp -d "$LAB/node.XXXXXX")
  (cd "$work" && npm pack --silent npm@10.9.0 > /dev/null)
  mkdir -p "$work/usr/local"/{bin,etc,lib/node_modules/npm}
  cp -L "$(command -v node)" "$work/usr/local/bin/node"
  tar -xzf "$work"/npm-*.tgz -C "$work/usr/local/lib/node_modules/npm" --strip-components=1
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$work/usr/local/bin/npx"
  registry=$(cd / && npm config get registry 2>/dev/null)
  printf 'registry=%s\ncafile=/etc/ssl/certs/ca-certificates.crt\nupdate-notifier=false\n' "$registry" > "$work/usr/local/etc/npmrc"
  tar -C "$work" --sort=name --numeric-owner --owner=0 --group=0 -cf "$work.tar" usr
  container=$(containers buildah from --pull-never localhost/lab-base/debian)
  containers buildah add --quiet "$container" "$work.tar" / > /dev/null
  containers buildah config --cmd node --created-by "# node $(node --version)" "$container"
  finish node node:20-slim "$container"
  rm -rf "$work" "$work.tar"
}

base_python() {
  need debian
  local container index
  container=$(containers buildah from --pull-never localhost/lab-base/debian)
  containers buildah run --isolation chroot --network host "$container" -- sh -c \
    'apt-get update -q && apt-get install -q -y --no-install-recommends python3 python3-pip && rm -rf /var/lib/apt/lists/* /var/log/* /root/.cache' \
    > "$LAB/log/python.log" 2>&1 || { tail "$LAB/log/python.log" >&2; fail 'no python base'; }
  index=$(cd / && { python3 -m pip config get global.index-url 2>/dev/null || true; })
  {
    printf '[global]\nbreak-system-packages = true\nroot-user-action = ignore\ncert = /etc/ssl/certs/ca-certificates.crt\n'
    if [ -n "$index" ]; then printf 'index-url = %s\n' "$index"; fi
  } > "$LAB/pip.conf"
  containers buildah copy --quiet "$container" "$LAB/pip.conf" /etc/pip.conf > /dev/null
  # python3-pip brought ca-certificates, which put its own list in place of the machine's
  containers buildah copy --quiet "$container" "$(readlink -f /etc/ssl/certs/ca-certificates.crt)" /etc/ssl/certs/ca-certificates.crt > /dev/null
  containers buildah config --cmd python3 --created-by '# python3 with pip' "$container"
  finish python python:3-slim "$container"
}

# in the store as well: node and python are built on debian, also when its archive is from an earlier run
need() {
  if [ ! -s "$bases/$1.tar" ]; then
    say "base $1"
    "base_$1"
  elif ! containers buildah inspect --type image "localhost/lab-base/$1" > /dev/null 2>&1; then
    containers buildah pull --quiet "docker-archive:$bases/$1.tar" > /dev/null
    containers buildah tag "$(tag_of "$1")" "localhost/lab-base/$1"
  fi
}
tag_of() {
  case $1 in
    busybox) echo docker.io/library/busybox:1.35 ;;
    debian) echo docker.io/library/debian:stable-slim ;;
    node) echo docker.io/library/node:20-slim ;;
    python) echo docker.io/library/python:3-slim ;;
    *) fail "unknown base $1" ;;
  esac
}
for name in "$@"; do need "$name"; done
