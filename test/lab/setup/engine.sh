#!/usr/bin/env bash
# engine.sh start|stop ENGINE   a Docker engine with its own data, on $LAB/run/ENGINE/docker.sock, without bridge and
# firewall rules (builds use the host's network).
#   docker20   Debian 12's own 20.10, overlay2
#   docker28   28.5, overlay2
#   docker28c  28.5 with the containerd image store
source "$(dirname "${BASH_SOURCE[0]}")/lab.sh"
action=$1 engine=$2
run=$LAB/run/$engine
pidfile=$run/dockerd.pid
client=$LAB/engines/docker28/usr/bin/docker
[ -x "$client" ] || client=docker

alive() { [ -s "$pidfile" ] && [ -d "/proc/$(cat "$pidfile")" ]; }
answers() { "$client" --host "unix://$run/docker.sock" version > /dev/null 2>&1; }

start() {
  local program=/usr/sbin/dockerd path=/usr/sbin:/usr/bin:/sbin:/bin options=(--storage-driver overlay2)
  case $engine in
    docker20) ;;
    docker28 | docker28c)
      program=$LAB/engines/docker28/usr/sbin/dockerd
      path=$LAB/engines/docker28/usr/bin:$LAB/engines/docker28/usr/sbin:$path
      if [ "$engine" = docker28c ]; then options=(--feature containerd-snapshotter=true); fi
      ;;
    *) fail "unknown engine $engine" ;;
  esac
  if alive && answers; then return; fi
  mkdir -p "$run" "$LAB/store/$engine"
  rm -f "$pidfile"
  PATH=$path setsid "$program" --host "unix://$run/docker.sock" --data-root "$LAB/store/$engine" --exec-root "$run/exec" \
    --pidfile "$pidfile" --bridge none --iptables=false --ip6tables=false "${options[@]}" > "$LAB/log/$engine.log" 2>&1 < /dev/null &
  for _ in $(seq 300); do
    if answers; then return; fi
    sleep 0.1
  done
  tail -n 20 "$LAB/log/$engine.log" >&2
  fail "$engine does not answer"
}

stop() {
  if ! alive; then return; fi
  local pid
  pid=$(cat "$pidfile")
  kill "$pid"
  for _ in $(seq 200); do
    [ -d "/proc/$pid" ] || break
    sleep 0.1
  done
  rm -f "$pidfile"
  # the engine leaves its network namespace mounted
  if mountpoint -q "$run/exec/netns/default"; then umount "$run/exec/netns/default"; fi
}

case $action in
  start) start ;;
  stop) stop ;;
  *) fail "usage: engine.sh start|stop ENGINE" ;;
esac
