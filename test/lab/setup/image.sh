#!/usr/bin/env bash
# image.sh BUILDER BASE CONTEXT OUT [one]   builds CONTEXT/Dockerfile on bases/BASE.tar and saves the image as every kind of
# archive that the builder's tools write, each a file or folder of OUT:
#
#   docker-archive.tar    written by every builder; the first one that is read, and what the oracle reads
#   *.tar.gz *.tar.zst    that archive, compressed as a whole
#   oci-*, dir-*          from buildah, podman, skopeo and buildx
source "$(dirname "${BASH_SOURCE[0]}")/lab.sh"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
builder=$1 base=$2 context=$3 out=$4
# `one`: only the docker-archive
kinds=${5:-all}
base_tag=$(tar -xOf "$LAB/bases/$base.tar" manifest.json | sed -E 's/.*"RepoTags":\["([^"]*)".*/\1/')
tag=lab/$(basename "$context"):$builder
rm -rf "$out" "$out.part"
mkdir -p "$out.part"
cd "$out.part"

with_containers() { # buildah|podman
  local tool=$1 options=(--layers --isolation chroot --network host --pull-never --quiet --tag "localhost/$tag")
  containers buildah inspect --type image "$base_tag" > /dev/null 2>&1 || containers buildah pull --quiet "docker-archive:$LAB/bases/$base.tar" > /dev/null
  if [ "$tool" = podman ]; then options=(--layers --isolation chroot --network host --pull=never --quiet --tag "localhost/$tag"); fi
  containers "$tool" build "${options[@]}" "$context" > /dev/null
  if [ "$tool" = buildah ]; then
    containers buildah push --quiet "localhost/$tag" "docker-archive:docker-archive.tar:$tag"
    [ "$kinds" = all ] || return 0
    containers buildah push --quiet "localhost/$tag" oci-archive:oci-gzip.tar
    containers buildah push --quiet --compression-format zstd "localhost/$tag" oci:oci-zstd:lab
    containers buildah push --quiet "localhost/$tag" dir:dir-gzip
    skopeo copy --quiet docker-archive:docker-archive.tar dir:dir-plain
  else
    containers podman save --quiet --format docker-archive --output docker-archive.tar "localhost/$tag"
    [ "$kinds" = all ] || return 0
    containers podman save --quiet --format oci-archive --output oci-gzip.tar "localhost/$tag"
    containers podman save --quiet --format oci-dir --output oci-gzip "localhost/$tag"
    containers podman save --quiet --format docker-dir --compress --output dir-gzip "localhost/$tag"
    skopeo copy --quiet --dest-compress-format zstd:chunked docker-archive:docker-archive.tar oci-archive:oci-zstd-chunked.tar:lab
  fi
}

with_docker() { # ENGINE BUILDKIT
  export DOCKER_HOST=unix://$LAB/run/$1/docker.sock DOCKER_CONFIG=$LAB/engines/docker28/config DOCKER_BUILDKIT=$2
  local docker=$LAB/engines/docker28/usr/bin/docker
  "$here/engine.sh" start "$1"
  "$docker" image inspect "$base_tag" > /dev/null 2>&1 || "$docker" load --quiet --input "$LAB/bases/$base.tar" > /dev/null
  # a quiet BuildKit does not say what a failed RUN wrote
  BUILDKIT_PROGRESS=plain "$docker" build --network host --tag "$tag" "$context" > build.log 2>&1 || { cat build.log >&2; exit 1; }
  rm build.log
  "$docker" save --output docker-archive.tar "$tag"
  [ "$kinds" = all ] || return 0
  if [ "$1" = docker28c ]; then
    "$docker" buildx build --quiet --network host --output type=oci,dest=oci-gzip.tar "$context" > /dev/null
    "$docker" buildx build --quiet --network host --output type=docker,compression=zstd,force-compression=true,dest=docker-zstd.tar "$context" > /dev/null
  else
    skopeo copy --quiet --dest-compress-format zstd docker-archive:docker-archive.tar oci:oci-zstd:lab
  fi
}

case $builder in
  buildah | podman) with_containers "$builder" ;;
  docker20-classic) with_docker docker20 0 ;;
  docker20-buildkit) with_docker docker20 1 ;;
  docker28) with_docker docker28 1 ;;
  docker28-classic) with_docker docker28 0 ;;
  docker28c) with_docker docker28c 1 ;;
  *) fail "unknown builder $builder" ;;
esac
if [ "$kinds" = all ]; then
  gzip -1 < docker-archive.tar > whole.tar.gz
  zstd --quiet -3 < docker-archive.tar > whole.tar.zst
fi
chmod -R u+rwX,go+rX .
mv "$out.part" "$out"
